"""A tool for every step of a chain that needs one; what no tool does is an error that says what to install."""

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest

from wavagent.compiler import compile_script
from wavagent.errors import ScriptError, UnknownTool
from wavagent.graph import Ref
from wavagent.passes import Draft
from wavagent.passes.chaining import chaining
from wavagent.script import Recording, Scene, Script
from wavagent.tool import Card, Licence, Params, Request, Result, SeparateParams, Task, Tool, Toolbox, installed

FREE, FENCED = Licence(name="MIT", commercial=True), Licence(name="CC-BY-NC-4.0", commercial=False)


class DubParams(Params):
    language: str


def tool(name: str, task: Task, params: type[Params], lack: str | None = None, licence: Licence = FREE) -> Tool:
    class Fake(Tool):
        def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
            raise AssertionError("nothing runs while a script is compiled")

        def lack(self) -> str | None:
            return lack

    Fake.card = Card(name=name, version="1", task=task, summary="", rate=0, code_licence=licence, seeded=False)
    Fake.params = params
    return Fake()


def script(*chain: dict[str, Any], **more: Any) -> Script:
    return Script(
        scenes=(Scene(id="s", elements=(Recording(id="r", file="a.wav", sha256="0" * 64, chain=chain, **more),)),)
    )


class Parts:
    MISSING: ClassVar[Tool] = tool("model", "separate", SeparateParams, "needs demucs: pip install demucs")
    READY: ClassVar[Tool] = tool("plain", "separate", SeparateParams)
    DUBS: ClassVar[Tool] = tool("speaks", "translate", DubParams)


SEPARATE: dict[str, Any] = {"do": "separate", "keep": "speech"}


def test_the_first_tool_that_is_ready_is_chosen_and_it_is_told_why() -> None:
    draft = chaining(Draft(script(SEPARATE), Toolbox.of(Parts.MISSING, Parts.READY)))
    (recording,) = draft.script.elements
    assert isinstance(recording, Recording) and recording.chain[0].tool == "plain"
    (choice,) = draft.choices
    assert (choice.subject, choice.tool) == ("r.1", "plain")
    assert choice.passed_over == (("model", "needs demucs: pip install demucs"),)


def test_what_no_tool_does_is_said_with_what_to_install() -> None:
    with pytest.raises(ScriptError) as caught:
        chaining(Draft(script({"tool": "plain"}, SEPARATE), Toolbox.of(Parts.MISSING)))
    assert str(caught.value) == (
        "recording 'r', step 2 (separate): no tool here parts speech from music: tool 'model' needs demucs: pip "
        "install demucs"
    )


def test_all_that_a_chain_lacks_is_said_at_once() -> None:
    with pytest.raises(ScriptError) as caught:
        chaining(Draft(script(SEPARATE, {"do": "upsample"}), Toolbox.of(Parts.MISSING)))
    assert str(caught.value).endswith(
        "tool 'model' needs demucs: pip install demucs; recording 'r', step 2 (upsample): no tool here gives a "
        "recording its treble back: none is installed"
    )


def test_of_a_task_that_nothing_does_it_says_so() -> None:
    with pytest.raises(ScriptError, match=r"step 1 \(upsample\): .*: none is installed"):
        chaining(Draft(script({"do": "upsample"}), Toolbox.of()))


def test_a_named_tool_is_not_replaced_behind_ones_back() -> None:
    with pytest.raises(ScriptError, match="tool 'model' needs demucs"):
        chaining(Draft(script({**SEPARATE, "tool": "model"}), Toolbox.of(Parts.MISSING, Parts.READY)))
    box = Toolbox.of(installed()["recording"], Parts.READY)
    with pytest.raises(UnknownTool, match="'r': no tool is called 'gone'"):
        compile_script(script({**SEPARATE, "tool": "gone"}), box)


def test_for_sale_only_what_may_be_sold_is_chosen() -> None:
    fenced = tool("fenced", "separate", SeparateParams, licence=FENCED)
    with pytest.raises(ScriptError, match="tool 'fenced' may not be used commercially"):
        chaining(Draft(script(SEPARATE), Toolbox.of(fenced), commercial=True))


def test_a_named_tool_that_may_not_be_sold_is_refused() -> None:
    box = Toolbox.of(installed()["recording"], tool("fenced", "separate", SeparateParams, licence=FENCED))
    with pytest.raises(ScriptError, match="may not be used commercially"):
        compile_script(script({**SEPARATE, "tool": "fenced"}, licence="own"), box, commercial=True)


def test_a_dub_over_the_background_parts_the_two_first() -> None:
    box = Toolbox.of(*(installed()[name] for name in ("recording", "edit")), Parts.READY, Parts.DUBS)
    graph = compile_script(script({"do": "dub", "language": "fr", "behind": True}), box).graph
    told = {call.id: (call.tool, dict(call.params)) for call in graph}
    assert told["r.1.voice"] == ("plain", {"keep": "speech", "audio": Ref("r.0")})
    assert told["r.1.rest"] == ("plain", {"keep": "music", "audio": Ref("r.0")})
    assert told["r.1.said"] == ("speaks", {"language": "fr", "audio": Ref("r.1.voice")})
    fit: dict[str, Any] = {"step": {"do": "fit"}, "audio": Ref("r.1.said"), "like": Ref("r.1.voice")}
    assert told["r.1.timed"] == ("edit", fit)
    over: dict[str, Any] = {"step": {"do": "overlay"}, "audio": Ref("r.1.rest"), "other": Ref("r.1.timed")}
    assert told["r.1"] == ("edit", over)


def test_a_dub_alone_needs_no_separator() -> None:
    box = Toolbox.of(*(installed()[name] for name in ("recording", "edit")), Parts.DUBS)
    graph = compile_script(script({"do": "dub", "language": "fr"}), box).graph
    assert [call.id for call in graph] == ["r.0", "r.1.said", "r.1"]


def test_what_a_tool_refuses_is_known_before_anything_runs() -> None:
    with pytest.raises(ScriptError, match="it fills at most 30 s"):
        chaining(Draft(script({"do": "mend", "start": 1.0, "end": 40.0}), Toolbox.of(installed()["inpaint"])))
