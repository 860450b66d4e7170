"""Files that something is made with: inside the project, known by what they hold, licensed, credited.

The real binaural tool, with a measured head beside the story; and melodies.
"""

import hashlib
import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from pydantic import ValidationError

from wavagent.compiler import compile_script
from wavagent.crediting import credited
from wavagent.errors import InputError, RunError, ScriptError
from wavagent.gather import files_of, gathered
from wavagent.graph import Ref
from wavagent.operations import Desk, operation, propose
from wavagent.passes.rights import obstacles
from wavagent.project import Project
from wavagent.run.cluster.crew import _at_home
from wavagent.script import Material, Music, Recording, Scene, Script
from wavagent.script.file import dumps, loads
from wavagent.script.material import materials, with_materials
from wavagent.script.readable import readable
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox, installed

HEAD = Path(__file__).parents[1] / "tools" / "data" / "head.sofa"


def story(hrtf: Any = "heads/mine.sofa", **music: Any) -> Script:
    step: Any = {"do": "binaural", "azimuth": 90.0, "hrtf": hrtf}
    recording = Recording(id="r", file="talk.wav", licence="own", chain=({"do": "gain", "db": -1.0}, step))
    return Script(scenes=(Scene(id="s", elements=(Music(id="m", what="calm", **music), recording)),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "story"
    (place / "heads").mkdir(parents=True)
    shutil.copyfile(HEAD, place / "heads" / "mine.sofa")
    soundfile.write(place / "talk.wav", 0.1 * np.random.default_rng(0).standard_normal(16_000), 16_000)
    soundfile.write(place / "hum.wav", 0.1 * np.sin(np.arange(16_000)), 16_000)
    return place


@pytest.fixture
def box(toolbox: Toolbox) -> Toolbox:
    return Toolbox.of(*toolbox, *(installed()[name] for name in ("edit", "binaural")))


@pytest.fixture
def studio(tmp_path: Path, box: Toolbox) -> Iterator[Studio]:
    studio = Studio(Settings(str(tmp_path / "store"), workers=1), box)
    yield studio
    studio.close()


def test_the_head_reaches_the_tool_with_what_it_holds(folder: Path, box: Toolbox) -> None:
    graph = compile_script(gathered(story(), folder), box, folder=folder).graph
    digest = hashlib.sha256(HEAD.read_bytes()).hexdigest()
    told = {name: value for name, value in graph["r.2"].params.items() if name != "audio"}
    head = {"hrtf": str(folder / "heads/mine.sofa"), "sha256": digest}
    assert told == {"azimuth": 90.0, "elevation": 0.0, **head}
    plain = compile_script(gathered(story(None), folder), box, folder=folder).graph
    assert plain["r.2"].params.keys() == {"azimuth", "elevation", "audio"}


def test_another_head_is_another_clip_and_the_same_elsewhere_is_not(folder: Path, studio: Studio) -> None:
    sphere, first = (studio.render(story(hrtf), folder).made.entries["r.2"] for hrtf in (None, "heads/mine.sofa"))
    shutil.copyfile(HEAD, folder / "moved.sofa")
    moved = studio.render(story("moved.sofa"), folder).made
    assert moved.ran == () and moved.entries["r.2"].digest == first.digest != sphere.digest
    h5py = pytest.importorskip("h5py")
    with h5py.File(folder / "moved.sofa", "r+") as file:
        file["Data.IR"][:] *= 0.5
    assert studio.render(story("moved.sofa"), folder).made.entries["r.2"].digest != first.digest


def test_a_head_that_is_none_is_said_and_nothing_of_a_recording_is_left_out(folder: Path, studio: Studio) -> None:
    pytest.importorskip("h5py")
    (folder / "heads" / "mine.sofa").write_bytes(b"no head")
    with pytest.raises(RunError, match=r"'r' could not be made: 'mine\.sofa' cannot be read.*give a SOFA file"):
        studio.render(story(), folder)


def test_without_the_library_the_script_does_not_compile(
    folder: Path, box: Toolbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    binaural = importlib.import_module("wavagent.tools.binaural")
    monkeypatch.setattr(binaural.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ScriptError, match=r"step 2 \(binaural\).*pip install 'wavagent\[sofa\]'"):
        compile_script(gathered(story(), folder), box, folder=folder)


@pytest.mark.parametrize("file", ["", "/etc/passwd", "../head.sofa", "a/../../b.sofa", "C:\\a.sofa", "a\0.sofa"])
def test_a_file_outside_the_project_is_refused(file: str) -> None:
    for given in (file, {"file": file}):
        with pytest.raises(ValidationError):
            story(given)


def test_what_leads_out_or_is_not_there_is_said(folder: Path, tmp_path: Path, box: Toolbox) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (folder / "link.sofa").symlink_to(tmp_path / "secret")
    with pytest.raises(ScriptError, match="recording 'r' leads out of the project: 'link.sofa'"):
        gathered(story("link.sofa"), folder)
    with pytest.raises(InputError, match="recording 'r': 'gone.sofa' cannot be read"):
        gathered(story("gone.sofa"), folder)
    found = gathered(story(None), folder)
    with pytest.raises(ScriptError, match="'r': 'heads/mine.sofa' was not found in the project"):
        late = with_materials(gathered(story(), folder).scenes[0], lambda one: one.model_copy(update={"sha256": None}))
        compile_script(found.model_copy(update={"scenes": (late,)}), box, folder=folder)


def test_every_material_of_a_script_is_known(folder: Path) -> None:
    script = story(melody="hum.wav")
    assert [one.file for one in materials(script.scenes)] == ["hum.wav", "heads/mine.sofa"]
    assert set(files_of(script)) == {"talk.wav", "hum.wav", "heads/mine.sofa"}
    for one in materials(gathered(script, folder).scenes):
        assert one.sha256 == hashlib.sha256((folder / one.file).read_bytes()).hexdigest()
    assert loads(dumps(script)) == script
    assert "binaural 90 heads/mine.sofa" in readable(script)
    assert with_materials(script.scenes[0], lambda one: one) == script.scenes[0]


SOUND = b"RIFF Anna"
CONSENT = {"person": "Anna", "statement": "Yes.", "date": "2026", "sha256": hashlib.sha256(SOUND).hexdigest()}


def converted(**step: Any) -> Script:
    recording = Recording(id="r", file="talk.wav", chain=({"do": "convert_voice", **step},))
    return Script(scenes=(Scene(id="s", elements=(recording,)),))


def test_a_voice_is_taken_from_the_recording_that_somebody_allowed(folder: Path, box: Toolbox) -> None:
    (folder / "anna.wav").write_bytes(SOUND)
    wish = converted(reference="anna.wav", consent=CONSENT)
    ready = Toolbox.of(*box, _hearing())
    compiled = compile_script(gathered(wish, folder), ready, folder=folder)
    graph = compiled.graph
    credits = credited(compiled, ready).recordings
    assert [(one.file, one.by) for one in credits] == [("talk.wav", ""), ("anna.wav", "Anna")]
    assert graph["r.1.reference"].params == {"file": str(folder / "anna.wav"), "sha256": CONSENT["sha256"]}
    told = {"voice": "", "audio": Ref("r.0"), "reference": Ref("r.1.reference")}
    assert (graph["r.1"].tool, graph["r.1"].params) == ("speecht5_convert", told)
    assert loads(dumps(wish)) == wish and "anna.wav, allowed by Anna, 2026" in readable(wish)
    assert set(files_of(wish)) == {"talk.wav", "anna.wav"}
    (folder / "anna.wav").write_bytes(b"RIFF somebody else")
    with pytest.raises(ScriptError, match="Anna allowed another recording than 'anna.wav' is now"):
        compile_script(gathered(wish, folder), ready, folder=folder)


def test_what_a_converter_refuses_is_a_sentence_about_it(folder: Path, box: Toolbox) -> None:
    with pytest.raises(ScriptError, match="tool 'speecht5_convert' will not: it has no voice 'bob'; it has awb, bdl"):
        compile_script(gathered(converted(voice="bob"), folder), Toolbox.of(*box, _hearing()), folder=folder)


def _hearing() -> Any:
    """The shipped converter as if its weights were here."""
    module = importlib.import_module("wavagent.tools.speecht5_convert")
    return module.Speecht5Convert({part: Path() for part in ("", "vocoder", "voices", "speaker")})


@pytest.mark.parametrize(
    ("step", "why"),
    [
        ({}, "name one"),
        ({"voice": "slt", "reference": "anna.wav", "consent": CONSENT}, "name one"),
        ({"reference": "anna.wav"}, "without their consent"),
        ({"voice": "slt", "consent": CONSENT}, "no consent without a `reference`"),
        ({"reference": "../anna.wav", "consent": CONSENT}, "inside the project"),
        ({"reference": "anna.wav", "consent": {**CONSENT, "person": " "}}, "person"),
    ],
)
def test_a_voice_that_nobody_allowed_is_no_step(step: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        converted(**step)


def test_what_is_to_be_sold_says_what_its_files_may_be_used_for(toolbox: Toolbox, box: Toolbox) -> None:
    own = {"file": "heads/mine.sofa", "licence": "own"}
    assert list(obstacles(story(own, melody={"file": "hum.wav", "licence": "CC0-1.0"}), box)) == []
    (silent,) = obstacles(story("heads/mine.sofa"), box)
    assert silent.startswith("'heads/mine.sofa' of recording 'r' does not say whether it may be used commercially")
    (fenced,) = obstacles(story(own, melody={"file": "hum.wav", "licence": "CC-BY-NC-4.0"}), box)
    assert fenced.startswith("'hum.wav' of music 'm' may not be used commercially: its licence is CC-BY-NC-4.0")


def test_who_measured_the_head_is_credited_and_a_melody_that_nobody_followed_is_not(folder: Path, box: Toolbox) -> None:
    head = Material(file="heads/mine.sofa", licence="CC-BY-4.0", credit="The Acoustics Lab")
    script = gathered(story(head, melody="hum.wav"), folder)
    found = credited(compile_script(script, box, folder=folder), box).recordings
    assert [(one.file, one.licence, one.by) for one in found] == [
        ("talk.wav", "own", ""), ("heads/mine.sofa", "CC-BY-4.0", "The Acoustics Lab")
    ]  # fmt: skip


def test_what_reads_files_of_the_project_runs_where_they_are() -> None:
    assert _at_home(installed()["binaural"]) and _at_home(installed()["recording"])


def test_an_edit_uses_no_file_that_nobody_added(tmp_path: Path, script: Script, studio: Studio) -> None:
    Project.create(tmp_path / "told", script, "planned")
    desk = Desk(tmp_path / "told", studio, who="test")
    (tmp_path / "hum.wav").write_bytes(b"RIFF hum")
    assert desk.add(tmp_path / "hum.wav") == "hum.wav"
    (tmp_path / "told" / "other.wav").write_bytes(b"RIFF other")
    edit: dict[str, Any] = {"op": "set_music", "ids": ["m1"], "melody": {"file": "other.wav"}}
    with pytest.raises(InputError, match="'other.wav' was not added by a person"):
        propose(desk, operation("edit"), {"operations": [edit]})
    edit["melody"] = {"file": "added/hum.wav"}
    found = propose(desk, operation("edit"), {"operations": [edit]})
    assert found is not None and "along the melody in added/hum.wav" in found.says[0]
