"""An OpenAI-compatible server on this machine that answers as badly as it is told to.

* `server`  answers every question of `adapt` well, until `server.reply` is another function
            `server.asked` is what reached it, one JSON body for each question
* `kit`     what replies are made with: `kit.completion(text, finish)`, `kit.failure(status, message)`, `kit.good(body)`
* `chat`    `chat()` is a Chat with that server
* `tale`    a document of three paragraphs and four quotations, two of them with a tag
"""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any

import pytest

from wavagent.llm import Chat
from wavagent.reading import Document, read_text

TALE = (
    "“Who is there?” asked Mary.\n\n"
    "“Only me,” said old Tom. The door creaked.\n\n"
    "“You are late.”\n\n"
    "“I had to walk,” said Tom, and Vera laughed. “Give me a chair.”\n"
)


@dataclass(frozen=True)
class Reply:
    """What goes back: a status, headers, a body. `cut` bytes of it are sent; `stall` seconds pass before."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    stall: bool = False


Body = dict[str, Any]
Replier = Callable[[Body, int], Reply]


def completion(content: str | None, finish: str = "stop", **message: Any) -> Reply:
    """A chat completion with `content`."""
    body = {
        "id": "c",
        "object": "chat.completion",
        "created": 0,
        "model": "fake",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content, **message}, "finish_reason": finish}
        ],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return Reply(json.dumps(body).encode())


def failure(status: int, message: str, **headers: str) -> Reply:
    return Reply(json.dumps({"error": {"message": message, "type": "e", "code": None}}).encode(), status, headers)


def told(body: Body) -> Body:
    """What `adapt` told the model: the JSON of its first question."""
    story: Body = json.loads(next(message["content"] for message in body["messages"] if message["role"] == "user"))
    return story


def good(body: Body) -> Body:
    """A good answer: the rules' guesses, and Mary where they have none."""
    spans = [span for span in told(body)["spans"] if "guess" in span]
    labels = [
        {
            "id": span["id"],
            "who": span["guess"] if span["guess"] != "narrator" else "mary",
            "confidence": 0.8,
            "emotion": "calm",
            "intensity": 0.5,
            "pace": 1.0,
        }
        for span in spans
    ]
    return {"spans": labels, "people": [], "insertions": [], "summary": "Tom visits Mary."}


class Server:
    """The server, at `url`."""

    def __init__(self) -> None:
        self.anew()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def anew(self) -> None:
        """Forget what was asked, and answer well."""
        self.asked: list[Body] = []
        self.reply: Replier = lambda body, number: completion(json.dumps(good(body)))
        self._ends = threading.Event()

    def release(self) -> None:
        """Let go of those who wait."""
        self._ends.set()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.asked.append(body)
                server._send(self, server.reply(body, len(server.asked)))

            def log_message(self, format: str, *args: Any) -> None:
                """Nothing is said."""

        return Handler

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.stall:
            self._ends.wait(5.0)
            return
        if reply.cut is not None and reply.cut < 0:
            return  # gone without a word
        handler.send_response(reply.status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(reply.body[: reply.cut])


@pytest.fixture(scope="session")
def one_server() -> Iterator[Server]:
    made = Server()
    yield made
    made.close()


@pytest.fixture
def server(one_server: Server) -> Iterator[Server]:
    one_server.anew()
    yield one_server
    one_server.release()


@pytest.fixture
def kit() -> SimpleNamespace:
    return SimpleNamespace(completion=completion, failure=failure, good=good, told=told, Reply=Reply)


@pytest.fixture
def chat(server: Server) -> Callable[..., Chat]:
    def make(**options: Any) -> Chat:
        return Chat("fake", **{"base_url": server.url, "timeout": 5.0, **options})

    return make


@pytest.fixture
def tale() -> Document:
    return read_text(TALE, "tale.txt")
