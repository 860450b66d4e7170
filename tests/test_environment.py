"""Where a tool's environment is, and whether it can be used."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from wavagent.environment import PYTHON, Environment
from wavagent.errors import Unavailable
from wavagent.tool import Tool, Toolbox

TOOL = """
from wavagent.tool import Card, Licence, Params, Tool

class Apart(Tool):
    params = Params
    card = Card(name="apart", version="1", task="enhance", summary="a fake", rate=8000, isolated=True,
                environment="apart", code_licence=Licence(name="Apache-2.0", commercial=True))

    def __call__(self, requests):
        return []
"""


@pytest.fixture
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tool]:
    """A tool with an environment of its own, with its requirements beside it."""
    (tmp_path / "wavagent_apart.py").write_text(TOOL)
    (tmp_path / "apart.requirements.txt").write_text("clash==1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    yield importlib.import_module("wavagent_apart").Apart()
    del sys.modules["wavagent_apart"]


def of(tool: Tool) -> Environment:
    environment = Environment.of(tool)
    assert environment is not None
    return environment


def made(environment: Environment) -> Path:
    """An environment as an install leaves it: its interpreter's place."""
    folder = environment.home / f"{environment.key}.0a1b2c3d"
    (folder / PYTHON).parent.mkdir(parents=True)
    (folder / PYTHON).touch()
    environment.adopt(folder)
    return folder / PYTHON


def test_the_requirements_lie_beside_the_tool(apart: Tool, tmp_path: Path) -> None:
    assert of(apart) == Environment("apart", tmp_path / "apart.requirements.txt")
    assert of(apart).home == tmp_path / "data" / "wavagent" / "environments" / "apart"


def test_a_tool_without_one_has_none(voice: Tool) -> None:
    assert Environment.of(voice) is None
    assert voice.lack() is None


def test_an_environment_is_there_once_it_is_adopted(apart: Tool) -> None:
    environment = of(apart)
    assert apart.lack() == "needs its environment 'apart', which is not installed: wavagent tools install apart"
    with pytest.raises(Unavailable, match="not installed"):
        _ = environment.python
    python = made(environment)
    assert environment.python == python
    assert apart.lack() is None


def test_other_requirements_ask_for_another_environment(apart: Tool) -> None:
    environment = of(apart)
    python = made(environment)
    environment.requirements.write_text("clash==2\n")
    assert "is not installed" in str(apart.lack())
    environment.requirements.write_bytes(b"clash==1\r\n")
    assert environment.python == python, "the end of a line is no requirement"


def test_what_is_installed_without_its_requirements_is_part_of_the_key(apart: Tool) -> None:
    environment = of(apart)
    keys = [environment.key]
    environment.bare.write_text("stubborn==1\n")
    assert environment.bare.name == "apart.no-deps.requirements.txt"
    keys.append(environment.key)
    environment.bare.write_text("stubborn==2\n")
    keys.append(environment.key)
    environment.requirements.write_text("clash==1\nstubborn==2\n")
    environment.bare.write_text("")
    keys.append(environment.key)
    assert len(set(keys)) == 4
    environment.bare.unlink()
    environment.requirements.write_text("clash==1\n")
    assert environment.key == keys[0]


@pytest.mark.parametrize("damage", ["folder", "no text"])
def test_such_requirements_that_cannot_be_read_are_named(apart: Tool, damage: str) -> None:
    made(of(apart))
    of(apart).bare.mkdir() if damage == "folder" else of(apart).bare.write_bytes(b"\xff\xfe")
    lack = str(apart.lack())
    assert lack.startswith("needs apart.no-deps.requirements.txt beside it, which cannot be read (")


def test_another_python_asks_for_another_environment(apart: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    before = of(apart).key
    monkeypatch.setattr("sys.implementation.cache_tag", "cpython-399")
    assert of(apart).key != before


def test_an_environment_whose_python_is_gone_is_broken(apart: Tool) -> None:
    made(of(apart)).unlink()
    assert str(apart.lack()).startswith("has an environment that is broken (")
    assert str(apart.lack()).endswith(" is gone): wavagent tools install apart")


@pytest.mark.parametrize("said", [b"../../../elsewhere", b"", b"/usr", b"0a.0b\n", b"\xff\xfe"])
def test_a_mark_that_names_no_environment_is_not_followed(apart: Tool, said: bytes) -> None:
    made(of(apart))
    (mark,) = of(apart).home.glob("*.ready")
    mark.write_bytes(said)
    assert str(apart.lack()).startswith("has an environment that is broken (")


def test_requirements_that_are_missing_are_named(apart: Tool) -> None:
    of(apart).requirements.unlink()
    assert str(apart.lack()).startswith("needs apart.requirements.txt beside it, which cannot be read (")
    with pytest.raises(ValueError, match="tool 'apart' has an environment of its own, and no apart.requirements.txt"):
        Toolbox.of(apart)


def test_sweeping_leaves_what_is_used_and_nothing_else(apart: Tool) -> None:
    environment = of(apart)
    first = made(environment)
    environment.requirements.write_text("clash==2\n")
    second = made(environment)
    (environment.home / f"{environment.key}.ffffffff" / "lib").mkdir(parents=True)
    (environment.home / "half.new").touch()
    (environment.home / "odd.ready").write_bytes(b"\xff\xfe")
    environment.sweep()
    assert first.exists() and second.exists()
    folders = [path.name for path in environment.home.iterdir() if path.is_dir()]
    assert sorted(folders) == sorted(path.parents[len(PYTHON.parts) - 1].name for path in (first, second))
    assert not list(environment.home.glob("*.new"))


def test_a_name_that_would_lead_elsewhere_is_no_name(apart: Tool) -> None:
    for name in ("../x", "a/b", "A", ".", "a b"):
        with pytest.raises(ValueError, match="environment"):
            type(apart).card.model_validate({**type(apart).card.model_dump(), "environment": name})


def test_an_environment_needs_a_worker(apart: Tool, like: Any) -> None:
    with pytest.raises(ValueError, match="tool 'apart' has an environment of its own.*isolated=True"):
        Toolbox.of(like(apart, isolated=False))
