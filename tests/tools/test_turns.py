"""Models run side by side, and are loaded one by one."""

import importlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from wavagent.errors import Broken
from wavagent.tool import Request, accept

turns = importlib.import_module("wavagent.tools._expert.turns")


def together(*jobs: Callable[[], object]) -> list[object]:
    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(job) for job in jobs]]


def test_who_runs_does_so_beside_others() -> None:
    mine, met = turns.Turns(), threading.Barrier(3)

    def run() -> None:
        with mine.running():
            met.wait(10)

    together(run, run, run)


def test_while_one_loads_nobody_else_loads_or_runs() -> None:
    mine, inside, most = turns.Turns(), [], []

    def run() -> None:
        for _ in range(50):
            with mine.running():
                most.append("load" in inside)

    def load() -> None:
        for _ in range(50):
            with mine.loading():
                inside.append("load")
                most.append(len(inside) > 1)
                inside.remove("load")

    together(run, load, run, load)
    assert len(most) == 200 and not any(most)


def test_who_waits_to_load_goes_before_who_comes_to_run() -> None:
    mine, order, first = turns.Turns(), [], threading.Event()

    def load() -> None:
        with mine.loading():
            order.append("loaded")

    def run() -> None:
        with mine.running():
            order.append("ran")

    with mine.running():
        loader = threading.Thread(target=load)
        loader.start()
        while not mine._waiting:
            first.wait(0.001)
        late = threading.Thread(target=run)
        late.start()
    loader.join(10)
    late.join(10)
    assert order == ["loaded", "ran"]


def test_two_who_run_may_both_load_more() -> None:
    mine, met = turns.Turns(), threading.Barrier(2)

    def run() -> str:
        with mine.running():
            met.wait(10)
            with mine.loading_more():
                pass
        return "done"

    assert together(run, run) == ["done", "done"]


def test_what_fails_gives_its_turn_back() -> None:
    mine = turns.Turns()
    for turn in (mine.running, mine.loading):
        with pytest.raises(RuntimeError), turn():
            raise RuntimeError
    with pytest.raises(RuntimeError), mine.running(), mine.loading_more():
        raise RuntimeError
    with mine.loading():
        assert (mine._running, mine._waiting) == (0, 0)


@pytest.mark.usefixtures("models")
def test_an_expert_that_is_stopped_while_it_waits_loads_nothing(tiny: Any) -> None:
    kind: Any = importlib.import_module("wavagent.tools.musicgen").Musicgen
    loads: list[object] = []

    class Waiting(kind):  # type: ignore[misc]  # mypy cannot see that tools/ is wavagent.tools
        def load(self, place: Any) -> Any:
            loads.append(place)

    tool, soon = Waiting({"": tiny("musicgen")}), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with turns.TURNS.running():
            made = pool.submit(tool, [Request(accept(tool, {"what": "rain"}))])
            while not turns.TURNS._waiting:
                soon.wait(0.001)
            tool.stop()
        with pytest.raises(Broken, match="stopped"):
            made.result(timeout=30)
    assert not loads


@pytest.mark.usefixtures("models")
def test_experts_that_are_asked_at_once_make_what_each_makes_alone(tiny: Any) -> None:
    def fresh(name: str, **parts: str) -> Any:
        shipped = importlib.import_module(f"wavagent.tools.{name}").TOOL
        return type(shipped)({part: tiny(name) / folder for part, folder in {"": "", **parts}.items()})

    def made(tool: Any, **params: object) -> Any:
        return tool([Request(accept(tool, params), seed=3)])[0].audio.samples

    asked: list[tuple[str, dict[str, str], dict[str, object]]] = [
        ("pocket_tts", {"codec": "codec"}, {"text": "Who is there?", "voice": "alba"}),
        ("audioldm", {}, {"what": "rain", "seconds": 0.5, "steps": 2}),
        ("speecht5", {"vocoder": "vocoder", "voices": "voices"}, {"text": "Who is there?", "voice": "slt"}),
        ("musicgen", {}, {"what": "a calm piano", "seconds": 0.5}),
    ]
    alone = [made(fresh(name, **parts), **params) for name, parts, params in asked]
    for _ in range(2):
        jobs = [lambda one=one: made(fresh(one[0], **one[1]), **one[2]) for one in asked]
        for one, other in zip(together(*jobs), alone, strict=True):
            np.testing.assert_allclose(np.asarray(one), other, atol=1e-4)
