"""Offline is proved in a process of its own, because it cannot be undone."""

import json
import subprocess
import sys
import textwrap
from typing import Any

import pytest

PROGRAM = """
import asyncio, http.client, json, socket, threading, urllib.request

from wavagent.errors import NetworkForbidden
from wavagent.offline import forbid_network

HERE = ("127.0.0.1", 9)

def udp():
    return socket.socket(type=socket.SOCK_DGRAM)

def talk_within():
    here, there = socket.socketpair(socket.AF_UNIX)
    with here, there:
        here.sendall(b"hello")
        return there.recv(5).decode()

def bind_within():
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind("\\0wavagent-offline-test")
        server.listen()
        client.connect("\\0wavagent-offline-test")
        return "connected"

async def loop():
    await asyncio.sleep(0)
    return "ran"

TRIALS = {
    "connect": lambda: socket.socket().connect(("192.0.2.1", 80)),
    "connect_ex": lambda: socket.socket().connect_ex(HERE),
    "ipv6": lambda: socket.socket(socket.AF_INET6).connect(("::1", 9)),
    "sendto": lambda: udp().sendto(b"x", HERE),
    "sendmsg": lambda: udp().sendmsg([b"x"], [], 0, HERE),
    "bind": lambda: socket.create_server(("127.0.0.1", 0)),
    "getaddrinfo": lambda: socket.getaddrinfo("example.org", 443),
    "gethostbyname": lambda: socket.gethostbyname("example.org"),
    "gethostbyname_ex": lambda: socket.gethostbyname_ex("example.org"),
    "gethostbyaddr": lambda: socket.gethostbyaddr("192.0.2.1"),
    "getnameinfo": lambda: socket.getnameinfo(("192.0.2.1", 80), 0),
    "urllib": lambda: urllib.request.urlopen("http://example.org/"),
    "http.client": lambda: http.client.HTTPConnection("192.0.2.1").request("GET", "/"),
    "asyncio": lambda: asyncio.run(asyncio.open_connection("192.0.2.1", 80)),
    "unix": talk_within,
    "unix bind": bind_within,
    "event loop": lambda: asyncio.run(loop()),
}

def tried():
    found = {}
    for name, trial in TRIALS.items():
        try:
            found[name] = [str(trial())]
        except NetworkForbidden as error:
            found[name] = ["NetworkForbidden", str(error)]
    return found

forbid_network()
found = {"here": tried()}
thread = threading.Thread(target=lambda: found.update(thread=tried()))
thread.start()
thread.join()
forbid_network()
found["forbidden twice"] = tried()
print(json.dumps(found))
"""

WITHIN = {"unix": ["hello"], "unix bind": ["connected"], "event loop": ["ran"]}


@pytest.fixture(scope="module")
def found() -> Any:
    """What each trial came to: on the main thread, on another, and after the network was forbidden again."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(PROGRAM)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="the trials use Linux's abstract sockets")
@pytest.mark.parametrize("where", ["here", "thread", "forbidden twice"])
def test_whatever_reaches_out_is_forbidden_and_nothing_else(found: Any, where: str) -> None:
    trials = found[where]
    assert {name: result for name, result in trials.items() if name in WITHIN} == WITHIN
    others = {name: result[0] for name, result in trials.items() if name not in WITHIN}
    assert set(others.values()) == {"NetworkForbidden"}, others


@pytest.mark.skipif(sys.platform != "linux", reason="the trials use Linux's abstract sockets")
def test_the_sentence_says_what_was_wanted_and_what_to_do(found: Any) -> None:
    assert found["here"]["getaddrinfo"][1] == (
        "this run is offline, and something wanted to reach 'example.org'; run it without --offline"
    )
    assert "('192.0.2.1', 80)" in found["here"]["connect"][1]
