"""Making: one narrative from its file to a project with everything in it."""

from dataclasses import dataclass, field, replace
from threading import Lock
from time import monotonic, perf_counter

from pydantic import JsonValue

from wavagent.batch.job import Certified, Job, Order, Outcome, Told
from wavagent.batch.record import Record, digest
from wavagent.errors import Cancelled, OverBudget, WavagentError
from wavagent.event import Event
from wavagent.planning.llm import Planned
from wavagent.project import release, with_locks
from wavagent.reading import Document
from wavagent.studio import Studio
from wavagent.text import as_text, one_line, shown

NOTES = 50
"""Notes on one narrative that are kept."""


@dataclass(slots=True)
class _Notes:
    """What was said of a job on its way."""

    said: list[str] = field(default_factory=list)

    def add(self, event: Event) -> None:
        if len(self.said) < NOTES:
            self.said.append(one_line(f"{event.subject}: {event.message}" if event.subject else event.message))


class Making:
    """Makes jobs as `order` has it, from several threads; nothing new after `until`, by the monotonic clock."""

    def __init__(self, studio: Studio, order: Order, record: Record, tell: Told, until: float | None = None) -> None:
        self._studio, self._order, self._record, self._tell, self._until = studio, order, record, tell, until
        self._planning = Lock()
        self._stopped = False
        wanted = studio.settings
        self._settings: dict[str, JsonValue] = {
            "formats": list(order.suffixes),
            "planner": order.planner,
            "profile": wanted.profile,
            "seed": wanted.seed,
            "takes": wanted.takes,
            "commercial": wanted.commercial,
        }

    def stop(self) -> None:
        """End what is being made."""
        self._stopped = True

    def __call__(self, job: Job) -> Outcome | None:
        """What became of `job`; None when it was stopped."""
        began, blank = perf_counter(), Outcome(source=as_text(job.source), folder=job.folder.name)
        self._tell(job, None)
        try:
            outcome = self._made(job)
        except Cancelled:
            return None
        except WavagentError as error:
            outcome = blank.model_copy(update={"state": "failed", "error": one_line(str(error))})
        except Exception as error:  # noqa: BLE001 - no narrative stops the others, whatever it meets
            sentence = f"this should not happen: {type(error).__name__}: {shown(str(error), 300)}"
            outcome = blank.model_copy(update={"state": "failed", "error": sentence})
        if outcome.state == "failed" and self._stopped:
            return None  # it failed because it was ended
        return outcome.model_copy(update={"took": round(perf_counter() - began, 3)})

    def _made(self, job: Job) -> Outcome:
        sha256 = digest(job.source)
        if sha256 is not None and (known := self._record.finished(job, sha256, self._settings)) is not None:
            return known.model_copy(update={"state": "skipped"})
        notes = _Notes()
        studio = self._beside(job, notes)
        document = studio.read(job.source)
        planned = self._planned(studio, document)
        script, left = with_locks(planned.script, job.folder)
        rendering = studio.render(script, job.folder)
        deliveries = release(studio, rendering, script, job.folder, self._order.suffixes)
        certificates = tuple(Certified.of(one.certificate) for one in deliveries if one.certificate)
        whole = not planned.degraded and not left and all(one.passed for one in certificates)
        whole = whole and not any(finding.degraded for finding in rendering.compiled.findings)
        return Outcome(
            source=as_text(job.source),
            folder=job.folder.name,
            state="done" if whole else "degraded",
            sha256=document.sha256,
            seconds=round(rendering.seconds, 3),
            notes=(*notes.said, *map(one_line, left)),
            certificates=certificates,
            outputs={one.path.relative_to(job.folder).as_posix(): digest(one.path) or "" for one in deliveries},
            settings=self._settings,
        )

    def _planned(self, studio: Studio, document: Document) -> Planned:
        # One at a time: a model's meter counts in turn, and rules keep one core busy anyway.
        with self._planning:
            self._go_on()
            return self._order.plan(studio, document)

    def _beside(self, job: Job, notes: _Notes) -> Studio:
        """The studio for a job: it may take what is left of the time, and tells us of it."""

        def listen(event: Event) -> None:
            self._go_on()
            if event.kind == "warning":
                notes.add(event)
            self._tell(job, event)

        self._go_on()
        return self._studio.beside(replace(self._studio.settings, max_minutes=self._minutes()), listen)

    def _minutes(self) -> float | None:
        if self._until is None:
            return None
        if (left := (self._until - monotonic()) / 60.0) <= 0.0:
            raise OverBudget("it was not started, for the time is up; the same command goes on from here", {})
        return left

    def _go_on(self) -> None:
        """Raises Cancelled when the batch was stopped."""
        if self._stopped:
            raise Cancelled("the batch was stopped")
