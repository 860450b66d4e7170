"""Imports point down: the floors of docs/design.md, proved on the syntax trees."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FLOORS: dict[str, int] = {
    "errors": 0,
    "audio": 1,
    "card": 1,
    "credits": 1,
    "event": 1,
    "graph": 1,
    "lease": 1,
    "offline": 1,
    "params": 1,
    "programme": 1,
    "settings": 1,
    "text": 1,
    "timeline": 1,
    "check": 2,
    "dsp": 2,
    "environment": 2,
    "export": 2,
    "fingerprint": 2,
    "history": 2,
    "hub": 2,
    "inventory": 2,
    "llm": 2,
    "reading": 2,
    "script": 2,
    "shelf": 2,
    "speeds": 2,
    "store": 2,
    "sweep": 2,
    "tool": 2,
    "weights": 2,
    "compiler": 3,
    "mix": 3,
    "passes": 3,
    "planning": 3,
    "run": 3,
    "takes": 3,
    "chart": 4,
    "crediting": 4,
    "evaluate": 4,
    "explain": 4,
    "exporting": 4,
    "grammar": 4,
    "gather": 4,
    "length": 4,
    "listen": 4,
    "heard": 4,
    "needed": 4,
    "operations": 4,
    "outlook": 4,
    "preview": 4,
    "project": 4,
    "quote": 4,
    "rendering": 4,
    "shortfall": 4,
    "studio": 4,
    "__main__": 5,
    "batch": 5,
    "chat": 5,
    "cli": 5,
    "story": 5,
    "web": 5,
}

SAME_STAGE = {("compiler", "passes")}
"""Parts of one stage: the compiler is its passes and what comes after them."""

TOOLS_MAY_KNOW = {"audio", "check", "dsp", "errors", "tool", "tools", "weights"}  # `tools` is their own folder


def parts() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / "wavagent").rglob("*.py")):
        name = path.relative_to(ROOT / "wavagent").parts[0].removesuffix(".py")
        if name != "__init__":
            yield name, path


def imported(path: Path) -> set[str]:
    """The parts of wavagent that a file imports, whether at its head or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            if node.level > 0:
                continue  # a part's own files: mypy cannot see that tools/ is wavagent.tools, so tools import theirs so
            names = [
                f"{node.module}.{alias.name}" if node.module == "wavagent" else str(node.module) for alias in node.names
            ]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        found.update(name.split(".")[1] for name in names if name.startswith("wavagent."))
    return found - {"__version__"}


@pytest.mark.parametrize(("part", "path"), list(parts()), ids=lambda value: getattr(value, "name", value))
def test_imports_point_down(part: str, path: Path) -> None:
    floor = FLOORS[part]
    for other in imported(path) - {part}:
        assert other in FLOORS, f"{path.name} imports {other}, which has no floor"
        if floor == 3 and FLOORS[other] == 3:
            assert (part, other) in SAME_STAGE, f"no stage knows another: {path.name} imports {other}"
        else:
            assert FLOORS[other] <= floor, f"{path.name} (floor {floor}) imports {other} (floor {FLOORS[other]})"


@pytest.mark.parametrize("path", sorted((ROOT / "tools").rglob("*.py")), ids=lambda path: path.name)
def test_tools_know_only_what_a_tool_may(path: Path) -> None:
    assert imported(path) <= TOOLS_MAY_KNOW


def test_a_planted_upward_import_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "audio.py"
    planted.write_text("def f():\n    from wavagent.script import Script\n")
    assert imported(planted) == {"script"}
