"""The values of a batch: what is asked of it, a narrative to make, and what became of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, JsonValue

from wavagent.event import Event
from wavagent.export import Certificate
from wavagent.planning.llm import Planned
from wavagent.project import OUTPUTS
from wavagent.reading import Document
from wavagent.studio import Studio

State = Literal["waiting", "done", "degraded", "failed", "skipped"]

Plan = Callable[[Studio, Document], Planned]

Told = Callable[["Job", "Event | Outcome | None"], None]
"""Is given what happens to a job, in whatever thread: an outcome that is waiting, None when it starts, its outcome."""


def nobody(job: "Job", news: "Event | Outcome | None") -> None:
    """Tells nobody."""


def by_rules(studio: Studio, document: Document) -> Planned:
    """The plan of a document without a model."""
    return Planned(studio.plan(document))


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of each narrative: a file of each of `suffixes`, by `plan`, of which `planner` is the name.

    `jobs` narratives are on their way at once. No narrative is started `minutes` after the first (and what is being
    made then is ended), nor, with `fail_fast`, after one failed.
    """

    suffixes: tuple[str, ...] = OUTPUTS
    plan: Plan = by_rules
    planner: str = "rules"
    jobs: int = 2
    minutes: float | None = None
    fail_fast: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A narrative to make: its file, and the project's folder it is made into."""

    source: Path
    folder: Path


class Certified(BaseModel):
    """What the certificate of a file says: whether it meets its profile, and which checks it does not pass."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    profile: str
    passed: bool
    missed: tuple[str, ...] = ()

    @classmethod
    def of(cls, certificate: Certificate) -> Self:
        missed = tuple(check.name for check in certificate.checks if not check.passed)
        return cls(file=certificate.path.name, profile=certificate.profile, passed=certificate.passed, missed=missed)


class Outcome(BaseModel):
    """What became of the narrative in the file `source`, with that sha256, in `folder` (relative to the batch's).

    `seconds` are those of sound, `took` those of making it. `outputs` are the files, relative to the folder, with their
    sha256. What a file says was made with `settings`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str
    folder: str
    state: State = "waiting"
    sha256: str = ""
    seconds: float = 0.0
    took: float = 0.0
    error: str = ""
    notes: tuple[str, ...] = ()
    certificates: tuple[Certified, ...] = ()
    outputs: Mapping[str, str] = {}
    settings: Mapping[str, JsonValue] = {}

    @property
    def passed(self) -> bool | None:
        """Whether all its files meet their profile; None when none was measured."""
        return all(one.passed for one in self.certificates) if self.certificates else None
