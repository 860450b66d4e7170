"""The sound files of a project: inside it, readable, and for a voice the very one that consent was given for."""

import hashlib
import os
from pathlib import Path

import pytest

from wavagent.errors import InputError, OutputError, ScriptError, WavagentError
from wavagent.gather import bring, files_of, gathered, sha256_of
from wavagent.script import Character, Consent, Recording, Scene, Script, Voice

SOUND = b"RIFF a voice"


def voiced(reference: str = "anna.wav", sha256: str = hashlib.sha256(SOUND).hexdigest()) -> Character:
    consent = Consent(person="Anna", statement="Yes.", date="2026-11-21", sha256=sha256)
    return Character(id="mary", name="Mary", voice=Voice(tool="t", id="v", reference=reference, consent=consent))


def story(*cast: Character, file: str = "door.wav") -> Script:
    return Script(cast=(*Script().cast, *cast), scenes=(Scene(id="s", elements=(Recording(id="r", file=file),)),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "story"
    place.mkdir()
    (place / "door.wav").write_bytes(b"a door")
    (place / "anna.wav").write_bytes(SOUND)
    (tmp_path / "outside.wav").write_bytes(SOUND)
    return place


def test_a_recording_is_given_its_sha256_and_a_voice_is_left_as_it_is(folder: Path) -> None:
    script = gathered(story(voiced()), folder)
    (recording,) = script.elements
    assert isinstance(recording, Recording) and recording.sha256 == hashlib.sha256(b"a door").hexdigest()
    assert script.cast == story(voiced()).cast


def test_consent_to_one_recording_is_none_to_another(folder: Path) -> None:
    (folder / "anna.wav").write_bytes(b"RIFF somebody else")
    with pytest.raises(ScriptError, match="the voice of Mary: Anna allowed another recording than 'anna.wav' is now"):
        gathered(story(voiced()), folder)


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda path: path.symlink_to(path.parent.parent / "outside.wav"), ScriptError, "leads out of the project"),
        (lambda path: path.symlink_to("/etc/passwd"), ScriptError, "leads out of the project"),
        (lambda path: path.symlink_to(path.name), WavagentError, "x.wav"),
        (lambda path: path.symlink_to("nowhere.wav"), InputError, "cannot be read"),
        (lambda path: path.mkdir(), InputError, "is no file"),
        (lambda path: os.mkfifo(path), InputError, "is no file"),
        (lambda path: None, InputError, "'x.wav' cannot be read .*; put it back, or name another"),
    ],
    ids=["a link out", "a link far out", "a link to itself", "a link to nothing", "a folder", "a pipe", "nothing"],
)
@pytest.mark.parametrize("of", ["a voice", "a recording"])
def test_a_file_that_is_none_of_the_project_is_refused(
    folder: Path, make: object, error: type[Exception], said: str, of: str
) -> None:
    assert callable(make)
    make(folder / "x.wav")
    script = story(voiced("x.wav")) if of == "a voice" else story(file="x.wav")
    with pytest.raises(error, match=said):
        gathered(script, folder)


def test_a_link_inside_the_project_is_followed(folder: Path) -> None:
    (folder / "too.wav").symlink_to("anna.wav")
    gathered(story(voiced("too.wav")), folder)


def test_all_files_of_a_project_come_along_and_none_is_written_over(folder: Path, tmp_path: Path) -> None:
    script, new = story(voiced("anna.wav"), file="door.wav"), tmp_path / "new"
    assert files_of(script) == ("anna.wav", "door.wav")
    bring(script, folder, new)
    bring(script, folder, new)
    bring(script, folder, folder)
    assert {path.name: path.read_bytes() for path in new.iterdir()} == {"anna.wav": SOUND, "door.wav": b"a door"}
    (new / "door.wav").write_bytes(b"mine")
    with pytest.raises(OutputError, match="door.wav' is there and is another file"):
        bring(script, folder, new)
    assert (new / "door.wav").read_bytes() == b"mine"


def test_nothing_is_brought_from_or_to_outside(folder: Path, tmp_path: Path) -> None:
    (folder / "x.wav").symlink_to("/etc/passwd")
    with pytest.raises(ScriptError, match="leads out of the project"):
        bring(story(file="x.wav"), folder, tmp_path / "new")
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "door.wav").symlink_to(tmp_path / "outside.wav")
    with pytest.raises(ScriptError, match="leads out of the project"):
        bring(story(), folder, trap)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'gone.wav' cannot be read"):
        sha256_of(tmp_path / "gone.wav")
