"""docs/experts.md, made from the tools' cards and systems.tsv: `python -m docs.experts_page` writes it again."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import get_args

from wavagent.card import Card, Licence, Task
from wavagent.tool import Tool, Toolbox, installed

HERE = Path(__file__).parent

FEATURES = {"director": "the planner, the chat and `wavagent do`", "eval": "`wavagent eval`"}
"""What does a task here and is no tool."""


@dataclass(frozen=True, slots=True)
class System:
    """A model or system of the field: the tool it is itself, the tools that do its task, or why it cannot be had."""

    group: str
    name: str
    itself: str
    others: tuple[str, ...]
    why: str

    def answer(self, names: frozenset[str]) -> tuple[str, str]:
        """(what there is of it, by what or why not), where `names` are the tools there are."""
        others = [FEATURES.get(other, f"`{other}`") for other in self.others if other in names or other in FEATURES]
        if self.itself in names:
            return "works", f"`{self.itself}`" + (f"; also {', '.join(others)}" if others else "")
        if others:
            return "task covered", f"{', '.join(others)}: {self.why}" if self.why else ", ".join(others)
        return "not available", self.why


def systems() -> tuple[System, ...]:
    """The rows of systems.tsv."""
    with (HERE / "systems.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        return tuple(
            System(row["group"], row["system"], row["is"], tuple(filter(None, row["by"].split(","))), row["why"])
            for row in rows
        )


def shipped(box: Toolbox) -> tuple[Tool, ...]:
    """The tools of this repository, not those of other packages, by their tasks."""
    order = get_args(Task)
    own = [tool for tool in box if type(tool).__module__.startswith("wavagent.tools.")]
    return tuple(sorted(own, key=lambda tool: (order.index(tool.card.task), bool(tool.card.weights), tool.card.name)))


def page(tools: Sequence[Tool], rows: Sequence[System]) -> str:
    """The page as Markdown."""
    return "\n".join([*_tools([tool.card for tool in tools]), *_systems(tools, rows)]) + "\n"


def _tools(cards: Sequence[Card]) -> Iterator[str]:
    yield _HEAD
    yield "| task | tool | what it does | languages | licence: code; weights | weights | memory | one clip |"
    yield "|---|---|---|---|---|---|---|---|"
    for card in cards:
        limit = (
            f"{card.longest:g} s" if card.longest else f"{card.longest_text} characters" if card.longest_text else ""
        )
        memory = f"{card.memory_mb / 1000:g} GB" if card.memory_mb else ""
        memory += f", {card.dtype}" if card.weights else ""
        cells = (card.task.replace("_", " "), f"`{card.name}`", card.summary, _languages(card), _licences(card))
        yield _row(*cells, _weights(card), memory, limit)
    yield ""


def _systems(tools: Sequence[Tool], rows: Sequence[System]) -> Iterator[str]:
    names = frozenset(tool.card.name for tool in tools)
    found = [row.answer(names)[0] for row in rows]
    yield _SYSTEMS.format(
        total=len(rows),
        works=found.count("works"),
        covered=found.count("task covered"),
        out=found.count("not available"),
    )
    for group, members in groupby(rows, key=lambda row: row.group):
        yield f"### {group}\n\n| system | | by what, or why not |\n|---|---|---|"
        yield from (_row(system.name, *system.answer(names)) for system in members)
        yield ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _languages(card: Card) -> str:
    tags = {tag.partition("-")[0] for tag in card.languages} or {voice.language for voice in card.voices}
    return str(len(tags)) if len(tags) > 6 else ", ".join(sorted(tags))


def _licences(card: Card) -> str:
    code, weights = card.code_licence, card.weights_licence
    return f"{_licence(code)}; {_licence(weights)}" if weights else _licence(code)


def _licence(licence: Licence) -> str:
    bar = {True: "", False: " **(not commercial)**", None: " **(ask before selling)**"}[licence.commercial]
    return f"{licence.name}{bar}"


def _weights(card: Card) -> str:
    if len(card.weights) > 3:
        return f"{card.weights[0].where} and {len(card.weights) - 1} others, {card.weights[0].megabytes:,} MB each"
    return "; ".join(f"{weights.where}, {weights.megabytes:,} MB" for weights in card.weights)


_HEAD = """# Experts

The tools that make, change and hear sound, from their cards (`wavagent tools`). Those without weights work as soon as
wavagent is installed. For the others, `pip install 'wavagent[experts]'` brings the libraries and
`wavagent tools fetch NAME` the weights, from the Hugging Face hub: nothing is downloaded unless you ask, what was
fetched is pinned to its commit, and pickles are left where they are unless you allow them by the tool's name. Sizes and
memory are about; `fetch` says the exact size before it begins. `wavagent doctor` says what is missing for what.

This page is made from the code (`python -m docs.experts_page`); a test fails when it is stale.
"""

_SYSTEMS = """# Systems

Where a model or system of the field has its place here: {works} of {total} are a tool here and load their own weights
("works"), for {covered} others a tool does the task, and {out} cannot be had. Why not is as far as was known when the
row was written; a row is mended in `docs/systems.tsv`.
"""


if __name__ == "__main__":
    (HERE / "experts.md").write_text(page(shipped(installed()), systems()), encoding="utf-8")
