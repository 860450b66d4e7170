"""An OpenAI-compatible server on this machine that answers a conversation as it was told: the replay of an agent.

`Turns(...)` are the answers in their order; each is `say(text)`, `use((name, arguments), …)`, `status(400)`, or a
function of the request's body that gives one. It streams when it is asked to, tool calls in pieces.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """`text` and `calls` (name, arguments as JSON text); `finish`; `code` other than 200 is a failure.

    `cut`: the stream ends in the middle of the last call. `stall`: nothing comes until the server ends.
    """

    text: str = ""
    calls: tuple[tuple[str, str], ...] = ()
    finish: str = ""
    code: int = 200
    cut: bool = False
    stall: bool = False


def say(text: str) -> Reply:
    return Reply(text)


def use(*calls: tuple[str, Any], text: str = "", finish: str = "", cut: bool = False) -> Reply:
    """Calls of tools; arguments that are a string go out as they are."""
    told = tuple((name, args if isinstance(args, str) else json.dumps(args)) for name, args in calls)
    return Reply(text, told, finish, cut=cut)


def status(code: int) -> Reply:
    return Reply(code=code)


Answer = Reply | Callable[[Body], Reply]


class Turns:
    """The server, at `url`. `asked` is what reached it; the last answer is given again and again with `forever`."""

    def __init__(self, *answers: Answer, forever: bool = False) -> None:
        self.answers, self.forever = list(answers), forever
        self.asked: list[Body] = []
        self._end, self.reached = threading.Event(), threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._end.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def next(self, body: Body) -> Reply:
        self.asked.append(body)
        self.reached.set()
        if not self.answers:
            return Reply(code=418)
        given = self.answers[0] if self.forever and len(self.answers) == 1 else self.answers.pop(0)
        return given(body) if callable(given) else given

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        turns = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                reply = turns.next(body)
                if reply.stall:
                    turns._end.wait(20.0)
                    return
                parts = list(_streamed(reply)) if body.get("stream") and reply.code == 200 else [_whole(reply)]
                self.send_response(reply.code)
                kind = "text/event-stream" if body.get("stream") and reply.code == 200 else "application/json"
                self.send_header("Content-Type", kind)
                self.end_headers()
                for part in parts:
                    self.wfile.write(part)

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is said."""

        return Handler


_HEAD = {"id": "c", "created": int(time.time()), "model": "fake"}


def _calls(reply: Reply) -> list[Body]:
    return [
        {"index": n, "id": f"call_{n}", "type": "function", "function": {"name": name, "arguments": args}}
        for n, (name, args) in enumerate(reply.calls)
    ]


def _finish(reply: Reply) -> str:
    return reply.finish or ("tool_calls" if reply.calls else "stop")


def _whole(reply: Reply) -> bytes:
    if reply.code != 200:
        return json.dumps({"error": {"message": "tools are not supported", "type": "e", "code": None}}).encode()
    message: Body = {"role": "assistant", "content": reply.text or None}
    if reply.calls:
        message["tool_calls"] = _calls(reply)
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    choice = {"index": 0, "message": message, "finish_reason": _finish(reply)}
    return json.dumps({**_HEAD, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()


def _streamed(reply: Reply) -> Iterator[bytes]:
    def chunk(delta: Body, finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return (
            b"data: " + json.dumps({**_HEAD, "object": "chat.completion.chunk", "choices": [choice]}).encode() + b"\n\n"
        )

    yield chunk({"role": "assistant", "content": ""})
    for at in range(0, len(reply.text), 5):
        yield chunk({"content": reply.text[at : at + 5]})
    for call in _calls(reply):
        args = call["function"].pop("arguments")
        yield chunk({"tool_calls": [{**call, "function": {**call["function"], "arguments": ""}}]})
        last = len(args) // 2 if reply.cut else len(args)
        for at in range(0, last, 7):
            piece = {"index": call["index"], "function": {"arguments": args[at : min(at + 7, last)]}}
            yield chunk({"tool_calls": [piece]})
    if not reply.cut:
        yield chunk({}, _finish(reply))
        yield b"data: [DONE]\n\n"
