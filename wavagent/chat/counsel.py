"""The model as the agent asks it: with tools where its server takes them, else as JSON in text, down the ladder.

What it costs is counted on one account, and an answer that stops in the middle of a call is no call.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.messages.tool import tool_call
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field

from wavagent.llm import (
    Answer,
    Ask,
    Chat,
    Declined,
    Ladder,
    Message,
    Metered,
    Patient,
    Unreadable,
    Unsupported,
    prompt,
)
from wavagent.text import shown

REPAIRS = 2
"""Times that a broken answer is asked for again."""

_ANSWER: dict[str, Any] = {
    "title": "answer",
    "type": "object",
    "properties": {
        "say": {"type": "string"},
        "calls": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "arguments": {"type": "string"}},
                "required": ["name", "arguments"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["say", "calls"],
    "additionalProperties": False,
}


class Counsel(BaseChatModel):
    """`chat` is the door to a server that may take tools; None where there is only `model`, which answers in text.

    Every question goes over `meter`. `say` hears the answer's words as they come; `stopped` says whether to give up.
    Raises ModelError.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    model: Any
    meter: Any = None
    chat: Any = None
    say: Callable[[str], None] = Field(default=lambda text: None)
    stopped: Callable[[], bool] = Field(default=lambda: False)
    tools: tuple[dict[str, Any], ...] = ()
    plain: list[bool] = Field(default_factory=list)  # not empty: the server takes no tools; shared by all copies

    @property
    def _llm_type(self) -> str:
        return "wavagent"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[Any, AIMessage]:
        return self.model_copy(update={"tools": tuple(convert_to_openai_tool(one) for one in tools)})

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._answer(messages))])

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        if self.chat is not None and not self.plain:
            try:
                return _named(self._called(messages), messages)
            except Unsupported:
                self.plain.append(True)
        return _named(self._spelled(messages), messages)

    def _called(self, messages: list[BaseMessage]) -> AIMessage:
        """The answer of a server that takes tools. Raises ModelError."""
        assert isinstance(self.chat, Chat)
        fault = ""
        for _ in range(REPAIRS + 1):
            door = _Door(self.chat, messages, self.tools, self.say, self.stopped)
            asked = Ask(tuple(_flat(messages)), {"tools": list(self.tools)}, form="tool")
            Patient(_Account(self.meter, door) if self.meter else door).ask(asked)
            assert door.answer is not None
            fault = _broken(door.answer)
            if not fault:
                return _whole(door.answer)
            said = str(door.answer.text) or "(nothing)"
            messages = [*messages, AIMessage(said), HumanMessage(f"{fault}. Nothing of it was done. Answer again.")]
        raise Unreadable(f"the model gave no answer that can be used: {fault}")

    def _spelled(self, messages: list[BaseMessage]) -> AIMessage:
        """The answer of a model that gives its calls as JSON. Raises ModelError."""
        found: list[AIMessage] = []
        names = {one["function"]["name"] for one in self.tools}

        def take(answer: dict[str, Any]) -> list[str]:
            calls, faults = _calls(answer.get("calls") or [], names)
            say = answer.get("say") or ""
            if not isinstance(say, str):
                faults.append("`say` is no text")
            elif not faults:
                found.append(AIMessage(say, tool_calls=calls))
            return faults

        faults = Ladder(self.model).fill(self._spelling(messages), take)
        if not found:
            raise Unreadable(f"the model gave no answer that can be used: {faults[0] if faults else 'it is empty'}")
        if found[-1].content:
            self.say(str(found[-1].content))
        return found[-1]

    def _spelling(self, messages: list[BaseMessage]) -> Ask:
        flat = list(_flat(messages))
        tools = json.dumps([one["function"] for one in self.tools], ensure_ascii=False)
        task = "\n\n".join(one.text for one in flat if one.role == "system")
        system = prompt("calls", task=task, schema=json.dumps(_ANSWER), tools=tools)
        return Ask((Message("system", system), *(one for one in flat if one.role != "system")), _ANSWER)


class _Door:
    """One question to a server that takes tools, as a model that the meter and the patient one can hold."""

    def __init__(
        self,
        chat: Chat,
        messages: list[BaseMessage],
        tools: Sequence[dict[str, Any]],
        say: Callable[[str], None],
        stopped: Callable[[], bool],
    ) -> None:
        self.name = chat.name
        self.answer: AIMessage | None = None
        self._chat, self._messages, self._tools, self._say, self._stopped = chat, messages, tools, say, stopped

    def ask(self, request: Ask) -> Answer:
        try:
            found = self._streamed(self._chat.client(request.max_tokens).bind_tools(list(self._tools)))
        except Exception as error:
            raise self._chat.fault(error, request) from error
        self.answer = found
        usage: Any = found.usage_metadata or {}
        return Answer(str(found.text), "stop", usage.get("input_tokens"), usage.get("output_tokens"))

    def _streamed(self, client: Any) -> AIMessage:
        whole: AIMessageChunk | None = None
        for chunk in client.stream(self._messages):
            if self._stopped():
                raise KeyboardInterrupt
            whole = chunk if whole is None else whole + chunk
            if said := str(chunk.text):
                self._say(said)
        return whole if whole is not None else client.invoke(self._messages)  # a server that does not stream


class _Account:
    """A door whose questions are counted."""

    def __init__(self, meter: Metered, door: _Door) -> None:
        self.name, self._meter, self._door = door.name, meter, door

    def ask(self, request: Ask) -> Answer:
        return self._meter.through(self._door, request)


def _broken(answer: AIMessage) -> str:
    """What is wrong with an answer as it came: empty where nothing is. Raises Declined."""
    told = {**answer.response_metadata, **answer.additional_kwargs}
    finish = told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason")
    if told.get("refusal") or finish == "content_filter":
        raise Declined(
            f"the model will not answer this: {shown(str(told.get('refusal') or 'its filter stopped it'), 120)}"
        )
    if finish in ("length", "max_tokens"):
        return "That answer was cut off at its longest; make it shorter"
    for chunk in getattr(answer, "tool_call_chunks", ()):
        try:
            whole = isinstance(json.loads(chunk["args"] or "{}"), dict)
        except ValueError:
            whole = False
        if not whole:
            return f"The arguments of the call of '{shown(str(chunk['name']))}' are no whole JSON object"
    if answer.invalid_tool_calls:
        return f"The arguments of the call of '{shown(str(answer.invalid_tool_calls[0]['name']))}' are no JSON object"
    if not str(answer.text).strip() and not answer.tool_calls:
        return "That answer is empty"
    return ""


def _whole(answer: AIMessage) -> AIMessage:
    """An answer as it is kept: its words and its calls."""
    return AIMessage(str(answer.text), tool_calls=list(answer.tool_calls), usage_metadata=answer.usage_metadata)


def _named(answer: AIMessage, messages: Sequence[BaseMessage]) -> AIMessage:
    """`answer` with an id for every call that no other has, whatever the server gave."""
    taken = {call["id"] for one in messages if isinstance(one, AIMessage) for call in one.tool_calls}
    calls = []
    for number, call in enumerate(answer.tool_calls):
        id = call["id"]
        if not id or id in taken:
            id = f"c{len(messages):04}{number:04}"  # nine letters and digits, as the strictest server wants them
        taken.add(id)
        calls.append(tool_call(name=call["name"], args=call["args"], id=id))
    return AIMessage(str(answer.content), tool_calls=calls, usage_metadata=answer.usage_metadata)


def _calls(told: Any, names: set[str]) -> tuple[list[Any], list[str]]:
    """The calls of an answer in JSON, and what is wrong with them."""
    if not isinstance(told, list):
        return [], ["`calls` is no list"]
    calls, faults = [], []
    for number, one in enumerate(told):
        name = one.get("name") if isinstance(one, dict) else None
        if name not in names:
            faults.append(
                f"calls.{number}: there is no tool {shown(json.dumps(name))}; there are {', '.join(sorted(names))}"
            )
            continue
        try:
            given = one.get("arguments") or "{}"
            arguments = json.loads(given) if isinstance(given, str) else given
        except (ValueError, RecursionError):
            arguments = None
        if isinstance(arguments, dict):
            calls.append(tool_call(name=str(name), args=arguments, id=None))
        else:
            faults.append(f"calls.{number}: `arguments` is no JSON object")
    return calls, faults


def _flat(messages: Sequence[BaseMessage]) -> Iterator[Message]:
    """The messages as text alone."""
    for one in messages:
        if isinstance(one, SystemMessage):
            yield Message("system", str(one.text))
        elif isinstance(one, AIMessage):
            calls = [{"name": call["name"], "arguments": json.dumps(call["args"])} for call in one.tool_calls]
            yield Message("assistant", json.dumps({"say": str(one.text), "calls": calls}, ensure_ascii=False))
        elif isinstance(one, ToolMessage):
            told = {"result_of": one.name, "result": str(one.text)}
            yield Message("user", json.dumps(told, ensure_ascii=False))
        else:
            yield Message("user", str(one.text))
