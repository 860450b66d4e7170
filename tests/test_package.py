"""What is promised of the package as a whole: its public names, its wheel, its cheap import."""

import subprocess
import sys
import tomllib
from pathlib import Path

import wavagent

ROOT = Path(__file__).resolve().parents[1]


def test_public_names_are_there_and_sorted() -> None:
    assert wavagent.__all__ == sorted(wavagent.__all__)
    for name in wavagent.__all__:
        assert getattr(wavagent, name).__name__ == name


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(wavagent, "nothing_of_the_kind")


def test_every_package_is_listed_for_the_wheel() -> None:
    listed = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    homes = {"wavagent": "wavagent", "tools": "wavagent.tools", "prompts": "wavagent.prompts"}
    found = {
        ".".join((name, *path.parent.relative_to(ROOT / top).parts))
        for top, name in homes.items()
        for path in (ROOT / top).rglob("__init__.py")
    }
    assert listed == found


def test_importing_wavagent_imports_nothing_heavy() -> None:
    heavy = "numpy pydantic rich typer av soundfile symusic langchain langchain_core openai torch"
    code = f"import sys, wavagent; print([m for m in {heavy.split()} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_listing_tools_imports_no_engine() -> None:
    heavy = "espeakng_loader symusic torch transformers av soxr"
    code = (
        "import sys; from wavagent.tool import installed; box = installed(); assert not box.faults, box.faults;"
        f"print(len(box.tools) >= 4, [m for m in {heavy.split()} if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert out.strip() == "True []"


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_no_module_is_too_long() -> None:
    tops = ("wavagent", "tools", "benchmarks")
    lengths = {path: len(path.read_text("utf-8").splitlines()) for top in tops for path in (ROOT / top).rglob("*.py")}
    assert {path.name: length for path, length in lengths.items() if length > 400} == {}
