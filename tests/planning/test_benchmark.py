"""The attribution benchmark on a small annotated story of our own."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).resolve().parent / "data"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.attribution", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_it_prints_the_figures_as_json() -> None:
    done = run(str(DATA), "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["detection_f1"] == 1.0
    assert figures["given_cast"]["explicit"] == 1.0
    assert figures["given_cast"].keys() == {"explicit", "anaphoric", "implicit", "overall"}
    assert 0.0 <= figures["own_cast"]["wrong_voice"] <= 1.0 - figures["own_cast"]["overall"] + 1e-9
    assert figures["precise"].keys() >= {"precision", "coverage"}
    assert figures["per_book"].keys() == {"kettle"}


def test_it_says_when_there_is_nothing_to_measure(tmp_path: Path) -> None:
    done = run(str(tmp_path))
    assert done.returncode == 1
    assert "no annotated book" in done.stderr
