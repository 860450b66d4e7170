"""The worker's side of the protocol: hold one tool, answer batches, and never outlive the parent.

A worker ends when its standard input does. A thread listens for that, so that it holds in the middle of a long call,
too, and on every system (a signal at the parent's death would be Linux's alone, and comes when the parent's *thread*
ends that started the worker). Only C code that never lets Python run can put it off.
"""

import importlib
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from operator import attrgetter
from queue import SimpleQueue
from threading import Thread
from typing import IO

from wavagent.errors import ToolError
from wavagent.offline import forbid_network
from wavagent.run.contain import contained
from wavagent.run.protocol import Parts, Received, answered, encode, failed, receive, requests_of, send
from wavagent.tool import Tool

GOODBYE = 0.5
"""Seconds that a worker gets to end by itself; what it made is in the store, so nothing is lost when it is killed."""


def serve(tool: Tool, batches: Iterable[Received], answers: IO[bytes]) -> None:
    """Say hello, and answer batches until there are no more."""
    send(answers, encode({"number": 0}))
    for received in batches:
        send(answers, answer(tool, received))


def answer(tool: Tool, received: Received) -> Parts:
    """What `tool` makes of a batch, or what went wrong, under the batch's number."""
    number = received[0]["number"]
    try:
        with contained(tool):
            message, clips = answered(tool(requests_of(received, tool)))
            return encode({**message, "number": number}, clips)
    except ToolError as error:
        return encode({**failed(error), "number": number})


def listened(stream: IO[bytes]) -> Iterator[Received]:
    """The messages of `stream`. This process ends soon after the stream does, whatever it is doing then."""
    messages: SimpleQueue[Received | None] = SimpleQueue()

    def listen() -> None:
        try:
            while (received := receive(stream)) is not None:
                messages.put(received)
        finally:
            messages.put(None)
            time.sleep(GOODBYE)
            _end()

    Thread(target=listen, name="wavagent-listener", daemon=True).start()
    return iter(messages.get, None)


def _end() -> None:
    """End now, and with it every process that the tool started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def main() -> None:
    """The process: `python -m wavagent.run.serve MODULE CLASS [offline]`."""
    module, name, *how = sys.argv[1:]
    if "offline" in how:
        forbid_network()
    # A library that prints, or a child that reads, must not come between the two: they get other streams.
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    batches = listened(requests)
    tool: Tool = attrgetter(name)(importlib.import_module(module))()
    serve(tool, batches, answers)


if __name__ == "__main__":
    main()
