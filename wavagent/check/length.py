"""Wrong length: a sound or a piece of music that is far from as long as it was asked for."""

from wavagent.check.take import Fault, Take

SHARE, SECONDS = 0.25, 0.5
"""Of the length asked for, and seconds: what is nearer is fine, for the mix cuts, loops and fades."""


def length(take: Take) -> Fault | None:
    if take.seconds is None:
        return None
    if abs(take.audio.seconds - take.seconds) <= max(SHARE * take.seconds, SECONDS):
        return None
    return Fault("length", f"lasts {take.audio.seconds:.3g} s where {take.seconds:.3g} s were asked for")
