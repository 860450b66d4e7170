"""A call made ready: what is resolved, and what its key follows from."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Word
from wavagent.errors import Broken, Refused
from wavagent.graph import Call, Length, Ref
from wavagent.run.call import ready
from wavagent.store import Entry
from wavagent.tool import Params, Said

Expert = Callable[..., Any]


def clip(frames: int = 8_000, digest: str = "d1") -> Entry:
    return Entry(digest, 8_000, frames, 1)


def test_values_become_the_tools_own_parameters(expert: Expert) -> None:
    call = ready(Call("c", "expert", {"text": "Hello.", "seconds": 2}), expert(), {})
    assert call.params.model_dump() == {"text": "Hello.", "seconds": 2.0}
    assert call.inputs == {}


def test_a_ref_becomes_the_entry_of_the_clip(expert: Expert) -> None:
    call = ready(Call("c", "expert", {"text": "x", "audio": Ref("a")}), expert(), {"a": clip()})
    assert call.inputs == {"audio": clip()}


def test_a_length_becomes_seconds(expert: Expert) -> None:
    made = {"a": clip(8_000), "b": clip(4_000), "c": clip(80_000)}
    call = ready(Call("m", "expert", {"seconds": Length(("a", "b"), plus=0.75)}), expert(), made)
    assert call.params.model_dump()["seconds"] == 2.25


def test_a_length_of_nothing_is_its_pauses(expert: Expert) -> None:
    call = ready(Call("m", "expert", {"seconds": Length((), plus=3.0)}), expert(), {})
    assert call.params.model_dump()["seconds"] == 3.0


@given(st.lists(st.integers(1, 480_000), min_size=1, max_size=9))
def test_a_length_is_in_whole_milliseconds(expert: Expert, frames: list[int]) -> None:
    made = {str(place): clip(count) for place, count in enumerate(frames)}
    call = ready(Call("m", "expert", {"seconds": Length(tuple(made))}), expert(), made)
    assert call.params.model_dump()["seconds"] == pytest.approx(sum(frames) / 8_000, abs=0.0005001)
    assert call.params.model_dump()["seconds"] == round(call.params.model_dump()["seconds"], 3)


def key(expert: Expert, params: Any, made: Any = None, seed: int | None = None, id: str = "c", **card: Any) -> str:
    return ready(Call(id, "expert", params, seed, element=id), expert(**card), made or {}).key


def test_a_key_does_not_follow_from_the_calls_name_or_the_order_of_its_parameters(expert: Expert) -> None:
    one = key(expert, {"text": "x", "seconds": 1.0}, id="a")
    assert one == key(expert, {"seconds": 1.0, "text": "x"}, id="b")


def test_a_default_that_is_written_out_is_the_same_call(expert: Expert) -> None:
    assert key(expert, {"text": "x"}) == key(expert, {"text": "x", "seconds": 0.01})


def test_everything_that_makes_the_sound_makes_the_key(expert: Expert) -> None:
    a, b = {"a": clip(digest="d1")}, {"a": clip(digest="d2")}
    keys = [
        key(expert, {"text": "x"}),
        key(expert, {"text": "y"}),
        key(expert, {"text": "x", "seconds": 1.0}),
        key(expert, {"text": "x"}, seed=1),
        key(expert, {"text": "x"}, seed=2),
        key(expert, {"text": "x"}, version="2"),
        key(expert, {"text": "x"}, name="other"),
        key(expert, {"text": "x", "audio": Ref("a")}, a),
        key(expert, {"text": "x", "audio": Ref("a")}, b),
        key(expert, {"text": "x", "voice": Ref("a")}, a),
    ]
    assert len(set(keys)) == len(keys)


def test_a_clip_from_another_call_that_sounds_the_same_gives_the_same_key(expert: Expert) -> None:
    made = {"a": clip(), "b": clip()}
    assert key(expert, {"audio": Ref("a")}, made) == key(expert, {"audio": Ref("b")}, made)


def test_a_parameter_the_tool_does_not_take_is_refused_by_name(expert: Expert) -> None:
    with pytest.raises(Refused, match="tool 'expert' does not take loudness"):
        ready(Call("c", "expert", {"loudness": 3}), expert(), {})
    with pytest.raises(Refused, match="tool 'expert' does not take seconds: .*number"):
        ready(Call("c", "expert", {"seconds": "long"}), expert(), {})


def test_a_parameter_that_no_key_can_be_made_of_is_the_tools_fault(expert: Expert) -> None:
    """Its parameters let not-a-number pass."""
    with pytest.raises(Broken, match="tool 'expert' failed: ValueError"):
        ready(Call("c", "expert", {"seconds": float("nan")}), expert(), {})


def test_a_fault_in_the_tools_parameters_is_contained(expert: Expert) -> None:
    class Faulty(Params):
        text: str

        def model_post_init(self, context: object) -> None:
            raise RuntimeError("half-written tool")

    tool = expert()
    type(tool).params = Faulty
    with pytest.raises(Broken, match="tool 'expert' failed: RuntimeError: half-written tool"):
        ready(Call("c", "expert", {"text": "x"}), tool, {})


def test_messages_name_the_element_where_there_is_one(expert: Expert) -> None:
    assert ready(Call("c", "expert", {}, element="e7"), expert(), {}).subject == "e7"
    assert ready(Call("c", "expert", {}), expert(), {}).subject == "c"


def test_what_was_said_of_a_clip_is_part_of_the_key(expert: Expert) -> None:
    call = Call("c", "expert", {"text": "x", "audio": Ref("a")})
    plain, said = clip(), Entry("d1", 8_000, 8_000, 1, (Word(0.0, 0.1, 0, 1),), {"text": "Hello."})
    other = Entry("d1", 8_000, 8_000, 1, (Word(0.0, 0.1, 0, 1),), {"text": "Hallo."})
    keys = [ready(call, expert(), {"a": entry}).key for entry in (plain, said, other)]
    assert len(set(keys)) == 3
    assert ready(call, expert(), {"a": said}).said == {"audio": Said(said.words, said.data)}


def test_an_optional_clip_that_is_not_there_is_left_out(expert: Expert) -> None:
    call = Call("c", "expert", {"text": "x", "one": Ref("a", True), "two": Ref("b", True)})
    assert list(ready(call, expert(), {"b": clip()}).inputs) == ["two"]
