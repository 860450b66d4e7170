"""A story on a desk, and sessions about it: with a model that answers as it is told, or without one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chat.server import Answer, Turns
from wavagent.chat import Session
from wavagent.chat.piece import Piece
from wavagent.chat.session import Mind
from wavagent.llm import Chat, Metered, Patient, Price
from wavagent.operations import Desk
from wavagent.project import Project
from wavagent.script import Script
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox

FREE = Price()


@pytest.fixture
def desk(tmp_path: Path, script: Script, toolbox: Toolbox) -> Iterator[Desk]:
    Project.create(tmp_path / "story", script, "planned")
    with Studio(Settings(str(tmp_path / "store"), workers=1), toolbox) as studio:
        yield Desk(tmp_path / "story", studio, who="chat")


@pytest.fixture
def turns() -> Iterator[Callable[..., Turns]]:
    made: list[Turns] = []

    def make(*answers: Answer, forever: bool = False) -> Turns:
        made.append(Turns(*answers, forever=forever))
        return made[-1]

    yield make
    for one in made:
        one.close()


class Talk(Session):
    """A session that remembers everything it told."""

    pieces: list[Piece]

    def told(self, kind: type[Any]) -> list[Any]:
        return [one for one in self.pieces if isinstance(one, kind)]


@pytest.fixture
def talk(desk: Desk) -> Iterator[Callable[..., Talk]]:
    made: list[Talk] = []

    def make(server: Turns | None = None, *, limit: float | None = None, price: Price = FREE) -> Talk:
        mind = None
        if server is not None:
            chat = Chat("fake", base_url=server.url, timeout=10.0)
            meter = Metered(chat, price, limit)
            mind = Mind(Patient(meter, tries=1), meter, chat)
        pieces: list[Piece] = []
        session = Talk(desk, pieces.append, mind)
        session.pieces = pieces
        made.append(session)
        return session

    yield make
    for one in made:
        one.close()
