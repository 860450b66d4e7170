"""The agenda: what comes first, and what goes together."""

from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wavagent.graph import Call
from wavagent.run.agenda import NEVER, Agenda, Client, Task
from wavagent.run.budget import Purse
from wavagent.run.call import ready

Expert = Callable[..., Any]


def client() -> Client:
    return Client(lambda call, outcome, own: None)


def task(
    tool: Any, text: str, rank: float = 0.0, seconds: float = 1.0, run: Client | None = None, part: int = 0
) -> Task:
    one = ready(Call(text, tool.card.name, {"text": text}), tool, {})
    return Task(one, (part, 0, rank, 0), seconds, Purse(), [(run or client(), one)])


def texts(tasks: Any) -> list[str]:
    return [one.ready.params.text for one in tasks]


def test_the_first_by_rank_is_taken_first(expert: Expert) -> None:
    tool, agenda = expert(), Agenda()
    for text, rank in (("c", 3.0), ("a", 1.0), ("b", 2.0)):
        agenda.add(task(tool, text, rank))
    assert [texts(agenda.take(tool, 1)) for _ in "abc"] == [["a"], ["b"], ["c"]]


@given(st.lists(st.floats(0.1, 10.0), min_size=1, max_size=60), st.integers(1, 8))
def test_every_call_is_taken_once_and_a_batch_holds_the_first(expert: Expert, lengths: list[float], size: int) -> None:
    tool, agenda = expert(batch=8), Agenda()
    for place, seconds in enumerate(lengths):
        agenda.add(task(tool, f"{place:03}", place, seconds))
    left = [f"{place:03}" for place in range(len(lengths))]
    while left:
        taken = texts(agenda.take(tool, size))
        assert left[0] in taken and len(taken) == min(size, len(left))
        left = [text for text in left if text not in taken]
    assert not list(agenda.heads())


def test_calls_of_one_length_go_together(expert: Expert) -> None:
    tool, agenda = expert(batch=3), Agenda()
    for place, (text, seconds) in enumerate([("a", 1.0), ("x", 9.0), ("b", 1.1), ("y", 9.2), ("c", 0.9), ("z", 9.1)]):
        agenda.add(task(tool, text, place, seconds))
    assert [texts(agenda.take(tool, 3)) for _ in range(2)] == [["a", "b", "c"], ["x", "y", "z"]]


def test_what_is_heard_first_is_not_held_up_by_what_is_heard_later(expert: Expert) -> None:
    tool, agenda = expert(batch=4), Agenda()
    for text, part in (("a", 0), ("later", 1), ("b", 0)):
        agenda.add(task(tool, text, part=part))
    assert texts(agenda.take(tool, 4)) == ["a", "b"]


def test_what_is_put_off_comes_when_it_is_time(expert: Expert) -> None:
    tool, agenda = expert(), Agenda()
    agenda.put_off(task(tool, "a"), until=5.0)
    agenda.wake(4.9)
    assert (list(agenda.heads()), agenda.due) == ([], 5.0)
    agenda.wake(5.0)
    assert texts(agenda.heads()) == ["a"]


def test_a_tool_that_is_held_offers_nothing_until_then(expert: Expert) -> None:
    tool, agenda = expert(), Agenda()
    agenda.add(task(tool, "a"))
    agenda.hold(tool, 3.0)
    agenda.hold(tool, 1.0)
    assert (list(agenda.heads()), agenda.due) == ([], 3.0)
    agenda.wake(3.0)
    assert texts(agenda.heads()) == ["a"]


def test_a_tool_is_needed_again_at_the_rank_of_its_next_call(expert: Expert) -> None:
    tool, agenda, run = expert(), Agenda(), client()
    agenda.expect(run, {"expert": {"a": (0, 0, -5.0, 0), "b": (0, 0, -1.0, 1)}})
    assert agenda.next_use(tool) == (0, 0, -5.0, 0)
    agenda.met(run, "expert", "a")
    assert agenda.next_use(tool) == (0, 0, -1.0, 1)
    agenda.met(run, "expert", "b")
    assert agenda.next_use(tool) == NEVER


def test_what_only_a_run_that_left_wants_is_dropped(expert: Expert) -> None:
    tool, agenda, stays, leaves = expert(), Agenda(), client(), client()
    shared = task(tool, "shared", run=leaves)
    shared.asked.append((stays, shared.ready))
    agenda.add(shared)
    agenda.add(task(tool, "own", run=leaves))
    agenda.put_off(task(tool, "later", run=leaves), 9.0)
    leaves.left = True
    assert sorted(texts(agenda.drop(leaves))) == ["later", "own"]
    assert texts(agenda.heads()) == ["shared"]
