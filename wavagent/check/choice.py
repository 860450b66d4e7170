"""The choice among takes of one line, sound or piece: which is best, by a score that is written down here.

In this order: the fewest faults that break a take, the fewest doubts, the fewest words heard otherwise, the nearest to
the description, the length nearest to the middle of all takes. So neither the shortest nor the first is preferred for
being that; the first is taken when nothing else tells two apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pydantic import JsonValue

from wavagent.check.take import Fault
from wavagent.check.transcript import SHARE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A take by its number: how long it is, what is wrong with it, and what the judges heard, where there are any.

    `wer` is the word error rate, `heard` the transcript it is of; `score` says how well it fits the description.
    """

    take: int
    seconds: float
    faults: tuple[Fault, ...] = ()
    wer: float | None = None
    heard: str | None = None
    score: float | None = None

    def to_json(self) -> dict[str, JsonValue]:
        told: dict[str, JsonValue] = {
            "take": self.take,
            "seconds": round(self.seconds, 3),
            "faults": [fault.to_json() for fault in self.faults],
        }
        judged = {"wer": self.wer, "heard": self.heard, "score": self.score}
        return told | {name: value for name, value in judged.items() if value is not None}


def best(candidates: Sequence[Candidate]) -> Candidate:
    """The take to be heard. Raises ValueError when there is none."""
    middle = median(candidate.seconds for candidate in candidates)
    return min(candidates, key=lambda candidate: _rank(candidate, middle))


def _rank(candidate: Candidate, middle: float) -> tuple[float, ...]:
    """The less, the better. What no judge heard counts as just good enough, and what none scored as the worst."""
    return (
        sum(fault.broken for fault in candidate.faults),
        len(candidate.faults),
        round(SHARE if candidate.wer is None else candidate.wer, 3),
        -round(candidate.score, 4) if candidate.score is not None else float("inf"),
        round(abs(candidate.seconds - middle), 3),
        candidate.take,
    )
