"""Silence: nothing is heard, or hardly anything of a line."""

from wavagent.check.take import FLOOR, FRAME, Fault, Take

QUIET = -65.0
"""dB: a clip whose loud frames are below is silent. The quietest sound of foley lies some 20 dB above."""

LEAST = 0.1
"""Of the time that a line should take, the least in which something must be heard."""


def silence(take: Take) -> Fault | None:
    if take.task not in take.made:
        return None
    if take.top < QUIET and take.levels.max(initial=FLOOR) < QUIET:
        return Fault("silence", "is silent", broken=True)
    heard = float(take.active.sum()) * FRAME
    if take.spoken and heard < LEAST * take.expected[0] and heard < take.audio.seconds / 3:
        return Fault("silence", f"is silent but for {heard:.2g} s", broken=True)
    return None
