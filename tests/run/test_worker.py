"""A tool in a process of its own: everything crosses, nothing leaks, and a crash is only a broken batch."""

import gc
import importlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio, Word
from wavagent.errors import Broken, Cancelled, Died, OutOfMemory, Refused, RunError, TimedOut, ToolError, Transient
from wavagent.graph import Call, Graph, Ref
from wavagent.run.executor import Executor
from wavagent.run.log import LIMIT
from wavagent.run.worker import Worker
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
        if requests[0].params.do == "few":
            return []
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

    def wire(self, *parts):
        for descriptor in range(3, 10):
            try:
                if "pipe" in os.readlink(f"/proc/self/fd/{descriptor}"):
                    for part in parts:
                        os.write(descriptor, part)
            except OSError:
                pass

    def garble(self, request):
        self.wire(b"this is no message\\n")
        time.sleep(60)

    def unasked(self, request):
        self.wire(b'{"clips": [], "number": 99, "results": []}\\n')
        time.sleep(60)

    def twice(self, request):
        self.wire(b'{"clips": [], "number": 1, "error": "Refused", "message": "no"}\\n')
        return self.say(request)

    def invent(self, request):
        self.wire(b'{"clips": [], "number": 1, "error": "Mapping", "message": "no"}\\n')
        time.sleep(60)

    def endless(self, request):
        self.wire(*[b"x" * (1 << 16)] * 300)
        time.sleep(60)

    def boast(self, request):
        self.wire(b'{"clips": [{"frames": 1000000000000, "channels": 2, "rate": 8000}], "number": 1}\\n')
        time.sleep(60)

    def half(self, request):
        self.wire(b'{"clips": [{"frames": 9, "channels": 1, "rate": 8000}], "number": 1}\\n', b"1234")
        os._exit(0)

    def stall(self, request):
        self.wire(b'{"clips": [{"frames": 9, "channels": 1, "rate": 8000}], "number": 1}\\n', b"1234")
        time.sleep(60)

    def busy(self, request):
        raise Transient("later", retry_after=2.5)

    def lament(self, request):
        for number in range(100_000):
            print(f"warning {number}", file=sys.stderr)
        os._exit(7)

    def brood(self, request):
        child = subprocess.Popen(["sleep", "60"])
        sign = Path(request.params.text)
        sign.with_suffix(".new").write_text(f"{os.getpid()} {child.pid}")
        sign.with_suffix(".new").rename(sign)
        time.sleep(60)

    def connect(self, request):
        socket.create_connection(("127.0.0.1", 9))  # nobody listens there

    def linger(self, request):
        atexit.register(time.sleep, 60)
        return self.say(request)

    def nap(self, request):
        time.sleep(60)

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


def gone(pid: int) -> bool:
    """Ended, whether anybody has looked or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


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


def test_a_worker_does_not_hear_ctrl_c(worker: Worker) -> None:
    """It goes to the group of the processes in front; the executor lets the worker finish what it has."""
    assert os.getpgid(pid(worker)) == pid(worker) != os.getpgrp()


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
    ("do", "kind", "said"),
    [
        ("leave", Died, r"died \(exit 7\): OSError: model.bin is gone; its log is /.*\.log$"),
        ("vanish", Died, r"died \(exit -9, Killed\): it said nothing$"),
        ("segfault", Died, r"died \(exit -11, Segmentation fault\): it said nothing$"),
        ("half", Died, r"died \(exit 0\): it said nothing$"),
        (
            "garble",
            Broken,
            r"does not keep to the protocol: not a message: b'this is no message\\n' \(exit -9, Killed\)",
        ),
    ],
)
def test_a_crash_is_named_and_the_next_batch_has_a_fresh_worker(
    mortal: Worker, do: str, kind: type[Broken], said: str
) -> None:
    before = pid(mortal)
    with pytest.raises(Broken, match="^the worker of tool 'strange' " + said) as caught:
        ask(mortal, do)
    assert type(caught.value) is kind
    assert not alive(before)
    assert pid(mortal) != before


@pytest.mark.parametrize(
    ("do", "said"),
    [
        ("few", "0 results for 1 calls"),
        ("unasked", "an answer to batch 99 while batch 1 waits"),
        ("invent", "not an answer .* Mapping is no error of a tool"),
        ("endless", "a line that does not end: b'xxxx"),
        ("boast", "a message with 8000000000000 bytes of sound; at most"),
    ],
)
def test_a_worker_that_does_not_keep_to_the_protocol_is_ended_and_named(mortal: Worker, do: str, said: str) -> None:
    with pytest.raises(Broken, match=f"the worker of tool 'strange' does not keep to the protocol: {said}") as caught:
        ask(mortal, do)
    assert type(caught.value) is Broken
    assert ask(mortal, "say").audio.frames == 80


def test_an_answer_too_many_is_not_taken_for_the_next(mortal: Worker) -> None:
    with pytest.raises(Refused):
        ask(mortal, "twice")
    with pytest.raises(Broken, match="an answer to batch 1 while batch 2 waits"):
        ask(mortal, "say")
    assert ask(mortal, "say").audio.frames == 80


def test_what_a_transient_error_knows_crosses_too(worker: Worker) -> None:
    with pytest.raises(Transient, match="^later$") as caught:
        ask(worker, "busy")
    assert caught.value.retry_after == 2.5


@pytest.mark.parametrize("do", ["nap", "stall"])
def test_a_call_that_takes_too_long_ends_its_worker(mortal: Worker, do: str) -> None:
    """Whether it says nothing, or stops in the middle of its answer."""
    before = pid(mortal)
    params: Any = mortal.tool.params
    with pytest.raises(TimedOut, match=r"had not answered after 0\.3 s \(exit -9, Killed\)"):
        mortal([Request(params(do=do))], timeout=0.3)
    assert gone(before)
    assert mortal([Request(params(do="say"))], timeout=60.0)[0].data["pid"] != before


def test_the_whole_standard_error_is_kept_up_to_a_bound(strange: Any, tmp_path: Path) -> None:
    worker = Worker(strange.Strange(), logs=tmp_path)
    with pytest.raises(Died, match=r"\(exit 7\): warning 99999; its log is (.*)$"):
        ask(worker, "lament")
    with pytest.raises(Died, match="model.bin is gone"):
        ask(worker, "leave")
    worker.close()
    long, short = sorted(tmp_path.glob("*.log"), key=lambda path: -path.stat().st_size)
    assert LIMIT / 2 < long.stat().st_size <= LIMIT
    assert long.read_text().startswith("... what was said before is cut\n")
    assert long.read_text().endswith("\nwarning 99998\nwarning 99999\n")
    assert short.read_text() == "Traceback (most recent call last):\n  ...\nOSError: model.bin is gone\n\n"


def test_a_worker_that_says_nothing_leaves_no_log(strange: Any, tmp_path: Path) -> None:
    worker = Worker(strange.Strange(), logs=tmp_path / "logs")
    ask(worker, "say")
    worker.close()
    assert list(tmp_path.iterdir()) == []


def test_logs_that_cannot_be_written_stop_nobody(strange: Any) -> None:
    worker = Worker(strange.Strange(), logs=Path("/proc/no/such/place"))
    with pytest.raises(Died, match=r"\(exit 7\): OSError: model.bin is gone$"):
        ask(worker, "leave")
    worker.close()


@pytest.mark.parametrize("seconds", [0.01, 30.0])
def test_a_worker_that_died_between_two_batches_is_broken_once(mortal: Worker, seconds: float) -> None:
    """Whether the request still fits into the pipe or not."""
    before = pid(mortal)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    with pytest.raises(Died, match="died .*Killed"):
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
    monkeypatch.setattr("wavagent.run.process.GOODBYE", 0.01)
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


def test_an_unloaded_worker_is_gone_and_comes_back(mortal: Worker) -> None:
    mortal.unload()
    before = pid(mortal)
    mortal.unload()
    assert not alive(before)
    mortal.start()
    assert pid(mortal) != before


PARENT = """
import importlib, sys
from wavagent.run.worker import Worker
from wavagent.tool import Request

tool = importlib.import_module("wavagent_strange_tools").Strange()
Worker(tool)([Request(tool.params(do="brood", text=sys.argv[1]))])
"""


def test_no_worker_outlives_a_parent_that_is_killed_in_the_middle_of_a_call(strange: Any, tmp_path: Path) -> None:
    """Nor does what its tool started."""
    sign = tmp_path / "sign"
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(sign)])
    wait_for(sign)
    processes = [int(pid) for pid in sign.read_text().split()]
    assert not any(gone(pid) for pid in processes)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 20
    while not all(gone(pid) for pid in processes):
        assert time.monotonic() < deadline, "they are still there"
        time.sleep(0.02)


def test_what_a_tool_started_goes_with_its_worker(mortal: Worker, tmp_path: Path) -> None:
    sign = tmp_path / "sign"

    def work() -> None:
        with pytest.raises(Died):
            ask(mortal, "brood", text=str(sign))

    thread = threading.Thread(target=work)
    thread.start()
    wait_for(sign)
    mortal.close()
    thread.join(timeout=10)
    assert all(gone(int(pid)) for pid in sign.read_text().split())


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
    monkeypatch.setattr("wavagent.run.attempt.PATIENCE", 0.05)
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
