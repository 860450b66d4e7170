"""The chain from end to end with the embedded tools, measured on what comes out."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from wavagent.audio import RATE
from wavagent.dsp.loudness import Loudness
from wavagent.errors import InputError, ScriptError
from wavagent.event import Event
from wavagent.mix.premaster import premaster
from wavagent.script import Recording, Scene, Script, Speech
from wavagent.settings import Settings
from wavagent.studio import Rendering, Studio
from wavagent.timeline import BEDS

STORY = Path(__file__).resolve().parents[1] / "examples" / "the-gift-of-the-magi.txt"


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(Settings(str(tmp_path_factory.mktemp("store"))))


@pytest.fixture(scope="module")
def rendering(studio: Studio) -> Rendering:
    return studio.render(studio.plan(studio.read(STORY)))


@pytest.fixture(scope="module")
def delivered(studio: Studio, rendering: Rendering, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("out") / "story.mp3"
    studio.export(rendering, path)
    return path


@pytest.fixture(scope="module")
def sound(delivered: Path) -> NDArray[np.float32]:
    samples, rate = soundfile.read(delivered, dtype="float32", always_2d=True)
    assert rate == RATE
    return np.asarray(samples, np.float32)


def test_every_word_of_the_story_is_in_its_script(rendering: Rendering) -> None:
    assert rendering.script.text.strip() == STORY.read_text("utf-8").strip()


def test_the_story_has_several_voices_music_and_sounds(rendering: Rendering) -> None:
    speakers = {line.who for line in rendering.script.lines}
    voices = {character.voice.id for character in rendering.script.cast if character.voice and character.id in speakers}
    assert len(speakers) >= 4
    assert len(voices) == len(speakers)
    tools = {call.tool for call in rendering.compiled.graph}
    assert {"espeak", "score", "foley"} <= tools


def test_the_delivered_file_meets_its_profile(studio: Studio, rendering: Rendering, tmp_path: Path) -> None:
    certificate = studio.export(rendering, tmp_path / "story.mp3").certificate
    assert certificate is not None
    assert certificate.passed, str(certificate)
    assert certificate.loudness == pytest.approx(-16.0, abs=0.5)
    assert certificate.true_peak <= -1.0


def test_there_is_no_dead_air(sound: NDArray[np.float32]) -> None:
    window = RATE // 20
    power = (sound[: len(sound) // window * window] ** 2).reshape(-1, window * 2).mean(axis=1)
    quiet = 10 * np.log10(power + 1e-12) < -60.0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], quiet.astype(int), [0]])))
    assert max((stop - start) / 20 for start, stop in edges.reshape(-1, 2)) <= 3.0


def test_beds_are_far_under_whoever_speaks(studio: Studio, rendering: Rendering) -> None:
    layout = rendering.layout
    speech = {placed.cue.id for placed in layout.placed if placed.cue.role == "speech"}
    silent = [p for p in layout.placed if p.cue.id in speech or p.cue.role in BEDS]
    # what is not a bed keeps its place, so that beds duck, but loses its voice
    muted = tuple(replace(p, cue=replace(p.cue, gain=-120.0)) if p.cue.id in speech else p for p in silent)
    beds = premaster(replace(layout, placed=muted), rendering.made.entries, studio.store)
    under = np.concatenate(list(beds.blocks()))
    whole = np.concatenate(list(rendering.premaster.blocks()))
    for placed in layout.placed:
        if placed.cue.id in speech and placed.end - placed.start > RATE:
            spoken = Loudness.of(whole[placed.start : placed.end], RATE).integrated
            bed = Loudness.of(under[placed.start : placed.end], RATE).integrated
            assert spoken - bed >= 10.0, placed.cue.id


def test_captions_are_within_20_ms_of_the_line(studio: Studio, rendering: Rendering, tmp_path: Path) -> None:
    studio.export(rendering, tmp_path / "story.vtt")
    times = [
        line.split(" --> ")[0] for line in (tmp_path / "story.vtt").read_text("utf-8").splitlines() if "-->" in line
    ]
    starts = [sum(float(part) * 60**n for n, part in enumerate(reversed(time.split(":")))) for time in times]
    for placed in rendering.layout.placed:
        if placed.cue.role == "speech" and placed.cue.clip:
            assert min(abs(start - placed.start / RATE) for start in starts) <= 0.02


def test_chapters_read_back_from_the_file(delivered: Path, rendering: Rendering) -> None:
    from mutagen.id3 import ID3

    chapters = ID3(delivered).getall("CHAP")
    titles = [str(chapter.sub_frames["TIT2"]) for chapter in chapters]
    assert titles == [mark.title for mark in rendering.layout.chapters]


def test_a_damaged_clip_is_made_again_on_the_way(tmp_path: Path, tale: Script) -> None:
    studio = Studio(Settings(str(tmp_path / "store")))
    studio.export(studio.render(tale), tmp_path / "a.wav")
    for kind in ("clips", "mix"):
        file = sorted((tmp_path / "store" / kind).rglob("*.*"))[0]
        file.write_bytes(b"rubbish")
    studio.export(studio.render(tale), tmp_path / "b.wav")
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_editing_a_line_calls_one_tool_once(tmp_path: Path, tale: Script) -> None:
    studio = Studio(Settings(str(tmp_path)))
    before = studio.render(tale)
    first, second = tale.scenes[0].elements[:2]
    assert isinstance(second, Speech)
    edited = (first, second.model_copy(update={"text": "No, it was not."}))
    scene = tale.scenes[0].model_copy(update={"elements": edited})
    after = studio.render(tale.model_copy(update={"scenes": (scene,)}))
    assert len(before.made.ran) == 2
    assert after.made.ran == ("b",)


def test_a_recording_of_the_project_is_heard(tmp_path: Path, tale: Script) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(44_100) / 44_100)
    soundfile.write(tmp_path / "tone.wav", tone, 44_100)
    with_tone = recorded(tale, "tone.wav")
    rendering = Studio(Settings(str(tmp_path / "store"))).render(with_tone, tmp_path)
    placed = next(p for p in rendering.layout.placed if p.cue.id == "tone")
    assert placed.end - placed.start == pytest.approx(RATE, abs=2)


def test_a_recording_that_is_not_there_is_named(tmp_path: Path, tale: Script) -> None:
    with pytest.raises(InputError, match=r"'gone.wav' cannot be read"):
        Studio(Settings(str(tmp_path))).render(recorded(tale, "gone.wav"), tmp_path)


def test_a_link_out_of_the_project_is_refused(tmp_path: Path, tale: Script) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    (project / "link.wav").symlink_to(tmp_path / "secret.wav")
    with pytest.raises(ScriptError, match="leads out of the project"):
        Studio(Settings(str(tmp_path / "store"))).render(recorded(tale, "link.wav"), project)


def test_what_happens_is_told(tmp_path: Path, tale: Script) -> None:
    heard: list[Event] = []
    studio = Studio(Settings(str(tmp_path / "store")), listen=heard.append)
    studio.export(studio.render(tale), tmp_path / "a.wav")
    assert [event.stage for event in heard if event.kind == "end"] == ["run", "mix", "export"]
    for stage in ("run", "mix"):
        done = [event.done for event in heard if event.stage == stage]
        assert done == sorted(done)


HOSTILE = "“Don't”\n'$(rm -rf /)' \\ \"; `id` %s {0} <b>&</b> \x00 😀 שלום مرحبا \u202eabc ]]> */ --\r\n"


def test_hostile_text_in_every_field_is_only_text(tmp_path: Path, toolbox: object, script: Script) -> None:
    from wavagent.tool import Toolbox

    assert isinstance(toolbox, Toolbox)
    hostile = json.loads(json.dumps(script.model_dump(mode="json", by_alias=True)))
    hostile["title"] = hostile["author"] = HOSTILE
    for character in hostile["cast"]:
        character["name"], character["aliases"] = HOSTILE, [HOSTILE]
    for scene in hostile["scenes"]:
        scene["heading"] = scene["mood"] = scene["setting"] = HOSTILE
        for element in scene["elements"]:
            for name in ("text", "evidence"):
                if name in element:
                    element[name] = HOSTILE
            if element["kind"] == "speech":
                element["delivery"] = {"emotion": HOSTILE, "note": HOSTILE}
            for name in ("anchor", "start", "end"):  # the words they stood on are gone
                if isinstance(element.get(name), dict):
                    element[name] = None
    studio = Studio(Settings(str(tmp_path / "store")), toolbox)
    rendering = studio.render(Script.model_validate(hostile))
    before = set(tmp_path.iterdir())
    for suffix in (".mp3", ".m4b", ".flac", ".srt", ".vtt", ".chapters.json", ".transcript.json"):
        studio.export(rendering, tmp_path / f"story{suffix}")
    assert len(set(tmp_path.iterdir()) - before) == 7


@pytest.fixture
def tale() -> Script:
    lines = (Speech(id="a", text="It was late."), Speech(id="b", text="Was it?"))
    return Script(title="Late", scenes=(Scene(id="s", elements=lines),))


def recorded(tale: Script, file: str) -> Script:
    scene = tale.scenes[0]
    elements = (*scene.elements, Recording(id="tone", file=file))
    return tale.model_copy(update={"scenes": (scene.model_copy(update={"elements": elements}),)})
