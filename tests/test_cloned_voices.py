"""The voice of a recording, from the script to the file: read once, allowed by its speaker, never silently another."""

import hashlib
import importlib
import json
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.chart.mermaid import mermaid
from wavagent.crediting import credited
from wavagent.errors import Broken, RunError, ScriptError
from wavagent.export.notice import markdown
from wavagent.needed import needed
from wavagent.project import Project
from wavagent.script import Consent, Script, Voice
from wavagent.script.file import dumps, read
from wavagent.settings import Settings
from wavagent.story import Story
from wavagent.studio import Studio
from wavagent.tool import Request, Toolbox

Make = Callable[..., Studio]


def record(path: Path, loud: float = 0.5, seconds: float = 0.5) -> str:
    """Write a sine of 24 kHz, stereo; its sha256."""
    time = np.arange(round(seconds * 24_000)) / 24_000
    one = (loud * 32_767 * np.sin(2 * np.pi * 200.0 * time)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(np.repeat(one[:, None], 2, axis=1).tobytes())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cloned(script: Script, path: Path, *who: str, words: str = "Hello.", **more: Any) -> Script:
    """`script` in which Mary, or `who`, speaks with the voice of the recording at `path`, in its project's folder."""
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    consent = Consent(person="Anna Smith", statement="Yes, use it.", date="2026-11-21", sha256=sha256)
    voice = Voice(tool="parrot", id="anna", reference=path.name, words=words, consent=consent, **more)
    cast = tuple(
        one.model_copy(update={"voice": voice}) if one.id in (who or ("mary",)) else one for one in script.cast
    )
    return script.model_copy(update={"cast": cast})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "story"
    place.mkdir()
    record(place / "anna.wav")
    return place


@pytest.fixture
def make(tmp_path: Path, toolbox: Toolbox, parrot: Any) -> Iterator[Make]:
    """A studio with the parrot, or with other tools; all have one store."""
    studios: list[Studio] = []

    def made(*tools: Any, **settings: Any) -> Studio:
        box = Toolbox.of(*toolbox, *(tools or (parrot,)))
        studios.append(Studio(Settings(str(tmp_path / "store"), workers=1, **settings), box))
        return studios[-1]

    yield made
    for studio in studios:
        studio.close()


def test_the_lines_of_a_character_share_one_recording(
    make: Make, script: Script, folder: Path, parrot: Any, voice: Any
) -> None:
    rendering = make().render(cloned(script, folder / "anna.wav"), folder)
    assert [call.id for call in rendering.compiled.graph if call.tool == "recording"] == ["mary/voice"]
    assert sorted(one.params.text for one in parrot.asked) == ["Come in!", "Who is there?"]
    for request in parrot.asked:
        heard = request.inputs["reference"]
        assert (heard.rate, heard.channels, request.params.words) == (48_000, 2, "Hello.")
        assert heard.seconds == pytest.approx(0.5, abs=0.01) and np.abs(heard.samples).max() == pytest.approx(0.5, 0.02)
    assert not any(request.inputs for request in voice.asked), "the narrator's voice is the tool's own"
    assert not rendering.compiled.findings


def test_what_a_cloned_line_follows_from(make: Make, script: Script, folder: Path) -> None:
    def ran(**how: Any) -> list[str]:
        path = folder / how.pop("file", "anna.wav")
        return sorted(make().render(cloned(script, path, **how), folder).made.ran)

    assert {"e2", "e5", "mary/voice"} <= set(ran())
    assert ran() == [], "another process finds all of it"
    (folder / "copy.wav").write_bytes((folder / "anna.wav").read_bytes())
    assert ran(file="copy.wav") == [], "the same recording under another name"
    assert ran(words="Good night.") == ["e2", "e5"]
    record(folder / "anna.wav", 0.25)
    assert ran() == ["e2", "e5", "mary/voice"]


def test_two_who_share_a_recording_read_it_once(make: Make, script: Script, folder: Path) -> None:
    both = cloned(script, folder / "anna.wav", "mary", "narrator")
    found = make().quote(both, folder)
    assert [(item.calls, item.kept) for item in found.items if item.card.name == "recording"] == [(2, 1)]
    made = make().render(both, folder).made
    assert len({"mary/voice", "narrator/voice"} & set(made.ran)) == 1 and len(made.entries) == len({*made.entries})


def test_who_says_nothing_has_nothing_read(make: Make, script: Script, folder: Path) -> None:
    told = cloned(script, folder / "anna.wav")
    scenes = tuple(
        scene.model_copy(update={"elements": tuple(e for e in scene.elements if getattr(e, "who", "") != "mary"
                                                   and getattr(e, "anchor", None) is None and e.kind != "music")})
        for scene in told.scenes
    )  # fmt: skip
    graph = make().compile(told.model_copy(update={"scenes": scenes}), folder).graph
    assert len(graph) and not [call.id for call in graph if call.tool == "recording"]


def test_every_view_of_a_story_knows_the_recording(make: Make, script: Script, folder: Path) -> None:
    studio, told = make(), cloned(script, folder / "anna.wav")
    assert studio.seconds(told) > 5.0
    quote = studio.quote(told, folder)
    assert next(item.calls for item in quote.items if item.card.name == "recording") == 1 and not quote.faults
    assert "mary/voice" in mermaid(studio.chart(told, folder))
    (step,) = studio.explain(told, "mary", folder).steps
    assert (step.call.call.id, step.call.state) == ("mary/voice", "to run")
    studio.render(told, folder)
    assert studio.explain(told, "mary", folder).steps[0].call.state == "kept"
    (line,) = studio.explain(told, "e2", folder).steps
    assert line.call.ready is not None and line.call.ready.key in needed(studio, told, folder)
    assert set(line.call.ready.inputs) == {"reference"}
    assert step.call.ready is not None and step.call.ready.key in needed(studio, told, folder)


def test_of_several_takes_each_hears_the_recording(make: Make, script: Script, folder: Path, parrot: Any) -> None:
    choose = importlib.import_module("wavagent.tools.choose").TOOL
    kind = type("Seeded", (type(parrot),), {"card": parrot.card.model_copy(update={"seeded": True})})
    seeded = kind()
    rendering = make(seeded, choose, takes=2).render(cloned(script, folder / "anna.wav"), folder)
    assert len(seeded.asked) == 4 and all("reference" in one.inputs for one in seeded.asked)
    assert [call.id for call in rendering.compiled.graph if call.tool == "recording"] == ["mary/voice"]


def test_when_cloning_fails_another_voice_is_said_and_never_silent(
    make: Make, script: Script, folder: Path, parrot: Any, voice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(request: Request) -> Any:
        raise Broken("the parrot died")

    monkeypatch.setattr(parrot, "make", fails)
    rendering = make().render(cloned(script, folder / "anna.wav"), folder)
    found = {one.element: one for one in rendering.compiled.findings}
    assert set(found) == {"e2", "e5"} and all(one.degraded for one in found.values())
    assert "made by 'voice' instead" in found["e2"].message and "the parrot died" in found["e2"].message
    plain = [one for one in voice.asked if one.params.text == "Come in!"]
    assert plain and not plain[0].inputs and plain[0].params.voice in ("bea", "dora", "fay")


@pytest.mark.parametrize(
    ("name", "data"), [("empty.wav", b""), ("notes.wav", b"Dear Anna, ..."), ("x.m3u8", b"#EXTM3U")]
)
def test_what_is_no_sound_is_refused_and_nobody_else_speaks(
    make: Make, script: Script, folder: Path, voice: Any, name: str, data: bytes
) -> None:
    (folder / name).write_bytes(data)
    with pytest.raises(RunError, match=f"'mary/voice' could not be made: '{name}'"):
        make().render(cloned(script, folder / name), folder)
    assert not any("Come in" in one.params.text for one in voice.asked)


@pytest.mark.parametrize("reference", ["../../etc/passwd", "/etc/passwd", "C:\\anna.wav"])
def test_a_script_that_names_a_file_outside_is_not_even_read(script: Script, folder: Path, reference: str) -> None:
    data = json.loads(dumps(cloned(script, folder / "anna.wav")))
    data["cast"][1]["voice"]["reference"] = reference
    (folder / "script.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ScriptError, match="inside the project"):
        read(folder / "script.json")


def test_without_consent_nothing_is_made_whatever_for(make: Make, script: Script, folder: Path, parrot: Any) -> None:
    told = cloned(script, folder / "anna.wav")
    voice = told.character("mary").voice
    assert voice is not None
    bare = voice.model_copy(update={"consent": None})
    cast = tuple(one.model_copy(update={"voice": bare}) if one.id == "mary" else one for one in told.cast)
    for commercial in (False, True):
        studio = make(commercial=commercial)
        for ask in (studio.render, studio.quote, studio.compile):
            with pytest.raises(ScriptError, match="without the consent of whoever speaks there"):
                ask(told.model_copy(update={"cast": cast}), folder)
    assert not parrot.asked


def test_the_credits_name_the_voice_and_who_allowed_it(make: Make, script: Script, folder: Path) -> None:
    studio = make()
    credits = credited(studio.compile(cloned(script, folder / "anna.wav"), folder), studio.toolbox)
    (mary,) = (one for one in credits.voices if one.character == "Mary")
    assert (mary.tool, mary.reference, mary.consent) == ("parrot", "anna.wav", "Anna Smith, 2026-11-21")
    assert "- Mary: anna of parrot, after the recording anna.wav, allowed by Anna Smith, 2026-11-21\n" in markdown(
        credits
    )
    assert not credits.obstacles


def test_an_audition_hears_the_recordings_of_the_project(
    make: Make, script: Script, folder: Path, parrot: Any, tmp_path: Path
) -> None:
    files = make().audition(cloned(script, folder / "anna.wav"), tmp_path / "heard", "Good evening.", folder)
    assert [file.name for file in files] == ["01-narrator.wav", "02-mary.wav"]
    (request,) = parrot.asked
    assert "reference" in request.inputs


def test_a_project_that_is_saved_elsewhere_has_its_recordings_and_its_past(
    make: Make, script: Script, folder: Path, tmp_path: Path
) -> None:
    told, new = cloned(script, folder / "anna.wav"), tmp_path / "new"
    Project.create(folder, script)
    project = Project.create(folder, told)
    story = Story(told, make(), folder)
    story.save(new)
    assert (new / "anna.wav").read_bytes() == (folder / "anna.wav").read_bytes()
    assert make().render(read(new / "script.json"), new).compiled.graph["mary/voice"]
    project.undo()
    assert project.script.character("mary").voice is None
    project.redo()
    assert dumps(project.script) == dumps(told)
