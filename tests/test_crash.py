"""kill -9 at any moment of a render, and the same command: the same bytes, nothing twice, nothing left behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kill -9, and workers are counted in /proc")
def test_a_killed_render_goes_on_to_the_same_bytes_and_leaves_nothing() -> None:
    command = [sys.executable, "-m", "benchmarks.crash", "--kills", "3", "--hours", "1", "--seed", "5", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, everything = json.loads(done.stdout)["rows"]
    assert everything["kills"] == everything["identical"] == 3
    assert [everything[name] for name in ("half_files", "repeated", "left", "orphans")] == [0, 0, 0, 0]
