"""Workers under the executor: a real process that hangs, or dies, and what becomes of the others."""

import importlib
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wavagent.errors import Died, RunError, TimedOut
from wavagent.graph import Call, Graph
from wavagent.run.executor import Executor
from wavagent.run.patience import Patience
from wavagent.store import Store
from wavagent.tool import Toolbox

MODULE = "hanging_tool"

SOURCE = """
import os, time
from wavagent.audio import Audio
from wavagent.tool import Card, Licence, Params, Result, Tool

class HangingParams(Params):
    text: str

class Hanging(Tool):
    card = Card(name="hanging", version="1", task="enhance", summary="a fake", rate=8000, batch=1, isolated=True,
                code_licence=Licence(name="Apache-2.0", commercial=True))
    params = HangingParams

    def __call__(self, requests):
        for request in requests:
            if request.params.text == "hang":
                time.sleep(600)
            if request.params.text == "die":
                os._exit(7)
        return [Result(Audio.silence(0.01, 8000)) for _ in requests]
"""


@pytest.fixture
def toolbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Toolbox]:
    (tmp_path / f"{MODULE}.py").write_text(textwrap.dedent(SOURCE), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    module: Any = importlib.import_module(MODULE)
    yield Toolbox.of(module.Hanging())
    del sys.modules[MODULE]


@pytest.mark.parametrize(("bad", "kind"), [("hang", TimedOut), ("die", Died)])
def test_the_culprit_is_named_its_process_is_ended_and_the_others_are_made(
    toolbox: Toolbox, store: Store, bad: str, kind: type[Exception]
) -> None:
    graph = Graph.of(*(Call(text, "hanging", {"text": text}, element=f"line {text}") for text in ("a", bad, "b")))
    patience = Patience(first=0.01, least=4.0, times=0.0)
    with Executor(toolbox, store, depths={"cpu": 1}, patience=patience) as executor:
        with pytest.raises(RunError, match=f"'line {bad}' could not be made: ") as caught:
            executor.run(graph)
        assert {id: type(error) for id, error in caught.value.failures.items()} == {bad: kind}
        assert set(executor.run(Graph.of(graph["a"], graph["b"])).cached) == {"a", "b"}
