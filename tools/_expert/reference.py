"""The recording whose voice a line is to be said in."""

import numpy as np

from wavagent.errors import Refused
from wavagent.tool import Request

from .hearing import Wave, heard

SILENT = 1e-3
"""Of full scale: a recording that is nowhere louder has no voice in it."""


def reference(request: Request, tool: str, rate: int, least: float, most: float) -> Wave | None:
    """The clip `reference` of `request`, one channel at `rate` hertz; None: it has none.

    Raises Refused where nothing is heard in it, and where it lasts less than `least` or more than `most` seconds.
    """
    given = request.inputs.get("reference")
    if given is None:
        return None
    if not least <= given.seconds <= most:
        raise Refused(
            f"the reference lasts {given.seconds:.1f} s, and tool '{tool}' clones a voice from {least:g} to {most:g} s "
            "of it: name a recording of one person speaking that is as long as that"
        )
    wave = heard(given, rate)
    if float(np.abs(wave).max()) < SILENT:
        raise Refused(f"nothing is heard in the reference that tool '{tool}' was given; name a recording with a voice")
    return wave
