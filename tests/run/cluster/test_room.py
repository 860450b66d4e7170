"""Which node has room for an actor, and who goes to make some: arithmetic, and no Ray."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from wavagent.card import Card, Licence
from wavagent.run.cluster.room import LIGHT, Needs, Node, Seat, cleared, seat

GB = 1 << 30

CPU = Needs(cpu=1.0, memory=GB)


def node(id: str, cpu: float = 2.0, memory: float = 8.0 * GB, gpus: int = 0) -> Node:
    return Node.of(id, f"10.0.0.{id}", {"CPU": cpu, "memory": memory, "GPU": gpus})


def card(pool: str = "gpu", memory_mb: int = 0) -> Card:
    free = Licence(name="Apache-2.0", commercial=True)
    values = {"name": "expert", "version": "1", "task": "speech", "summary": "a fake", "rate": 8_000}
    return Card.model_validate({**values, "pool": pool, "memory_mb": memory_mb, "code_licence": free})


def test_a_model_takes_its_share_of_a_gpu_rounded_up() -> None:
    assert Needs.of(card(memory_mb=8_000), 32_000, True) == Needs(gpu=0.25)
    assert Needs.of(card(memory_mb=1), 30_000, True).gpu == 1e-4


def test_a_model_of_unknown_size_or_larger_than_a_gpu_takes_all_of_one() -> None:
    assert Needs.of(card(), 32_000, True).gpu == 1.0
    assert Needs.of(card(memory_mb=4_000), 0, True).gpu == 1.0
    assert Needs.of(card(memory_mb=64_000), 32_000, True).gpu == 1.0


def test_where_no_node_has_a_gpu_a_tool_for_one_takes_a_processor() -> None:
    assert Needs.of(card(memory_mb=2_048), 0, False) == Needs(cpu=1.0, memory=2 * GB)


def test_a_tool_of_the_processor_takes_one_and_no_gpu() -> None:
    assert Needs.of(card("cpu"), 32_000, True) == Needs(cpu=1.0, memory=LIGHT << 20)


def test_actors_are_spread_over_the_processors_of_all_nodes() -> None:
    nodes, seats = [node("1"), node("2"), node("3")], list[Seat]()
    for _ in range(6):
        found = seat(CPU, nodes, seats)
        assert found is not None
        seats.append(found)
    assert Counter(one.node for one in seats) == {"1": 2, "2": 2, "3": 2}
    assert seat(CPU, nodes, seats) is None


def test_a_gpu_is_filled_before_the_next_one() -> None:
    nodes = [node("1", gpus=2)]
    taken = [Seat("1", {"GPU:1": 0.5})]
    assert seat(Needs(gpu=0.5), nodes, taken) == Seat("1", {"GPU:1": 0.5})
    assert seat(Needs(gpu=0.6), nodes, taken) == Seat("1", {"GPU:0": 0.6})


def test_two_halves_of_two_gpus_are_no_whole_one() -> None:
    halves = [Seat("1", {"GPU:0": 0.5}), Seat("1", {"GPU:1": 0.5})]
    assert seat(Needs(gpu=1.0), [node("1", gpus=2)], halves) is None


def test_a_head_without_processors_gets_no_actor() -> None:
    assert seat(CPU, [node("1", cpu=0.0)], []) is None


def test_what_asks_for_more_memory_than_any_node_has_gets_a_node_to_itself() -> None:
    large = Needs(cpu=1.0, memory=64 * GB)
    found = seat(large, [node("1")], [])
    assert found is not None
    assert found.takes["memory"] == 8.0 * GB
    assert seat(CPU, [node("1")], [found]) is None


def test_what_an_actor_of_a_lost_node_took_counts_nowhere() -> None:
    assert seat(CPU, [node("1", cpu=1.0)], [Seat("gone", {"CPU": 1.0, "memory": GB})]) is not None


def test_the_fewest_go_and_the_one_first_that_was_idle_longest() -> None:
    nodes = [node("1", gpus=1), node("2", gpus=1)]
    old, older, whole = Seat("1", {"GPU:0": 0.5}), Seat("1", {"GPU:0": 0.5}), Seat("2", {"GPU:0": 1.0})
    seats = [old, older, whole]
    assert cleared(Needs(gpu=1.0), nodes, seats, [older, old, whole]) == [whole]
    assert cleared(Needs(gpu=0.5), nodes, seats, [older, old]) == [older]


def test_nobody_goes_where_that_would_not_be_enough() -> None:
    busy, idle = Seat("1", {"CPU": 1.0, "memory": GB}), Seat("1", {"CPU": 0.5, "memory": GB})
    assert cleared(CPU, [node("1", cpu=1.5)], [busy, idle], []) is None
    assert cleared(Needs(cpu=1.0, memory=8 * GB), [node("1")], [busy, idle], [idle]) is None


@given(st.lists(st.sampled_from([Needs(gpu=1.0), Needs(gpu=0.5), Needs(gpu=0.3), CPU]), max_size=12), st.data())
def test_no_node_is_ever_asked_for_more_than_it_has(asked: list[Needs], data: st.DataObject) -> None:
    nodes = [node("1", gpus=2), node("2", gpus=1)]
    seats: list[Seat] = []
    for needs in asked:
        idle = [one for one in seats if data.draw(st.booleans())]
        if (found := seat(needs, nodes, seats)) is None:
            gone = cleared(needs, nodes, seats, idle)
            if gone is None:
                continue
            assert gone and all(any(one is other for other in idle) for one in gone)
            seats = [one for one in seats if not any(one is other for other in gone)]
            found = seat(needs, nodes, seats)
        assert found is not None, "those who had to go have made room"
        seats.append(found)
        for each in nodes:
            for name, has in each.has.items():
                assert sum(one.takes.get(name, 0.0) for one in seats if one.node == each.id) <= has + 1e-5
