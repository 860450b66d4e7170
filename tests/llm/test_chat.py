import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from wavagent.llm import Ask, Chat, Message, Metered, Price
from wavagent.llm.chat import is_local
from wavagent.llm.schema import schema_of
from wavagent.planning.llm.sheet import Labels

ASK = Ask((Message("system", "Be brief."), Message("user", '{"spans": []}')), schema_of(Labels))


@pytest.mark.parametrize(
    ("said", "provider", "model"),
    [
        ("gpt-4o-mini", "openai", "gpt-4o-mini"),
        ("openai:gpt-4o-mini", "openai", "gpt-4o-mini"),
        ("ollama:llama3.1:8b", "ollama", "llama3.1:8b"),
        ("llama3.1:8b", "openai", "llama3.1:8b"),
        ("anthropic:claude", "anthropic", "claude"),
        ("hf.co/some/model:Q4_K_M", "openai", "hf.co/some/model:Q4_K_M"),
    ],
)
def test_a_name_may_have_a_provider_and_colons_of_its_own(said: str, provider: str, model: str) -> None:
    chat = Chat(said)
    assert (chat.provider, chat.model) == (provider, model)


def test_a_server_of_ones_own_is_another_model() -> None:
    assert Chat("m", base_url="http://localhost:1/v1").name != Chat("m").name


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost:11434/v1", True),
        ("http://127.0.0.1:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://localhost.evil.example/v1", False),
        ("", False),
    ],
)
def test_only_this_machine_needs_no_key(url: str, local: bool) -> None:
    assert is_local(url) == local


@pytest.mark.parametrize(("form", "field"), [("schema", "response_format"), ("tool", "tools"), ("text", "messages")])
def test_each_form_is_asked_for_in_its_own_way(server: Any, chat: Callable[..., Chat], form: Any, field: str) -> None:
    chat().ask(Ask(ASK.messages, ASK.schema, form=form))
    body = server.asked[0]
    assert field in body
    assert {"response_format", "tools"} & body.keys() == {field} - {"messages"}
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_a_strict_schema_goes_over_the_wire_as_it_is(server: Any, chat: Callable[..., Chat]) -> None:
    chat().ask(ASK)
    sent = server.asked[0]["response_format"]["json_schema"]
    assert sent["strict"] is True
    assert sent["schema"]["properties"].keys() == ASK.schema["properties"].keys()


def test_the_key_goes_into_the_header_and_nowhere_else(server: Any, chat: Callable[..., Chat]) -> None:
    chat(api_key="sk-very-secret").ask(ASK)
    assert "sk-very-secret" not in str(server.asked)
    assert "sk-very-secret" not in chat(api_key="sk-very-secret").name


def test_tokens_are_told(chat: Callable[..., Chat]) -> None:
    answer = chat().ask(ASK)
    assert (answer.tokens_in, answer.tokens_out) == (100, 20)


def test_a_limit_on_money_limits_the_answer(server: Any, chat: Callable[..., Chat]) -> None:
    Metered(chat(), Price(1.0, 1.0), limit=1.0).ask(ASK)
    assert server.asked[0]["max_tokens"] == server.asked[0]["max_completion_tokens"] == 8192


def test_making_one_imports_no_library() -> None:
    code = (
        "import sys, wavagent.llm, wavagent.studio, wavagent.cli.app; wavagent.llm.Chat('m');"
        "print([m for m in ('langchain', 'langchain_core', 'openai', 'httpx') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"
