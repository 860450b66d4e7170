"""Every error wavagent raises on purpose.

* WavagentError
  * InputError          what the user gave cannot be used
  * ScriptError         a script breaks its own rules, or an edit would break them
    * Unknown           an edit names what is not in the script
    * Stale             an edit was made for another revision of the script
    * Locked            an edit would change what is locked
    * WordsLost         an edit would change the words of a verbatim script, and does not say so
    * Orphaned          an edit would leave something anchored to what is gone
  * PlanError           no script could be planned
  * OutputError         a result cannot be written where it was wanted
  * StoreError          the store cannot be read or written
  * ToolError           an expert tool cannot do a call
    * UnknownTool       no tool has that name, or none does that task
    * Unavailable       its library, weights or server are missing here
    * Refused           it understood, and will not: nothing fits, or the request is out of range
    * Transient         it may work if asked again
      * TimedOut        it did not answer in time
    * OutOfMemory       it may work with a smaller batch
    * Broken            it failed, or what came back is no clip
      * Died            its worker process died
      * Flawed          a take that no listener should hear
  * RunError            some calls of a run failed; what finished is in the store
    * OverBudget        going on would cost more time or money than was allowed
  * Cancelled           the user stopped the run; what finished is in the store
  * NetworkForbidden    something opened a network connection in an offline run

A message is one sentence for the person who reads it: what was found, what was wanted, what to do.
"""

from collections.abc import Mapping


class WavagentError(Exception):
    """The base of every error that wavagent raises on purpose."""


class InputError(WavagentError):
    """What the user gave cannot be used."""


class ScriptError(WavagentError):
    """A script breaks its own rules, or an edit would break them."""


class Unknown(ScriptError):
    """An edit names an element, a character or a scene that is not in the script."""


class Stale(ScriptError):
    """An edit was made for another revision of the script; `changes` are sentences that say what changed since."""

    def __init__(self, message: str, changes: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.changes = changes


class Locked(ScriptError):
    """An edit would change an element or a character that is locked."""


class WordsLost(ScriptError):
    """An edit would change the words of a verbatim script, and does not say so."""


class Orphaned(ScriptError):
    """An edit would leave elements anchored to what is gone; `dependents` are their ids."""

    def __init__(self, message: str, dependents: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.dependents = dependents


class PlanError(WavagentError):
    """No script could be planned."""


class OutputError(WavagentError):
    """A result cannot be written where it was wanted."""


class StoreError(WavagentError):
    """The store cannot be read or written."""


class ToolError(WavagentError):
    """An expert tool cannot do a call."""


class UnknownTool(ToolError):
    """No tool has that name, or none does that task."""


class Unavailable(ToolError):
    """A tool's library, weights or server are missing here."""


class Refused(ToolError):
    """A tool understood the request and will not do it."""


class Transient(ToolError):
    """A call failed in a way that may pass when it is asked again, `retry_after` seconds from now if that is known."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class TimedOut(Transient):
    """A call did not answer in time, and was given up."""


class OutOfMemory(ToolError):
    """A batch did not fit into memory."""


class Broken(ToolError):
    """A tool failed, or what came back is no clip."""


class Died(Broken):
    """A tool's worker process died."""


class Flawed(Broken):
    """A tool made a take that no listener should hear."""


class RunError(WavagentError):
    """Some calls of a run failed; every call that finished is in the store.

    `failures` maps call ids to the error of each call that failed by itself.
    """

    def __init__(self, message: str, failures: Mapping[str, Exception]) -> None:
        super().__init__(message)
        self.failures = dict(failures)


class OverBudget(RunError):
    """Going on would cost more time or money than was allowed; every call that finished is in the store."""


class Cancelled(WavagentError):
    """The user stopped the run; every call that finished is in the store."""


class NetworkForbidden(WavagentError):
    """Something opened a network connection in an offline run."""
