"""Room: which node of a cluster has what an actor needs, and who has to go to make some."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wavagent.card import Card

LIGHT = 512
"""Megabytes up to which tools of the processor share an actor: a process for each would take longer to start than most
of what they do."""

Amounts = Mapping[str, float]
"""Of Ray's resources: CPU, memory in bytes, and every GPU by itself: `GPU:0`, `GPU:1`."""

_GRAIN = 1e-6


@dataclass(frozen=True, slots=True)
class Node:
    """A machine of the cluster: Ray's name for it, its address, and all that it has."""

    id: str
    host: str
    has: Amounts

    @classmethod
    def of(cls, id: str, host: str, resources: Amounts) -> "Node":
        """From Ray's own list, which counts a machine's GPUs together."""
        gpus = {f"GPU:{number}": 1.0 for number in range(int(resources.get("GPU", 0)))}
        return cls(id, host, {"CPU": resources.get("CPU", 0.0), "memory": resources.get("memory", 0.0), **gpus})

    @property
    def gpus(self) -> list[str]:
        return [name for name in self.has if name.startswith("GPU:")]


@dataclass(frozen=True, slots=True)
class Needs:
    """What an actor asks of a node: processors, bytes of memory, a share of one GPU."""

    cpu: float = 0.0
    memory: int = 0
    gpu: float = 0.0

    @classmethod
    def of(cls, card: Card, gpu_mb: int, has_gpus: bool) -> "Needs":
        """What the tool of `card` needs, where models may fill `gpu_mb` megabytes of a GPU (0: nobody knows).

        Where there is no GPU at all, a tool for it works on a processor, as it does on a machine without one.
        """
        if card.pool == "gpu" and has_gpus:
            known = card.memory_mb > 0 and gpu_mb > 0
            share = card.memory_mb / gpu_mb if known else 1.0
            return cls(gpu=min(1.0, -(-share // 1e-4) * 1e-4))  # Ray counts in ten-thousandths
        return cls(cpu=1.0, memory=max(LIGHT, card.memory_mb) << 20)


@dataclass(frozen=True, slots=True)
class Seat:
    """What an actor has taken, and on which node."""

    node: str
    takes: Amounts


def seat(needs: Needs, nodes: Sequence[Node], seats: Sequence[Seat]) -> Seat | None:
    """A place for an actor beside those that have their `seats`; None when there is none.

    Processors are spread over the nodes; a GPU is filled before the next, so that a large model finds one empty.
    """
    free = _free(nodes, seats)
    found = [one for node in nodes for one in _places(needs, node) if _fits(one, free[node.id])]
    if needs.gpu:
        return min(found, key=lambda one: free[one.node][next(iter(one.takes))], default=None)
    return max(found, key=lambda one: free[one.node]["CPU"], default=None)


def cleared(needs: Needs, nodes: Sequence[Node], seats: Sequence[Seat], idle: Sequence[Seat]) -> list[Seat] | None:
    """Those of `idle` that go so that there is a place: the fewest, the first of them rather than the last.

    None when not even all of them are enough.
    """
    best: list[Seat] | None = None
    for node in nodes:
        gone: list[Seat] = []
        for other in (one for one in idle if one.node == node.id):
            gone.append(other)
            if seat(needs, [node], _without(seats, gone)) is not None:
                gone = [one for one in gone if seat(needs, [node], _without(seats, gone, but=one)) is None]
                best = gone if best is None or len(gone) < len(best) else best
                break
    return best


def _without(seats: Sequence[Seat], gone: Sequence[Seat], but: Seat | None = None) -> list[Seat]:
    out = {id(one) for one in gone if one is not but}
    return [one for one in seats if id(one) not in out]


def _places(needs: Needs, node: Node) -> Iterator[Seat]:
    if needs.gpu:
        yield from (Seat(node.id, {name: needs.gpu}) for name in node.gpus)
    elif node.has["CPU"] > 0:
        # What asks for more memory than there is may take all of it: its card may be wrong.
        yield Seat(node.id, {"CPU": needs.cpu, "memory": min(needs.memory, node.has["memory"])})


def _free(nodes: Sequence[Node], seats: Sequence[Seat]) -> Mapping[str, Amounts]:
    taken: dict[str, Counter[str]] = {node.id: Counter() for node in nodes}
    for one in seats:
        if one.node in taken:
            for name, amount in one.takes.items():
                taken[one.node][name] += amount  # type: ignore[assignment]
    return {node.id: {name: has - taken[node.id][name] for name, has in node.has.items()} for node in nodes}


def _fits(place: Seat, free: Amounts) -> bool:
    return all(amount <= free[name] + _GRAIN for name, amount in place.takes.items())
