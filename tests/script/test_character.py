from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from wavagent.errors import ScriptError
from wavagent.graph import Call, Ref
from wavagent.script import Character, Consent, Recording, Voice
from wavagent.tool import Tool

CONSENT = Consent(person="Anna", statement="Yes.", date="2026-11-21", sha256="a" * 64)


def mary(**voice: Any) -> Character:
    return Character(id="mary", name="Mary", voice=Voice(tool="parrot", id="anna", **voice))


def test_a_character_has_a_name() -> None:
    with pytest.raises(ValidationError):
        Character(id="a", name="")


def test_consent_names_the_very_recording() -> None:
    with pytest.raises(ValidationError):
        Consent(person="A", statement="Yes", date="2024-01-01", sha256="not a digest")
    assert Consent(person="A", statement="Yes", date="2024-01-01", sha256="0" * 64).person == "A"


@pytest.mark.parametrize("blank", ["person", "statement", "date"])
@pytest.mark.parametrize("text", ["", " \n"])
def test_consent_says_who_how_and_when(blank: str, text: str) -> None:
    with pytest.raises(ValidationError, match=blank):
        Consent.model_validate({**CONSENT.model_dump(), blank: text})


@pytest.mark.parametrize(
    "file", ["", "/etc/passwd", "../../etc/passwd", "a/../../x.wav", "C:x.wav", "//host/x.wav", "..\\x.wav", "a\0.wav"]
)
def test_a_voice_is_taken_from_a_file_inside_the_project(file: str) -> None:
    with pytest.raises(ValidationError):
        Voice(tool="t", id="v", reference=file)


def test_a_recording_is_read_as_any_recording_is(toolbox: Any, parrot: Tool) -> None:
    someone = mary(reference="added/anna.wav", words="Hello.", consent=CONSENT)
    (call,) = someone.lower(Path("/story"))
    assert call == Call("mary/voice", "recording", {"file": "/story/added/anna.wav", "sha256": "a" * 64})
    assert someone.cloned_by(parrot) == {"reference": Ref("mary/voice"), "words": "Hello."}
    assert someone.cloned_by(toolbox["voice"]) == {"reference": Ref("mary/voice")}, "which takes no words"
    with pytest.raises(ValidationError):
        Recording(id=call.id, file="a.wav")  # no element can have the call's id


def test_a_voice_of_a_tools_own_needs_no_recording(parrot: Tool) -> None:
    for someone in (mary(), mary().model_copy(update={"voice": None})):
        assert someone.lower(Path()) == () and someone.cloned_by(parrot) == {}


def test_what_nobody_allowed_is_not_read() -> None:
    with pytest.raises(ScriptError, match="without the consent"):
        mary(reference="anna.wav").lower(Path())
