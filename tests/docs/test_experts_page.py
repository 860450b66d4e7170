"""docs/experts.md says what the tools' cards say, and has a row for every system of the field."""

import re
from pathlib import Path

import pytest

from docs.experts_page import FEATURES, System, page, shipped, systems
from wavagent.tool import installed

ROOT = Path(__file__).resolve().parents[2]
NAMED = ROOT.parent / "shared" / "SYSTEMS.md"


def names() -> frozenset[str]:
    return frozenset(tool.card.name for tool in shipped(installed()))


def test_the_page_is_what_the_cards_say() -> None:
    stale = "docs/experts.md is stale; write it again: python -m docs.experts_page"
    assert (ROOT / "docs" / "experts.md").read_text(encoding="utf-8") == page(shipped(installed()), systems()), stale


def test_every_tool_has_a_row() -> None:
    written = page(shipped(installed()), systems())
    assert all(f"| `{name}` |" in written for name in names())


def test_every_system_has_a_tool_or_a_reason() -> None:
    bare = [system.name for system in systems() if not system.answer(names())[1]]
    assert bare == [], "say in docs/systems.tsv which tool does it, or why none does"


def test_no_system_has_two_rows() -> None:
    rows = [(system.group, system.name) for system in systems()]
    assert len(rows) == len(set(rows))


def test_rows_are_whole() -> None:
    lines = (ROOT / "docs" / "systems.tsv").read_text(encoding="utf-8").splitlines()
    assert all(2 <= line.count("\t") <= 4 for line in lines)


def test_a_row_says_what_there_is_of_it() -> None:
    row = System("music", "Thing", "thing", ("other", "director"), "no weights")
    assert row.answer(frozenset({"thing", "other"})) == ("works", f"`thing`; also `other`, {FEATURES['director']}")
    assert row.answer(frozenset({"other"})) == ("task covered", f"`other`, {FEATURES['director']}: no weights")
    assert System("music", "Thing", "thing", ("other",), "no weights").answer(frozenset()) == (
        "not available",
        "no weights",
    )


def test_every_system_that_was_named_has_a_row() -> None:
    if not NAMED.exists():
        pytest.skip("the list of systems is not here")
    rows = {_plain(system.name) for system in systems()}
    missing = [name for name in _named() if not any(_plain(name) in row or row in _plain(name) for row in rows)]
    assert missing == []


def _named() -> list[str]:
    """The systems in the last column of the list's table."""
    cells = [line.split("|")[3] for line in NAMED.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    return [name.strip() for cell in cells for name in re.split(r"[,/]\s+(?![^(]*\))|\s/\s", cell) if name.strip()]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.partition("(")[0].lower())
