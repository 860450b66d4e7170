"""`wavagent tools fetch` for a tool of which a person takes the parts they need."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def fetch(wavagent: Run, tmp_path: Path) -> Run:
    def fetch(*options: object) -> "subprocess.CompletedProcess[str]":
        return wavagent("tools", "fetch", "vits", *options, XDG_DATA_HOME=str(tmp_path / "data"))

    return fetch


def test_a_thousand_models_are_not_fetched_at_once(fetch: Run) -> None:
    done = fetch("--offline")
    assert done.returncode == 1
    assert "name one, --part" in done.stderr
    assert "deu" in done.stderr


def test_a_part_is_taken_by_its_name_whether_the_card_names_it_or_not(fetch: Run, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "model.safetensors").touch()
    for part in ("deu", "abi"):
        done = fetch("--part", part, "--folder", weights)
        assert done.returncode == 0, done.stderr
    (kept,) = (tmp_path / "data").rglob("weights.json")
    assert sorted(json.loads(kept.read_text("utf-8"))) == ["vits/abi", "vits/deu"]


def test_what_is_no_part_is_refused(fetch: Run, tmp_path: Path) -> None:
    done = fetch("--part", "../x", "--folder", tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_folder_is_that_of_the_model_itself_where_no_part_is_named(wavagent: Run, tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    (weights / "model.safetensors").touch()
    home = {"XDG_DATA_HOME": str(tmp_path / "data")}
    done = wavagent("tools", "fetch", "dia", "--folder", weights, **home)
    assert done.returncode == 0 and "wavagent tools fetch dia" in done.stderr, "its codec is wanted still"
    (kept,) = (tmp_path / "data").rglob("weights.json")
    assert [*json.loads(kept.read_text("utf-8"))] == ["dia"]
