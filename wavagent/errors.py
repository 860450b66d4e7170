"""Every error wavagent raises on purpose.

* WavagentError
  * InputError          what the user gave cannot be used
  * ScriptError         a script breaks its own rules
  * PlanError           no script could be planned
  * OutputError         a result cannot be written where it was wanted
  * StoreError          the store cannot be read or written
  * ToolError           an expert tool cannot do a call
    * UnknownTool       no tool has that name, or none does that task
    * Unavailable       its library, weights or server are missing here
    * Refused           it understood, and will not: nothing fits, or the request is out of range
    * Transient         it may work if asked again
    * OutOfMemory       it may work with a smaller batch
    * Broken            it died, or what came back is no clip
  * RunError            some calls of a run failed; what finished is in the store
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
    """A script breaks its own rules."""


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
    """A call failed in a way that may pass when it is asked again."""


class OutOfMemory(ToolError):
    """A batch did not fit into memory."""


class Broken(ToolError):
    """A tool died, or what came back is no clip."""


class RunError(WavagentError):
    """Some calls of a run failed; every call that finished is in the store.

    `failures` maps call ids to the error of each call that failed by itself.
    """

    def __init__(self, message: str, failures: Mapping[str, Exception]) -> None:
        super().__init__(message)
        self.failures = dict(failures)


class Cancelled(WavagentError):
    """The user stopped the run; every call that finished is in the store."""


class NetworkForbidden(WavagentError):
    """Something opened a network connection in an offline run."""
