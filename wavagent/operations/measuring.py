"""Measuring: the numbers behind what is heard: loudness, balance, ducking, lengths, and what failed a check."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import JsonValue

from wavagent.audio import RATE
from wavagent.dsp.gain import decibels
from wavagent.mix.level import DUCKS, LEVELS, SPEECH
from wavagent.mix.premaster import ducking
from wavagent.operations.desk import Desk
from wavagent.operations.operation import Answer, Operation
from wavagent.operations.telling import Which
from wavagent.outlook import Outlook
from wavagent.programme import Placed
from wavagent.timeline import Role


@dataclass
class Balance:
    """One role: how many cues, how long they sound, and how loud they enter the mix, in LUFS of their active part."""

    cues: int = 0
    seconds: float = 0.0
    levels: list[float] = field(default_factory=list)
    ducked: float = 0.0

    def to_json(self, role: Role) -> JsonValue:
        clear = sum(self.levels) / len(self.levels)
        told: dict[str, JsonValue] = {
            "cues": self.cues,
            "seconds": round(self.seconds, 1),
            "level": round(clear, 1),
            "under_speech_by": round(SPEECH - clear, 1),
        }
        if role in DUCKS:
            told |= {
                "ducks_by": DUCKS[role],
                "under_words_by": round(SPEECH - clear + DUCKS[role], 1),
                "seconds_ducked": round(self.ducked, 1),
            }
        return told


def _measure(desk: Desk, wish: Which) -> Answer:
    found = desk.studio.outlook(desk.script, desk.folder)
    cues = [
        one
        for one in found.layout.placed
        if one.cue.clip is not None and one.end > one.start and wish.scene in (None, one.cue.scene)
    ]
    balance = _balance(found, cues)
    data: dict[str, JsonValue] = {
        "seconds": round(found.seconds, 2),
        "exact": found.exact,
        "roles": {role: one.to_json(role) for role, one in balance.items()},
        "loudest_beds": _beds(cues),
        "not_as_asked": [f"{one.element}: {one.message}" for one in found.compiled.findings],
        "refused": [f"{one.call.id}: {one.fault}" for one in found.foresight if one.fault],
    }
    if found.exact and wish.scene is None:
        data |= _whole(desk)
    return Answer(tuple(_said(data)), data)


def _balance(found: Outlook, cues: Iterable[Placed]) -> dict[Role, Balance]:
    ducks = ducking(found.layout)
    roles: dict[Role, Balance] = {}
    for one in cues:
        held = roles.setdefault(one.cue.role, Balance())
        held.cues += 1
        held.seconds += (one.end - one.start) / RATE
        held.levels.append(LEVELS[one.cue.role] + one.cue.gain)
        if one.cue.role in ducks:
            frames = np.arange(one.start, one.end, RATE // 10)
            envelope = ducks[one.cue.role]
            if len(envelope.frames):
                down = np.interp(frames, envelope.frames, envelope.levels) < -DUCKS[one.cue.role] / 2
                held.ducked += float(down.sum()) / 10
    return roles


def _beds(cues: Iterable[Placed]) -> list[JsonValue]:
    beds = [one for one in cues if one.cue.role in DUCKS]
    beds.sort(key=lambda one: -(LEVELS[one.cue.role] + one.cue.gain))
    return [
        {
            "id": one.cue.id,
            "what": one.cue.text,
            "level": round(LEVELS[one.cue.role] + one.cue.gain, 1),
            "under_words_by": round(SPEECH - LEVELS[one.cue.role] - one.cue.gain + DUCKS[one.cue.role], 1),
            "seconds": [round(one.start / RATE, 1), round(one.end / RATE, 1)],
        }
        for one in beds[:12]
    ]


def _whole(desk: Desk) -> dict[str, JsonValue]:
    """What is only known of a story that is made: its loudness before mastering, and the doubts about its takes."""
    made = desk.rendering()
    loudness = made.premaster.loudness
    doubts = [f"{one.element}: {fault.message}" for one in made.takes for fault in one.chosen.faults]
    return {
        "loudness": _finite(loudness.integrated),
        "range": _finite(loudness.range),
        "peak": _finite(decibels(made.premaster.peak)),
        "doubtful_takes": list(doubts),
    }


def _finite(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None


def _said(data: Mapping[str, Any]) -> Iterable[str]:
    if "loudness" in data:
        yield f"loudness {data['loudness']} LUFS, range {data['range']} LU, peak {data['peak']} dBFS, before mastering"
    for role, one in data["roles"].items():
        under = f", {one['under_words_by']:g} LU under words" if "under_words_by" in one else ""
        yield f"{role}: {one['cues']} cues, {one['seconds']:g} s, enters at {one['level']:g} LUFS{under}"
    for bed in data["loudest_beds"][:5]:
        under = f"{bed['under_words_by']:g} LU under words"
        yield f"{bed['what']} ({bed['id']}): {bed['level']:g} LUFS in the clear, {under}"
    yield from data["not_as_asked"]
    yield from data.get("doubtful_takes", ())


MEASURING: tuple[Operation[Any], ...] = (
    Operation(
        "measure",
        "Numbers on what is heard: loudness, how far music and ambience lie under speech, lengths, doubtful takes.",
        Which,
        _measure,
    ),
)
