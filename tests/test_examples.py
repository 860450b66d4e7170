"""Every example runs as its README says."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

MADE = {
    "make_story.py": ["the-gift-of-the-magi.m4b"],
    "edit_line.py": ["before.mp3", "after.mp3"],
    "own_script.py": ["the-lighthouse.mp3"],
}


def test_every_example_is_run() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == MADE.keys()


@pytest.mark.parametrize("name", MADE)
def test_an_example_makes_what_it_says(name: str, tmp_path: Path, example_store: Path) -> None:
    code = f"import sys; sys.argv = [{str(EXAMPLES / name)!r}, {str(tmp_path)!r}]; " + (
        "import wavagent.settings as s; "
        f"s.default_store = lambda: {str(example_store)!r}; "
        f"import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    for file in MADE[name]:
        assert (tmp_path / file).stat().st_size > 10_000
    if name == "edit_line.py":
        assert "spoken again: " in done.stdout


@pytest.fixture(scope="module")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("example-store")
