"""The crew: those who do the work, wherever they are. The executor says what is done next, a crew does it."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Protocol

from wavagent.errors import Broken, ToolError
from wavagent.run.call import Ready
from wavagent.run.pool import Limits
from wavagent.store import Entry
from wavagent.tool import Tool

Outcome = Sequence[Entry | ToolError]
"""For each call of a batch, in its order, what is now in the store, or what went wrong with that call alone."""


class Lost(Broken):
    """A clip that a call works on is gone from the store or damaged, and was removed: it has to be made again."""


class Crew(Protocol):
    """Threads and processes of this machine (`run.local.Local`), or actors of a cluster.

    The executor calls a crew from one thread, and never starts more than `limits` allow; it does the queueing, the
    batching, the retries and the fallbacks. A crew does what it is told once: it reads the clips that a batch works
    on out of the store, calls the tool, looks at what came back (`run.take`), keeps it under the calls' keys, and says
    how that went.
    """

    @property
    def limits(self) -> Limits:
        """How much it does at once. `memory_mb` is left empty by a crew that itself minds which models fit."""

    def start(
        self, batch: Sequence[Ready], evict: Sequence[Tool] = (), patience: float | None = None
    ) -> Future[Outcome]:
        """Let go of the models of `evict`, none of which is at work, then make `batch`: calls of one tool.

        Returns at once. The future gives the Outcome, or raises: a ToolError when the batch failed as a whole, and
        then nothing of it need be kept (Died: the process or machine that did it is gone, and is replaced before the
        next batch; TimedOut: it took longer than `patience` seconds; OutOfMemory: fewer at once may fit); StoreError
        when the store cannot be read or written, which ends the run. Anything else counts as Broken.
        """

    def abandon(self, batch: "Future[Outcome]") -> None:
        """Nobody waits for this batch any longer: end it where that can be done, and have room for another at once.

        Should it finish after all, what it keeps is as good as any.
        """

    def close(self, patience: float | None = None) -> None:
        """Give what runs `patience` seconds to finish (None: as long as it takes), then end everything that is left.

        A second call does nothing.
        """
