"""The best of several takes, by what the checks and the judges say of each.

A call like any other, in which nothing is made: its clip is one of those that it works on. They come as `take-0`,
`take-1`, … and, where there are judges, what they say of each as `transcript-0` and `score-0`.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import JsonValue

from wavagent.check import faults_in
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool


class ChooseParams(Params):
    """What the takes were asked for: `text` as it is to be said and as it is `written`, in `language` (BCP 47)."""

    text: str = ""
    written: str = ""
    language: str = "en"


class Choose(Tool):
    """Picks a take; `data` lists all of them, with all that is known of each."""

    card: ClassVar[Card] = Card(
        name="choose",
        version="1",
        task="choose",
        summary="The best of several takes, by faults, words heard, fit and length",
        rate=0,
        batch=32,
        speed=1000.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params: ClassVar[type[Params]] = ChooseParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [_choose(request) for request in requests]

    def seconds(self, params: Any) -> float:
        return 0.0  # it makes no sound of its own


def _choose(request: Request) -> Result:
    from wavagent.check.choice import best

    candidates = [_candidate(request, name) for name in request.inputs if name.startswith("take-")]
    if not candidates:
        raise Refused("there is no take to choose from")
    chosen = best(candidates).take
    name = f"take-{chosen}"
    listed: list[JsonValue] = [candidate.to_json() for candidate in candidates]
    return Result(
        request.inputs[name],
        request.said[name].words if name in request.said else (),
        {"chosen": chosen, "takes": listed},
    )


def _candidate(request: Request, name: str) -> Any:
    from wavagent.check.choice import Candidate
    from wavagent.check.transcript import doubt, hear

    number = int(name.removeprefix("take-"))
    found = list(faults_in(request.said[name].data)) if name in request.said else []
    transcript, score = _told(request, f"transcript-{number}", "text"), _told(request, f"score-{number}", "score")
    rate = None
    if isinstance(transcript, str):
        heard = hear([request.params.text, request.params.written], transcript, request.params.language)
        rate = round(heard.rate, 4)
        found += [fault for fault in [doubt(heard)] if fault]
    return Candidate(
        number,
        request.inputs[name].seconds,
        tuple(found),
        rate,
        transcript if isinstance(transcript, str) else None,
        float(score) if isinstance(score, int | float) else None,
    )


def _told(request: Request, judge: str, name: str) -> object:
    """What a judge said of a take, if it was asked and could say."""
    return request.said[judge].data.get(name) if judge in request.said else None


TOOL = Choose()
