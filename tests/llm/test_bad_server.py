"""However badly a server behaves, there is a script, or an error with a name and a sentence."""

import json
import socket
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from wavagent.llm import Chat, Denied, Model, ModelError, NoModel, Patient, Unreachable
from wavagent.planning.llm import adapt
from wavagent.reading import Document

Body = dict[str, Any]
Fault = Callable[[SimpleNamespace, Body, int], Any]
FINE, RULES = "fine", "rules"
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


def well(kit: SimpleNamespace, body: Body) -> Any:
    return kit.completion(json.dumps(kit.good(body)))


def once(fault: Fault) -> Fault:
    """`fault` the first time, and a good answer from then on."""
    return lambda kit, body, number: fault(kit, body, number) if number == 1 else well(kit, body)


def call(kit: SimpleNamespace, body: Body, arguments: str) -> Any:
    """The answer as a call of the tool `Labels`."""
    calls = [{"id": "1", "type": "function", "function": {"name": "Labels", "arguments": arguments}}]
    return kit.completion(None, "tool_calls", tool_calls=calls)


def unless(allowed: str, fault: Fault) -> Fault:
    """`fault` for every question that does not ask in the form `allowed`."""
    return lambda kit, body, number: well(kit, body) if allowed == form(body) else fault(kit, body, number)


def form(body: Body) -> str:
    return "schema" if "response_format" in body else "tool" if "tools" in body else "text"


def crowded(kit: SimpleNamespace, body: Body, number: int) -> Any:
    """Room for two lines in one question."""
    if len(kit.told(body)["spans"]) > 2:
        return kit.failure(400, "This model's maximum context length is 12 tokens.")
    return well(kit, body)


def breathless(kit: SimpleNamespace, body: Body, number: int) -> Any:
    """Breath for two lines in one answer."""
    if len(kit.told(body)["spans"]) > 2:
        return kit.completion(json.dumps(kit.good(body))[:90], "length")
    return well(kit, body)


FAULTS: dict[str, tuple[Fault, str | type[ModelError]]] = {
    "a tool call instead of the schema": (lambda kit, body, n: call(kit, body, json.dumps(kit.good(body))), FINE),
    "a tool call whose arguments are no JSON": (lambda kit, body, n: call(kit, body, '{"spans": ['), RULES),
    "a tool call without arguments": (lambda kit, body, n: call(kit, body, ""), RULES),
    "no schemas": (unless("tool", lambda kit, body, n: kit.failure(400, "response_format is not supported")), FINE),
    "no schemas and no tools": (unless("text", lambda kit, body, n: kit.failure(400, "unknown field: tools")), FINE),
    "no schemas, said with 422": (unless("tool", lambda kit, body, n: kit.failure(422, "extra fields")), FINE),
    "no form at all": (lambda kit, body, n: kit.failure(400, "no"), Denied),
    "a refusal": (lambda kit, body, n: kit.completion(None, refusal="I cannot do that."), RULES),
    "a filter": (lambda kit, body, n: kit.completion("", "content_filter"), RULES),
    "an answer cut off at its longest": (lambda kit, body, n: kit.completion('{"spans": [', "length"), RULES),
    "answers that are too long": (breathless, FINE),
    "questions that are too long": (crowded, FINE),
    "busy once": (once(lambda kit, body, n: kit.failure(429, "slow down", Retry_After="3")), FINE),
    "busy without saying how long": (once(lambda kit, body, n: kit.failure(429, "slow down")), FINE),
    "busy until a date": (once(lambda kit, body, n: kit.failure(429, "no", Retry_After=DATE)), FINE),
    "busy for ever": (lambda kit, body, n: kit.failure(429, "slow down"), Unreachable),
    "busy for an hour": (lambda kit, body, n: kit.failure(429, "slow down", Retry_After="3600"), Unreachable),
    "no money left": (lambda kit, body, n: kit.failure(429, "insufficient_quota: you exceeded your quota"), Denied),
    "broken once": (once(lambda kit, body, n: kit.failure(500, "oops")), FINE),
    "broken for ever": (lambda kit, body, n: kit.failure(500, "oops"), Unreachable),
    "a proxy's page": (lambda kit, body, n: kit.Reply(b"<html>502 Bad Gateway</html>", 502), Unreachable),
    "a stall once": (once(lambda kit, body, n: kit.Reply(b"", stall=True)), FINE),
    "stalls for ever": (lambda kit, body, n: kit.Reply(b"", stall=True), Unreachable),
    "gone without a word": (lambda kit, body, n: kit.Reply(b"", cut=-1), Unreachable),
    "gone without a word once": (once(lambda kit, body, n: kit.Reply(b"", cut=-1)), FINE),
    "gone after a byte": (lambda kit, body, n: replace(well(kit, body), cut=1), Unreachable),
    "gone in the middle": (lambda kit, body, n: replace(well(kit, body), cut=200), Unreachable),
    "gone in the middle once": (once(lambda kit, body, n: replace(well(kit, body), cut=200)), FINE),
    "bytes that are no text": (lambda kit, body, n: kit.Reply(b"\xff\xfe\x00{" * 50), Unreachable),
    "text that is no text": (lambda kit, body, n: kit.Reply(b'{"id": "\xc3\x28"}'), Unreachable),
    "a body that is no JSON": (lambda kit, body, n: kit.Reply(b"OK"), Unreachable),
    "an empty body": (lambda kit, body, n: kit.Reply(b""), Unreachable),
    "no choices": (lambda kit, body, n: kit.Reply(b'{"id": "c", "choices": []}'), Unreachable),
    "null choices": (lambda kit, body, n: kit.Reply(b'{"id": "c", "choices": null}'), Unreachable),
    "an error with a friendly status": (lambda kit, body, n: kit.Reply(b'{"error": {"message": "no"}}'), Unreachable),
    "a wrong key": (lambda kit, body, n: kit.failure(401, "Incorrect API key"), Denied),
    "no access": (lambda kit, body, n: kit.failure(403, "Forbidden"), Denied),
    "no such model": (lambda kit, body, n: kit.failure(404, "model 'fake' not found"), Denied),
    "no tokens counted": (lambda kit, body, n: kit.Reply(well(kit, body).body.replace(b'"usage"', b'"usages"')), FINE),
}  # fmt: skip
"""By name: what the server does, and how the plan ends."""


def impatient(model: Model, waits: list[float]) -> Patient:
    return Patient(model, tries=2, sleep=waits.append, chance=lambda: 0.0)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_plan_ends_in_a_script_or_in_an_error_with_a_name(
    fault: str, server: Any, kit: SimpleNamespace, chat: Callable[..., Chat], tale: Document
) -> None:
    behave, ending = FAULTS[fault]
    server.reply = lambda body, number: behave(kit, body, number)
    waits: list[float] = []
    model = impatient(chat(timeout=0.2 if "stall" in fault else 5.0), waits)
    if isinstance(ending, type):
        with pytest.raises(ending) as caught:
            adapt(tale, model)
        assert type(caught.value) is ending
        assert "\n" not in str(caught.value)
        return
    plan = adapt(tale, model)
    assert plan.script.text == tale.text
    assert plan.degraded == (ending == RULES), plan.notes
    assert {"narrator", "mary", "tom"} == {character.id for character in plan.script.cast}


def test_retry_after_is_honoured(server: Any, kit: SimpleNamespace, chat: Callable[..., Chat], tale: Document) -> None:
    busy = FAULTS["busy once"][0]
    server.reply = lambda body, number: busy(kit, body, number)
    waits: list[float] = []
    adapt(tale, impatient(chat(), waits))
    assert waits == [3.0]


def test_a_form_that_the_server_does_not_take_is_not_asked_for_again(
    server: Any, kit: SimpleNamespace, chat: Callable[..., Chat], tale: Document
) -> None:
    behave = FAULTS["no schemas and no tools"][0]
    server.reply = lambda body, number: behave(kit, body, number)
    adapt(tale, chat(), budget=30)
    assert [form(body) for body in server.asked][:3] == ["schema", "tool", "text"]
    assert {form(body) for body in server.asked[3:]} == {"text"}
    assert len(server.asked) > 4


def test_a_server_that_dies_keeps_what_was_won(
    server: Any, kit: SimpleNamespace, chat: Callable[..., Chat], tale: Document
) -> None:
    server.reply = lambda body, number: well(kit, body) if number < 3 else kit.failure(500, "oops")
    with pytest.raises(Unreachable, match=r"2 of \d parts are labelled and kept"):
        adapt(tale, impatient(chat(), []), budget=30)


def test_a_server_that_is_not_there_is_named(chat: Callable[..., Chat], server: Any, tale: Document) -> None:
    with pytest.raises(Unreachable, match="gave no answer"):
        adapt(tale, impatient(Chat("fake", base_url="http://127.0.0.1:9/v1"), []))


def test_no_key_is_one_sentence(tale: Document) -> None:
    with pytest.raises(NoModel, match="needs a key; set OPENAI_API_KEY"):
        adapt(tale, Chat("gpt-4o-mini"))


def test_a_missing_library_says_what_to_type(tale: Document) -> None:
    with pytest.raises(NoModel, match=r"pip install .*langchain-xai"):
        adapt(tale, Chat("xai:grok"))


def test_no_test_reaches_anything_but_this_machine() -> None:
    with socket.socket() as reaching, pytest.raises(AssertionError, match="wanted to reach"):
        reaching.connect(("192.0.2.1", 443))
