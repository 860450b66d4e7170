"""`wavagent chat` as a user has it: a process, a terminal or none, and data for scripts."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chat.server import Reply, Turns, say, use
from tests.cli.conftest import PROGRAM

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def story(wavagent: Run, tale: Path) -> Path:
    assert wavagent("plan", tale, "-o", tale.parent / "story", "-q").returncode == 0
    return tale.parent / "story"


@pytest.fixture
def server() -> Iterator[Callable[..., Turns]]:
    made: list[Turns] = []

    def make(*answers: Any) -> Turns:
        made.append(Turns(*answers))
        return made[-1]

    yield make
    for one in made:
        one.close()


def gain(story: Path) -> float:
    elements = json.loads((story / "script.json").read_text())["scenes"][0]["elements"]
    return float(next(one.get("gain", 0.0) for one in elements if one["kind"] == "ambience"))


def test_one_thing_said_waits_and_a_yes_from_another_process_does_it(wavagent: Run, story: Path) -> None:
    before = (story / "script.json").read_bytes()
    asked = wavagent("chat", story, "--once", "louder rain", "--json")
    told = json.loads(asked.stdout)
    assert asked.returncode == 3 and told["pending"] and told["asked"][0]["operation"] == "edit"
    assert (story / "script.json").read_bytes() == before
    done = wavagent("chat", story, "--once", "yes", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["done"][0]["operation"] == "edit"
    assert gain(story) == 3.0


def test_yes_agrees_to_everything(wavagent: Run, story: Path) -> None:
    ran = wavagent("chat", story, "--once", "louder rain", "--yes")
    assert ran.returncode == 0 and "louder by 3 dB" in ran.stdout
    assert gain(story) == 3.0


def test_a_model_edits_over_http(wavagent: Run, story: Path, server: Any) -> None:
    hostile = "Done \x1b[2J[bold]now[/bold]."
    edit = {"operations": [{"op": "relevel", "ids": ["ambience-1"], "by": 5}], "words": "kept", "note": "louder"}
    model = server(use(("edit", edit)), say(hostile))
    ran = wavagent("chat", story, "--once", "more rain", "--yes", "--llm", "fake", OPENAI_BASE_URL=model.url)
    assert ran.returncode == 0, ran.stderr
    assert gain(story) == 5.0
    assert "\x1b" not in ran.stdout and "[bold]now[/bold]" in ran.stdout


def test_a_conversation_needs_no_terminal(story: Path) -> None:
    ran = conversed(story, "louder rain\nno\n/script\nwho speaks\n/nonsense\n/undo\n/quit\nlouder rain\n")
    assert ran.returncode == 0, ran.stderr
    assert "nothing was done" in ran.stdout and "# The Knock" in ran.stdout and "Mary (mary)" in ran.stdout
    assert "no command '/nonsense'" in ran.stdout and "nothing to undo" in ran.stdout
    assert gain(story) == 0.0


def test_a_new_folder_begins_a_story(wavagent: Run, tale: Path) -> None:
    ran = conversed(tale.parent / "new", f"/add {tale}\nyes\nhow long is it\n")
    assert ran.returncode == 0, ran.stderr
    assert "1 scenes" in ran.stdout and "3 in the cast" in ran.stdout
    assert (tale.parent / "new" / "script.json").exists()


def conversed(place: Path, said: str) -> "subprocess.CompletedProcess[str]":
    command = [*PROGRAM, "chat", str(place), "--store", str(place.parent / "s")]
    env = {**os.environ, "XDG_CACHE_HOME": str(place.parent)}
    return subprocess.run(command, input=said, capture_output=True, text=True, env=env)


@pytest.mark.parametrize(("options", "fault"), [(["--json"], "--once"), (["--yes"], "--once")])
def test_what_is_for_scripts_needs_one_thing_said(wavagent: Run, story: Path, options: list[str], fault: str) -> None:
    ran = wavagent("chat", story, *options)
    assert ran.returncode == 2 and fault in ran.stderr


def test_what_is_not_understood_is_no_success(wavagent: Run, story: Path) -> None:
    ran = wavagent("chat", story, "--once", "remove the third explosion", "--json")
    assert "explosion" in json.loads(ran.stdout)["told"][0]


def test_ctrl_c_stops_a_turn_and_not_the_chat(story: Path, server: Any) -> None:
    model = server(Reply(stall=True), say("Here I am."))
    command = [*PROGRAM, "chat", str(story), "--llm", "fake", "--store", str(story.parent / "s")]
    env = {**os.environ, "XDG_CACHE_HOME": str(story.parent), "OPENAI_BASE_URL": model.url}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=env) as ran:
        assert ran.stdin is not None
        ran.stdin.write("hello\n")
        ran.stdin.flush()
        model.reached.wait(60.0)
        ran.send_signal(signal.SIGINT)
        out, err = ran.communicate("are you there?\n", timeout=60.0)
    assert ran.returncode == 0, err
    assert "stopped" in out and "Here I am." in out
