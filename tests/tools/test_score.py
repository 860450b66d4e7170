import hashlib
import importlib
import resource
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import RATE, Audio
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Request, Toolbox, accept

score = importlib.import_module("wavagent.tools.score")
brief = importlib.import_module("wavagent.tools._composer.brief")
harmony = importlib.import_module("wavagent.tools._composer.harmony")
instruments = importlib.import_module("wavagent.tools._composer.instruments")
moods = importlib.import_module("wavagent.tools._composer.moods")
piece = importlib.import_module("wavagent.tools._composer.piece")
render = importlib.import_module("wavagent.tools._composer.render")
texture = importlib.import_module("wavagent.tools._composer.texture")

EVERY = [*moods.MOODS, *(style.name for style in moods.STYLES)]


def make(what: str, seconds: float = 6.0, loop: bool = False, seed: int | None = 1, **more: Any) -> Audio:
    params = accept(score.TOOL, {"what": what, "seconds": seconds, "loop": loop, **more})
    result = score.TOOL([Request(params, seed=seed)])[0]
    assert isinstance(result.audio, Audio)
    return result.audio


def written(what: str, seconds: float = 40.0, loop: bool = False, seed: int = 1) -> Any:
    return piece.compose(brief.read(what), seconds, loop, seed, what)


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


# What a description says: mood, and any of style, tempo, tonic, scale, meter, beat, lead, figure, pad, bass.
DESCRIPTIONS: list[tuple[str, str, Mapping[str, object]]] = [
    ("sad slow piano in D minor", "sad", {"tonic": 2, "scale": "minor", "lead": "piano", "pad": None}),
    ("tense strings", "tense", {"lead": "strings", "pad": "strings", "bass": "strings"}),
    ("cheerful folk dance 120 bpm", "joyful", {"style": "folk", "tempo": 120.0, "lead": "fiddle"}),
    ("epic orchestral battle", "heroic", {"lead": "horn", "beat": "epic"}),
    ("lullaby with music box", "calm", {"style": "lullaby", "meter": 3, "lead": "music box", "pad": "warm pad"}),
    ("jazz trio", "nostalgic", {"style": "jazz", "lead": "saxophone", "beat": "swing", "bass": "double bass"}),
    ("eerie ambient pad, ghost story", "eerie", {"style": "ambient", "pad": "warm pad", "lead": None}),
    ("calm, wistful piano", "wistful", {"lead": "piano", "figure": "piano"}),
    ("waltz", "romantic", {"style": "waltz", "meter": 3}),
    ("a sad waltz", "sad", {"style": "waltz", "meter": 3, "scale": "minor"}),
    ("military march", "heroic", {"style": "march", "beat": "march", "lead": "trumpet"}),
    ("medieval lute", "pastoral", {"style": "medieval", "lead": "lute", "figure": "lute", "scale": "dorian"}),
    ("sea shanty feel", "adventure", {"style": "shanty", "lead": "accordion", "beat": "jig"}),
    ("gentle guitar", "calm", {"lead": "guitar", "figure": "guitar", "bass": "guitar"}),
    ("solo cello, mournful", "sad", {"lead": "cello", "pad": None, "figure": None}),
    ("happy flute", "joyful", {"lead": "flute", "figure": "guitar"}),
    ("not sad, but hopeful", "hopeful", {}),
    ("joyful, no drums", "joyful", {"beat": ""}),
    ("calm with drums", "calm", {"beat": "slow"}),
    ("in F# minor, mysterious", "mysterious", {"tonic": 6, "scale": "minor"}),
    ("Bb major fanfare", "heroic", {"tonic": 10, "scale": "major", "meter": 4}),
    ("a pastoral scene in G flat major", "pastoral", {"tonic": 6, "scale": "major"}),
    ("in a minor key, slow", "neutral", {"tonic": None, "scale": "minor"}),
    ("soft music in A minor", "calm", {"tonic": 9, "scale": "minor"}),
    ("A minor scuffle breaks out", "neutral", {"tonic": None}),
    ("E phrygian dread", "tense", {"tonic": 4, "scale": "phrygian"}),
    ("D dorian", "neutral", {"tonic": 2, "scale": "dorian"}),
    ("adagio for strings", "neutral", {"tempo": 66.0, "lead": "strings"}),
    ("playful pizzicato, allegro", "playful", {"tempo": 128.0, "lead": "pizzicato"}),
    ("funny bassoon", "comic", {"lead": "bassoon"}),
    ("a chase through the streets", "urgent", {"beat": "chase"}),
    ("romantic violin", "romantic", {"lead": "violin", "figure": "harp"}),
    ("church organ, solemn", "solemn", {"lead": "organ", "bass": "organ"}),
    ("magical celesta", "wondrous", {"lead": "celesta"}),
    ("dark choir", "dark", {"pad": "choir"}),
    ("angry brass, furious", "angry", {"lead": "brass"}),
    ("memories of childhood", "nostalgic", {}),
    ("japanese koto", "calm", {"style": "oriental", "figure": "koto"}),
    ("harpsichord minuet", "neutral", {"style": "baroque", "lead": "harpsichord"}),
    ("circus music", "comic", {"style": "circus", "meter": 3}),
    ("cowboy harmonica", "adventure", {"style": "western", "lead": "harmonica"}),
    ("christmas carol", "joyful", {"style": "christmas"}),
    ("violin and piano", "neutral", {"lead": "violin", "figure": "piano"}),
    ("piano and violin", "neutral", {"lead": "violin", "figure": "piano"}),
    ("suspense at 300 bpm", "tense", {"tempo": 240.0}),
    ("french horn call at dawn", "pastoral", {"lead": "horn"}),
    ("a dog barking", "neutral", {}),
    ("xyzzy plugh", "neutral", {"style": "", "tempo": None, "tonic": None}),
    ("日本の静かな音楽", "neutral", {}),
    ("SAD PIANO", "sad", {"lead": "piano"}),
]


def facts(read: Any) -> dict[str, object]:
    parts = {role: player.name for role, player in read.ensemble.items()}
    mood = read.mood
    named = {"style": read.style, "tempo": read.tempo, "tonic": read.tonic, "meter": mood.meter, "beat": mood.beat}
    scale = {"scale": harmony.IDIOMS[mood.idiom].scale}
    return named | scale | {role: parts.get(role) for role in instruments.ROLES}


@pytest.mark.parametrize(("what", "mood", "expected"), DESCRIPTIONS, ids=[row[0] for row in DESCRIPTIONS])
def test_a_description_becomes_a_brief(what: str, mood: str, expected: Mapping[str, object]) -> None:
    read = brief.read(what)
    found = facts(read)
    assert read.mood.name == mood
    assert {name: found[name] for name in expected} == expected


def test_slow_and_very_slow_are_told_apart() -> None:
    plain = brief.read("sad").mood.tempo
    slow, very = brief.read("slow sad").tempo, brief.read("very slow sad").tempo
    assert very < slow < plain < brief.read("fast sad").tempo


def test_parameters_count_before_the_description() -> None:
    read = brief.read("sad piano in D minor, 60 bpm", "joyful", 140.0, "Eb major", ("flute",))
    assert (read.mood.name, read.tempo, read.tonic) == ("joyful", 140.0, 3)
    assert read.ensemble["lead"].name == "flute"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("D minor", (2, "minor")), ("F#", (6, "")), ("Bb major", (10, "major")), ("Am", (9, "minor")),
     ("c sharp minor", (1, "minor")), ("G♭", (6, "")), ("Cb", (11, "")), ("H minor", None), ("", None)],
)  # fmt: skip
def test_keys_are_read(text: str, expected: tuple[int, str] | None) -> None:
    assert brief.key(text) == expected


@pytest.mark.parametrize("values", [{"key": "H dur"}, {"tempo": 5}, {"seconds": 0.1}, {"seconds": 601}, {"x": 1}])
def test_parameters_out_of_range_are_refused_at_the_door(values: dict[str, object]) -> None:
    with pytest.raises(Refused, match=next(iter(values))):
        accept(score.TOOL, {"what": "calm", **values})


@pytest.mark.parametrize(
    ("what", "word"),
    [("a song with lyrics", "lyrics"), ("Rap about the sea", "rap"), ("heavy metal vocals", "heavy metal"),
     ("soulful singer", "singer"), ("a woman singing softly", "woman singing"), ("   ", "empty")],
)  # fmt: skip
def test_what_a_composer_cannot_do_is_refused_in_one_sentence(what: str, word: str) -> None:
    reason = score.TOOL.refusal(score.ScoreParams(what=what))
    assert reason is not None and word in reason and "\n" not in reason


@pytest.mark.parametrize("what", ["no vocals, calm", "instrumental without lyrics", "wrapped gifts", "birds", "a trap"])
def test_what_only_sounds_like_a_song_is_composed(what: str) -> None:
    assert score.TOOL.refusal(score.ScoreParams(what=what)) is None


def test_an_unknown_instrument_is_refused_with_those_there_are() -> None:
    reason = score.TOOL.refusal(score.ScoreParams(what="calm", instruments=("piano", "theremin")))
    assert reason is not None and "'theremin'" in reason and "music box" in reason


def test_the_tables_agree_with_one_another() -> None:
    for name in EVERY:
        read = brief.read(name)
        assert read.mood.idiom in harmony.IDIOMS
        assert read.mood.pattern in texture.FIGURES
        assert read.mood.beat in ("", *texture.BEATS)
        assert read.ensemble
    fields = set(moods.Mood.__dataclass_fields__)
    assert all(set(style.sets) <= fields for style in moods.STYLES)
    assert len(moods.MOODS) >= 14


def test_every_style_and_mood_answers_to_its_own_name() -> None:
    assert [brief.read(name).mood.name for name in moods.MOODS] == list(moods.MOODS)
    assert [brief.read(style.name).style for style in moods.STYLES] == [style.name for style in moods.STYLES]


def test_every_chord_of_every_idiom_is_playable() -> None:
    for idiom in harmony.IDIOMS.values():
        for symbol in (*idiom.tonic, *idiom.predominant, *idiom.dominant):
            chord = harmony.chord(symbol, 0, harmony.SCALES[idiom.scale])
            assert len(set(chord.pitches)) == len(chord.pitches) >= 3
            assert set(chord.pitches) <= set(chord.palette)


@pytest.mark.parametrize(
    ("symbol", "scale", "expected"),
    [("I", "major", (0, 4, 7)), ("V7", "minor", (7, 11, 2, 5)), ("VI", "minor", (8, 0, 3)),
     ("bII", "minor", (1, 5, 8)), ("iio7", "minor", (2, 5, 8, 0)), ("IVM7", "major", (5, 9, 0, 4)),
     ("vii", "phrygian", (10, 1, 5)), ("#ivo7", "minor", (6, 9, 0, 4)), ("Iadd9", "major", (0, 4, 7, 2))],
)  # fmt: skip
def test_roman_numerals(symbol: str, scale: str, expected: tuple[int, ...]) -> None:
    assert harmony.chord(symbol, 0, harmony.SCALES[scale]).pitches == expected


def test_a_raised_leading_note_takes_the_natural_seventh_out_of_the_melody() -> None:
    palette = harmony.chord("V", 0, harmony.SCALES["minor"]).palette
    assert 11 in palette and 10 not in palette and 0 in palette


def test_an_unknown_chord_symbol_is_named() -> None:
    with pytest.raises(ValueError, match="'H7' is no chord symbol"):
        harmony.chord("H7", 0, harmony.SCALES["major"])


@given(bars=st.integers(1, 400))
def test_phrases_add_up_to_the_bars(bars: int) -> None:
    lengths = harmony.phrases(bars)
    assert sum(lengths) == bars and min(lengths) >= 1 and max(lengths) <= 6


@pytest.mark.parametrize("what", EVERY)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_note_lies_in_the_chord_or_the_scale_unless_it_passes(what: str, seed: int) -> None:
    made = written(what, 60.0, seed=seed)
    for note in made.notes:
        bar = int(note.start / made.meter + 1e-9)
        if note.instrument and not note.passing and bar < len(made.bars):
            assert note.pitch % 12 in made.bars[bar].chord.palette


@pytest.mark.parametrize("what", EVERY)
def test_the_bass_stands_on_the_root_at_every_cadence(what: str) -> None:
    made = written(what, 60.0)
    cadences = {place: bar for place, bar in enumerate(made.bars) if bar.cadence}
    assert cadences
    for note in made.notes:
        place, inside = divmod(note.start, made.meter)
        if note.role == "bass" and place in cadences and inside == 0:
            assert note.pitch % 12 == cadences[int(place)].chord.root


@pytest.mark.parametrize("what", EVERY)
def test_a_piece_ends_at_home(what: str) -> None:
    made = written(what)
    start = made.meter * len(made.bars)
    last = [note.pitch % 12 for note in made.notes if note.start >= start and note.role in ("lead", "bass")]
    assert set(last) <= {made.tonic}
    assert all(note.start + note.length <= made.beats + 1e-6 for note in made.notes if note.start >= start)


@pytest.mark.parametrize("what", EVERY)
def test_parts_keep_to_their_ranges(what: str) -> None:
    for note in written(what, 90.0).notes:
        if note.instrument:
            assert note.instrument.low <= note.pitch <= note.instrument.high
        if note.role == "lead":
            assert note.pitch <= 86, "no shrill leads over speech"


@pytest.mark.parametrize("what", EVERY)
def test_melodies_move_mostly_by_step_and_never_by_more_than_an_octave(what: str) -> None:
    moves = []
    for seed in range(4):
        lead = [note.pitch for note in written(what, 60.0, seed=seed).notes if note.role == "lead"]
        moves += [abs(after - before) for before, after in zip(lead, lead[1:], strict=False)]
    if moves:
        assert max(moves) <= 12
        assert float(np.mean(np.array(moves) <= 5)) >= 0.7


def test_a_section_that_returns_sings_the_same_tune() -> None:
    made = written("joyful", 90.0)
    bars = {
        (bar.label, bar.phrase): [
            note.pitch for note in made.notes if note.role == "lead" and note.start // made.meter == place
        ]
        for place, bar in enumerate(made.bars)
        if bar.position == 0
    }
    assert bars["A", 0] == bars["A", 1] != bars["B", 2]


def test_the_voices_of_a_pad_move_little() -> None:
    made = written("calm", 120.0)
    chords = [bar.chord for bar in made.bars]
    voicing: tuple[int, ...] = ()
    moves: list[float] = []
    for chord in chords:
        following = harmony.voicing(chord, voicing)
        if voicing:
            moves += [min(abs(pitch - old) for old in voicing) for pitch in following]
        voicing = following
    assert float(np.mean(moves)) <= 2.0


@pytest.mark.parametrize("tempo", [60, 97, 120, 180])
@pytest.mark.parametrize("seconds", [24.0, 61.3])
def test_a_loop_is_whole_bars_at_nearly_the_tempo_asked_for(tempo: int, seconds: float) -> None:
    made = written(f"joyful {tempo} bpm", seconds, loop=True)
    assert made.beats == made.meter * len(made.bars)
    assert made.tempo == pytest.approx(tempo, rel=0.13)


@given(seconds=st.floats(0.5, 600.0), seed=st.integers(0, 2**63), loop=st.booleans())
@settings(max_examples=40, deadline=None)
def test_any_length_can_be_composed(seconds: float, seed: int, loop: bool) -> None:
    made = written("sad waltz", seconds, loop, seed)
    assert made.notes
    assert all(0 <= note.start < made.beats and note.length > 0 and note.level > 0 for note in made.notes)
    assert 30 <= made.tempo <= 500


@pytest.mark.parametrize("loop", [False, True])
@pytest.mark.parametrize("seconds", [0.5, 1.0, 2.999, 3.0, 4.4567, 13.37])
def test_a_clip_has_exactly_the_frames_asked_for(seconds: float, loop: bool) -> None:
    clip = make("playful", seconds, loop)
    assert (clip.frames, clip.channels, clip.rate) == (round(seconds * RATE), 2, RATE)
    assert rms(clip.samples) > 0.01


@pytest.mark.parametrize("what", EVERY)
def test_every_mood_and_style_sounds_at_a_sane_level(what: str) -> None:
    clip = make(what, 5.0)
    assert 0.03 <= rms(clip.samples) <= 0.11
    assert float(np.abs(clip.samples).max()) <= 0.9
    assert abs(float(clip.samples.mean())) < 1e-3
    left, right = (rms(side) for side in clip.samples.T)
    assert 0.5 < left / right < 2.0


@pytest.mark.parametrize("name", instruments.INSTRUMENTS)
def test_every_instrument_can_be_heard(name: str) -> None:
    clip = make("neutral", 1.5, instruments=[name])
    assert 0.01 <= rms(clip.samples) <= 0.11


def test_no_two_moods_make_the_same_piece() -> None:
    pieces = {
        tuple((note.pitch, note.start, note.instrument and note.instrument.name) for note in made.notes)
        for name in moods.MOODS
        if (made := piece.compose(brief.read(name), 30.0, False, 1, "one description"))
    }
    assert len(pieces) == len(moods.MOODS)


@pytest.mark.parametrize("what", ["calm piano", "tense", "epic battle", "eerie ambient", "jazz", "lullaby", "organ"])
def test_a_loop_has_no_seam(what: str) -> None:
    samples = make(what, 9.0, loop=True).samples
    steps = np.abs(np.diff(samples, axis=0)).max(axis=1)
    seam = float(np.abs(samples[0] - samples[-1]).max())
    assert seam <= float(np.quantile(steps, 0.999))
    # Across the seam the level changes as it does across the other bar lines.
    bars = len(written(what, 9.0, loop=True).bars)
    lines = [round(place * len(samples) / bars) for place in range(bars)]
    ratios = [
        rms(np.roll(samples, -line, axis=0)[-RATE // 2 :]) / rms(np.roll(samples, -line, axis=0)[: RATE // 2])
        for line in lines
    ]
    assert min(ratios[1:], default=1.0) / 4 < ratios[0] < 4 * max(ratios[1:], default=1.0)


def test_what_rings_past_the_end_of_a_loop_comes_in_at_its_beginning() -> None:
    bell = instruments.INSTRUMENTS["organ"]
    note = piece.Note("lead", bell, 60, 3.5, 1.0, 1.0)
    made = piece.Piece((note,), (), 4.0, 2.0, 4, 0, "major", True)
    bank = render.Bank(score._bank(), RATE)
    looped = render.render(made, bank, 1.0, 0.2)
    assert rms(looped[: RATE // 10]) > 0.02
    assert float(np.abs(looped[0] - looped[-1]).max()) < 0.05


@pytest.mark.parametrize("what", ["calm piano", "tense", "epic battle", "eerie ambient", "march", "music box"])
@pytest.mark.parametrize("seconds", [1.0, 4.0, 12.0])
def test_a_piece_rings_out_and_is_not_cut(what: str, seconds: float) -> None:
    samples = make(what, seconds).samples
    assert float(np.abs(samples[-1]).max()) < 1e-3
    blocks = [rms(block) for block in np.array_split(samples[-round(min(2.0, seconds / 4) * RATE) :], 5)]
    assert blocks[-1] < blocks[0] * 0.35
    assert rms(samples[: len(samples) // 2]) > 0.01


DIGEST = """
import hashlib, importlib
from wavagent.tool import Request
score = importlib.import_module("wavagent.tools.score")
params = score.ScoreParams(what="hopeful strings", seconds=7.0, loop=True)
print(hashlib.sha256(score.TOOL([Request(params, seed=5)])[0].audio.samples.tobytes()).hexdigest())
"""


def test_two_processes_make_the_same_bits() -> None:
    here = hashlib.sha256(make("hopeful strings", 7.0, loop=True, seed=5).samples.tobytes()).hexdigest()
    there = subprocess.run([sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == here


def test_a_batch_is_what_its_calls_are_one_by_one() -> None:
    values = [{"what": "calm", "seconds": 3.0}, {"what": "tense", "seconds": 2.0}]
    requests = [Request(accept(score.TOOL, value), seed=3) for value in values]
    together = score.TOOL(requests)
    alone = [score.TOOL([request])[0] for request in requests]
    assert all(np.array_equal(one.audio.samples, two.audio.samples) for one, two in zip(together, alone, strict=True))


def test_another_seed_is_another_piece_and_no_seed_is_seed_zero() -> None:
    clips = [make("romantic", 6.0, seed=seed).samples for seed in (0, 1, 2)]
    assert not np.array_equal(clips[0], clips[1]) and not np.array_equal(clips[1], clips[2])
    assert np.array_equal(clips[0], make("romantic", 6.0, seed=None).samples)


def test_another_length_begins_with_the_same_tune() -> None:
    tunes = [
        [note.pitch for note in written("joyful", seconds).notes if note.role == "lead"] for seconds in (60.0, 80.0)
    ]
    assert tunes[0][:12] == tunes[1][:12]


@pytest.mark.parametrize(
    "what",
    ['"); import os; os.system("x")', "$(reboot) `id`", "a\x00b", "\ud800 lone", "../../etc/passwd", "{0.__class__}",
     "🎻🎹", "مرحبا", "\n\r\t calm \n", "%s%n", "9" * 5000, "bpm " * 500, "in in in a a a minor minor"],
)  # fmt: skip
def test_a_hostile_description_is_only_text(what: str) -> None:
    params = score.ScoreParams.model_construct(
        what=what, seconds=1.0, loop=False, mood=what, tempo=None, key="", instruments=()
    )
    clip = score.TOOL([Request(params, seed=1)])[0]
    assert clip.audio.frames == RATE


def test_the_result_says_what_was_composed() -> None:
    params = score.ScoreParams(what="sad piano in D minor, 60 bpm", seconds=30.0, loop=True)
    data = score.TOOL([Request(params)])[0].data
    assert (data["mood"], data["tonic"], data["scale"]) == ("sad", 2, "minor")
    assert data["tempo"] == pytest.approx(60, rel=0.1)


def test_a_missing_sound_bank_names_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Unavailable, match="pip install"):
        make("calm", 1.0)


def test_a_missing_symusic_names_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "symusic", None)
    with pytest.raises(Unavailable, match=r"symusic.*pip install"):
        make("calm", 1.0)


def test_the_card_stands_in_a_toolbox() -> None:
    box = Toolbox.of(score.TOOL)
    assert [tool.card.name for tool in box.doing("music")] == ["score"]
    assert score.TOOL.missing() == ()


def test_importing_the_tool_loads_no_synthesizer() -> None:
    code = (
        "import sys, importlib; importlib.import_module('wavagent.tools.score');"
        " assert not {'symusic', 'pretty_midi'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_memory_does_not_grow_from_clip_to_clip() -> None:
    make("sad", 5.0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in range(6):
        make("sad", 5.0, seed=seed)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes


@pytest.mark.parametrize("name", sorted(instruments.INSTRUMENTS))
def test_a_held_note_is_the_same_in_every_bank(name: str) -> None:
    """Synthesizers have been seen to read past the end of a sample, and what lies there is never the same."""
    player = instruments.INSTRUMENTS[name]
    pitch = min(max(player.low, 60), player.high)
    notes = []
    for number in range(3):
        scraps = [np.full(50_000 + 7919 * number, np.nan, np.float32) for _ in range(4)]
        del scraps  # leaves memory that no note may hear
        notes.append(render.Bank(score._bank(), RATE).sample((False, player.program, pitch), 3.0, player.cutoff))
    assert all(np.array_equal(notes[0], note) for note in notes)
