"""The models that stand around another: patience, a meter, a store, a record."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.errors import InputError
from wavagent.llm import (
    Answer,
    Ask,
    Cached,
    Declined,
    Message,
    Metered,
    Model,
    OverBudget,
    Patient,
    Price,
    Record,
    Replay,
    TooLong,
    Unreachable,
    Unsupported,
)
from wavagent.llm.metered import most_tokens
from wavagent.store import Store

ASK = Ask((Message("user", "What is it?"),), {"title": "It"})
BUSY = Unreachable("busy")


def patient(model: Model, waits: list[float], tries: int = 4) -> Patient:
    return Patient(model, tries=tries, sleep=waits.append, chance=lambda: 1.0)


def test_pauses_grow() -> None:
    waits: list[float] = []
    assert patient(Replay(BUSY, BUSY, BUSY, "yes"), waits).ask(ASK).text == "yes"
    assert waits == [1.0, 2.0, 4.0]


def test_chance_shortens_a_pause_by_half_at_most() -> None:
    waits: list[float] = []
    Patient(Replay(BUSY, "yes"), sleep=waits.append, chance=lambda: 0.0).ask(ASK)
    assert waits == [0.5]


def test_what_the_server_asks_for_is_waited() -> None:
    waits: list[float] = []
    patient(Replay(Unreachable("busy", 7.5), "yes"), waits).ask(ASK)
    assert waits == [7.5]


def test_nobody_waits_an_hour() -> None:
    waits: list[float] = []
    with pytest.raises(Unreachable, match="it asks to wait 3600 s"):
        patient(Replay(Unreachable("busy", 3600.0)), waits).ask(ASK)
    assert waits == []


def test_tries_are_bounded() -> None:
    model = Replay(BUSY, forever=True)
    with pytest.raises(Unreachable, match="it was asked 4 times"):
        patient(model, []).ask(ASK)
    assert len(model.asked) == 4


def test_what_waiting_does_not_mend_is_not_tried_again() -> None:
    model = Replay(Declined("no"), "yes")
    with pytest.raises(Declined):
        patient(model, []).ask(ASK)
    assert len(model.asked) == 1


def test_tokens_and_money_are_counted() -> None:
    meter = Metered(Replay(Answer("yes", tokens_in=1000, tokens_out=500), forever=True), Price(2.0, 8.0))
    assert meter.ask(ASK).money == pytest.approx(0.006)
    meter.ask(ASK)
    assert (meter.spent.asks, meter.spent.tokens_in, meter.spent.tokens_out) == (2, 2000, 1000)
    assert meter.spent.money == pytest.approx(0.012)


def test_a_question_that_could_cost_too_much_is_not_asked() -> None:
    model = Replay("yes")
    with pytest.raises(OverBudget, match="--max-cost"):
        Metered(model, Price(1.0, 10.0), limit=0.01).ask(ASK)
    assert model.asked == []


@given(
    st.floats(0.0001, 3.0),
    st.lists(st.tuples(st.text(max_size=300), st.integers(0, 8192), st.booleans()), max_size=30),
)
def test_the_limit_is_never_passed(limit: float, asks: list[tuple[str, int, bool]]) -> None:
    """Whatever a server counts, as long as a token is at least a byte and an answer no longer than was asked for."""
    price, paid = Price(3.0, 15.0), 0.0

    def answer(request: Ask) -> Answer:
        nonlocal paid
        assert request.max_tokens is not None
        tokens_in, tokens_out = most_tokens(request), min(out, request.max_tokens)
        paid += price.of(tokens_in, tokens_out)
        if dies:
            raise Unreachable("gone", billed=True)
        return Answer("x", tokens_in=tokens_in, tokens_out=tokens_out)

    meter = Metered(Replay(answer, forever=True), price, limit)
    for text, out, dies in asks:  # noqa: B007 - `answer` reads them
        request = Ask((Message("user", text.encode("utf-8", "replace").decode()),), {})
        try:
            meter.ask(request)
        except (OverBudget, Unreachable):
            pass
        assert paid <= meter.spent.money + 1e-12
        assert meter.spent.money <= limit


def test_what_a_server_does_not_count_is_counted_at_its_most() -> None:
    meter = Metered(Replay("yes"))
    meter.ask(ASK)
    assert meter.spent.tokens_in == most_tokens(ASK)
    assert meter.spent.tokens_out == len("yes")


def test_a_failure_that_nobody_charges_for_costs_nothing() -> None:
    meter = Metered(Replay(BUSY), Price(1.0, 1.0), limit=1.0)
    with pytest.raises(Unreachable):
        meter.ask(ASK)
    assert meter.spent.money == 0.0


def test_nothing_is_asked_twice(tmp_path: Path) -> None:
    model = Replay("yes")
    for _ in range(3):
        assert Cached(model, Store(str(tmp_path))).ask(ASK).text == "yes"
    assert len(model.asked) == 1


def test_a_kept_answer_is_free_and_says_that_it_was_kept(tmp_path: Path) -> None:
    model = Cached(Metered(Replay(Answer("yes", "stop", 10, 5)), Price(1.0, 1.0)), Store(str(tmp_path)))
    assert model.ask(ASK).money > 0.0
    assert model.ask(ASK) == Answer("yes", "stop", 10, 5, money=0.0, kept=True)


CHANGES: dict[str, Callable[[Ask], Ask]] = {
    "its words": lambda ask: replace(ask, messages=(Message("user", "Who is it?"),)),
    "who says them": lambda ask: replace(ask, messages=(Message("system", "What is it?"),)),
    "its schema": lambda ask: replace(ask, schema={"title": "That"}),
    "its form": lambda ask: replace(ask, form="text"),
    "its longest answer": lambda ask: replace(ask, max_tokens=7),
    "its seed": lambda ask: replace(ask, seed=1),
    "what was said since": lambda ask: ask.after("a", "b"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_another_question_is_asked(what: str) -> None:
    assert CHANGES[what](ASK).key("m") != ASK.key("m")


def test_another_model_is_asked() -> None:
    assert ASK.key("one") != ASK.key("two")


@pytest.mark.parametrize("no", [Unsupported("no"), TooLong("no")])
def test_what_a_server_says_of_the_question_is_kept_too(tmp_path: Path, no: Exception) -> None:
    model = Replay(no, "yes")
    for _ in range(2):
        with pytest.raises(type(no)):
            Cached(model, Store(str(tmp_path))).ask(ASK)
    assert len(model.asked) == 1


def test_a_failure_is_not_kept(tmp_path: Path) -> None:
    model = Cached(Replay(BUSY, "yes"), Store(str(tmp_path)))
    with pytest.raises(Unreachable):
        model.ask(ASK)
    assert model.ask(ASK).text == "yes"


def test_a_damaged_answer_is_asked_for_again(tmp_path: Path) -> None:
    model = Replay("yes", "yes again")
    Cached(model, Store(str(tmp_path))).ask(ASK)
    for file in tmp_path.rglob("*.bin"):
        file.write_bytes(b"torn")
    assert Cached(model, Store(str(tmp_path))).ask(ASK).text == "yes again"


def test_what_was_recorded_is_replayed(tmp_path: Path) -> None:
    model = Record(Replay("yes", Answer("", "refusal"), name="m"), tmp_path / "answers.jsonl")
    second = replace(ASK, seed=1)
    said = [model.ask(ASK), model.ask(second)]
    replay = Replay.recorded(tmp_path / "answers.jsonl")
    assert replay.name == "m"
    assert [replay.ask(second).finish, replay.ask(ASK).text] == [said[1].finish, said[0].text]


def test_a_question_that_was_not_recorded_is_named() -> None:
    with pytest.raises(Unreachable, match="nothing is recorded that answers question 1"):
        Replay().ask(ASK)


def test_answers_may_be_written_by_hand(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"it": "right"}\n\n"plain words"\n', encoding="utf-8")
    replay = Replay.recorded(tmp_path / "a.jsonl")
    assert [replay.ask(ASK).text, replay.ask(ASK).text] == ['{"it": "right"}', "plain words"]


def test_a_file_that_is_no_record_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("not JSON", encoding="utf-8")
    for name in ("a.jsonl", "missing.jsonl"):
        with pytest.raises(InputError, match="cannot be read as recorded answers"):
            Replay.recorded(tmp_path / name)
