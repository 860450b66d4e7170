"""Lanes: the cues of a mix by who speaks or what sounds, as stems, edit decision lists and pictures lay them out."""

from collections.abc import Iterable, Mapping

from wavagent.programme import Placed
from wavagent.timeline import Cue, Role

KINDS: Mapping[Role, str] = {
    "music": "Music",
    "ambience": "Ambience",
    "sound": "Effects",
    "recording": "Recordings",
}
"""What the lanes of the roles are called; those of speech are called by who speaks."""


def lanes(placed: Iterable[Placed], names: Mapping[str, str]) -> dict[str, tuple[Placed, ...]]:
    """The cues that sound, by lane: speech first, and otherwise in order of entrance. `names` are the speakers'."""
    found: dict[str, list[Placed]] = {}
    for one in sorted(placed, key=lambda one: one.cue.role != "speech"):
        if one.cue.clip is not None and one.end > one.start:
            found.setdefault(lane_of(one.cue, names), []).append(one)
    return {name: tuple(part) for name, part in found.items()}


def lane_of(cue: Cue, names: Mapping[str, str]) -> str:
    """The name of the lane that `cue` belongs to."""
    return KINDS.get(cue.role) or names.get(cue.speaker) or cue.speaker
