"""The crew of a cluster, on a real one: a head and two nodes, of which one dies on the way.

All of it is on this machine, so that every node sees the store; the code is sent to them nevertheless.
"""

import importlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from wavagent.errors import Broken, Cancelled, Died, InputError, RunError
from wavagent.graph import Call, Graph, Ref
from wavagent.run.attempt import Halt
from wavagent.run.cluster import Cluster
from wavagent.run.cluster.connection import connect, leave
from wavagent.run.executor import Executor
from wavagent.store import Store
from wavagent.tool import Toolbox

pytest.importorskip("ray", reason="ray is not installed: pip install 'wavagent[ray]'")
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # Ray leaves files and sockets to the collector
]

MODULE = "cluster_tools"

SOURCE = """
import os, time
from pathlib import Path
import numpy as np
from wavagent.audio import Audio
from wavagent.tool import Card, Licence, Params, Result, Tool

def card(name, **more):
    free = Licence(name="Apache-2.0", commercial=True)
    return Card(name=name, version="1", task="enhance", summary="a fake", rate=8000, code_licence=free, **more)

class FakeParams(Params):
    text: str
    folder: str = ""

class Fake(Tool):
    params = FakeParams
    card = card("fake")

    def __call__(self, requests):
        return [self.make(request) for request in requests]

    def make(self, request):
        text, folder = request.params.text, request.params.folder
        if folder:
            (Path(folder) / f"{text}.{os.getpid()}.begun").touch()
            while text.startswith("wait") and not (Path(folder) / "go").exists():
                time.sleep(0.02)
            (Path(folder) / f"{text}.{os.getpid()}.ended").touch()
        if text == "die":
            os._exit(7)
        if text == "raise":
            raise RuntimeError("no luck")
        heard = sum(float(clip.samples.sum()) for clip in request.inputs.values())
        level = (len(text) + heard) % 1.0 * 0.5 + 0.1
        who = {"pid": os.getpid(), "parent": os.getppid()}
        return Result(Audio(np.full((80, 1), level, np.float32), 8000), data=who)

class Apart(Fake):
    card = card("apart", isolated=True)

class Large(Fake):
    card = card("large", memory_mb=1000)

class Larger(Fake):
    card = card("larger", memory_mb=1000)
"""

NODE = {"num_cpus": 1, "memory": 2 << 30, "object_store_memory": 80 << 20}

SOON = {  # a dead node is missed in a second, not in a quarter of a minute
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 300,
    "health_check_timeout_ms": 1_000,
    "health_check_failure_threshold": 3,
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str, Any]]:
    """The cluster, its engine, and the tools that its nodes know."""
    folder = tmp_path_factory.mktemp("tools")
    (folder / f"{MODULE}.py").write_text(SOURCE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        patch.setenv("RAY_AUTH_MODE", "disabled")  # else it writes into the user's home
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.syspath_prepend(str(folder))
        tools = importlib.import_module(MODULE)
        cluster: Any = importlib.import_module("ray.cluster_utils").Cluster(
            initialize_head=True, head_node_args={"include_dashboard": False, "_system_config": SOON, **NODE}
        )
        cluster.add_node(**NODE)
        engine = f"ray://127.0.0.1:{cluster.address.rpartition(':')[2]}"
        connect(engine)  # for all tests: it takes some seconds
        yield cluster, engine, tools
        leave()
        cluster.shutdown()
        del sys.modules[MODULE]


@pytest.fixture(scope="module")
def toolbox(shared: Any) -> Toolbox:
    tools = shared[2]
    installed = [importlib.import_module(f"wavagent.tools.{name}").TOOL for name in ("espeak", "foley")]
    return Toolbox.of(tools.Fake(), tools.Apart(), tools.Large(), tools.Larger(), *installed)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(str(tmp_path_factory.mktemp("store")))


@pytest.fixture(scope="module")
def told() -> SimpleQueue[str]:
    """What was said of the nodes."""
    return SimpleQueue()


@pytest.fixture(scope="module")
def executor(shared: Any, toolbox: Toolbox, store: Store, told: SimpleQueue[str]) -> Iterator[Executor]:
    crew = Cluster(shared[1], store, listen=lambda event: told.put(event.message))
    with Executor(toolbox, store, crew=crew) as executor:
        yield executor
    assert {file.kind for file in store.shelf.files()} <= {"clips", "calls", "tmp"}, "the token is gone with the crew"


def fakes(tool: str, *texts: str, folder: Path | str = "") -> list[Call]:
    return [Call(text, tool, {"text": text, "folder": str(folder)}, element=f"line {text}") for text in texts]


def done(folder: Path, what: str) -> list[str]:
    """The texts of the calls that have `begun` or `ended`, each as often as that happened."""
    return sorted(path.name.partition(".")[0] for path in folder.glob(f"*.{what}"))


def until(condition: Any, running: "Future[Any]") -> None:
    while not condition():
        try:
            running.result(timeout=0.02)
        except TimeoutError:
            continue
        raise AssertionError("the run ended before that")


def test_a_cluster_makes_the_very_bytes_that_this_machine_makes(
    executor: Executor, toolbox: Toolbox, tmp_path: Path
) -> None:
    graph = Graph.of(
        Call("line", "espeak", {"text": "Who is there?", "voice": "en-us+m3"}, seed=3),
        Call("rain", "foley", {"what": "rain", "seconds": 2.0}, seed=3),
        *fakes("fake", "a", "bb"),
        Call("both", "fake", {"text": "both", "a": Ref("a"), "b": Ref("bb")}),
    )
    here = Store(str(tmp_path / "here"))
    with Executor(toolbox, here) as local:
        expected = local.run(graph).entries
    made = executor.run(graph).entries
    assert {id: entry.digest for id, entry in made.items()} == {id: entry.digest for id, entry in expected.items()}
    assert made["line"].words == expected["line"].words
    assert all(made[id].data["pid"] != os.getpid() for id in ("a", "bb", "both"))


def test_an_isolated_tool_has_its_own_process_and_only_the_culprit_of_its_death_fails(executor: Executor) -> None:
    with pytest.raises(RunError) as caught:
        executor.run(Graph.of(*fakes("apart", "a", "die", "b"), *fakes("fake", "raise")))
    failures = caught.value.failures
    assert set(failures) == {"die", "raise"}
    assert type(failures["die"]) is Died and "exit 7" in str(failures["die"])
    assert type(failures["raise"]) is Broken and "no luck" in str(failures["raise"])
    made = executor.run(Graph.of(*fakes("apart", "a", "b"))).entries
    assert all(entry.data["parent"] not in (os.getpid(), entry.data["pid"]) for entry in made.values())


def test_an_actor_that_dies_is_replaced(executor: Executor) -> None:
    with pytest.raises(RunError) as caught:
        executor.run(Graph.of(*fakes("fake", "a", "die", "b")))
    assert list(caught.value.failures) == ["die"] and type(caught.value.failures["die"]) is Died
    assert len(executor.run(Graph.of(*fakes("fake", "a", "b", "c"))).cached) == 2


def test_a_model_for_which_there_is_no_room_waits_until_an_idle_one_goes(executor: Executor) -> None:
    graph = Graph.of(*fakes("large", "a", "b"), *fakes("larger", "aa", "bb"), *fakes("apart", "c"))
    assert len(executor.run(graph).ran) == 5


def test_a_run_that_is_stopped_is_stopped_in_the_middle_of_a_call(executor: Executor, tmp_path: Path) -> None:
    halt = Halt()
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(executor.run, Graph.of(*fakes("fake", "wait", folder=tmp_path)), halt=halt)
        until(lambda: done(tmp_path, "begun"), running)
        halt()
        with pytest.raises(Cancelled):
            running.result(timeout=10)
    assert len(executor.run(Graph.of(*fakes("fake", "next"))).ran) == 1, "and others are done after it"
    assert done(tmp_path, "ended") == []


def test_a_store_that_the_nodes_do_not_see_is_refused(shared: Any) -> None:
    with pytest.raises(InputError, match="does not see the store"):
        Cluster(shared[1], Store("memory://of-this-process"))


def test_another_cluster_in_one_process_is_refused(shared: Any) -> None:
    with pytest.raises(InputError, match="cannot also use"):
        connect("ray")


def test_a_node_that_comes_helps_and_what_it_is_at_when_it_dies_is_done_again_elsewhere_and_nothing_else_is(
    shared: Any, executor: Executor, toolbox: Toolbox, store: Store, told: SimpleQueue[str], tmp_path: Path
) -> None:
    first = [f"x{'y' * n}" for n in range(6)]
    waiting = fakes("fake", *(f"wait{n}" for n in range(6)), folder=tmp_path)
    after = [replace(call, params={**call.params, "x": Ref(first[-1])}) for call in waiting]
    graph = Graph.of(*fakes("fake", *first, folder=tmp_path), *after)
    node = shared[0].add_node(**NODE)
    assert "has come" in told.get(timeout=60)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(executor.run, graph)
        until(lambda: len(done(tmp_path, "begun")) == len(first) + 3, running)  # every node is at something
        shared[0].remove_node(node, allow_graceful=False)
        assert "is gone" in told.get(timeout=60)
        (tmp_path / "go").touch()
        made = running.result(timeout=60)
    assert len(made.ran) == 12 and not made.failures
    begun, ended = Counter(done(tmp_path, "begun")), Counter(done(tmp_path, "ended"))
    assert [begun[text] for text in first] == [ended[text] for text in first] == [1] * 6
    assert sum(begun.values()) <= 12 + 1, "only the call that the node was at began twice"
    with Executor(toolbox, store) as later:
        assert len(later.run(graph).cached) == 12, "the same command, later, makes nothing again"
