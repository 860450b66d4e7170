import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]

SENTENCE = "The storm came in from the sea, and nobody in the village had ever heard such a wind before."


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """An outline and a scene of about half a minute."""
    plot = {"heading": "The storm", "space": "outdoors", "plot": "It comes.", "share": 1.0, "music": "low strings"}
    outline = {"title": "Wind", "characters": [{"id": "ann", "name": "Ann", "gender": "female"}], "scenes": [plot]}
    said = [
        {"kind": "speech", "who": who, "text": SENTENCE} for who in ("narrator", "ann", "narrator", "ann", "narrator")
    ]
    path = tmp_path / "answers.jsonl"
    path.write_text("\n".join(map(json.dumps, [outline, {"elements": said, "summary": ""}])), encoding="utf-8")
    return path


def test_an_idea_becomes_a_project_of_that_length(wavagent: Run, answers: Path, tmp_path: Path) -> None:
    done = wavagent("write", "a storm", "--minutes", 0.5, "--llm", f"replay:{answers}", "-o", tmp_path / "story")
    assert done.returncode == 0, done.stderr
    script = json.loads((tmp_path / "story" / "script.json").read_text("utf-8"))
    assert script["title"] == "Wind"
    assert script["source"]["verbatim"] is False
    made = wavagent("render", tmp_path / "story", "-o", tmp_path / "story.mp3", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["seconds"] == pytest.approx(30.0, rel=0.15)


def test_writing_without_a_model_is_wrong_usage(wavagent: Run, tmp_path: Path) -> None:
    done = wavagent("write", "a storm", "-o", tmp_path / "story")
    assert done.returncode == 2
    assert "--llm MODEL" in done.stderr


@pytest.mark.parametrize("command", ["plan", "make", "write"])
def test_no_key_is_one_sentence(wavagent: Run, tale: Path, tmp_path: Path, command: str) -> None:
    given = "a storm" if command == "write" else tale
    keyless = {"OPENAI_API_KEY": "", "OPENAI_BASE_URL": ""}
    done = wavagent(command, given, "-o", tmp_path / "story", "--llm", "gpt-4o-mini", **keyless)
    said = [line for line in done.stderr.splitlines() if not line.startswith("note:")]
    assert done.returncode == 1
    assert len(said) == 1
    assert "OPENAI_API_KEY" in said[0] or "pip install" in said[0]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--max-cost", "1"], "--price"),
        (["--price", "cheap"], "two numbers"),
        (["--price", "-1,2"], "US dollars"),
        (["--max-cost", "-1"], "max-cost"),
    ],
)
def test_a_limit_needs_a_price(wavagent: Run, tale: Path, tmp_path: Path, options: list[str], words: str) -> None:
    remote = {"OPENAI_API_KEY": "x", "OPENAI_BASE_URL": ""}
    done = wavagent("plan", tale, "-o", tmp_path / "story", "--llm", "gpt-4o-mini", *options, **remote)
    assert done.returncode == 2
    assert words in done.stderr


def test_offline_and_a_model_exclude_each_other(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    done = wavagent("make", tale, "-o", tmp_path / "a.mp3", "--offline", "--llm", "gpt-4o-mini")
    assert done.returncode == 2


def test_answers_from_a_file_plan_a_narrative(wavagent: Run, tale: Path, tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text('"I would rather not."\n' * 3, encoding="utf-8")
    done = wavagent("plan", tale, "-o", tmp_path / "story", "--llm", f"replay:{path}")
    assert done.returncode == 3, "what the model did not do is done by rules, and said"
    assert "as the rules have it" in done.stderr
    assert (tmp_path / "story" / "script.json").exists()
