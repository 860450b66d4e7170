"""The checks that every take goes through: pure functions from what came back to what is wrong with it."""

from collections.abc import Callable

from wavagent.check.clipping import clipping
from wavagent.check.finite import finite
from wavagent.check.length import length
from wavagent.check.markup import markup
from wavagent.check.note import faults_in, noted
from wavagent.check.repetition import repetition
from wavagent.check.runon import runon
from wavagent.check.silence import silence
from wavagent.check.take import Fault, Take
from wavagent.check.truncation import truncation

Check = Callable[[Take], Fault | None]

CHECKS: tuple[Check, ...] = (finite, silence, clipping, truncation, runon, repetition, markup, length)

__all__ = ["CHECKS", "Check", "Fault", "Take", "faults", "faults_in", "noted"]


def faults(take: Take) -> tuple[Fault, ...]:
    """What is wrong with `take`; what is broken is looked at no further."""
    found = []
    for check in CHECKS:
        if fault := check(take):
            found.append(fault)
            if fault.broken:
                break
    return tuple(found)
