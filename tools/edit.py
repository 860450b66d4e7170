"""edit: what needs no expert: a stretch of a clip, louder, faded, faster, filtered, in a space, or over another."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool

from ._edit import Band, Fade, Fit, Gain, Overlay, Room, Speed, Trim


class EditParams(Params):
    """One thing to do to the clip `audio`, told by `do`; an overlay has the clip `other`, a fit the clip `like`."""

    step: Annotated[Trim | Gain | Fade | Speed | Band | Room | Overlay | Fit, Field(discriminator="do")]


class Edit(Tool):
    """Keeps the clip's rate."""

    card: ClassVar[Card] = Card(
        name="edit",
        version="1",
        task="edit",
        summary="A stretch of a clip, its gain, fades, speed, band and space; one clip over another, or as long as it.",
        rate=0,
        channels=2,
        speed=100.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        requires=("av",),
        install="pip install av",
    )
    params: ClassVar[type[Params]] = EditParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [_edited(request) for request in requests]

    def seconds(self, params: Any) -> float:
        """Of a stretch, its length; of all else nobody knows how long its clip is."""
        step = params.step
        return step.end - step.start if isinstance(step, Trim) and step.end is not None else 5.0


def _edited(request: Request) -> Result:
    step = request.params.step
    if missing := [name for name in step.takes if name not in request.inputs]:
        raise Refused(f"'{step.do}' works on a clip '{missing[0]}', and was given none")
    return Result(step.done(*(request.inputs[name] for name in step.takes)))


TOOL = Edit()
