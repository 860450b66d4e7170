"""A tool in a process of its own: a crash, a licence or a library stays in there.

The protocol is one message each way: a line of JSON, then the samples of its clips as raw float32, in the order in
which the line names them. The worker ends when its standard input does.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import IO, Any

import numpy as np
from pydantic_core import to_jsonable_python

from wavagent import errors
from wavagent.audio import Audio, Word
from wavagent.errors import Broken, ToolError
from wavagent.offline import forbid_network
from wavagent.run.contain import contained
from wavagent.tool import Request, Result, Tool

GOODBYE = 0.5
"""Seconds that a worker gets to end by itself; what it made is in the store, so nothing is lost when it is killed."""

Message = Mapping[str, Any]
Parts = Sequence[bytes]
"""A message as it goes over the wire."""


def encode(message: Message, clips: Sequence[Audio] = ()) -> Parts:
    """Raises TypeError or ValueError when JSON cannot hold `message`: before a byte of it is sent."""
    shapes = [{"rate": int(clip.rate), "frames": clip.frames, "channels": clip.channels} for clip in clips]
    line = json.dumps({**message, "clips": shapes}).encode() + b"\n"
    return [line, *(np.ascontiguousarray(clip.samples).tobytes() for clip in clips)]


def send(stream: IO[bytes], parts: Parts) -> None:
    for part in parts:
        stream.write(part)
    stream.flush()


def receive(stream: IO[bytes]) -> tuple[Message, list[Audio]] | None:
    """The next message and its clips; None at the end of the stream. Raises ValueError when it is no message."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    try:
        message = json.loads(line)
        shapes = [(shape["frames"], shape["channels"], shape["rate"]) for shape in message.pop("clips")]
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"not a message: {line[:80]!r}") from error
    clips = []
    for frames, channels, rate in shapes:
        data = stream.read(4 * frames * channels)
        if len(data) < 4 * frames * channels:
            return None
        # A copy, because a tool may work in place on what it is given.
        clips.append(Audio(np.frombuffer(data, np.float32).reshape(frames, channels).copy(), rate))
    return message, clips


def _asked(requests: Sequence[Request]) -> Parts:
    packed = [
        {"params": to_jsonable_python(dict(request.params)), "seed": request.seed, "inputs": list(request.inputs)}
        for request in requests
    ]
    return encode({"requests": packed}, [clip for request in requests for clip in request.inputs.values()])


def _requests(message: Message, clips: Sequence[Audio], tool: Tool) -> list[Request]:
    left = iter(clips)
    return [
        Request(tool.params.model_validate(packed["params"]), {n: next(left) for n in packed["inputs"]}, packed["seed"])
        for packed in message["requests"]
    ]


def _made(results: Sequence[Result]) -> Parts:
    said = [{"words": [word.to_json() for word in result.words], "data": dict(result.data)} for result in results]
    return encode({"results": said}, [result.audio for result in results])


def _failed(error: ToolError) -> Parts:
    """The error as the nearest of wavagent's own: a tool's subclass of Transient is still transient over there."""
    kind = next(kind.__name__ for kind in type(error).__mro__ if getattr(errors, kind.__name__, None) is kind)
    return encode({"error": kind, "message": str(error)})


def _results(message: Message, clips: Sequence[Audio]) -> list[Result]:
    """The results in an answer. Raises the ToolError that it holds instead."""
    if "error" in message:
        kind: type[ToolError] = getattr(errors, message["error"])
        raise kind(message["message"])
    return [
        Result(clip, tuple(Word.from_json(word) for word in said["words"]), said["data"])
        for clip, said in zip(clips, message["results"], strict=True)
    ]


def serve(tool: Tool, requests: IO[bytes], answers: IO[bytes]) -> None:
    """Answer batches until there are no more."""
    while (received := receive(requests)) is not None:
        try:
            with contained(tool):
                answer = _made(tool(_requests(*received, tool)))
        except ToolError as error:
            answer = _failed(error)
        send(answers, answer)


@dataclass(frozen=True, slots=True)
class _Process:
    popen: "subprocess.Popen[bytes]"
    requests: IO[bytes]
    answers: IO[bytes]
    said: IO[bytes]  # what it wrote on standard error

    @classmethod
    def start(cls, tool: Tool, offline: bool) -> "_Process":
        kind = type(tool)
        # -P: the folder that a user happens to be in holds no modules of ours, whatever its files are called
        command = [sys.executable, "-P", "-m", "wavagent.run.worker", kind.__module__, kind.__qualname__]
        said = tempfile.TemporaryFile()
        popen = subprocess.Popen(
            [*command, "offline"] if offline else command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            start_new_session=True,  # Ctrl-C is for the executor, which lets the worker finish what it has
        )
        assert popen.stdin is not None and popen.stdout is not None
        return cls(popen, popen.stdin, popen.stdout, said)

    def end(self) -> str:
        """Close everything and wait, not for long. How it ended, and the last line that it wrote."""
        self.hang_up()
        try:
            self.popen.wait(timeout=GOODBYE)
        except subprocess.TimeoutExpired:
            self.popen.kill()
        code = self.popen.wait()
        self.answers.close()
        with self.said as said:
            said.seek(max(0, said.seek(0, os.SEEK_END) - 4096))
            lines = said.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
        how = f"exit {code}, {signal.strsignal(-code)}" if code < 0 else f"exit {code}"
        return f"({how}): {last}"

    def hang_up(self) -> None:
        """No more requests: that is its end, once it is done."""
        try:
            self.requests.close()
        except BrokenPipeError:
            pass  # it died with our last words unread


class Worker:
    """One process that holds one tool. It starts with the first batch, and anew after it died."""

    def __init__(self, tool: Tool, offline: bool = False) -> None:
        self.tool, self._offline = tool, offline
        self._lock = threading.Lock()  # held while it works
        self._process: _Process | None = None
        self._closed = False

    def __call__(self, requests: Sequence[Request]) -> list[Result]:
        """What the tool makes of `requests`. Raises the tool's own ToolError, or Broken when the process died."""
        with contained(self.tool):
            asked = _asked(requests)
            with self._lock:
                return _results(*self._answer(asked))

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
                process.popen.kill()  # whoever waits for its answer sees the end of the stream
        if self._process is not None:
            self._process.end()
        self._process = None
        self._lock.release()

    def _answer(self, asked: Parts) -> tuple[Message, list[Audio]]:
        name = self.tool.card.name
        if self._closed:
            raise Broken(f"the worker of tool '{name}' was ended")
        process = self._process = self._process or _Process.start(self.tool, self._offline)
        try:
            send(process.requests, asked)
            received = receive(process.answers)
        except BrokenPipeError:
            received = None
        except Exception as error:
            process.popen.kill()
            self._end(process)
            raise Broken(f"the worker of tool '{name}' does not keep to the protocol: {error}") from error
        if received is None:
            raise Broken(f"the worker of tool '{name}' died {self._end(process)}")
        return received

    def _end(self, process: _Process) -> str:
        self._process = None
        return process.end()


def main() -> None:
    """The process: `python -m wavagent.run.worker MODULE CLASS [offline]`."""
    module, name, *how = sys.argv[1:]
    if "offline" in how:
        forbid_network()
    # A library that prints, or a child that reads, must not come between the two: they get other streams.
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    tool: Tool = attrgetter(name)(importlib.import_module(module))()
    serve(tool, requests, answers)


if __name__ == "__main__":
    main()
