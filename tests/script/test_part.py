from typing import Any

import pytest
from pydantic import ValidationError

from wavagent.script import Ambience, Music, Pause, Recording, Scene, Sound, Speech

KINDS: list[tuple[type[Any], dict[str, Any]]] = [
    (Speech, {"id": "e", "text": "x"}),
    (Sound, {"id": "e", "what": "x"}),
    (Music, {"id": "e", "what": "x"}),
    (Ambience, {"id": "e", "what": "x"}),
    (Pause, {"id": "e", "seconds": 1.0}),
    (Recording, {"id": "e", "file": "a.wav"}),
    (Scene, {"id": "e"}),
]


@pytest.mark.parametrize(("kind", "fields"), KINDS)
def test_a_part_refuses_fields_that_it_does_not_know(kind: type[Any], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        kind(**fields, colour="red")


@pytest.mark.parametrize(("kind", "fields"), KINDS)
def test_a_part_cannot_be_changed(kind: type[Any], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        kind(**fields).id = "f"


@pytest.mark.parametrize(("kind", "fields"), [pair for pair in KINDS if pair[0] in (Speech, Sound, Music, Recording)])
@pytest.mark.parametrize("gain", [-41.0, 13.0, float("nan"), float("inf")])
def test_a_gain_is_within_what_a_mix_bears(kind: type[Any], fields: dict[str, Any], gain: float) -> None:
    with pytest.raises(ValidationError):
        kind(**fields, gain=gain)
