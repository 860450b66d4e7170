import pytest
from pydantic import ValidationError

from wavagent.script import Character, Consent


def test_a_character_has_a_name() -> None:
    with pytest.raises(ValidationError):
        Character(id="a", name="")


def test_consent_names_the_very_recording() -> None:
    with pytest.raises(ValidationError):
        Consent(person="A", statement="Yes", date="2024-01-01", sha256="not a digest")
    assert Consent(person="A", statement="Yes", date="2024-01-01", sha256="0" * 64).person == "A"
