"""A voice that is taken from a recording is given with the consent of whoever speaks there, or not at all."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from wavagent.script import Script
from wavagent.script.file import dumps
from wavagent.script.patch import Patch, Recast, apply, invert, readable_diff, schema

CONSENT = {"person": "Anna", "statement": "Yes.", "date": "2026-11-21", "sha256": "a" * 64}
CLONE: dict[str, Any] = {
    "character": "mary", "tool": "dia", "voice": "anna", "reference": "added/anna.wav", "words": "Hi.",
    "consent": CONSENT,
}  # fmt: skip


def test_a_recast_carries_the_recording_its_words_and_the_consent_and_can_be_taken_back(script: Script) -> None:
    patch = Patch.of(script, Recast.model_validate(CLONE))
    after = apply(script, patch)
    voice = after.character("mary").voice
    assert voice is not None and voice.consent is not None
    assert (voice.reference, voice.words, voice.consent.person) == ("added/anna.wav", "Hi.", "Anna")
    assert dumps(apply(after, invert(script, patch))) == dumps(script)
    assert "cloned from added/anna.wav, allowed by Anna, 2026-11-21" in readable_diff(script, after)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"consent": None}, "without their consent; give `consent`"),
        ({"reference": None}, "are those of a recording; name it as `reference`"),
        ({"reference": None, "words": ""}, "are those of a recording"),
        ({"reference": "../../etc/passwd"}, "inside the project"),
        ({"reference": "/etc/passwd"}, "inside the project"),
        ({"consent": {**CONSENT, "person": " "}}, "person"),
        ({"consent": {**CONSENT, "sha256": "x"}}, "sha256"),
    ],
)
def test_what_is_half_a_clone_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Recast.model_validate({**CLONE, **change})


def test_a_model_is_not_told_how_to_say_that_somebody_consented() -> None:
    told = json.dumps(schema())
    assert '"recast"' in told
    assert not any(f'"{name}"' in told for name in ("consent", "reference", "statement"))
