"""A process that is killed at any moment: what waited waits again, and nothing is done twice or half."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.chat.server import Turns, say, use
from wavagent.operations import Desk
from wavagent.project import Project

Make = Callable[..., Any]

LOUDER = {"operations": [{"op": "relevel", "ids": ["a1"], "by": 6}], "words": "kept", "note": "louder rain"}

CHILD = """
import os, signal, sys
from pathlib import Path
from wavagent.chat import Asked, Session
from wavagent.chat.session import Mind
from wavagent.history.history import History
from wavagent.history.journal import Journal
from wavagent.llm import Chat, Metered
from wavagent.operations import Desk
from wavagent.settings import Settings
from wavagent.studio import Studio

folder, url, point = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

def die(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)

def after(kind, name):
    plain = getattr(kind, name)
    setattr(kind, name, lambda *args, **options: (plain(*args, **options), die()))

if point == "before":
    Journal.begin = die
if point == "begun":
    after(Journal, "begin")
if point == "written":
    Journal.end = die
if point == "entered":
    after(History, "commit")
chat = Chat("fake", base_url=url, timeout=10.0)
studio = Studio(Settings(str(folder.parent / "store"), workers=1))
session = Session(Desk(folder, studio, who="chat"), lambda piece: None, Mind(chat, Metered(chat), chat))
session.say("louder rain")
if point == "asked":
    die()
session.answer(True)
"""


def child(desk: Desk, server: Turns, point: str) -> None:
    ran = subprocess.run([sys.executable, "-c", CHILD, str(desk.folder), server.url, point], stderr=subprocess.PIPE)
    assert ran.returncode == -signal.SIGKILL, ran.stderr.decode()


def gain(folder: Path) -> float:
    script = Project.open(folder).script
    return next(float(one.gain) for one in script.elements if one.id == "a1")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("point", "done"), [("asked", 0.0), ("before", 0.0), ("begun", 6.0), ("written", 6.0), ("entered", 6.0)]
)
def test_what_waited_for_a_yes_waits_again_and_is_done_once(
    desk: Desk, turns: Make, talk: Make, point: str, done: float
) -> None:
    server = turns(use(("edit", LOUDER)), say("Done."))
    child(desk, server, point)
    Project.open(desk.folder).log()  # ends what the killed process began
    assert gain(desk.folder) == done
    session = talk(server)
    assert session.pending is not None, "it is asked again"
    session.answer(True)
    assert session.pending is None and session.conversation.open is None
    assert gain(desk.folder) == 6.0, "and done once"
    edits = [one for one in desk.project.log() if one.kind == "edit"]
    assert len(edits) == 1
    assert session.turns[-1].answer == "Done."


def test_without_a_model_it_is_the_same(desk: Desk, talk: Make) -> None:
    first = talk()
    first.order("edit", LOUDER)
    assert first.pending is not None
    first.close()  # as its death would: the lock is let go
    again = talk()
    assert again.pending == first.pending
    again.answer(True)
    assert gain(desk.folder) == 6.0 and again.conversation.open is None


def test_a_turn_that_was_cut_off_while_the_model_thought_is_stopped(desk: Desk, turns: Make, talk: Make) -> None:
    first = talk()
    number = first.conversation.begin("louder rain")
    first.close()
    server = turns(say("What can I do?"))
    session = talk(server)
    assert session.pending is None
    assert [(one.number, one.state) for one in session.turns] == [(number, "stopped")]
    session.say("hello")
    assert session.turns[-1].answer == "What can I do?"


def test_two_chats_about_one_story_do_not_talk_at_once(desk: Desk, talk: Make) -> None:
    from wavagent.errors import InputError

    first = talk()
    with pytest.raises(InputError, match="another chat"):
        talk()
    assert first.pending is None


def test_a_damaged_conversation_is_set_aside_and_the_story_goes_on(desk: Desk, talk: Make) -> None:
    path = desk.folder / ".wavagent" / "chat.sqlite"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"no database" * 500)
    session = talk()
    assert session.turns == []
    assert path.with_suffix(".damaged").exists()


def test_what_a_model_asked_can_be_agreed_to_without_it(desk: Desk, turns: Make, talk: Make) -> None:
    child(desk, turns(use(("edit", LOUDER)), say("Done.")), "asked")
    session = talk()
    assert session.pending is not None
    session.say("yes")
    assert gain(desk.folder) == 6.0 and session.conversation.open is None


def test_what_was_done_already_is_not_done_again_without_the_model_either(desk: Desk, turns: Make, talk: Make) -> None:
    child(desk, turns(use(("edit", LOUDER)), say("Done.")), "entered")
    session = talk()
    session.say("yes")
    assert gain(desk.folder) == 6.0
