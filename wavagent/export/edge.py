"""How long a file is silent before its first sound and after its last: some specifications ask for it."""

from array import array

import numpy as np

from wavagent.dsp.gain import linear
from wavagent.export.excerpt import excerpt
from wavagent.programme import Programme

QUIET = -54.0
"""dBFS; what stays below counts as silence. A mix is raised by some 4 dB before it is delivered, and -50 dB is where
specifications put the border."""


def edged(programme: Programme, head: float, tail: float) -> Programme:
    """`programme` with `head` seconds of silence before its first sound and `tail` after its last, cut or added.

    Chapters and cues move with it. One that is all silence is left as it is.
    """
    first, last = sounding(programme)
    if first >= last:
        return programme
    before, after = round(head * programme.rate), round(tail * programme.rate)
    start, stop = max(0, first - before), min(programme.frames, last + after)
    return excerpt(programme, start, stop, before - (first - start), after - (stop - last))


def sounding(programme: Programme) -> tuple[int, int]:
    """The frames from which and up to which (exclusive) something sounds, in steps of 10 ms; (0, 0) for silence."""
    hop = programme.rate // 100
    loud = array("q")
    at, rest = 0, np.zeros((0, programme.channels), np.float32)
    for block in programme.blocks():
        held = np.concatenate([rest, block])
        whole = len(held) // hop * hop
        hops = held[:whole].reshape(-1, hop * programme.channels)
        powers = np.einsum("hs,hs->h", hops, hops) / hops.shape[1]
        found = np.flatnonzero(powers > linear(QUIET) ** 2)
        if len(found):
            loud.extend((at + int(found[0]), at + int(found[-1])))
        at, rest = at + len(hops), held[whole:]
    return (loud[0] * hop, min(programme.frames, (loud[-1] + 1) * hop)) if loud else (0, 0)
