"""The steps of a chain: read back as written, refused where they make no sense, and the calls that each becomes."""

from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from wavagent.compiler import compile_script
from wavagent.dsp.space import SPACES
from wavagent.graph import Ref
from wavagent.script import Recording, Scene, Script
from wavagent.script.file import dumps, loads
from wavagent.script.readable import readable
from wavagent.script.step import Link
from wavagent.tool import Toolbox, installed

STEPS: list[dict[str, Any]] = [
    {"do": "tool", "tool": "louder", "params": {"db": -3.0}},
    {"do": "trim", "start": 1.0, "end": 2.0},
    {"do": "gain", "db": -3.0},
    {"do": "fade", "rise": 0.5, "fall": 2.0},
    {"do": "speed", "times": 1.5},
    {"do": "band", "low": 80.0, "high": 8_000.0},
    {"do": "room", "space": "cave", "distance": "far"},
    {"do": "enhance"},
    {"do": "upsample"},
    {"do": "separate", "keep": "speech"},
    {"do": "separate_speakers", "keep": 2},
    {"do": "extract", "what": "a dog", "keep": "rest"},
    {"do": "mend", "start": 1.0, "end": 1.5},
    {"do": "replace", "start": 1.0, "end": 1.5, "what": "a bell"},
    {"do": "binaural", "azimuth": -90.0},
    {"do": "convert_voice", "voice": "anna"},
    {"do": "dub", "language": "pt-BR", "behind": True},
]
LINK: TypeAdapter[Link] = TypeAdapter(Link)


def recording(*steps: dict[str, Any]) -> Recording:
    return Recording(id="r", file="a.wav", sha256="0" * 64, chain=tuple(map(LINK.validate_python, steps)))


def script(*steps: dict[str, Any]) -> Script:
    return Script(scenes=(Scene(id="s", elements=(recording(*steps),)),))


def test_every_step_is_tried_here() -> None:
    union = get_args(get_args(Link)[0])
    assert len(STEPS) == len(union)
    assert {type(step) for step in recording(*STEPS).chain} == {get_args(each)[0] for each in union}


def test_a_script_with_every_step_is_read_as_it_was_written() -> None:
    assert loads(dumps(script(*STEPS))) == script(*STEPS)


def test_a_step_that_only_names_a_tool_need_not_say_that_it_does() -> None:
    (step,) = recording({"tool": "louder", "params": {"db": 1.0}}).chain
    assert step == LINK.validate_python({"do": "tool", "tool": "louder", "params": {"db": 1.0}})


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"do": "sing"}, "sing"),
        ({}, "tool"),
        ({"do": "trim", "start": 2.0, "end": 1.0}, "`end` is after its `start`"),
        ({"do": "mend", "start": 2.0, "end": 2.0}, "`end` is after its `start`"),
        ({"do": "band", "low": 900.0, "high": 300.0}, "`high` lies above its `low`"),
        ({"do": "room", "space": "moon"}, "no space is called 'moon'; there are: dry, "),
        ({"do": "room", "distance": "lost"}, "no distance is called 'lost'"),
        ({"do": "speed", "times": 0.0}, "greater than or equal to 0.25"),
        ({"do": "gain", "db": float("nan")}, "less than or equal"),
        ({"do": "dub", "language": "../fr"}, "pattern"),
        ({"do": "separate", "keep": "drums"}, "speech"),
        ({"do": "separate_speakers", "keep": 0}, "greater than or equal to 1"),
        ({"do": "extract", "what": ""}, "at least 1"),
        ({"do": "enhance", "file": "/etc/passwd"}, "Extra inputs"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(wrong: dict[str, Any], fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        recording(wrong)


def test_what_people_read_names_every_step() -> None:
    text = readable(script(*STEPS))
    for word in ("louder", "trim 1 2", "room cave far", "separate speech", "extract a dog rest", "dub pt-BR"):
        assert word in text


def calls(*steps: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    graph = compile_script(script(*steps), _box()).graph
    return {call.id: (call.tool, dict(call.params)) for call in graph if call.id != "r.0"}


def _box() -> Toolbox:
    tools = installed()
    return Toolbox.of(*(tools[name] for name in ("recording", "edit", "enhance", "inpaint", "binaural", "foley")))


def test_each_step_works_on_what_the_one_before_made() -> None:
    assert calls({"do": "enhance"}, {"do": "gain", "db": 2.0}) == {
        "r.1": ("enhance", {"audio": Ref("r.0")}),
        "r.2": ("edit", {"step": {"do": "gain", "db": 2.0}, "audio": Ref("r.1")}),
    }


def test_an_event_is_replaced_by_filling_its_place_and_laying_the_other_over_it() -> None:
    made = calls({"do": "replace", "start": 1.0, "end": 2.5, "what": "a bell"})
    assert made["r.1.mended"] == ("inpaint", {"start": 1.0, "end": 2.5, "audio": Ref("r.0")})
    assert made["r.1.made"] == ("foley", {"what": "a bell", "seconds": 1.5})
    laid = {"do": "overlay", "at": 1.0, "longest": 1.5}
    assert made["r.1"] == ("edit", {"step": laid, "audio": Ref("r.1.mended"), "other": Ref("r.1.made")})


def test_every_space_can_be_named() -> None:
    for space in SPACES:
        assert recording({"do": "room", "space": space})


def test_a_step_keeps_its_seed_when_another_comes_after_it() -> None:
    mend: dict[str, Any] = {"do": "mend", "start": 1.0, "end": 2.0}
    alone = compile_script(script(mend), _box()).graph["r.1"].seed
    assert alone is not None
    assert compile_script(script(mend, {"do": "enhance"}), _box()).graph["r.1"].seed == alone
