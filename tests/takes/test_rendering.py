"""Takes from the script to the mix: made, judged, chosen, kept, listed; and picked later at no cost."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from wavagent.errors import Broken, InputError, RunError
from wavagent.event import Event
from wavagent.project import takes_of
from wavagent.run.take import checked
from wavagent.script import Script
from wavagent.settings import Settings
from wavagent.studio import Rendering, Studio
from wavagent.tool import Toolbox

Box = Callable[..., Toolbox]
Line = Callable[..., Script]
Seed = Callable[[int], int]

stores = itertools.count()


@pytest.fixture
def studio() -> Callable[..., Studio]:
    """`studio(box, takes)`: all studios of a test on one store."""
    store = f"memory://takes-{next(stores)}"
    return lambda box, takes=3, **more: Studio(Settings(store, takes=takes), box, **more)


def digest(rendering: Rendering) -> str:
    return rendering.made.entries["e1"].digest


def sound(rendering: Rendering) -> bytes:
    return b"".join(np.ascontiguousarray(block).tobytes() for block in rendering.premaster.blocks())


def test_the_cue_has_the_take_nearest_to_the_middle_length(
    line: Line, box: Box, actor: Any, seed: Seed, studio: Any
) -> None:
    actor.longer = {seed(0): 0.8, seed(1): 1.3, seed(2): 1.0}
    made = studio(box()).render(line())
    (one,) = made.takes
    assert (one.element, one.tool, one.chosen.number) == ("e1", "actor", 2)
    assert [take.number for take in one.takes] == [0, 1, 2]
    assert digest(made) == made.made.entries["e1/2"].digest


def test_a_silent_take_is_made_again_and_fails_nothing_else(
    line: Line, box: Box, actor: Any, seed: Seed, studio: Any
) -> None:
    actor.bad = {seed(0)}
    made = studio(box()).render(line())
    assert len(actor.asked) == 4, "three takes, and one again with another seed"
    assert {take.number for take in made.takes[0].takes} == {0, 1, 2}


def test_a_take_that_always_fails_leaves_the_choice_among_the_others(
    line: Line, box: Box, actor: Any, seed: Seed, studio: Any
) -> None:
    actor.fails = lambda request: Broken("no voice today") if request.seed == seed(1) else None
    made = studio(box()).render(line())
    assert [take.number for take in made.takes[0].takes] == [0, 2]
    assert "e1/1" in made.made.failures


def test_when_every_take_fails_the_error_says_why(line: Line, box: Box, actor: Any, studio: Any) -> None:
    actor.fails = lambda request: Broken("no voice today")
    with pytest.raises(RunError, match="'e1' could not be made: no voice today"):
        studio(Toolbox.of(actor, *(tool for tool in box() if tool.card.task in ("choose", "recording")))).render(line())


def test_when_every_take_fails_what_stands_in_is_heard(line: Line, box: Box, actor: Any, studio: Any) -> None:
    actor.fails = lambda request: Broken("no voice today")
    made = studio(box()).render(line())
    assert made.made.substituted["e1"].tool == "voice"
    assert made.takes[0].chosen.entry == made.made.entries["e1"]


def test_words_that_were_heard_decide(line: Line, box: Box, actor: Any, clerk: Any, studio: Any) -> None:
    actor.longer = {}
    clerk.hears = lambda request: (
        "it was a dark and stormy night"
        if request.inputs["audio"].samples[1, 0] == min(first(request) for request in clerk.asked)
        else "it was a bark"
    )
    made = studio(box(clerk), takes=2).render(line())
    told = {take.number: take.told["wer"] for take in made.takes[0].takes}
    assert told[made.takes[0].chosen.number] == 0.0
    assert len(clerk.asked) == 2


def first(request: Any) -> float:
    return float(request.inputs["audio"].samples[1, 0])


def test_a_take_with_other_words_is_told_of(line: Line, box: Box, clerk: Any, studio: Any) -> None:
    events: list[Event] = []
    clerk.hears = lambda request: "It was a"
    studio(box(clerk), takes=1, listen=events.append).render(line())
    warned = [event for event in events if event.kind == "warning"]
    assert [event.subject for event in warned] == ["e1"]
    assert warned[0].message == "the take lacks its last 4 words of 7, as it was heard"


def test_a_clerk_who_fails_fails_nothing(line: Line, box: Box, clerk: Any, studio: Any) -> None:
    clerk.fails = lambda request: Broken("out of ink")
    (one,) = studio(box(clerk), takes=2).render(line()).takes
    assert [take.told for take in one.takes] == [{}, {}]


def test_a_second_run_makes_nothing_and_sounds_the_same(
    line: Line, box: Box, actor: Any, clerk: Any, studio: Any
) -> None:
    first = studio(box(clerk)).render(line())
    asked = len(actor.asked), len(clerk.asked)
    again = studio(box(clerk)).render(line())
    assert (len(actor.asked), len(clerk.asked)) == asked == (3, 3)
    assert again.made.ran == ()
    assert sound(again) == sound(first)
    assert again.takes == first.takes


def test_picking_a_take_later_costs_nothing(line: Line, box: Box, actor: Any, studio: Any) -> None:
    listed = studio(box()).render(line())
    before = len(actor.asked)
    picked = studio(box(), takes=1).render(line(take=1))
    assert len(actor.asked) == before
    assert digest(picked) == listed.made.entries["e1/1"].digest


def test_picking_what_was_chosen_mixes_nothing_anew(line: Line, box: Box, studio: Any) -> None:
    chosen = studio(box()).render(line()).takes[0].chosen.number
    again = studio(box(), takes=1).render(line(take=chosen, locked=True))
    assert not again.premaster.mixed


def test_the_takes_of_one_element_need_only_that(script: Script, box: Box, actor: Any, voice: Any, studio: Any) -> None:
    (one,) = studio(box(), takes=2).takes(script, element="e1")
    assert one.element == "e1"
    assert len([request for tool in (actor, voice) for request in tool.asked]) <= 2


def test_an_element_without_takes_is_named(script: Script, box: Box, studio: Any) -> None:
    with pytest.raises(InputError, match="there are no takes of 'p1'"):
        studio(box()).takes(script, element="p1")


def test_a_take_is_written_as_it_came(line: Line, box: Box, studio: Any, tmp_path: Path) -> None:
    maker = studio(box())
    (one,) = maker.takes(line())
    path = maker.export_take(one.takes[1], tmp_path / "new" / "e1.wav")
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    clip = maker.store.clip(one.takes[1].entry)
    assert rate == clip.rate == 8_000
    assert np.array_equal(samples, clip.samples)


def test_what_a_tool_says_under_our_name_is_not_believed(box: Box, actor: Any) -> None:
    from wavagent.graph import Call
    from wavagent.run.call import ready
    from wavagent.tool import Request

    call = ready(Call("e1", "actor", {"text": "Good night, all of you.", "voice": "ann"}), actor, {})
    result = actor.make(Request(call.params))
    lying = type(result)(result.audio, data={"wavagent.faults": [], "wavagent.x": 1, "said": True})
    (kept,) = checked([call], [lying])
    assert not isinstance(kept, Exception)
    assert kept.data == {"said": True}


@pytest.mark.parametrize(
    ("report", "takes"),
    [
        ("{}", 1),
        ("no json", 1),
        ('{"takes": 7}', 1),
        ('{"takes": [3, {"takes": null}, {}]}', 1),
        ('{"takes": [{"takes": [1]}, {"takes": [1, 2]}]}', 2),
        ('{"takes": []}', 1),
    ],
)
def test_how_many_takes_there_were_is_in_the_report(tmp_path: Path, report: str, takes: int) -> None:
    (tmp_path / "report.json").write_text(report)
    assert takes_of(tmp_path) == takes
