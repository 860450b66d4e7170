import json
from typing import Any

import pytest

from wavagent.llm import Answer, Ask, Declined, Ladder, Message, Replay, TooLong, Unreadable, Unsupported

ASK = Ask((Message("user", "What is it?"),), {"title": "It", "type": "object", "properties": {"it": {}}})


def picky(answer: dict[str, Any]) -> list[str]:
    return [] if answer["it"] == "right" else [f"`it` is '{answer['it']}'"]


def test_a_good_answer_is_asked_for_once() -> None:
    model = Replay('{"it": "right"}')
    assert Ladder(model).fill(ASK, picky) == ()
    assert [ask.form for ask in model.asked] == ["schema"]


def test_the_exact_fault_is_sent_back_with_the_answer() -> None:
    model = Replay('{"it": "wrong"}', '{"it": "right"}')
    assert Ladder(model).fill(ASK, picky) == ()
    answer, reply = model.asked[1].messages[-2:]
    assert (answer.role, answer.text) == ("assistant", '{"it": "wrong"}')
    assert reply.role == "user"
    assert "- `it` is 'wrong'" in reply.text


def test_repairs_are_bounded_and_the_faults_that_remain_are_told() -> None:
    model = Replay('{"it": "wrong"}', forever=True)
    assert Ladder(model).fill(ASK, picky) == ("`it` is 'wrong'",)
    assert len(model.asked) == 3


def test_an_answer_that_was_never_read_is_an_error_that_says_why() -> None:
    with pytest.raises(Unreadable, match="gave no answer that can be read: the answer is empty"):
        Ladder(Replay("", forever=True)).fill(ASK, picky)


def test_what_was_read_once_is_no_error_even_if_the_next_answer_is() -> None:
    assert Ladder(Replay('{"it": "wrong"}', "?", "?")).fill(ASK, picky) != ()


def test_an_answer_cut_off_is_too_long_even_if_it_could_be_read() -> None:
    with pytest.raises(TooLong):
        Ladder(Replay(Answer('{"it": "right"}', "length"))).fill(ASK, picky)


def test_a_refusal_says_what_the_model_said() -> None:
    with pytest.raises(Declined, match="I would rather not"):
        Ladder(Replay(Answer("I would rather not", "refusal"))).fill(ASK, picky)


def test_it_goes_down_the_forms_and_stays_there() -> None:
    model = Replay(Unsupported("a"), Unsupported("b"), '{"it": "right"}', '{"it": "right"}')
    ladder = Ladder(model)
    ladder.fill(ASK, picky)
    ladder.fill(ASK, picky)
    assert [ask.form for ask in model.asked] == ["schema", "tool", "text", "text"]


def test_a_long_list_of_faults_is_cut_short() -> None:
    model = Replay('{"it": 1}', '{"it": "right"}')
    Ladder(model).fill(ASK, lambda answer: [] if answer["it"] == "right" else [f"fault {n}" for n in range(500)])
    assert model.asked[1].messages[-1].text.count("\n- ") == 13


def test_a_huge_answer_is_not_sent_back_whole() -> None:
    model = Replay(json.dumps({"it": "x" * 100_000}), '{"it": "right"}')
    Ladder(model).fill(ASK, picky)
    assert len(model.asked[1].messages[-2].text) == 4_000
