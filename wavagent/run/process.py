"""A worker's process: what goes to it and comes from it, how it is ended, and what it said."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from wavagent.errors import ToolError
from wavagent.run.log import Log
from wavagent.run.protocol import Parts, Received, receive, results_of, send
from wavagent.run.serve import GOODBYE
from wavagent.tool import Result


class Process:
    """A process that speaks the protocol, and the log of what it says. Raises OSError when it does not start."""

    def __init__(self, command: Sequence[str], logs: Path, name: str) -> None:
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the executor, which lets the worker finish what it has
        )
        assert self._popen.stdin and self._popen.stdout and self._popen.stderr
        self._requests: IO[bytes] = self._popen.stdin
        self._answers: IO[bytes] = self._popen.stdout
        self._log = Log(self._popen.stderr, logs, f"{name}-{self._popen.pid}")

    def hello(self) -> None:
        """Wait until it is there. Raises EOFError and ValueError as `ask` does."""
        self._answer(0)

    def ask(self, parts: Parts, number: int, calls: int) -> list[Result] | ToolError:
        """What it makes of a batch of `calls`. Raises EOFError when it is gone, ValueError when it answers wrongly."""
        try:
            send(self._requests, parts)
        except BrokenPipeError:
            raise EOFError from None
        made = results_of(self._answer(number))
        if isinstance(made, list) and len(made) != calls:
            raise ValueError(f"{len(made)} results for {calls} calls")
        return made

    def _answer(self, number: int) -> Received:
        received = receive(self._answers)
        if received is None:
            raise EOFError
        if (found := received[0].get("number")) != number:
            raise ValueError(f"an answer to batch {str(found)[:20]} while batch {number} waits")
        return received

    @contextmanager
    def limited(self, seconds: float | None) -> Iterator[None]:
        """Kill the process and raise TimeoutError when the block takes more than `seconds`."""
        if seconds is None:
            yield
            return
        late = threading.Event()

        def expire() -> None:
            late.set()
            self.kill()

        timer = threading.Timer(seconds, expire)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()
            if late.is_set():
                raise TimeoutError

    def kill(self) -> None:
        """End it at once, and with it whatever the tool started."""
        if self._popen.returncode is None:
            self._kill()

    def hang_up(self) -> None:
        """No more requests: that is its end, once it is done."""
        with suppress(BrokenPipeError):  # it died with our last words unread
            self._requests.close()

    def end(self) -> str:
        """Close everything and wait, not for long. How it ended, the last line that it wrote, and where the rest is."""
        self.hang_up()
        try:
            self._popen.wait(timeout=GOODBYE)
        except subprocess.TimeoutExpired:
            self.kill()
        code = self._popen.wait()
        self._kill()  # its children: the number of a group is nobody else's while one of them lives
        self._answers.close()
        said = self._log.close(GOODBYE) or "it said nothing"
        how = f"exit {code}, {signal.strsignal(-code)}" if code < 0 else f"exit {code}"
        return f"({how}): {said}" + (f"; its log is {self._log.path}" if self._log.path else "")

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, signal.SIGKILL)
        else:
            self._popen.kill()
