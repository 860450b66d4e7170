"""The command line with a server: what a user has who names one in OPENAI_BASE_URL."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
PROGRAM = [sys.executable, "-c", "from wavagent.cli import main; main()"]


@pytest.fixture
def wavagent(server: Any, tmp_path: Path) -> Run:
    env = {**os.environ, "WAVAGENT_STORE": str(tmp_path / "store"), "OPENAI_BASE_URL": server.url}

    def run(*arguments: object, **more: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([*PROGRAM, *map(str, arguments)], capture_output=True, text=True, env={**env, **more})

    return run


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.txt"
    path.write_text("“Who is there?” asked Mary.\n\n“Only me,” said Tom.\n\n“Come in.”\n" * 3, encoding="utf-8")
    return path


def test_a_model_plans_and_is_asked_nothing_twice(wavagent: Run, server: Any, book: Path, tmp_path: Path) -> None:
    done = wavagent("plan", book, "-o", tmp_path / "story", "--llm", "fake")
    assert done.returncode == 0, done.stderr
    assert "1 questions, 100 tokens in, 20 out" in done.stderr
    first = (tmp_path / "story" / "script.json").read_bytes()
    again = wavagent("plan", book, "-o", tmp_path / "story", "--llm", "fake")
    assert "0 questions" in again.stderr
    assert len(server.asked) == 1
    assert (tmp_path / "story" / "script.json").read_bytes() == first


def test_another_seed_asks_anew(wavagent: Run, server: Any, book: Path, tmp_path: Path) -> None:
    for seed in (0, 1):
        wavagent("plan", book, "-o", tmp_path / "story", "--llm", "fake", "--seed", seed)
    assert len(server.asked) == 2


def test_the_model_may_be_named_in_the_environment(wavagent: Run, server: Any, book: Path, tmp_path: Path) -> None:
    wavagent("plan", book, "-o", tmp_path / "story", WAVAGENT_LLM_MODEL="fake")
    assert server.asked[0]["model"] == "fake"


def test_money_is_counted_and_the_limit_holds(wavagent: Run, server: Any, book: Path, tmp_path: Path) -> None:
    paid = wavagent("plan", book, "-o", tmp_path / "story", "--llm", "fake", "--price", "1,2", "--max-cost", "1")
    assert "$0.0001" in paid.stderr
    poor = ("--price", "1,2", "--max-cost", "0.0001", "--seed", "1")
    done = wavagent("plan", book, "-o", tmp_path / "story", "--llm", "fake", *poor)
    assert done.returncode == 3
    assert "raise --max-cost" in done.stderr
    assert len(server.asked) == 1


def test_a_server_that_refuses_is_one_sentence(
    wavagent: Run, server: Any, kit: SimpleNamespace, book: Path, tmp_path: Path
) -> None:
    server.reply = lambda body, number: kit.failure(401, "Incorrect API key provided")
    done = wavagent("plan", book, "-o", tmp_path / "story", "--llm", "fake")
    said = [line for line in done.stderr.splitlines() if not line.startswith("note:")]
    assert done.returncode == 1
    assert len(said) == 1 and "check the model's name and the key" in said[0]
    assert not (tmp_path / "story").exists()


def test_make_goes_from_the_model_to_the_sound(wavagent: Run, server: Any, book: Path, tmp_path: Path) -> None:
    done = wavagent("make", book, "-o", tmp_path / "story.mp3", "--llm", "fake", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["certificate"]["passed"]
    assert server.asked
