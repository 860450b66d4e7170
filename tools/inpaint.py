"""inpaint: a stretch of a clip filled from what is around it: no model, no weights.

Up to a tenth of a second is carried on from both sides by linear prediction (Burg's method; Kauppinen and Roth, 2002):
a click, a drop-out, a lip smack are gone. Longer stretches get the background of the place, woven from moments around
it: a cough or a door is gone, and what was said meanwhile with it. No word and no melody is made up.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from wavagent.audio import Audio, Samples
from wavagent.errors import Refused
from wavagent.tool import Card, InpaintParams, Licence, Params, Request, Result, Tool

from ._inpaint import bridged, woven

SHORT = 0.1
"""Seconds up to which sound can be carried on."""

LONGEST = 30.0
"""Seconds of the longest stretch that is filled."""


class Inpaint(Tool):
    """Keeps the clip's length, rate and channels, and every sample outside the stretch but the seams' few."""

    card: ClassVar[Card] = Card(
        name="inpaint",
        version="1",
        task="inpaint",
        summary="A click, a cough or a drop-out out of a recording: short gaps by prediction, longer by background",
        rate=0,
        channels=2,
        speed=100.0,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params: ClassVar[type[Params]] = InpaintParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(_filled(request)) for request in requests]

    def refusal(self, params: Any) -> str | None:
        if params.end <= params.start:
            return f"a stretch ends after its start, not at {params.end:g} s with {params.start:g} s"
        if params.end - params.start > LONGEST:
            return f"it fills at most {LONGEST:g} s, not {params.end - params.start:g} s; cut the stretch out instead"
        return None


def _filled(request: Request) -> Audio:
    if "audio" not in request.inputs:
        raise Refused("tool 'inpaint' works on the clip 'audio', and was given none")
    audio, params = request.inputs["audio"], request.params
    first, last = round(params.start * audio.rate), min(round(params.end * audio.rate), audio.frames)
    if first >= audio.frames:
        raise Refused(f"the clip ends at {audio.seconds:g} s, and has nothing at {params.start:g} s to fill")
    if last - first >= audio.frames:
        raise Refused("the stretch is all of the clip; nothing is left to fill it from")
    if last <= first:
        return audio
    return Audio(_new(audio, first, last, request.seed or 0), audio.rate)


def _new(audio: Audio, first: int, last: int, seed: int) -> Samples:
    if last - first <= SHORT * audio.rate:
        columns = [bridged(audio.samples[:, channel], first, last, audio.rate) for channel in range(audio.channels)]
        return np.stack(columns, axis=1)
    return woven(audio.samples, first, last, audio.rate, seed)


TOOL = Inpaint()
