"""A tool in a process of its own: everything crosses, nothing leaks, and a crash is only a broken batch."""

import gc
import importlib
import io
import os
import signal
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Audio, Word
from wavagent.errors import Broken, Cancelled, OutOfMemory, Refused, RunError, ToolError, Transient
from wavagent.graph import Call, Graph, Ref
from wavagent.run.executor import Executor
from wavagent.run.worker import Worker, encode, receive, send, serve
from wavagent.store import Store
from wavagent.tool import Params, Request, Result, Tool, Toolbox

MODULE = "wavagent_strange_tools"

STRANGE = '''
import atexit, os, signal, socket, subprocess, sys, time
from pathlib import Path

import numpy as np
from pydantic import Field

from wavagent.audio import Audio, Word
from wavagent.errors import Refused, Transient
from wavagent.tool import Card, Licence, Params, Result, Tool


class StrangeParams(Params):
    do: str
    text: str = ""
    seconds: float | None = None
    where: Path | None = Field(default=None, exclude=True)


class Overloaded(Transient):
    """An error of the tool's own."""


class Strange(Tool):
    params = StrangeParams
    card = Card(name="strange", version="1", task="enhance", summary="a fake", rate=8000, batch=4, isolated=True,
                code_licence=Licence(name="Apache-2.0", commercial=True))

    def __call__(self, requests):
        return [getattr(self, request.params.do)(request) for request in requests]

    def say(self, request, **data):
        return Result(Audio.silence(0.01, 8000), data={"pid": os.getpid(), **data})

    def echo(self, request):
        words = (Word(np.float32(0.5), 1 / 3, np.int64(0), 5),)
        seen = {"text": request.params.text, "seconds": request.params.seconds, "where": str(request.params.where),
                "seed": request.seed, "inputs": {name: clip.rate for name, clip in request.inputs.items()}}
        return Result(next(iter(request.inputs.values())), words, seen)

    def invert(self, request):
        clip = request.inputs["audio"]
        np.negative(clip.samples, out=clip.samples)
        return Result(clip)

    def chatter(self, request):
        print("loading model ... 100%", flush=True)
        os.write(1, b"{}\\n")
        subprocess.run(["echo", "I am a child"], check=True)
        child = subprocess.run(["cat"], check=True, stdout=subprocess.PIPE)
        return self.say(request, child=child.stdout.decode(), own=sys.stdin.read())

    def refuse(self, request):
        raise Refused("nothing fits 'é\\n'")

    def overload(self, request):
        raise Overloaded("too many at once")

    def hoard(self, request):
        raise MemoryError

    def stumble(self, request):
        raise LookupError("no such voice")

    def ramble(self, request):
        return Result(Audio.silence(0.01, 8000), data={"score": np.float32(1)})

    def nothing(self, request):
        return None

    def leave(self, request):
        print("Traceback (most recent call last):\\n  ...\\nOSError: model.bin is gone\\n", file=sys.stderr, flush=True)
        os._exit(7)

    def vanish(self, request):
        os.kill(os.getpid(), signal.SIGKILL)

    def segfault(self, request):
        os.kill(os.getpid(), signal.SIGSEGV)

    def garble(self, request):
        for descriptor in map(int, os.listdir("/proc/self/fd")):
            if descriptor > 2 and "pipe" in os.readlink(f"/proc/self/fd/{descriptor}"):
                try:
                    os.write(descriptor, b"this is no message\\n")
                except OSError:
                    pass
        time.sleep(60)

    def connect(self, request):
        socket.create_connection(("127.0.0.1", 9))  # nobody listens there

    def linger(self, request):
        atexit.register(time.sleep, 60)
        return self.say(request)

    def hang(self, request):
        print("hanging", file=open(request.params.text, "w"), flush=True)
        time.sleep(60)


class Unready(Strange):
    def __init__(self):
        raise RuntimeError("weights not found")


class Outer:
    class Inner(Strange):
        pass


def hidden():
    class Hidden(Strange):
        pass

    return Hidden()
'''


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The module of strange tools, where a child process finds it, too."""
    folder = tmp_path_factory.mktemp("modules")
    (folder / f"{MODULE}.py").write_text(textwrap.dedent(STRANGE), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        patch.setenv("PYTHONPATH", str(folder))
        yield importlib.import_module(MODULE)
    del sys.modules[MODULE]


@pytest.fixture(scope="module")
def worker(strange: Any) -> Iterator[Worker]:
    """A worker for the tests that leave it alive."""
    worker = Worker(strange.Strange())
    yield worker
    worker.close()


@pytest.fixture
def mortal(strange: Any) -> Iterator[Worker]:
    """A worker for the tests that do not. Nothing that it opened is left to the garbage collector."""
    worker = Worker(strange.Strange())
    yield worker
    worker.close()
    gc.collect()


def ask(
    worker: Worker, do: str, inputs: Mapping[str, Audio] | None = None, seed: int | None = None, **more: Any
) -> Result:
    params: Any = worker.tool.params
    (result,) = worker([Request(params(do=do, **more), inputs or {}, seed)])
    return result


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def pid(worker: Worker) -> int:
    return int(str(ask(worker, "say").data["pid"]))


# What crosses


def test_a_worker_is_another_process_and_stays_for_the_next_batch(worker: Worker) -> None:
    assert os.getpid() != pid(worker) == pid(worker)


def test_parameters_inputs_seed_words_and_data_cross(worker: Worker) -> None:
    clips = {
        "b": Audio.of(np.linspace(-1, 1, 99, dtype=np.float32).reshape(33, 3), 44_100),
        "a": Audio.silence(0.5, 8_000),
    }
    text = "\"quoted\" 'single'\nline\r\\ $(touch x) \0 🎧 \u202eright to left"
    result = ask(worker, "echo", clips, seed=2**63 - 1, text=text, seconds=0.1, where=Path("/some where"))
    np.testing.assert_array_equal(result.audio.samples, clips["b"].samples)
    assert result.audio.rate == 44_100
    assert result.words == (Word(0.5, 1 / 3, 0, 5),)
    assert result.data == {
        "text": text,
        "seconds": 0.1,
        "where": "/some where",
        "seed": 2**63 - 1,
        "inputs": {"b": 44_100, "a": 8_000},
    }


def test_a_batch_is_answered_in_its_order(worker: Worker) -> None:
    clips = [Audio.of([level], 8_000) for level in (0.1, 0.2, 0.3)]
    params: Any = worker.tool.params
    results = worker([Request(params(do="echo", text=str(n)), {"audio": clip}) for n, clip in enumerate(clips)])
    assert [result.data["text"] for result in results] == ["0", "1", "2"]
    assert [result.audio.samples[0, 0] for result in results] == [clip.samples[0, 0] for clip in clips]


def test_clips_far_larger_than_a_pipe_cross_both_ways(worker: Worker) -> None:
    """Fifty megabytes: whoever wrote before the other had read would stand still for ever."""
    clip = Audio(np.random.default_rng(0).uniform(-1, 1, (6_250_000, 2)).astype(np.float32), 48_000)
    result = ask(worker, "echo", {"audio": clip})
    np.testing.assert_array_equal(result.audio.samples, clip.samples)


def test_a_tool_may_work_in_place_on_what_it_is_given(worker: Worker) -> None:
    result = ask(worker, "invert", {"audio": Audio.of([0.5, -0.25], 8_000)})
    assert result.audio.samples[:, 0].tolist() == [-0.5, 0.25]


def test_a_tool_that_prints_and_reads_does_not_come_between(worker: Worker) -> None:
    """Neither do its children: its standard streams are others than the protocol's."""
    assert ask(worker, "chatter").data["child"] == ""
    assert ask(worker, "chatter").data["own"] == ""


# Errors


@pytest.mark.parametrize(
    ("do", "kind", "said"),
    [
        ("refuse", Refused, "nothing fits 'é\n'"),
        ("overload", Transient, "too many at once"),
        ("hoard", OutOfMemory, "tool 'strange' ran out of memory; free some, or let it do fewer calls at once"),
        ("stumble", Broken, "tool 'strange' failed: LookupError: no such voice"),
        ("ramble", Broken, "tool 'strange' failed: TypeError: Object of type float32 is not JSON serializable"),
        ("nothing", Broken, "tool 'strange' failed: AttributeError: 'NoneType' object has no attribute 'words'"),
        ("nosuch", Broken, "tool 'strange' failed: AttributeError: 'Strange' object has no attribute 'nosuch'"),
    ],
)
def test_an_error_crosses_with_its_kind_and_message_and_the_worker_goes_on(
    worker: Worker, do: str, kind: type[ToolError], said: str
) -> None:
    before = pid(worker)
    with pytest.raises(ToolError) as caught:
        ask(worker, do)
    assert (type(caught.value), str(caught.value)) == (kind, said)
    assert pid(worker) == before


@pytest.mark.parametrize(
    ("do", "said"),
    [
        ("leave", r"died \(exit 7\): OSError: model.bin is gone$"),
        ("vanish", r"died \(exit -9, Killed\): it said nothing$"),
        ("segfault", r"died \(exit -11, Segmentation fault\): it said nothing$"),
        ("garble", r"does not keep to the protocol: not a message: b'this is no message\\n'$"),
    ],
)
def test_a_crash_is_broken_and_the_next_batch_has_a_fresh_worker(mortal: Worker, do: str, said: str) -> None:
    before = pid(mortal)
    with pytest.raises(Broken, match="^the worker of tool 'strange' " + said):
        ask(mortal, do)
    assert not alive(before)
    assert pid(mortal) != before


@pytest.mark.parametrize("seconds", [0.01, 30.0])
def test_a_worker_that_died_between_two_batches_is_broken_once(mortal: Worker, seconds: float) -> None:
    """Whether the request still fits into the pipe or not."""
    before = pid(mortal)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    with pytest.raises(Broken, match="died .*Killed"):
        ask(mortal, "echo", {"audio": Audio.silence(seconds)})
    assert alive(pid(mortal))


@pytest.mark.parametrize(
    ("there", "said"),
    [
        (lambda strange: object.__new__(strange.Unready), "RuntimeError: weights not found"),
        (lambda strange: strange.hidden(), "AttributeError: .*<locals>"),
    ],
)
def test_a_tool_that_cannot_be_made_over_there_says_why(strange: Any, there: Callable[[Any], Tool], said: str) -> None:
    worker = Worker(there(strange))
    with pytest.raises(Broken, match=rf"died \(exit 1\): {said}"):
        ask(worker, "say")
    worker.close()


def test_a_tool_may_be_a_class_in_a_class(strange: Any) -> None:
    worker = Worker(strange.Outer.Inner())
    assert pid(worker) != os.getpid()
    worker.close()


def test_parameters_that_json_cannot_hold_are_named_before_anything_is_sent(strange: Any) -> None:
    class Odd(Params):
        thing: Any

    worker = Worker(strange.Strange())
    with pytest.raises(Broken, match="tool 'strange' failed: .*Unable to serialize unknown type"):
        worker([Request(Odd(thing=object()))])
    worker.close()


def test_a_file_in_the_folder_one_is_in_is_no_module(
    strange: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A story's folder may hold anything, a `numpy.py` too."""
    (tmp_path / "numpy.py").write_text("raise SystemExit('gotcha')")
    monkeypatch.chdir(tmp_path)
    worker = Worker(strange.Strange())
    assert ask(worker, "say").audio.frames == 80
    worker.close()


@pytest.mark.parametrize(
    ("offline", "said"),
    [(True, "NetworkForbidden: this run is offline, .* reach '127.0.0.1'"), (False, "ConnectionRefusedError")],
)
def test_offline_holds_in_the_worker_too(strange: Any, offline: bool, said: str) -> None:
    worker = Worker(strange.Strange(), offline)
    with pytest.raises(Broken, match=f"tool 'strange' failed: {said}"):
        ask(worker, "connect")
    worker.close()


# The end


def test_a_closed_worker_is_gone_and_takes_no_more(strange: Any) -> None:
    worker = Worker(strange.Strange())
    process = pid(worker)
    worker.close()
    worker.close()
    assert not alive(process)
    with pytest.raises(Broken, match="was ended"):
        ask(worker, "say")
    gc.collect()


def test_a_worker_that_never_worked_closes(strange: Any) -> None:
    worker = Worker(strange.Strange())
    worker.dismiss()
    worker.close()


def test_a_worker_that_does_not_end_when_it_should_is_killed(mortal: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wavagent.run.worker.GOODBYE", 0.01)
    process = int(str(ask(mortal, "linger").data["pid"]))
    mortal.close()
    assert not alive(process)


def test_a_worker_is_killed_while_it_works(strange: Any, tmp_path: Path) -> None:
    worker = Worker(strange.Strange())
    failed: list[BaseException] = []
    sign = tmp_path / "sign"

    def work() -> None:
        try:
            ask(worker, "hang", text=str(sign))
        except Broken as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(sign)
    began = time.monotonic()
    worker.dismiss()
    worker.close()
    thread.join(timeout=10)
    assert time.monotonic() - began < 10 < 60
    assert "died (exit -9, Killed)" in str(failed[0])


def wait_for(sign: Path) -> None:
    deadline = time.monotonic() + 20
    while not sign.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


# In a run


def executor(strange: Any, store: Store, tool: Tool | None = None) -> Executor:
    return Executor(Toolbox.of(tool or strange.Strange()), store, depths={"cpu": 2})


def test_an_isolated_tool_runs_in_workers_and_the_caller_never_calls_it(
    strange: Any, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = strange.Strange()
    monkeypatch.setattr(tool, "say", None)
    lines = [Call(text, "strange", {"do": "say", "text": text}) for text in "abcd"]
    echo = Call("echo", "strange", {"do": "echo", "audio": Ref("a")}, seed=3)
    made = executor(strange, store, tool).run(Graph.of(*lines, echo))
    pids = {made.entries[text].data["pid"] for text in "abcd"}
    assert os.getpid() not in pids and 1 <= len(pids) <= 2
    assert made.entries["echo"].digest == made.entries["a"].digest
    assert not any(alive(int(str(pid))) for pid in pids), "a run leaves no process behind"


def test_a_call_that_kills_its_worker_fails_alone(strange: Any, store: Store) -> None:
    doing = [
        Call(str(n), "strange", {"do": do, "text": str(n)}) for n, do in enumerate(["say", "vanish", "say", "say"])
    ]
    with pytest.raises(RunError) as caught:
        executor(strange, store).run(Graph.of(*doing))
    assert list(caught.value.failures) == ["1"]
    assert isinstance(caught.value.failures["1"], Broken)
    assert executor(strange, store).run(Graph.of(doing[0], doing[2], doing[3])).ran == ()


def test_ctrl_c_ends_a_worker_that_hangs(
    strange: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wavagent.run.executor.PATIENCE", 0.05)
    sign = tmp_path / "sign"
    pressed: list[float] = []

    def press() -> None:
        wait_for(sign)
        pressed.append(time.monotonic())
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

    finger = threading.Thread(target=press)
    finger.start()
    with pytest.raises(Cancelled):
        executor(strange, store).run(Graph.of(Call("h", "strange", {"do": "hang", "text": str(sign)})))
    finger.join()
    assert time.monotonic() - pressed[0] < 10 < 60, "two seconds on a machine that is not busy"
    gc.collect()


# The protocol, without a process


@given(
    st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text()),
    st.lists(st.lists(st.floats(-1, 1, width=32), max_size=9), max_size=3),
)
def test_a_message_is_received_as_it_was_sent(message: dict[str, Any], clips: list[list[float]]) -> None:
    message.pop("clips", None)
    stream = io.BytesIO()
    send(stream, encode(message, [Audio.of(np.array(clip, np.float32), 8_000) for clip in clips]))
    send(stream, encode({"next": 1}))
    stream.seek(0)
    received, sounds = receive(stream) or (None, [])
    assert received == message
    assert [sound.samples[:, 0].tolist() for sound in sounds] == clips
    assert receive(stream) == ({"next": 1}, [])
    assert receive(stream) is None


@pytest.mark.parametrize("cut", range(1, 40, 6))
def test_a_message_that_stops_in_the_middle_is_the_end_of_the_stream(cut: int) -> None:
    whole = b"".join(encode({}, [Audio.of([0.5, 0.5], 8_000)]))
    assert receive(io.BytesIO(whole[:-cut])) is None


@pytest.mark.parametrize(
    "line",
    [
        b"\n",
        b"loading ...\n",
        b"{}\n",
        b"[]\n",
        b"3\n",
        b"null\n",
        b"\xff\xfe\n",
        b'{"clips": 1}\n',
        b'{"clips": [1]}\n',
        b'{"clips": [{}]}\n',
        b'{"clips": [{"rate": 1, "frames": 1}]}\n',
    ],
)
def test_garbage_is_no_message(line: bytes) -> None:
    with pytest.raises(ValueError, match="not a message"):
        receive(io.BytesIO(line))


def test_what_json_cannot_hold_is_refused_before_a_byte_is_sent() -> None:
    with pytest.raises(TypeError):
        encode({"data": object()})


def test_serving_ends_with_the_requests(expert: Callable[..., Any]) -> None:
    requests, answers = io.BytesIO(), io.BytesIO()
    for text in ("a", "b"):
        send(requests, encode({"requests": [{"params": {"text": text}, "seed": None, "inputs": []}]}))
    requests.seek(0)
    serve(tool := expert(), requests, answers)
    assert tool.asked == ["a", "b"]
    answers.seek(0)
    assert [len(clips) for _, clips in iter(lambda: receive(answers) or (None, []), (None, []))] == [1, 1]


def test_parameters_the_tool_does_not_take_are_an_answer_not_the_end(expert: Callable[..., Any]) -> None:
    requests, answers = io.BytesIO(b"".join(encode({"requests": [{"params": {"odd": 1}}]}))), io.BytesIO()
    serve(expert(), requests, answers)
    answers.seek(0)
    message, _ = receive(answers) or ({}, [])
    assert message["error"] == "Broken" and "odd" in message["message"]
