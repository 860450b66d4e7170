"""`wavagent tools fetch` from a hub on this machine, which speaks as much of the hub's protocol as its client asks."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
OTHER = "fedcba9876543210fedcba9876543210fedcba98"

EXPERT = """
from wavagent.tool import Card, Licence, Result, SoundParams, Tool, Weights
from wavagent.weights import pin_of

OPEN = Licence(name="Apache-2.0", commercial=True)


class Heavy(Tool):
    params = SoundParams
    card = Card(name="heavy", version="1", task="sound", summary="a fake", rate=8000, code_licence=OPEN,
                weights_licence=OPEN, weights=(Weights(repo="someone/heavy", megabytes=3),))

    @property
    def edition(self):
        pin = pin_of("heavy")
        return pin.edition if pin else ""

    def __call__(self, requests):
        raise NotImplementedError


TOOL = Heavy()
"""


class Hub(ThreadingHTTPServer):
    """Repositories by name, each with its files; pull requests by number, each with its author; and what was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hands)
        self.repos: dict[str, dict[str, bytes]] = {}
        self.commit = COMMIT
        self.gets: list[tuple[str, str]] = []
        self.cut: list[int] = []
        self.forbidden: set[str] = set()
        self.gated: set[str] = set()
        self.pulls: dict[int, tuple[str, dict[str, bytes]]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def files(self, repo: str, revision: str) -> dict[str, bytes] | None:
        """What `repo` holds at a revision: `refs%2Fpr%2F7` or its commit, 7 in forty digits, or any other."""
        number = revision.rpartition("%2F")[2]
        pull = self.pulls.get(int(number)) if number.isdigit() else None
        return pull[1] if pull else self.repos.get(repo)

    def handle_error(self, request: Any, address: Any) -> None:
        """A client that goes away is what some tests are about."""


class Hands(BaseHTTPRequestHandler):
    server: Hub

    def log_message(self, *_: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._file(body=False)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if not path.startswith("/api/models/"):
            return self._file(body=True)
        owner, name, what, *rest = path.removeprefix("/api/models/").split("/")
        if what == "discussions":
            return self._answer(200, json.dumps(self._discussions(f"{owner}/{name}")).encode())
        files = self.server.files(f"{owner}/{name}", rest[0])
        if f"{owner}/{name}" in self.server.gated:
            return self._answer(403, b"{}", {"X-Error-Code": "GatedRepo"})
        if files is None:
            return self._answer(404, b"{}", {"X-Error-Code": "RepoNotFound"})
        listed = [{"rfilename": file, "size": len(data)} for file, data in files.items()]
        if what == "tree":
            entries = [
                {"type": "file", "path": file, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
                for file, data in files.items()
            ]
            return self._answer(200, json.dumps(entries).encode())
        number = rest[0].rpartition("%2F")[2]
        commit = number.zfill(40) if number.isdigit() else self.server.commit
        about = {"id": f"{owner}/{name}", "sha": commit, "siblings": listed}
        return self._answer(200, json.dumps(about).encode())

    def _discussions(self, repo: str) -> dict[str, Any]:
        common = {"createdAt": "2024-03-28T00:00:00.000Z", "status": "open", "isPullRequest": True}
        found = [
            {
                "title": "a pull request",
                "num": number,
                "author": {"name": author},
                "repo": {"name": repo, "type": "model"},
            }
            for number, (author, _) in self.server.pulls.items()
        ]
        return {"count": len(found), "start": 0, "discussions": [{**one, **common} for one in found]}

    def _file(self, body: bool) -> None:
        owner, name, _, commit, file = self.path.lstrip("/").split("/", 4)
        data = (self.server.files(f"{owner}/{name}", commit) or {})[file]
        if file in self.server.forbidden:
            return self._answer(403, b"")
        told = {"ETag": f'"{hashlib.sha1(data).hexdigest()}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes"}
        if not body:
            return self._answer(200, data, told, body=False)
        asked = self.headers.get("Range", "")
        self.server.gets.append((file, asked))
        start = int(asked.removeprefix("bytes=").partition("-")[0] or 0)
        if start:
            told["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        until = self.server.cut.pop() if file.endswith(".safetensors") and self.server.cut else None
        return self._answer(206 if start else 200, data[start:], told, until=until)

    def _answer(
        self, code: int, data: bytes, told: dict[str, str] | None = None, body: bool = True, until: int | None = None
    ) -> None:
        self.send_response(code)
        for header, value in {**(told or {}), "Content-Length": str(len(data))}.items():
            self.send_header(header, value)
        self.end_headers()
        if body:
            self.wfile.write(data[:until])
        self.close_connection = True


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        server.repos["someone/heavy"] = {
            "config.json": b"{}",
            "model.safetensors": bytes(range(256)) * 12_000,
            "pytorch_model.bin": b"run me",
        }
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def run(wavagent: Callable[..., Any], hub: Hub, tmp_path: Path) -> Callable[..., Any]:
    package = tmp_path / "packages"
    about = package / "heavy-1.dist-info"
    about.mkdir(parents=True)
    (package / "heavy.py").write_text(EXPERT)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: heavy\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[wavagent.tools]\nheavy = heavy:TOOL\n")
    env = {
        "PYTHONPATH": str(package),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "HF_HOME": str(tmp_path / "hf"),
        "HF_ENDPOINT": hub.url,
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "NO_PROXY": "127.0.0.1",
    }
    return lambda *arguments, **more: wavagent("tools", *arguments, **{**env, **more})


def card(run: Callable[..., Any]) -> dict[str, Any]:
    return next(card for card in json.loads(run("--json").stdout)["tools"] if card["name"] == "heavy")


def pins(tmp_path: Path) -> Any:
    path = tmp_path / "data" / "wavagent" / "weights.json"
    return json.loads(path.read_text()) if path.exists() else {}


def test_what_is_fetched_is_pinned_and_said(run: Callable[..., Any], hub: Hub, tmp_path: Path) -> None:
    lack = "needs its weights, someone/heavy (3 MB, Apache-2.0): wavagent tools fetch heavy"
    assert card(run)["lack"] == lack
    done = run("fetch", "heavy")
    assert done.returncode == 0, done.stderr
    assert "wavagent: fetching someone/heavy at 0123456789ab: 2 files, 3.1 MB (Apache-2.0)\n" in done.stderr
    assert done.stderr.endswith(f"wavagent: tool 'heavy' takes its weights from someone/heavy@{COMMIT}\n")
    assert {file for file, _ in hub.gets} == {"config.json", "model.safetensors"}, "no pickle was asked for"
    assert pins(tmp_path)["heavy"]["commit"] == COMMIT

    hub.commit = OTHER
    hub.shutdown()  # what was fetched needs no hub
    found = card(run)
    assert (found["lack"], found["ready"], found["edition"]) == (None, True, f"someone/heavy@{COMMIT}")

    (weights,) = (tmp_path / "hf").rglob("model.safetensors")
    weights.unlink()
    assert card(run)["lack"] == lack, "half a model is none"


def test_a_broken_connection_goes_on_where_it_broke(run: Callable[..., Any], hub: Hub, tmp_path: Path) -> None:
    hub.repos["someone/heavy"]["model.safetensors"] *= 8  # the client keeps what it has every 10 MB
    hub.cut = [15_000_000]
    done = run("fetch", "heavy")
    assert done.returncode == 0, done.stderr
    asked = [range for file, range in hub.gets if file == "model.safetensors"]
    assert len(asked) == 2 and asked[0] == "" and asked[1].startswith("bytes=")
    (weights,) = (tmp_path / "hf").rglob("model.safetensors")
    assert weights.read_bytes() == hub.repos["someone/heavy"]["model.safetensors"]


def test_what_cannot_be_had_is_not_pinned_and_the_next_try_mends_it(
    run: Callable[..., Any], hub: Hub, tmp_path: Path
) -> None:
    hub.forbidden = {"model.safetensors"}
    done = run("fetch", "heavy")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("wavagent: someone/heavy could not be had from the hub: ")
    assert "Traceback" not in done.stderr
    assert pins(tmp_path) == {} and card(run)["ready"] is False
    hub.forbidden = set()
    assert run("fetch", "heavy").returncode == 0
    assert card(run)["ready"] is True


def test_pickles_are_fetched_only_when_they_are_allowed_by_name(
    run: Callable[..., Any], hub: Hub, tmp_path: Path
) -> None:
    del hub.repos["someone/heavy"]["model.safetensors"]
    done = run("fetch", "heavy")
    assert done.returncode == 1
    assert "only as pickles (pytorch_model.bin), which can run code" in done.stderr
    assert "--allow-pickle" in done.stderr and not hub.gets
    assert run("fetch", "heavy", "--allow-pickle").returncode == 0
    assert pins(tmp_path)["heavy"]["pickle"] is True


def test_a_tool_takes_only_the_files_it_names(run: Callable[..., Any], hub: Hub, tmp_path: Path) -> None:
    expert = tmp_path / "packages" / "heavy.py"
    expert.write_text(EXPERT.replace("megabytes=3", "megabytes=3, files=('pytorch_model.bin',)"))
    done = run("fetch", "heavy")
    assert done.returncode == 1 and "only as pickles (pytorch_model.bin)" in done.stderr and not hub.gets
    assert run("fetch", "heavy", "--allow-pickle").returncode == 0
    assert pins(tmp_path)["heavy"]["files"] == ["pytorch_model.bin"]
    assert {Path(path).name for path, _ in hub.gets} == {"pytorch_model.bin"}


def test_pickles_are_taken_as_the_safetensors_that_the_hubs_converter_offers(
    run: Callable[..., Any], hub: Hub, tmp_path: Path
) -> None:
    safe = dict(hub.repos["someone/heavy"])
    del hub.repos["someone/heavy"]["model.safetensors"]
    hub.pulls[3] = ("a stranger", {**safe, "model.safetensors": b"not the same"})
    assert "only as pickles" in run("fetch", "heavy").stderr
    hub.pulls[7] = ("SFconvertbot", safe)
    done = run("fetch", "heavy")
    assert done.returncode == 0, done.stderr
    assert "the hub's converter offers the same weights as safetensors" in done.stdout + done.stderr
    assert pins(tmp_path)["heavy"]["commit"] == "7".zfill(40) and not pins(tmp_path)["heavy"]["pickle"]
    assert [file for file, _ in hub.gets if file.endswith((".bin", ".safetensors"))] == ["model.safetensors"]


def test_another_repository_and_revision_and_a_folder_of_ones_own(
    run: Callable[..., Any], hub: Hub, tmp_path: Path
) -> None:
    hub.repos["else/tuned"], hub.commit = hub.repos["someone/heavy"], OTHER
    done = run("fetch", "heavy", "--repo", "else/tuned", "--revision", "v2")
    assert done.returncode == 0, done.stderr
    assert "(see its page for the licence)" in done.stderr
    assert pins(tmp_path)["heavy"]["repo"] == "else/tuned"

    done = run("fetch", "heavy", "--folder", str(tmp_path / "nowhere"))
    assert (done.returncode, "is no folder" in done.stderr) == (1, True)
    assert pins(tmp_path)["heavy"]["repo"] == "else/tuned"
    own = tmp_path / "own"
    own.mkdir()
    done = run("fetch", "heavy", "--folder", str(own), "--offline")
    assert (done.returncode, f"'{own}' holds no weights that can be loaded here" in done.stderr) == (1, True)
    assert pins(tmp_path)["heavy"]["repo"] == "else/tuned"
    (own / "model.safetensors").write_bytes(b"own")
    done = run("fetch", "heavy", "--folder", str(own), "--offline")
    assert (done.returncode, f"tool 'heavy' takes its weights from {own}" in done.stderr) == (0, True)
    before = card(run)["edition"]
    (own / "model.safetensors").write_bytes(b"tuned")
    assert card(run)["edition"] != before
    (own / "model.safetensors").write_bytes(b"own")
    assert card(run)["edition"] == before
    (own / "model.safetensors").unlink()
    own.rmdir()
    assert "is no folder any more: wavagent tools fetch heavy" in card(run)["lack"]


@pytest.mark.parametrize(
    ("arguments", "env", "said"),
    [
        (("heavy", "--offline"), {}, "weights are fetched from the hub: run it without --offline, or name a --folder"),
        (("heavy",), {"HF_HUB_OFFLINE": "1"}, "someone/heavy cannot be fetched offline; unset HF_HUB_OFFLINE"),
        (("heavy", "--repo", "no/such"), {}, "the hub has no repository 'no/such', or not for you"),
        (("heavy", "--repo", "shut/away"), {}, "shut/away is only for those who agreed to its licence"),
        (("heavy", "--repo", "../../etc"), {}, "../../etc could not be had from the hub: HFValidationError"),
        (("heavy", "--part", "voice"), {}, "tool 'heavy' has one part"),
        (("foley",), {}, "tool 'foley' has no weights to fetch: it is ready as it is"),
    ],
)
def test_what_cannot_be_fetched_says_why(
    run: Callable[..., Any], hub: Hub, tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str], said: str
) -> None:
    hub.gated.add("shut/away")
    done = run("fetch", *arguments, **env)
    assert done.returncode == 1
    assert said in done.stderr and "Traceback" not in done.stderr
    assert pins(tmp_path) == {}
