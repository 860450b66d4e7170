"""A conversation without a model, and what both kinds have in common."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wavagent.chat import Asked, Did, Failed, Told
from wavagent.chat.conversation import Turn
from wavagent.chat.memory import CHARACTERS, remembered
from wavagent.operations import Desk
from wavagent.project import SCRIPT
from wavagent.script.file import dumps
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Toolbox

Make = Callable[..., Any]


def test_plain_words_are_shown_and_then_done(desk: Desk, talk: Make) -> None:
    session, before = talk(), (desk.folder / SCRIPT).read_bytes()
    session.say("louder rain")
    assert (desk.folder / SCRIPT).read_bytes() == before
    assert session.pending is not None and "rain on the roof (a1): louder" in session.pending.says[0]
    session.say("yes")
    assert (desk.folder / SCRIPT).read_bytes() != before
    session.say("undo")
    session.say("Yes!")
    assert (desk.folder / SCRIPT).read_bytes() == before


def test_what_is_done_is_what_was_shown_to_the_byte(desk: Desk, talk: Make) -> None:
    from wavagent.script.patch import Patch, apply

    session = talk()
    session.say("louder rain")
    shown = Patch.model_validate(session.pending.params)
    wanted = dumps(apply(desk.script, shown))
    session.answer(True)
    assert dumps(desk.script) == wanted


def test_anything_but_a_yes_lets_go_of_what_waits(desk: Desk, talk: Make) -> None:
    session, before = talk(), dumps(desk.script)
    session.say("louder rain")
    session.say("how long is it")
    assert session.pending is None and dumps(desk.script) == before
    assert session.told(Did)[-1].operation == "length"


def test_a_change_meanwhile_makes_the_patch_stale_and_it_says_what_changed(desk: Desk, talk: Make) -> None:
    session = talk()
    session.say("louder rain")
    desk.project.commit(desk.script.model_copy(update={"title": "Another"}))
    session.answer(True)
    assert "revision" in session.told(Failed)[-1].reason
    assert next(one.gain for one in desk.script.elements if one.id == "a1") == 0.0  # type: ignore[union-attr]


def test_a_question_back_is_answered_by_the_next_turn(desk: Desk, talk: Make) -> None:
    session = talk()
    session.say("louder music")
    assert session.pending is None and "1." in session.told(Told)[-1].text
    session.say("2")
    assert session.pending is not None and "(m2)" in session.pending.says[0]


def test_a_preview_is_asked_about_when_it_takes_long_and_only_then(desk: Desk, talk: Make, voice: Any) -> None:
    session = talk()
    session.say("play scene 1")
    assert session.pending is not None and not voice.asked
    session.answer(True)
    assert voice.asked
    session.pieces.clear()
    session.say("play scene 1")
    assert not session.told(Asked), "it is all there now"
    assert session.told(Did)[-1].answer.files[0].read_bytes()[:4] == b"RIFF"


def test_without_a_story_it_says_how_to_begin(tmp_path: Path, toolbox: Toolbox) -> None:
    from wavagent.chat import Session

    pieces: list[Any] = []
    with Studio(Settings(str(tmp_path / "store")), toolbox) as studio:
        desk = Desk(tmp_path / "new", studio)
        session = Session(desk, pieces.append)
        session.say("louder rain")
        assert "/add" in pieces[-1].reason
        (tmp_path / "tale.txt").write_text("It was late.\n\n“Who is there?” asked Mary.\n")
        session.order("plan", {"file": desk.add(tmp_path / "tale.txt")})
        assert session.pending is not None and desk.empty
        session.answer(True)
        assert not desk.empty and [one.text.strip() for one in desk.script.lines][0] == "It was late."
        session.order("plan", {"file": "tale.txt"})
        assert "a story in this project already" in pieces[-1].reason
        session.close()


@pytest.mark.parametrize("said", ["", "   ", "\x00\x1b[2J", "🎭" * 500, "x" * 20_000, "', drop table turn; --", "{{}}"])
def test_whatever_is_said_nothing_breaks(desk: Desk, talk: Make, said: str) -> None:
    session, before = talk(), dumps(desk.script)
    session.say(said)
    session.answer(True)
    assert session.pending is None and dumps(desk.script) == before
    assert session.conversation.open is None


def test_what_was_said_is_there_the_next_day(desk: Desk, talk: Make) -> None:
    first = talk()
    first.say("who speaks")
    first.close()
    assert [one.said for one in talk().turns] == ["who speaks"]


def test_the_memory_of_a_long_conversation_is_bounded() -> None:
    tool = {"role": "tool", "id": "c", "name": "elements", "text": "y" * 9000}
    messages = ({"role": "assistant", "text": "x" * 3000, "calls": []}, tool)
    few, many = ([Turn(n, f"remark {n}", "", "done", messages) for n in range(count)] for count in (60, 3000))
    sizes = [sum(len(one["text"]) for one in remembered(turns)) for turns in (few, many)]
    assert sizes[0] < CHARACTERS + 8_000 and sizes[1] < sizes[0] + 2_000
    assert "2999" in str(remembered(many)) and "remark 2980" in str(remembered(many))
