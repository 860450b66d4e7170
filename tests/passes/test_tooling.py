from collections.abc import Callable
from typing import Any

import pytest

from wavagent.passes import Draft, Finding
from wavagent.passes.tooling import tooling
from wavagent.script import Ambience, Music, Scene, Script, Sound
from wavagent.tool import Licence, Tool, Toolbox

Like = Callable[..., Any]
FENCED = Licence(name="CC-BY-NC-4.0", commercial=False)


def chosen(toolbox: Toolbox, element: Any, **how: Any) -> tuple[str | None, tuple[Finding, ...]]:
    draft = tooling(Draft(Script(scenes=(Scene(id="s", elements=(element,)),)), toolbox, **how))
    (done,) = draft.script.elements
    assert isinstance(done, Sound | Music | Ambience)
    return done.tool, draft.findings


@pytest.mark.parametrize(
    ("element", "tool"),
    [
        (Music(id="x", what="calm"), "hum"),
        (Ambience(id="x", what="rain"), "noise"),
        (Sound(id="x", what="a gust of wind"), "noise"),
        (Sound(id="x", what="a knock"), "click"),  # the first tool refuses, the second makes it
        (Sound(id="x", what="rain, then a knock", tool="click"), "click"),
        (Music(id="x", what="calm", tool="drone"), "drone"),
    ],
)
def test_the_first_tool_that_will_do_it_is_chosen(toolbox: Toolbox, element: Any, tool: str) -> None:
    assert chosen(toolbox, element) == (tool, ())


def test_what_no_tool_makes_is_left_out_and_said_so(toolbox: Toolbox) -> None:
    tool, (finding,) = chosen(toolbox, Sound(id="x", what="a unicorn\nsneezes"))
    assert tool is None
    assert finding.element == "x"
    assert finding.degraded
    assert finding.message.startswith("sound 'a unicorn sneezes' is left out: noise knows no 'a unicorn sneezes'")


def test_a_wanted_tool_that_refuses_is_not_replaced_behind_ones_back(toolbox: Toolbox) -> None:
    tool, (finding,) = chosen(toolbox, Sound(id="x", what="rain", tool="click"))
    assert tool is None
    assert "click knows no 'rain'" in finding.message


def test_without_any_tool_for_it_a_bed_is_left_out(voice: Tool) -> None:
    tool, (finding,) = chosen(Toolbox.of(voice), Music(id="x", what="calm"))
    assert (tool, finding.message) == (None, "music 'calm' is left out: no tool makes music")


def test_a_description_without_a_character_in_it_is_left_out(toolbox: Toolbox) -> None:
    tool, (finding,) = chosen(toolbox, Sound(id="x", what="\0\n"))
    assert tool is None
    assert "does not take what" in finding.message


def test_a_length_that_a_tool_does_not_take_is_found_before_anything_runs(toolbox: Toolbox) -> None:
    tool, (finding,) = chosen(toolbox, Sound(id="x", what="rain", seconds=0.0))
    assert tool is None
    assert "does not take seconds" in finding.message


def test_a_tool_without_its_library_is_passed_over(noise: Tool, like: Like) -> None:
    bare = like(noise, name="bare", requires=("no_such_library_here",), install="pip install it")
    assert chosen(Toolbox.of(bare, noise), Sound(id="x", what="rain")) == ("noise", ())
    _, (finding,) = chosen(Toolbox.of(bare), Sound(id="x", what="rain"))
    assert finding.message.endswith("tool 'bare' needs no_such_library_here: pip install it")


@pytest.mark.parametrize("licence", ["code_licence", "weights_licence"])
def test_commercial_work_uses_no_tool_that_may_not_be_sold(noise: Tool, like: Like, licence: str) -> None:
    fenced = like(noise, name="fenced", **{licence: FENCED})
    rain = Sound(id="x", what="rain")
    assert chosen(Toolbox.of(fenced, noise), rain) == ("fenced", ())
    assert chosen(Toolbox.of(fenced, noise), rain, commercial=True) == ("noise", ())
    _, (finding,) = chosen(Toolbox.of(fenced), rain, commercial=True)
    what = licence.removesuffix("_licence")
    assert finding.message.endswith(
        f"'fenced' may not be used commercially: the licence of its {what}, CC-BY-NC-4.0, forbids it"
    )


def test_choosing_asks_no_tool_to_make_anything(toolbox: Toolbox, noise: Any, click: Any) -> None:
    chosen(toolbox, Sound(id="x", what="a knock"))
    assert noise.asked == click.asked == []


def test_a_sound_is_left_out_for_what_a_ready_tool_says_of_it(like: Like, noise: Tool) -> None:
    lacking = like(noise, name="a-model", requires=("no_such_module",), install="pip install it")
    _, (finding,) = chosen(Toolbox.of(lacking, noise), Sound(id="x", what="a unicorn"))
    assert finding.message == "sound 'a unicorn' is left out: noise knows no 'a unicorn'; it knows rain, wind, sea"
