"""A tool in a process of its own: a crash, a licence or a library stays in there.

The process is this Python, or that of the tool's own environment. It ends when its standard input does, whatever it is
doing then, and takes along what it started (`wavagent.run.serve`).
"""

import json
import sys
import threading
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from typing import TypeVar

from wavagent.environment import Environment
from wavagent.errors import Broken, Died, TimedOut, ToolError, Unavailable
from wavagent.run import lend
from wavagent.run.contain import contained
from wavagent.run.process import Process
from wavagent.run.protocol import asked, encode
from wavagent.settings import default_logs
from wavagent.tool import Request, Result, Tool

START = 120.0
"""Seconds that a process gets to say that it is there: Python, numpy and the tool's file, on a slow disk."""

T = TypeVar("T")


class Worker:
    """One process that holds one tool. It starts with the first batch, and anew after it died.

    What it says on standard error is kept in `logs` (None: `default_logs()`), in a file that messages name.
    """

    def __init__(self, tool: Tool, offline: bool = False, logs: Path | None = None) -> None:
        self.tool, self._offline, self._logs = tool, offline, logs
        self._lock = threading.Lock()  # held while it works
        self._numbers = count(1)
        self._process: Process | None = None
        self._closed = False

    def __call__(self, requests: Sequence[Request], timeout: float | None = None) -> list[Result]:
        """What the tool makes of `requests`, in at most `timeout` seconds.

        Raises the tool's own ToolError, Unavailable when its environment is not there, Died when the process did,
        TimedOut when it had to be killed, and Broken when it does not keep to the protocol.
        """
        with contained(self.tool):
            message, clips = asked(requests)
            number = next(self._numbers)
            parts = encode({**message, "number": number}, clips)
            with self._lock:
                process = self._started()
                made = self._minded(process, timeout, lambda: process.ask(parts, number, len(requests)))
            if isinstance(made, ToolError):
                raise made
            return made

    def start(self) -> None:
        """Start the process, if there is none. Raises what a call does."""
        with contained(self.tool), self._lock:
            self._started()

    def unload(self) -> None:
        """End the process once it has done what it is at: its memory is free. The next batch starts another."""
        with self._lock:
            if self._process is not None:
                self._end(self._process)

    def dismiss(self) -> None:
        """Tell the process to end, without waiting for it. One that is at work is left alone."""
        self._closed = True
        if self._lock.acquire(blocking=False):
            if self._process is not None:
                self._process.hang_up()
            self._lock.release()

    def close(self) -> None:
        """End the process, if there is one; one that is at work is killed."""
        self._closed = True
        while not self._lock.acquire(timeout=0.01):
            if (process := self._process) is not None:
                process.kill()  # whoever waits for its answer sees the end of the stream
        if self._process is not None:
            self._end(self._process)
        self._lock.release()

    def _started(self) -> Process:
        name = self.tool.card.name
        if self._closed:
            raise Broken(f"the worker of tool '{name}' was ended")
        if self._process is None:
            command = _command(self.tool, self._offline)
            try:
                self._process = Process(command, self._logs or default_logs(), name)
            except OSError as error:
                raise Unavailable(f"the worker of tool '{name}' does not start: {error}") from error
            self._minded(self._process, START, self._process.hello)
        return self._process

    def _minded(self, process: Process, limit: float | None, do: Callable[[], T]) -> T:
        """`do`, and an end of the process when it fails or takes more than `limit` seconds: nobody knows its state."""
        worker = f"the worker of tool '{self.tool.card.name}'"
        try:
            with process.limited(limit):
                return do()
        except TimeoutError:
            raise TimedOut(f"{worker} had not answered after {limit:g} s {self._end(process)}") from None
        except EOFError:
            raise Died(f"{worker} died {self._end(process)}") from None
        except ValueError as error:
            process.kill()
            raise Broken(f"{worker} does not keep to the protocol: {error} {self._end(process)}") from error
        except BaseException:
            process.kill()
            self._end(process)
            raise

    def _end(self, process: Process) -> str:
        self._process = None
        return process.end()


def _command(tool: Tool, offline: bool) -> Sequence[str]:
    """What starts the process. Raises Unavailable when the tool's environment is not there."""
    kind = type(tool)
    serving = ["wavagent.run.serve", kind.__module__, kind.__qualname__, *(["offline"] if offline else [])]
    environment = Environment.of(tool)
    if environment is None:
        # -P: the folder that a user happens to be in holds no modules of ours, whatever its files are called
        return [sys.executable, "-P", "-m", *serving]
    if obstacle := environment.obstacle:
        raise Unavailable(f"tool '{tool.card.name}' {obstacle}: wavagent tools install {tool.card.name}")
    files = json.dumps(lend.lent(kind.__module__))
    return [str(environment.python), "-I", lend.__file__, files, *serving]
