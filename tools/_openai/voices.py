"""The lists that a server gives of its voices and models: every server has its own form of them."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from wavagent.tool import Gender, VoiceCard

MOST = 2000
"""Voices of a list that are looked at."""

_GENDERS: Mapping[str, Gender] = {"male": "male", "m": "male", "female": "female", "f": "female"}


def voices_in(listed: Any) -> tuple[VoiceCard, ...]:
    """The voices of `{"voices": [...]}`, names or objects, or of models that each say which voices they have."""
    found = {id: _card(id, entry) for id, entry in islice(_voices(listed), MOST)}
    return tuple(found.values())


def names_in(listed: Any) -> list[str]:
    """The first names of `{"data": [{"id": ...}]}`, as /models has it."""
    return [id for id, _ in islice(_entries(listed, "data"), 20)]


def _voices(listed: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from _entries(listed, "voices")
    for _, model in _entries(listed, "data"):
        yield from _entries(model, "voices")


def _entries(listed: Any, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What stands in the list `name` of an object, by its id."""
    inside = listed.get(name) if isinstance(listed, Mapping) else listed
    for entry in inside if isinstance(inside, list) else ():
        known: Mapping[str, Any] = entry if isinstance(entry, Mapping) else {"id": entry}
        id = _plain(known.get("id")) or _plain(known.get("voice_id")) or _plain(known.get("name"))
        if id:
            yield id, known


def _card(id: str, entry: Mapping[str, Any]) -> VoiceCard:
    return VoiceCard(
        id=id,
        name=_plain(entry.get("name")) or id,
        language=_plain(entry.get("language")) or "mul",
        gender=_GENDERS.get(_plain(entry.get("gender")).lower(), "neutral"),
    )


def _plain(value: object) -> str:
    """A name that can be shown and typed; "" for anything else."""
    return value if isinstance(value, str) and value.isprintable() and 0 < len(value) <= 200 else ""
