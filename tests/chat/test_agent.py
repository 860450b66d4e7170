"""A model that uses the operations as tools, over real HTTP: what it asks for is shown, agreed to, and done once."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.chat.server import Reply, say, status, use
from wavagent.chat import Asked, Did, Failed, Said, Told
from wavagent.llm import Price
from wavagent.operations import Desk, operation
from wavagent.project import SCRIPT
from wavagent.script.file import dumps

LOUDER = {"operations": [{"op": "relevel", "ids": ["a1"], "by": 6}], "words": "kept", "note": "louder rain"}
SLOWER = {"operations": [{"op": "set_delivery", "ids": ["e4"], "pace": 0.8}], "words": "kept", "note": "slower"}

Make = Callable[..., Any]


def gain(desk: Desk, id: str) -> float:
    return next(float(one.gain) for one in desk.script.elements if one.id == id)  # type: ignore[union-attr]


def tools(body: Any) -> list[str]:
    """What the model was answered by its tools."""
    return [message["content"] for message in body["messages"] if message["role"] == "tool"]


def test_an_edit_is_shown_and_then_done(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(use(("edit", LOUDER), text="Louder it is."), say("Done: the rain is louder by 6 dB."))
    session, before = talk(server), dumps(desk.script)
    session.say("make the rain louder")
    assert dumps(desk.script) == before, "nothing is done that was not agreed to"
    shown = session.told(Asked)[0].proposal
    assert shown.says == ("Scene 1, rain on the roof (a1): louder by 6 dB (-6 → 0 dB)",)
    assert shown.bill is not None and shown.params["operations"][0]["by"] == 6.0
    session.answer(True)
    assert gain(desk, "a1") == 6.0
    assert session.pending is None
    assert "".join(one.text for one in session.told(Said)) == "Louder it is.Done: the rain is louder by 6 dB."
    assert desk.project.log()[-1].who.startswith("chat #")


def test_a_no_changes_nothing_and_the_model_is_told(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(use(("edit", LOUDER)), say("As you like."))
    session, before = talk(server), dumps(desk.script)
    session.say("make the rain louder")
    session.say("no")
    assert dumps(desk.script) == before
    assert "said no" in tools(server.asked[-1])[0]


def test_several_edits_of_one_turn_are_agreed_to_one_by_one_each_on_the_one_before(
    desk: Desk, turns: Make, talk: Make
) -> None:
    server = turns(use(("edit", LOUDER), ("story", {}), ("edit", SLOWER)), say("Both are done."))
    session = talk(server)
    session.say("louder rain, and the wind slower")
    session.answer(True)
    assert (gain(desk, "a1"), session.pending.says[0]) == (6.0, session.pending.says[0])
    assert "slower" in session.pending.says[0]
    session.answer(True)
    assert session.pending is None
    assert [one.operation for one in session.told(Did)] == ["story", "edit", "edit"]
    assert len(desk.project.log()) == 3
    assert len(tools(server.asked[-1])) == 3


def test_yes_to_one_and_no_to_the_other(desk: Desk, turns: Make, talk: Make) -> None:
    session = talk(turns(use(("edit", LOUDER), ("edit", SLOWER)), say("One is done.")))
    session.say("louder rain, and the wind slower")
    session.answer(False)
    session.answer(True)
    assert gain(desk, "a1") == 0.0
    assert next(one.delivery.pace for one in desk.script.lines if one.id == "e4") == 0.8


def test_what_a_model_says_that_somebody_agreed_to_is_read_before_it_is_done(
    desk: Desk, turns: Make, talk: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert operation("clone").pledges and not operation("edit").pledges
    monkeypatch.setattr("wavagent.chat.session.operation", lambda name: replace(operation(name), pledges=True))
    session, before = talk(turns(use(("edit", LOUDER)), say("Done."))), dumps(desk.script)
    session.say("make the rain louder")
    session.agree()
    assert session.pending is not None and dumps(desk.script) == before
    session.say("yes")
    assert session.pending is None and gain(desk, "a1") == 6.0


def test_what_only_looks_needs_no_yes(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(use(("elements", {"text": "rain"}), ("measure", {}), ("length", {})), say("It rains."))
    session = talk(server)
    session.say("what is there of rain?")
    assert session.pending is None and not session.told(Asked)
    found = json.loads(tools(server.asked[-1])[0])["data"]["elements"]
    assert [one["id"] for one in found] == ["a1"]
    assert json.loads(tools(server.asked[-1])[1])["data"]["roles"]["ambience"]["under_words_by"] > 0


def test_what_takes_time_is_quoted_first(desk: Desk, turns: Make, talk: Make, voice: Any) -> None:
    session = talk(turns(use(("render", {})), say("It is made.")))
    session.say("render it")
    assert session.pending.bill["to_make"] > 0 and not voice.asked
    session.answer(True)
    assert voice.asked and session.told(Did)[0].operation == "render"


@pytest.mark.parametrize(
    ("params", "fault"),
    [
        ({"operations": [{"op": "relevel", "ids": ["storm-9"], "by": 3}], "words": "kept", "note": ""}, "storm-9"),
        ({"operations": "louder", "words": "kept", "note": ""}, "operations"),
        ({"operations": [{"op": "relevel", "ids": 5, "by": "much"}], "words": "kept", "note": ""}, "relevel"),
        ({"operations": [{"op": "explode"}], "words": "kept", "note": ""}, "explode"),
        ({"operations": [], "words": "kept", "note": ""}, "operations"),
        ({"operations": [{"op": "relevel", "ids": ["a1"], "gain": 9000}], "words": "kept", "note": ""}, "gain"),
        ({"operations": [{"op": "replace_text", "id": "e1", "text": "It was early."}], "words": "kept", "note": "",
          "base": "0" * 64}, "revision"),
        ({}, "operations"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_named_to_the_model_and_nothing_happens(
    desk: Desk, turns: Make, talk: Make, params: Any, fault: str
) -> None:
    server = turns(use(("edit", params)), say("That cannot be done."))
    session, before = talk(server), dumps(desk.script)
    session.say("do something impossible")
    session.agree()
    assert dumps(desk.script) == before
    assert fault in json.loads(tools(server.asked[-1])[0])["refused"]


def test_a_tool_that_there_is_not_is_named(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(use(("rm_rf", {"path": "/"})), say("I cannot."))
    session = talk(server)
    session.say("delete everything")
    assert "rm_rf" in tools(server.asked[-1])[0] and session.pending is None


@pytest.mark.parametrize(
    "broken",
    [
        use(("edit", '{"operations": [{"op": "remove", "ids": ["a1"')),
        use(("edit", json.dumps(LOUDER)), cut=True),
        use(("edit", json.dumps(LOUDER)), finish="length"),
        use(("edit", "not json at all")),
        Reply(),
    ],
    ids=["half an object", "the stream ends", "cut at its longest", "no json", "empty"],
)
def test_an_answer_that_stops_in_the_middle_is_no_call(desk: Desk, turns: Make, talk: Make, broken: Reply) -> None:
    server = turns(broken, say("Sorry."))
    session, before = talk(server), dumps(desk.script)
    session.say("louder rain")
    session.agree()
    assert dumps(desk.script) == before and not session.told(Asked)
    assert "".join(one.text for one in session.told(Said)).endswith("Sorry.")


def test_a_model_that_is_broken_for_good_gives_way_to_the_grammar(desk: Desk, turns: Make, talk: Make) -> None:
    session = talk(turns(use(("edit", "{")), forever=True))
    session.say("undo")
    assert "gave no answer" in session.told(Told)[0].text
    assert any("undo" in one.reason for one in session.told(Failed)), "the grammar knew what to do"


def test_a_model_that_loops_is_stopped(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(use(("story", {})), forever=True)
    session = talk(server)
    session.say("think about it")
    assert len(server.asked) <= 12
    assert "stopped after" in session.turns[-1].answer


def test_a_model_that_edits_on_and_on_is_stopped_even_when_all_is_agreed_to(
    desk: Desk, turns: Make, talk: Make
) -> None:
    edits = iter(range(1000))

    def more(body: Any) -> Reply:
        edit = {"operations": [{"op": "set_story", "title": f"Title {next(edits)}"}], "words": "kept", "note": ""}
        return use(("edit", edit))

    server = turns(more, forever=True)
    session = talk(server)
    session.say("change the title")
    session.agree()
    assert len(server.asked) <= 12 and session.pending is None
    assert len(desk.project.log()) <= 13


def test_a_change_of_the_story_while_something_waits_is_shown_anew(desk: Desk, turns: Make, talk: Make) -> None:
    session = talk(turns(use(("edit", LOUDER)), say("Done.")))
    session.say("louder rain")
    desk.project.commit(desk.script.model_copy(update={"title": "Another"}))
    session.answer(True)
    assert gain(desk, "a1") == 0.0, "what would be done is not what was shown"
    assert "changed meanwhile" in session.told(Told)[-1].text
    session.answer(True)
    assert gain(desk, "a1") == 6.0 and desk.script.title == "Another"


def test_a_server_without_tools_is_asked_in_text(desk: Desk, turns: Make, talk: Make) -> None:
    call = {"say": "", "calls": [{"name": "edit", "arguments": json.dumps(LOUDER)}]}
    server = turns(
        status(400),  # no tools
        status(400),  # no schema
        status(400),  # no tool for the answer
        say(f"```json\n{json.dumps(call)}\n```"),
        say(json.dumps({"say": "Done.", "calls": []})),
    )
    session = talk(server)
    session.say("louder rain")
    session.answer(True)
    assert gain(desk, "a1") == 6.0
    assert session.told(Said)[-1].text == "Done."


def test_a_server_without_tools_is_told_its_faults(desk: Desk, turns: Make, talk: Make) -> None:
    wrong = {"say": "", "calls": [{"name": "blow_up", "arguments": "{}"}]}
    server = turns(
        *[status(400)] * 3, say(json.dumps(wrong)), say(json.dumps({"say": "I cannot do that.", "calls": []}))
    )
    session = talk(server)
    session.say("blow it up")
    assert "blow_up" in server.asked[-1]["messages"][-1]["content"]
    assert session.told(Said)[-1].text == "I cannot do that."


def test_the_model_never_gives_more_money_away_than_is_allowed(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(say("Hello."), forever=True)
    session = talk(server, limit=0.000001, price=Price(10.0, 10.0))
    session.say("hello")
    assert server.asked == []
    assert "allowed" in session.told(Told)[0].text


def test_what_was_said_before_is_remembered_and_bounded(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(say("Yes. " * 400), forever=True)
    session = talk(server)
    sizes = []
    for number in range(16):
        session.say(f"remark {number}")
        sizes.append(sum(len(str(message["content"])) for message in server.asked[-1]["messages"]))
    last = json.dumps(server.asked[-1]["messages"])
    assert "remark 14" in last and "remark 2" in last
    assert max(sizes) < 45_000 and sizes[-1] - sizes[-2] < 400, "older turns are a line each"
    rows = session.conversation.base.execute("SELECT count(*) FROM checkpoints").fetchone()[0]
    assert rows == 0, "a turn that has ended leaves no checkpoint behind"


def test_the_same_call_in_another_turn_is_another_edit(desk: Desk, turns: Make, talk: Make) -> None:
    more = {"operations": [{"op": "relevel", "ids": ["a1"], "by": 2}], "words": "kept", "note": "louder"}
    session = talk(turns(use(("edit", more)), say("Done."), use(("edit", more)), say("Done.")))
    for _ in range(2):
        session.say("louder rain")
        session.answer(True)
    assert gain(desk, "a1") == 4.0


def test_undo_by_the_model_brings_the_file_back_to_the_byte(desk: Desk, turns: Make, talk: Make) -> None:
    before = (desk.folder / SCRIPT).read_bytes()
    session = talk(turns(use(("edit", LOUDER)), say("Done."), use(("undo", {})), say("Undone.")))
    session.say("louder rain")
    session.agree()
    assert (desk.folder / SCRIPT).read_bytes() != before
    session.say("take that back")
    assert "takes back" in session.pending.says[0]
    session.agree()
    assert (desk.folder / SCRIPT).read_bytes() == before


def test_the_story_reaches_the_model_as_data_beside_the_request(desk: Desk, turns: Make, talk: Make) -> None:
    server = turns(say("Hello."))
    talk(server).say("hello")
    last = json.loads(server.asked[0]["messages"][-1]["content"])
    assert last["request"] == "hello" and last["story"]["title"] == "A Visit"
    assert all("Who is there" not in str(one["content"]) for one in server.asked[0]["messages"][:-1])
    assert {one["function"]["name"] for one in server.asked[0]["tools"]} >= {"edit", "preview", "undo", "measure"}
