"""Tools of Coqui's TTS where it is not installed: what they say of themselves and refuse, and how a line is cut."""

import importlib
import json
import re
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, ToolError, Unavailable
from wavagent.tool import Request, Toolbox, accept
from wavagent.weights import use

coqui = importlib.import_module("wavagent.tools._coqui")
line_module = importlib.import_module("wavagent.tools._coqui.line")
phonemes = importlib.import_module("wavagent.tools._coqui.phonemes").phonemes
pieces = importlib.import_module("wavagent.tools._coqui.pieces").pieces
Place = importlib.import_module("wavagent.tools._expert").Place
xtts, yourtts, vits = (importlib.import_module(f"wavagent.tools.{name}") for name in ("xtts", "yourtts", "coqui_vits"))

TOOLS = (xtts.TOOL, yourtts.TOOL, vits.TOOL)


@pytest.fixture(params=TOOLS, ids=lambda tool: tool.card.name)
def tool(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, nothing_fetched: None) -> None:
    """Their environment is there, and no weights."""
    monkeypatch.setattr("wavagent.environment.Environment.obstacle", None)


def vits_folder(home: Path, **settings: Any) -> Path:
    """The settings of a VITS model, as they are published."""
    home.mkdir(exist_ok=True)
    (home / "config.json").write_text(json.dumps({"model": "vits", "phoneme_language": "en-us", **settings}))
    (home / "model_file.pth").touch()
    return home


# what they say of themselves


def test_they_are_tools_that_run_in_an_environment_of_their_own_and_only_on_request(tool: Any) -> None:
    assert Toolbox.of(tool)
    card = tool.card
    assert card.isolated and card.environment == "coqui" and card.on_request
    assert tool.lack() == f"needs its environment 'coqui', which is not installed: wavagent tools install {card.name}"
    assert {voice.language for voice in card.voices} <= {*card.languages, "mul"}
    assert len({voice.id for voice in card.voices}) == len(card.voices)


def test_xtts_has_the_voices_of_its_studio_in_seventeen_languages() -> None:
    assert len(xtts.TOOL.card.languages) == 17
    assert len(xtts.TOOL.speaking("hu")) == len(xtts.TOOL.card.voices) == 58
    assert not xtts.TOOL.speaking("sv")


def test_who_clones_and_what_may_be_sold() -> None:
    assert [tool.card.clones for tool in TOOLS] == [True, True, False]
    assert [tool.card.commercial for tool in TOOLS] == [False, False, True]


def test_the_requirements_are_requirements_and_what_is_leaned_on_is_pinned() -> None:
    file = Path(str(xtts.__file__)).with_name("coqui.requirements.txt")
    lines = [text for text in file.read_text().splitlines() if text and not text.startswith("#")]
    wanted = {one.name: one for one in (Requirement(text.partition(" #")[0]) for text in lines)}
    for name in ("coqui-tts", "torch", "torchaudio", "transformers"):
        assert re.fullmatch(r"==[\d.]+", str(wanted[name].specifier)), name
    assert {"six", "torchcodec", "espeakng-loader", "soxr", "huggingface_hub"} <= set(wanted)


# what they refuse


def test_without_weights_they_say_what_to_type(installed: None) -> None:
    assert str(xtts.TOOL.lack()).endswith(": wavagent tools fetch xtts --allow-pickle")
    assert "your_tts.zip" in str(yourtts.TOOL.lack())
    assert str(yourtts.TOOL.lack()).endswith("wavagent tools fetch yourtts --folder DIR --allow-pickle")
    assert "tts_models--en--vctk--vits.zip" in str(vits.TOOL.lack())
    assert str(vits.TOOL.lack()).endswith("fetch coqui_vits --part en-vctk --folder DIR --allow-pickle")


def test_pickles_that_nobody_allowed_are_a_lack(tool: Any, installed: None, tmp_path: Path) -> None:
    weights = tool.card.weights[0]
    home = vits_folder(tmp_path / "model")
    (home / "model.safetensors").touch()  # which the library does not know
    use(tool, weights, home)
    part = f" --part {weights.part}" if weights.part else ""
    typed = f"wavagent tools fetch {tool.card.name}{part} --folder {tmp_path / 'model'} --allow-pickle"
    assert str(tool.lack()).startswith("needs leave to open its weights, which are pickles")
    assert str(tool.lack()).endswith(typed)
    with pytest.raises(Unavailable, match="which are pickles"):
        tool.allowed(Place({weights.part: tmp_path / "model"}, "cpu", None), weights.part)
    use(tool, weights, tmp_path / "model", pickle=True)
    assert tool.lack() is None


@pytest.mark.parametrize(
    ("asked", "called"),
    [
        ("en-GB", "en"),
        ("EN", "en"),
        ("fr", "fr-fr"),
        ("pt_PT", "pt-br"),
        ("zh-CN", "zh-cn"),
        ("zh", "zh-cn"),
        ("de", None),
    ],
)
def test_languages_are_found_under_what_a_model_calls_them(asked: str, called: str | None) -> None:
    assert coqui.nearest(asked, ["en", "fr-fr", "pt-br", "zh-cn"]) == called


def test_a_language_that_it_does_not_speak_is_refused() -> None:
    params = accept(xtts.TOOL, {"text": "Hej.", "voice": "Ana Florence", "language": "sv"})
    assert str(xtts.TOOL.refusal(params)).startswith("does not speak 'sv'; it speaks en, es")
    assert xtts.TOOL.refusal(accept(xtts.TOOL, {"text": "Olá.", "voice": "my-aunt", "language": "pt-BR"})) is None


# the voices of VITS models


@pytest.fixture
def models_here(installed: None, tmp_path: Path) -> Any:
    """German with one speaker, whose settings call it English; English with two; a model of one's own."""
    one = vits_folder(tmp_path / "one")
    own = vits_folder(tmp_path / "own", datasets=[{"language": "nb"}], model_args={"use_d_vector_file": True})
    many = vits_folder(
        tmp_path / "many",
        model_args={"use_speaker_embedding": True, "speakers_file": "/home/somebody/speaker_ids.json"},
    )
    (many / "speaker_ids.json").write_text(json.dumps({"ED\n": 0, "p225": 1}))
    for part, folder in (("de-thorsten", one), ("en-vctk", many), ("grandma", own)):
        use(vits.TOOL, vits.TOOL.weights_of(part), folder, pickle=True)
    return vits.TOOL


def test_the_speakers_of_the_models_that_are_here_are_found(models_here: Any) -> None:
    assert [voice.id for voice in models_here.found_voices()] == [
        "de-thorsten",
        "en-vctk/ED",
        "en-vctk/p225",
        "grandma",
    ]
    assert [voice.id for voice in models_here.speaking("en-GB")] == ["en-vctk/ED", "en-vctk/p225"]
    assert [(voice.id, voice.gender) for voice in models_here.speaking("de")] == [("de-thorsten", "male")]


def test_models_that_are_gone_and_pickles_that_nobody_allowed_take_no_other_voice_away(
    models_here: Any, tmp_path: Path
) -> None:
    (tmp_path / "own").rename(tmp_path / "moved")
    (tmp_path / "one" / "model.safetensors").touch()  # which the library does not know
    use(models_here, models_here.weights_of("de-thorsten"), tmp_path / "one")
    assert [voice.id for voice in models_here.found_voices()] == ["en-vctk/ED", "en-vctk/p225"]
    assert models_here.lack() is None
    for voice, why in (
        ("de-thorsten", f"pickles.*fetch coqui_vits --part de-thorsten --folder {tmp_path / 'one'} --allow-pickle"),
        ("grandma", "own', which is no folder any more: wavagent tools fetch coqui_vits --part grandma --folder DIR"),
    ):
        assert re.search(why, str(models_here.refusal(accept(models_here, {"text": "x", "voice": voice}))))


@pytest.mark.parametrize(
    ("voice", "language", "why"),
    [
        ("de-thorsten", "de-AT", None),
        ("en-vctk/p225", "en", None),
        ("grandma/ada", "nb", None),
        ("../nobody", "en", "has no voice '../nobody'"),
        (
            "fr-css10",
            "fr",
            "needs the model of its voice 'fr-css10': unpack https://github.com/coqui-ai/TTS/.*fr--css10",
        ),
        ("en-vctk", "en", "of 'en-vctk' it has en-vctk/ED, en-vctk/p225"),
        ("de-thorsten/ada", "de", "of 'de-thorsten' it has de-thorsten"),
        ("de-thorsten", "en", "does not speak 'en' with 'de-thorsten', which speaks de"),
        ("grandma", "en", "which speaks nb"),
    ],
)
def test_a_voice_is_refused_for_what_it_lacks(models_here: Any, voice: str, language: str, why: str | None) -> None:
    said = models_here.refusal(accept(models_here, {"text": "x", "voice": voice, "language": language}))
    assert said is None if why is None else re.search(why, str(said))


def test_what_a_clip_follows_from_is_the_model_of_its_voice(models_here: Any) -> None:
    one, other = (
        models_here.edition_of(accept(models_here, {"text": "x", "voice": voice}))
        for voice in ("de-thorsten", "en-vctk/ED")
    )
    assert one and other and one != other
    assert models_here.edition == ""


# a stranger's folder


def test_files_are_looked_for_in_the_folder_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "secret.json"
    elsewhere.write_text("{}")
    home = vits_folder(
        tmp_path / "model",
        d_vector_file=[str(elsewhere)],
        model_args={"speakers_file": str(elsewhere), "language_ids_file": "C:\\somebody\\language_ids.json"},
    )
    (home / "language_ids.json").write_text("{}")
    settings = coqui.Folder("coqui_vits", home).settings("vits")
    assert settings["d_vector_file"] is None
    assert settings["model_args"] == {"speakers_file": None, "language_ids_file": str(home / "language_ids.json")}


def test_the_files_of_what_was_published_are_found_where_the_settings_do_not_name_them(tmp_path: Path) -> None:
    home = vits_folder(tmp_path, speakers_file="/home/somebody/ids.json", d_vector_file=["x.json"])
    for name in ("speaker_ids.json", "speakers.json", "model_se.pth"):
        (home / name).write_text("{}")
    settings = coqui.Folder("coqui_vits", home).settings("vits")
    assert settings["model_args"] == {
        "speakers_file": str(home / "speaker_ids.json"),
        "d_vector_file": str(home / "speakers.json"),
        "speaker_encoder_model_path": str(home / "model_se.pth"),
    }
    assert settings["speakers_file"] == str(home / "speaker_ids.json")
    assert settings["d_vector_file"] == [str(home / "speakers.json")]


def test_statistics_which_the_library_would_unpickle_are_not_opened(tmp_path: Path) -> None:
    home = vits_folder(tmp_path, audio={"stats_path": "scale_stats.npy"})
    np.save(home / "scale_stats.npy", np.array({"mel_mean": 0.0}), allow_pickle=True)
    folder = coqui.Folder("yourtts", home)
    assert "stats_path" not in folder.settings("vits")["audio"]
    wanting: tuple[Any, ...] = ({"audio": {"stats_path": "scale_stats.npy"}}, {"audio": "scale_stats.npy"}, [])
    for settings in wanting:
        (home / "config_se.json").write_text(json.dumps(settings))
        with pytest.raises(Broken, match="wants statistics, which are a pickle"):
            folder.settings("vits")
    (home / "config_se.json").write_text(json.dumps({"audio": {"stats_path": None}}))
    assert folder.settings("vits")["model_args"]["speaker_encoder_config_path"] == str(home / "config_se.json")


def test_a_class_of_anything_but_tts_is_not_imported(tmp_path: Path) -> None:
    home = vits_folder(tmp_path, characters={"characters_class": "os.system"})
    with pytest.raises(Broken, match="name 'os.system' for their characters"):
        coqui.Folder("coqui_vits", home).settings("vits")


@pytest.mark.parametrize("settings", [b"{", b"\xff", b"[]", b'{"model": "xtts"}', b'{"model": 7}', b"[" * 100_000])
def test_settings_of_something_else_are_no_model(tmp_path: Path, settings: bytes) -> None:
    (tmp_path / "config.json").write_bytes(settings)
    with pytest.raises(Broken, match="is no JSON|holds a model of the kind"):
        coqui.Folder("yourtts", tmp_path).settings("vits")


def test_a_folder_without_a_model_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(
        Unavailable, match="no config.json in .*name the folder that holds it: wavagent tools fetch xtts"
    ):
        coqui.Folder("xtts", tmp_path).settings("xtts")
    with pytest.raises(Unavailable, match="no model.pth or model_file.pth"):
        _ = coqui.Folder("xtts", tmp_path).checkpoint


# how a line is cut


def test_a_line_is_cut_between_sentences_and_only_where_it_is_too_long() -> None:
    assert pieces("One. Two! Three?", 100) == ["One. Two! Three?"]
    assert pieces("One and one. Two and two! Three, and three?", 25) == [
        "One and one. Two and two!",
        "Three, and three?",
    ]
    assert pieces("你好，世界。你好。", 6) == ["你好，世界。", "你好。"]
    assert pieces("one two three, four five", 15) == ["one two three,", "four five"]
    assert pieces("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]


@given(st.text("ab ,.!?。，\n", max_size=80), st.integers(1, 30))
def test_no_word_is_lost_by_cutting_and_no_piece_is_too_long(text: str, limit: int) -> None:
    cut = pieces(text, limit)
    assert "".join("".join(cut).split()) == "".join(text.split())
    assert all(piece.strip() and len(piece) <= limit for piece in cut)


# phonemes


def test_phonemes_are_those_of_the_language() -> None:
    assert phonemes("Bu Türkçe", "tr") == "b_ʊ t_ˈø_r_k_tʃ_ɛ"
    assert phonemes("car", "en").endswith("ɹ"), "what TTS calls English is American"
    assert phonemes("Guten Tag. Wie geht es?", "de").count(" ") == 4
    assert phonemes("le football", "fr-fr") and "(" not in phonemes("le football", "fr-fr")
    assert phonemes("", "en") == ""


def test_a_language_without_phonemes_is_refused() -> None:
    with pytest.raises(Refused, match="phonemes of the language 'xx', which eSpeak NG does not know"):
        phonemes("hello", "xx")


def test_a_text_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("wavagent.tools._coqui.phonemes")
    monkeypatch.setattr(module, "LONGEST", 0.0)
    with pytest.raises(Broken, match="made no phonemes of a line in 0 s"):
        module.phonemes("Guten Tag!", "de")


# how a line is said


class Humming(coqui.Synthesizer):  # type: ignore[misc,name-defined]  # mypy knows the folder by another name
    """Hums: a note for everybody, a hundredth of a second for each letter, from the seed."""

    device, rate, hears, languages = "cpu", 24_000, 16_000, ("en", "zh-cn")

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.heard = coqui.Cloned(lambda wave: float(np.abs(wave).mean()))

    def limit(self, language: str) -> int:
        return 40

    def who(self, voice: str, heard: Any) -> float:
        return float(len(voice)) if heard is None else self.heard[heard]

    def say(self, text: str, who: float, language: str, params: Any) -> Any:
        import torch

        self.said.append((text, language))
        return (who * torch.rand(len(text) * 240)).numpy()


class Hummer(xtts.Xtts):  # type: ignore[misc,name-defined]
    """XTTS but for its model."""

    def load(self, place: Any) -> Humming:
        return Humming()

    def missing(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def hummer(models: None, tmp_path: Path) -> Any:
    return Hummer({"": tmp_path})


def line(text: str = "Yes.", seed: int = 1, reference: Audio | None = None, **params: Any) -> Request:
    values = {"text": text, "voice": "Ana Florence", **params}
    return Request(accept(xtts.TOOL, values), {"reference": reference} if reference else {}, seed)


LONG = "It was a dark and stormy night, and it rained. Nobody came. Nobody!"


def test_a_line_is_the_same_alone_and_in_company_and_follows_its_seed(hummer: Any) -> None:
    lines = [line(), line(LONG, 2), line(LONG, 3)]
    together = hummer(lines)
    for made, one in zip(together, lines, strict=True):
        np.testing.assert_array_equal(made.audio.samples, hummer([one])[0].audio.samples)
    assert np.abs(together[1].audio.samples - together[2].audio.samples).max() > 0.0


def test_a_long_line_is_said_in_pieces_with_a_pause_between_them(hummer: Any) -> None:
    (made,) = hummer([line(LONG, language="zh-TW")])
    said = hummer._model.said
    assert [text for text, _ in said] == pieces(LONG, 40) and len(said) == 2
    assert {language for _, language in said} == {"zh-cn"}
    assert made.audio.seconds == pytest.approx(sum(len(text) for text, _ in said) / 100 + line_module.PAUSE)


def test_a_reference_is_whose_voice_it_is_and_is_heard_once(hummer: Any) -> None:
    quiet, loud = (Audio.of(np.full((72_000, 2), level), 24_000) for level in (0.1, 0.5))
    made = [hummer([line(reference=clip, voice="aunt")])[0].audio.samples.max() for clip in (quiet, quiet, loud)]
    assert made[0] == made[1] < made[2] < 1.0
    assert len(hummer._model.heard._known) == 2


@pytest.mark.parametrize("seconds", [0.5, 700.0])
def test_a_reference_that_is_too_short_or_too_long_is_refused(hummer: Any, seconds: float) -> None:
    with pytest.raises(Refused, match=f"the reference lasts {seconds:.1f} s, and tool 'xtts'"):
        hummer([line(reference=Audio.silence(seconds, 8_000))])


def test_a_silent_reference_is_refused(hummer: Any) -> None:
    with pytest.raises(Refused, match="nothing is heard in the reference"):
        hummer([line(reference=Audio.silence(3.0, 8_000))])


def test_it_ends_between_two_pieces_when_it_is_stopped(hummer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    say = Humming.say

    def stopping(self: Humming, text: str, *rest: Any) -> Any:
        thread = threading.Thread(target=hummer.stop)
        thread.start()
        thread.join()
        return say(self, text, *rest)

    monkeypatch.setattr(Humming, "say", stopping)
    with pytest.raises(Broken, match="tool 'xtts' was stopped"):
        hummer([line(LONG)])
    assert len(hummer._model.said) == 1


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"), MemoryError()])
def test_running_out_of_memory_is_said_so(hummer: Any, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def full(*_: Any) -> None:
        raise error

    monkeypatch.setattr(Humming, "say", full)
    with pytest.raises(OutOfMemory, match="xtts"):
        hummer([line()])


@pytest.mark.parametrize("wrong", [{"text": ""}, {"pace": 9.0}, {"temperature": 0.0}, {"unheard_of": 1}])
def test_what_it_does_not_take_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        line(**wrong)


def test_a_language_that_the_model_does_not_have_is_refused_when_it_is_asked(hummer: Any) -> None:
    for language in ("sv", "de"):  # not XTTS's; not this model's
        with pytest.raises(ToolError, match=f"does not speak '{language}'"):
            hummer([line(language=language)])
