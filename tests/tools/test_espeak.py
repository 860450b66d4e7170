import hashlib
import importlib
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from wavagent.errors import Broken, Refused, Unavailable
from wavagent.tool import Params, Request, Result, Toolbox, VoiceCard, accept

espeak = importlib.import_module("wavagent.tools.espeak")
engine = importlib.import_module("wavagent.tools._espeak.engine")

TOOL = espeak.TOOL
RATE = TOOL.card.rate
LINE = "When the sunlight strikes raindrops in the air, they act as a prism and form a rainbow."
NAUGHTY = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "adversarial" / "blns.txt"


def params(text: str, voice: str = "en-us+f2", language: str = "en", **more: Any) -> Params:
    return accept(TOOL, {"text": text, "voice": voice, "language": language, **more})


def say(text: str, voice: str = "en-us+f2", language: str = "en", **more: Any) -> Result:
    (result,) = TOOL([Request(params(text, voice, language, **more))])
    assert isinstance(result, Result)
    return result


def read(voices: Sequence[VoiceCard], text: str = LINE) -> list[NDArray[np.float32]]:
    """The samples of `text` in each voice."""
    requests = [Request(params(text, voice.id, voice.language)) for voice in voices]
    return [result.audio.samples[:, 0] for result in TOOL(requests)]


def digest(result: Result) -> str:
    return hashlib.sha256(result.audio.samples.tobytes() + repr(result.words).encode()).hexdigest()


def heard(result: Result, text: str) -> list[str]:
    return [text[word.first : word.last] for word in result.words]


def voices(gender: str, age: str, language: str = "en") -> list[VoiceCard]:
    return [
        voice
        for voice in TOOL.card.voices
        if voice.language.split("-")[0] == language and (voice.gender, voice.age) == (gender, age)
    ]


def pitches(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """The fundamental of each voiced 46 ms, in hertz, by the peak of the autocorrelation."""
    window = np.hanning(1024)
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::512]
    frames = frames[frames.std(axis=1) > 0.3 * samples.std()] * window
    correlation = np.fft.irfft(np.abs(np.fft.rfft(frames, 2048, axis=1)) ** 2)[:, :512]
    correlation /= np.fft.irfft(np.abs(np.fft.rfft(window, 2048)) ** 2)[:512]
    correlation /= correlation[:, :1]
    lags = np.arange(RATE // 450, RATE // 50)
    inside = correlation[:, lags]
    first = (inside > 0.9 * inside.max(axis=1, keepdims=True)).argmax(axis=1)  # never an octave below
    peaks = [int(lag) + int(row[lag : lag + 12].argmax()) for lag, row in zip(first, inside, strict=True)]
    voiced = inside.max(axis=1) > 0.5
    hertz: NDArray[np.float64] = (RATE / lags[np.minimum(peaks, len(lags) - 1)])[voiced]
    return hertz


def timbre(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """The mean log spectrum in 24 bands, dB around its own mean."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, 1024)[::512] * np.hanning(1024)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    power = power[power.sum(axis=1) > 1e-3 * power.sum(axis=1).max()]
    edges = np.geomspace(4, 370, 25).astype(int)
    bands = 10 * np.log10(np.add.reduceat(power, edges, axis=1)[:, :-1] + 1e-9).mean(axis=0)
    centred: NDArray[np.float64] = bands - bands.mean()
    return centred


def distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How far apart two voices are: 1 is three semitones of pitch, or 4 dB of spectrum."""
    semitones = 12 * np.log2(np.median(pitches(one)) / np.median(pitches(other)))
    return float(np.hypot(semitones / 3, np.sqrt(np.mean((timbre(one) - timbre(other)) ** 2)) / 4))


# The card


def test_many_voices_in_many_languages_each_with_its_own_id() -> None:
    assert Toolbox.of(TOOL)["espeak"] is TOOL
    ids = [voice.id for voice in TOOL.card.voices]
    assert len(set(ids)) == len(ids)
    assert len({tag.split("-")[0] for tag in TOOL.card.languages}) >= 50
    assert sum(voice.language.startswith("en") for voice in TOOL.card.voices) >= 60
    assert {voice.language for voice in TOOL.card.voices} <= set(TOOL.card.languages)


def test_each_language_has_both_genders_at_every_age() -> None:
    kinds = {(voice.language.split("-")[0], voice.gender, voice.age) for voice in TOOL.card.voices}
    languages = {language for language, _, _ in kinds}
    assert len(kinds) == len(languages) * 2 * 4


def test_every_voice_speaks() -> None:
    """Seven is a word wherever there are numbers."""
    for voice, samples in zip(TOOL.card.voices, read(TOOL.card.voices, "7"), strict=True):
        assert 0.1 < len(samples) / RATE < 1.5, voice.id
        assert 0.05 < np.abs(samples).max() < 0.99, voice.id


def test_neither_import_nor_call_loads_the_library_here() -> None:
    program = (
        "import sys, wavagent.tools.espeak as tool; from wavagent.tool import Request, accept;"
        "assert 'espeakng_loader' not in sys.modules;"
        "tool.TOOL([Request(accept(tool.TOOL, {'text': 'hi', 'voice': 'en-us+f2'}))]);"
        "maps = open('/proc/self/maps').read() if sys.platform == 'linux' else '';"
        "assert 'libespeak' not in maps"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


# Repeatable, to the bit


def test_an_utterance_sounds_the_same_whatever_was_said_before() -> None:
    texts = ["Hush!", LINE, "Who is there?", LINE, LINE]
    cast = ["en-us+f2", "en-gb-x-rp+m8", "en-us+grandpa-old", "en-gb-x-rp+m8", "en-gb-x-rp+m8"]
    batch = TOOL([Request(params(text, voice)) for text, voice in zip(texts, cast, strict=True)])
    assert len({digest(result) for result in [batch[1], batch[3], batch[4], say(LINE, "en-gb-x-rp+m8")]}) == 1


@pytest.mark.parametrize("voice", ["en-us+f2", "en-gb+steph", "en-us+grandma-old", "en-gb-x-rp+zac-child"])
def test_another_process_makes_the_same_sound(voice: str) -> None:
    program = (
        "import hashlib, sys; from wavagent.tools.espeak import TOOL; from wavagent.tool import Request, accept;"
        "r = TOOL([Request(accept(TOOL, {'text': sys.argv[1], 'voice': sys.argv[2]}))])[0];"
        "d = hashlib.sha256(r.audio.samples.tobytes() + repr(r.words).encode());"
        "sys.stdout.write(d.hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", program, LINE, voice], check=True, capture_output=True, text=True)
    assert done.stdout == digest(say(LINE, voice))


def test_a_system_that_cannot_fork_makes_the_same_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [Request(params(text)) for text in (LINE, "Hush!", LINE)]
    forked = [digest(result) for result in TOOL(requests)]
    monkeypatch.setattr(engine, "CAN_FORK", False)
    assert [digest(result) for result in TOOL(requests)] == forked


def test_threads_may_speak_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert len({digest(result) for result in pool.map(say, [LINE] * 8)}) == 1


# Words


@pytest.mark.parametrize(
    ("voice", "language", "text", "expected"),
    [
        ("en-us+m3", "en", "In the 1984 “It’s a café”, I said—don't 𝒜!", "In the 1984 It’s a café I said don't 𝒜"),
        ("de+m3", "de", "»Schöne Grüße«, sagte sie.", "Schöne Grüße sagte sie"),
        ("fr+f2", "fr", "L'homme s’appelle Jean-Luc, non ?", "L'homme s’appelle Jean-Luc non"),
        ("ru+m3", "ru-RU", "Он сказал: «Привет, мир!»", "Он сказал Привет мир"),
        ("zh+f2", "zh-CN", "他说:“你好,世界!”", "他 说 你 好 世 界"),
        ("ar+m3", "ar", "قال الرجل: مرحبا، كيف حالك؟", "قال الرجل مرحبا كيف حالك"),
        ("hi+f2", "hi", "नमस्ते दुनिया, आप कैसे हैं?", "नमस्ते दुनिया आप कैसे हैं"),
        ("ko+f2", "ko", "안녕하세요, 세계!", "안녕하세요 세계"),
    ],
)
def test_words_are_slices_of_the_text(voice: str, language: str, text: str, expected: str) -> None:
    result = say(text, voice, language)
    assert heard(result, text) == expected.split()
    edges = [edge for word in result.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert 0 <= edges[0] < 0.01
    assert edges[-1] == pytest.approx(result.audio.seconds, abs=1e-9)
    assert all(word.end - word.start > 0.02 for word in result.words)


def test_offsets_stay_true_behind_what_is_not_spoken() -> None:
    text = "😀👍🏽 cafe\u0301 \x00 *very* \u202bold\u202c\u2028end"
    assert heard(say(text), text) == ["cafe\u0301", "very", "old", "end"]


def test_a_word_starts_where_it_sounds() -> None:
    result = say("Stop, stop.")
    second = result.words[1]
    loud = np.abs(result.audio.samples[:, 0]) > 0.02
    start = round(second.start * RATE)
    assert not loud[start - round(0.1 * RATE) : start - round(0.01 * RATE)].any()
    assert loud[start : start + round(0.05 * RATE)].any()


# Sound


def test_silence_around_the_speech_is_trimmed() -> None:
    for text in ("Hush.", "Stop!", LINE, "   And?   \n\n"):
        level = np.abs(say(text).audio.samples[:, 0])
        sounding = np.flatnonzero(level > 0.01 * level.max())
        assert sounding[0] <= 0.005 * RATE
        assert len(level) - sounding[-1] <= 0.008 * RATE
        assert level[-1] == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_women_speak_higher_than_men_and_children_higher_still(language: str) -> None:
    def mean(gender: str, age: str) -> float:
        spoken = read(voices(gender, age, language), "7, 8, 9, 10, 11")
        return float(np.mean([np.median(pitches(samples)) for samples in spoken]))

    man, woman = mean("male", "adult"), mean("female", "adult")
    assert man < mean("male", "young") and man < 0.7 * woman
    assert mean("female", "old") < woman < mean("female", "young") < mean("female", "child")
    assert woman < mean("male", "child")


@pytest.mark.parametrize("gender", ["female", "male"])
def test_the_first_eight_adults_of_a_gender_are_far_apart(gender: str) -> None:
    first = read(voices(gender, "adult")[:8])
    nearest = min(distance(one, other) for index, one in enumerate(first) for other in first[:index])
    assert nearest > 1.0


def test_pace_changes_the_length() -> None:
    normal = say(LINE).audio.seconds
    assert say(LINE, pace=2.0).audio.seconds == pytest.approx(normal / 2, rel=0.1)
    assert say(LINE, pace=0.5).audio.seconds == pytest.approx(normal * 2, rel=0.1)


def test_pitch_range_volume_and_gap_are_heard() -> None:
    plain = say(LINE, "en-us+m3").audio.samples[:, 0]
    high = say(LINE, "en-us+m3", pitch=90).audio.samples[:, 0]
    flat = say(LINE, "en-us+m3", range=0).audio.samples[:, 0]
    quiet = say(LINE, "en-us+m3", volume=20).audio.samples[:, 0]
    assert np.median(pitches(high)) > 1.3 * np.median(pitches(plain))
    assert pitches(flat).std() < 0.5 * pitches(plain).std()
    assert quiet.std() < 0.5 * plain.std()
    assert say(LINE, word_gap=200).audio.seconds > say(LINE).audio.seconds + 1


def test_manners_change_the_voice() -> None:
    def manner(emotion: str) -> NDArray[np.float32]:
        return say(LINE, "en-us+m3", emotion=emotion, intensity=1.0).audio.samples[:, 0]

    plain, sad, loud = manner(""), manner("sad"), manner("Shouting!")
    assert len(sad) > 1.1 * len(plain) and np.median(pitches(sad)) < np.median(pitches(plain))
    assert loud.std() > 1.2 * plain.std() and np.median(pitches(loud)) > np.median(pitches(plain))
    assert len(manner("excited")) < 0.95 * len(plain)
    assert (pitches(manner("whispering")) < 300).sum() < 0.2 * len(pitches(plain))


def test_a_manner_grows_with_intensity_and_an_unknown_one_is_nothing() -> None:
    lengths = [say(LINE, emotion="sad", intensity=level).audio.seconds for level in (0.0, 0.5, 1.0)]
    assert lengths == sorted(lengths) and lengths[0] == say(LINE).audio.seconds
    assert digest(say(LINE, emotion='perplexed "; rm -rf')) == digest(say(LINE))


@pytest.mark.parametrize(
    ("voice", "language", "text"),
    [
        ("en-us+f2", "en", LINE),
        ("en-gb-x-rp+alicia", "en", "It was 1984; nobody knew, or cared. Why would they?"),
        ("en-us+grandpa-old", "en", "Come here, child, and sit beside me by the fire."),
        ("de+m3", "de", "Als das Sonnenlicht auf die Regentropfen traf, entstand ein Regenbogen."),
        ("fr+m3", "fr", "Tous les êtres humains naissent libres et égaux en dignité et en droits."),
        ("ru+f2", "ru", "Все люди рождаются свободными и равными в своем достоинстве и правах."),
        ("zh+m3", "zh", "人人生而自由，在尊严和权利上一律平等。"),
    ],
)
def test_the_length_is_known_beforehand(voice: str, language: str, text: str) -> None:
    for pace in (0.8, 1.0, 1.25):
        made = say(text, voice, language, pace=pace).audio.seconds
        assert TOOL.seconds(params(text, voice, language, pace=pace)) == pytest.approx(made, rel=0.25)


# Text is only ever text


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("hello\x00there", "hello there"),
        ("\x0199Phello", " 99Phello"),
        ("hello 😀👩‍👩‍👧 there", "hello there"),
        ("a _very_ **old** man", "a very old man"),
        ("\u202bhello\u202c", "hello"),
        ("hel\u2060lo", "hello"),
        ("one\ttwo\x85three", "one two three"),
        ("in １９８٤", "in 1984"),
    ],
)
def test_what_is_no_speech_changes_no_sound(text: str, same: str) -> None:
    assert np.array_equal(say(text).audio.samples, say(same).audio.samples)


def test_markup_is_read_as_words() -> None:
    marked = '<break time="9s"/> & $(rm) "it\'s" [[h@l\'oU]] \\n <voice name="de">so</voice>'
    said = heard(say(marked), marked)
    assert {"break", "time", "9s", "&", "rm", "it's", "voice", "so"} <= set(said)


def _torn(text: str) -> bool:
    """Whether it holds bytes that were no UTF-8, which `accept` refuses."""
    return any(unicodedata.category(character) == "Cs" for character in text)


def test_naughty_strings_are_spoken_or_refused() -> None:
    if not NAUGHTY.exists():
        pytest.skip("the list of naughty strings is not here: ../shared/data/adversarial/blns.txt")
    lines = NAUGHTY.read_text(encoding="utf-8", errors="surrogateescape").split("\n")
    asked = [params(line[:30], pace=2.0, rate=450) for line in lines[::2] if line and not _torn(line)]
    taken = [wanted for wanted in asked if TOOL.refusal(wanted) is None]
    assert len(taken) > 250
    for result in TOOL([Request(wanted) for wanted in taken]):
        assert result.audio.seconds > 0.05 and result.words


@pytest.mark.parametrize("text", ["...", "—", "😀", "  \n", "“”", "\x00", "①⅛"])
def test_nothing_to_speak_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="nothing to speak"):
        say(text)


# Faults


@pytest.mark.parametrize(
    ("text", "voice", "language", "message"),
    [
        ("hi", "en-gb-rp+f2", "en", "no voice 'en-gb-rp\\+f2'.*closest for 'en' are .*en-gb-x-rp"),
        ("hi", "nobody", "tlh", "does not speak 'tlh'; it speaks en, af, ar"),
        ("hi", "en-us+f2", "tlh", "does not speak 'tlh'; it speaks en, af, ar"),
        ("hi", "en-us+f3-young", "fr", "no voice"),
        ("hi", "en-us+f2", "fr", "speaks en-US, not 'fr'; take 'fr\\+f2'"),
        ("x" * 100_000, "en-us+f2", "en", "takes 2000 characters at once and found 100000"),
    ],
)
def test_what_cannot_be_said_is_refused_with_a_way_out(text: str, voice: str, language: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        say(text, voice, language)


def test_no_length_is_guessed_for_a_voice_that_is_not_there() -> None:
    with pytest.raises(Refused, match="no voice 'nobody'"):
        TOOL.seconds(params("hi", "nobody"))


def test_a_missing_library_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(Unavailable, match="pip install 'espeakng-loader"):
        say("hi")


@pytest.mark.parametrize("part", ["get_library_path", "get_data_path"])
def test_a_damaged_library_says_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str) -> None:
    monkeypatch.setattr(f"espeakng_loader.{part}", lambda: str(tmp_path / "gone"))
    with pytest.raises(Unavailable, match="pip install 'espeakng-loader"):
        say("hi")


@pytest.mark.skipif(not engine.CAN_FORK, reason="without fork there are no alarms either")
@pytest.mark.parametrize("place", [0, 1])
def test_an_utterance_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """Whether a child speaks it (the first of two) or the process itself (the last)."""
    utterances = [engine.Utterance("hi", "gmw/en-US", 165, 50, 50, 60, 0, 60.0)] * 2
    utterances[place] = utterances[place]._replace(text="so be it " * 20_000, limit=0.02)
    with pytest.raises(Broken, match="still busy after 0.02 s on the text 'so be it"):
        list(espeak._synthesize(utterances))


@pytest.mark.parametrize(("code", "message"), [("os.abort()", "died of SIGABRT"), ("sys.exit(9)", "status 9")])
def test_a_process_that_dies_is_named_with_its_text(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str, message: str
) -> None:
    script = tmp_path / "engine.py"
    script.write_text(f"import os, sys; sys.stdin.read(); sys.stderr.write('ouch'); sys.stderr.flush(); {code}")
    monkeypatch.setattr(engine, "__file__", str(script))
    with pytest.raises(Broken, match=rf"{message} on the text 'hi' \(ouch\)"):
        say("hi")


def test_thirty_thousand_characters_do_not_crash_the_engine() -> None:
    utterance = engine.Utterance("so be it. " * 3_000, "gmw/en-US", 450, 50, 50, 60, 0, 60.0)
    (clip,) = espeak._synthesize([utterance])
    assert len(clip.words) == 9_000
