"""What people ask for, through the agent: a model calls the edit over HTTP, the person agrees, and it is undone."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.chat.server import Turns, say, use
from tests.requests.compare import compared
from tests.requests.conftest import WANTED, Wanted, called, script_of
from wavagent.chat import Asked, Session
from wavagent.chat.piece import Piece
from wavagent.chat.session import Mind
from wavagent.llm import Chat, Metered, Patient, Price
from wavagent.operations import Desk
from wavagent.project import SCRIPT, Project
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox

_MODELLED = [one for one in WANTED if one.model is not None]
EDITS = [one for at, one in enumerate(_MODELLED) if at % 2 == 0 or not one.grammar]
"""Every second one, and all that only a model understands: each takes a fifth of a second."""

STORIES = tuple(dict.fromkeys(one.story for one in EDITS))


@pytest.fixture
def studio(tmp_path: Path, toolbox: Toolbox) -> Iterator[Studio]:
    with Studio(Settings(str(tmp_path / "store"), workers=1), toolbox) as studio:
        yield studio


@pytest.mark.parametrize("story", STORIES, ids=lambda name: Path(name).stem.split("__")[-1])
def test_the_model_edits_what_was_asked_for_and_nothing_else_and_it_is_undone(
    story: str, studio: Studio, tmp_path: Path
) -> None:
    """The requests of a story, one after the other in one conversation, each taken back before the next."""
    asked = [one for one in EDITS if one.story == story]
    Project.create(tmp_path / "story", script_of(asked[0]), "planned")
    desk = Desk(tmp_path / "story", studio, who="chat")
    server = Turns(*chain.from_iterable((use(("edit", one.model)), say("It is done.")) for one in asked))
    pieces: list[Piece] = []
    chat = Chat("fake", base_url=server.url, timeout=10.0)
    meter = Metered(chat, Price(), None)
    session = Session(desk, pieces.append, Mind(Patient(meter, tries=1), meter, chat))
    try:
        for one in asked:
            pieces.clear()
            _is_done_and_undone(one, desk, session, pieces)
    finally:
        session.close()
        server.close()


def _is_done_and_undone(wanted: Wanted, desk: Desk, session: Session, pieces: list[Piece]) -> None:
    before, file = desk.script, (desk.folder / SCRIPT).read_bytes()
    session.say(wanted.say)
    assert any(isinstance(one, Asked) for one in pieces), (called(wanted), pieces)
    assert (desk.folder / SCRIPT).read_bytes() == file, "nothing is done that was not agreed to"
    session.agree()
    assert compared(before, desk.script) == wanted.expect, called(wanted)
    desk.project.undo("person")
    assert (desk.folder / SCRIPT).read_bytes() == file
