"""The whole of an evaluation: with experts that say what the test knows, with none, and with tiny real ones."""

import importlib
import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import soundfile

from wavagent.audio import Audio
from wavagent.errors import InputError, Refused
from wavagent.evaluate import Pair, divergence, evaluate, frechet, inception
from wavagent.run.executor import Executor
from wavagent.store import Store
from wavagent.tool import (
    Card,
    Licence,
    Params,
    Request,
    Result,
    ScoreParams,
    Task,
    Tool,
    Toolbox,
    TranscribeParams,
)

FREE = Licence(name="Apache-2.0", commercial=True)
stores = itertools.count()

Say = Callable[[Request], dict[str, Any]]


def expert(name: str, task: Task, takes: type[Params], say: Say, lack: str = "") -> Tool:
    """A tool that tells what `say` says."""

    class Expert(Tool):
        card: ClassVar[Card] = Card(
            name=name, version="1", task=task, summary="says", rate=0, seeded=False, code_licence=FREE
        )
        params: ClassVar[type[Params]] = takes

        def __call__(self, requests: Any) -> Any:
            return [Result(data=say(request)) for request in requests]

        def lack(self) -> str | None:
            return lack or None

    return Expert()


class Classes(Params):
    classes: bool = False
    top: int = 10


def level(request: Request) -> float:
    return float(np.abs(request.inputs["audio"].samples).max())


def shares(audio: Audio) -> list[float]:
    loud = float(np.abs(audio.samples).max())
    return [loud, 1 - loud]


def place(request: Request) -> list[float]:
    return [level(request), request.inputs["audio"].seconds]


EXPERTS = (
    expert("clerk", "transcribe", TranscribeParams, lambda asked: {"text": "it was a park night"}),
    expert("xvector", "embed", Params, lambda asked: {"embedding": [1.0, level(asked)]}),
    expert("clap", "score", ScoreParams, lambda asked: {"score": len(asked.params.what) / 100}),
    expert("clap_embed", "embed", Params, lambda asked: {"embedding": place(asked)}),
    expert("ast_tags", "detect", Classes, lambda asked: {"classes": shares(asked.inputs["audio"])}),
)


def box(*tools: Tool) -> Toolbox:
    return Toolbox.of(importlib.import_module("wavagent.tools.recording").TOOL, *tools)


@pytest.fixture
def held() -> Iterator[Callable[..., Any]]:
    """`held(pairs, box)`: evaluated, on a store of the test's own."""
    open_executors: list[Executor] = []
    store = Store(f"memory://evaluate-{next(stores)}")

    def run(pairs: list[Pair], tools: Toolbox) -> Any:
        executor = Executor(tools, store)
        open_executors.append(executor)
        return evaluate(pairs, tools, executor)

    yield run
    for executor in open_executors:
        executor.close()


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """`clip(name, level, seconds)`: a tone of that level, with 0.1 s of silence before it."""

    def make(name: str, level: float, seconds: float = 1.0) -> Path:
        tone = level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * 48_000)) / 48_000)
        soundfile.write(tmp_path / name, np.concatenate([np.zeros(4_800), tone]), 48_000, "FLOAT")
        return tmp_path / name

    return make


@pytest.fixture
def asked(clip: Any) -> list[Pair]:
    text = "It was a dark night."
    voice, real = clip("v.wav", 0.3), (clip("r1.wav", 0.25), clip("r2.wav", 0.7))
    return [
        Pair("one", clip("1.wav", 0.5), "rain", text, reference=real[0], voice=voice),
        Pair("two", clip("2.wav", 0.8, 2.0), "wind blows", text, reference=real[1], voice=voice),
    ]


def test_every_figure_is_the_one_of_what_the_experts_said(held: Any, asked: list[Pair]) -> None:
    made = held(asked, box(*EXPERTS))
    value = {name: score.value for name, score in made.scores.items()}
    assert made.failures == {}
    assert value["WER"] == pytest.approx(2 / 10), "one word of five is heard otherwise"
    assert value["CLAP"] == pytest.approx((4 + 10) / 200)
    loud, real = np.array([[0.5, 1.1], [0.8, 2.1]]), np.array([[0.25, 1.1], [0.7, 1.1]])
    assert value["FAD"] == pytest.approx(frechet(loud, real), rel=1e-2)
    made_shares, real_shares = [[0.5, 0.5], [0.8, 0.2]], [[0.25, 0.75], [0.7, 0.3]]
    assert value["KL"] == pytest.approx(divergence(real_shares, made_shares), rel=1e-2)
    assert value["IS"] == pytest.approx(inception(made_shares), rel=1e-2)
    cosines = [(1 + a * 0.3) / np.hypot(1, a) / np.hypot(1, 0.3) for a in (0.5, 0.8)]
    assert value["speaker similarity"] == pytest.approx(np.mean(cosines), rel=1e-3)
    assert value["length"] == pytest.approx((1.1 + 2.1) / 2)
    assert made.scores["FAD"].by == "clap_embed" and made.scores["WER"].clips == 2


def test_the_models_that_figures_are_published_on_come_first(held: Any, asked: list[Pair]) -> None:
    def seconds(request: Request) -> dict[str, Any]:
        return {"embeddings": [place(request), [2.0, 3.0]]}

    published = (
        expert("vggish", "embed", Params, seconds),
        expert("panns", "embed", Params, lambda asked: {"classes": shares(asked.inputs["audio"])}),
    )
    scores = held(asked, box(*EXPERTS, *published)).scores
    assert [scores[name].by for name in ("FAD", "KL", "IS")] == ["vggish", "panns", "panns"]
    loud = np.array([[0.5, 1.1], [2.0, 3.0], [0.8, 2.1], [2.0, 3.0]])
    real = np.array([[0.25, 1.1], [2.0, 3.0], [0.7, 1.1], [2.0, 3.0]])
    assert scores["FAD"].value == pytest.approx(frechet(loud, real), rel=1e-2)
    assert scores["FAD"].clips == 2, "however many places a clip has"
    lacking = expert("vggish", "embed", Params, seconds, "needs its weights")
    assert held(asked, box(*EXPERTS, lacking)).scores["FAD"].by == "clap_embed"


def test_each_clip_has_its_own_line(held: Any, asked: list[Pair]) -> None:
    one = held(asked, box(*EXPERTS)).clips["one"]
    assert (one.words, one.errors, one.transcript) == (5, 1, "it was a park night")
    assert one.head == pytest.approx(0.1, abs=0.02) and one.fit == pytest.approx(0.04)
    assert one.pace == pytest.approx(5 * 60 / 1.0, rel=0.05)
    assert json.loads(json.dumps(held(asked, box(*EXPERTS)).to_json()))["clips"]["one"]["errors"] == 1


def test_what_no_expert_is_ready_for_says_what_to_type(held: Any, asked: list[Pair]) -> None:
    lacking = expert("clap", "score", ScoreParams, lambda asked: {}, "needs its weights: wavagent tools fetch clap")
    scores = held(asked, box(lacking)).scores
    assert scores["CLAP"].lack == "not available: tool 'clap' needs its weights: wavagent tools fetch clap"
    assert scores["WER"].lack == "not available: no tool 'whisper' is installed"


def test_where_none_of_two_models_is_there_both_are_named(held: Any, asked: list[Pair]) -> None:
    def lacking(name: str, task: Task, lack: str) -> Tool:
        return expert(name, task, Params, lambda asked: {}, lack)

    hard, easy = lacking("panns", "detect", "needs its file"), lacking("ast_tags", "detect", "needs its weights")
    scores = held(asked, box(easy, hard, lacking("vggish", "embed", "needs its file"))).scores
    both = "not available: tool 'panns' needs its file; or, easier to get, tool 'ast_tags' needs its weights"
    assert (scores["KL"].lack, scores["IS"].lack) == (both, both)
    assert scores["FAD"].lack == "not available: tool 'vggish' needs its file"
    assert {name for name, score in scores.items() if score.value is not None} == {"loudness", "length", "pace"}


def test_what_was_not_given_says_which_column_is_wanted(held: Any, clip: Any) -> None:
    scores = held([Pair("a", clip("a.wav", 0.5))], box(*EXPERTS)).scores
    assert "column 'text'" in scores["WER"].lack and "--reference" in scores["FAD"].lack
    assert scores["IS"].value == pytest.approx(1.0)
    assert "pace" not in scores


def test_one_pair_is_too_few_for_a_distance_between_sets(held: Any, asked: list[Pair]) -> None:
    score = held(asked[:1], box(*EXPERTS)).scores["FAD"]
    assert (score.value, score.lack) == (None, "needs 2 clips that could be looked at")


def test_a_broken_file_and_a_failing_expert_are_named_and_the_rest_is_measured(
    held: Any, asked: list[Pair], tmp_path: Path
) -> None:
    def moody(request: Request) -> dict[str, Any]:
        if request.params.what == "rain":
            raise Refused("not today")
        return {"score": 0.5}

    (tmp_path / "bad.wav").write_bytes(b"no sound")
    pairs = [*asked, Pair("bad", tmp_path / "bad.wav", "hum")]
    made = held(pairs, box(*EXPERTS[:2], expert("clap", "score", ScoreParams, moody), *EXPERTS[3:]))
    assert set(made.clips) == {"one", "two"}
    assert made.scores["CLAP"].value == 0.5 and made.scores["CLAP"].clips == 1
    assert "not today" in made.failures["one fit audio"] and "bad" in made.failures


def test_when_nothing_can_be_read_it_says_so(held: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    with pytest.raises(InputError, match="none of 1 clips can be read"):
        held([Pair("bad", tmp_path / "bad.wav")], box())


def test_a_second_run_asks_nobody(held: Any, asked: list[Pair]) -> None:
    count = []
    clerk = expert("clerk", "transcribe", TranscribeParams, lambda request: count.append(0) or {"text": "night"})  # type: ignore[func-returns-value]
    held(asked, box(clerk))
    held(asked, box(clerk))
    assert len(count) == 2
