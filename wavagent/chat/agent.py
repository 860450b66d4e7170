"""The agent: a model that uses the operations as its tools, and waits for a yes before anything changes or costs.

A turn is a thread of LangGraph's, kept in the conversation's own file: whatever kills the process, what waited for a
yes waits again. What was agreed to is done once, and is the very thing that was shown.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, hook_config
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Command, interrupt

from wavagent.chat.conversation import Conversation, Message
from wavagent.chat.counsel import Counsel
from wavagent.chat.piece import Did, Failed, Tell, Told, Using
from wavagent.errors import Cancelled, OutputError, WavagentError
from wavagent.llm import prompt
from wavagent.operations import OPERATIONS, Answer, Desk, Operation, Proposal, do, operation, propose
from wavagent.operations.editing import entered

STEPS = 12
"""Times that the model is asked in one turn."""

LONGEST = 12_000
"""Characters of an operation's answer that the model is shown."""

HIDDEN = frozenset({"revise"})
"""Operations that the model is not given: it makes its edits itself."""

Waiting = tuple[str, Proposal]
"""The name under which something waits, and what it is."""


class Agent:
    """`counsel` with the operations of `desk`, in `conversation`. Raises ModelError."""

    def __init__(self, counsel: Counsel, desk: Desk, conversation: Conversation, tell: Tell) -> None:
        self._desk, self._conversation, self._tell = desk, conversation, tell
        self._saver, self._thread = SqliteSaver(conversation.base), ""
        tools = [_Hand.of(one, self) for one in OPERATIONS.values() if one.name not in HIDDEN]
        self._graph: Any = create_agent(
            counsel,
            tools=tools,
            system_prompt=prompt("chat"),
            middleware=[_Bounded()],
            checkpointer=self._saver,
        )

    def start(self, thread: str, before: Sequence[Message], request: str, story: Mapping[str, Any]) -> None:
        """A new turn, until it ends or waits."""
        told = json.dumps({"request": request, "story": story}, ensure_ascii=False)
        self._go(thread, {"messages": [*_messages(before), HumanMessage(told, id=_ASKED)]})

    def answer(self, thread: str, waiting: Waiting, yes: bool) -> None:
        """Go on with a turn that waited."""
        self._go(thread, Command(resume={waiting[0]: {"yes": yes, "digest": waiting[1].digest}}))

    def waiting(self, thread: str) -> Waiting | None:
        """What a turn waits for."""
        for one in self._graph.get_state(_config(thread)).interrupts:
            return str(one.id), Proposal.model_validate(one.value)
        return None

    def messages(self, thread: str) -> list[Message]:
        """What was said and done in a turn; a call that never came to an end is said to be stopped."""
        found = self._graph.get_state(_config(thread)).values.get("messages", [])
        start = next((n for n, one in enumerate(found) if one.id == _ASKED), len(found) - 1)
        return _neutral(found[start + 1 :])

    def forget(self, thread: str) -> None:
        """Let go of a turn that has ended."""
        self._saver.delete_thread(thread)

    def _go(self, thread: str, given: Any) -> None:
        self._thread = thread
        try:
            for _ in self._graph.stream(given, _config(thread), stream_mode="updates"):
                pass
        except sqlite3.Error as error:
            raise OutputError(f"the conversation cannot be kept ({error}); the story itself is as it was") from error

    def use(self, name: str, params: Mapping[str, Any], call: str) -> str:
        """What a tool answers the model. Whatever it raises of ours is told to it."""
        self._tell(Using(name, params))
        mark = _mark(self._conversation.id, self._thread, call, name, params)
        try:
            with self._desk.signed(f"chat #{mark}"):
                answer = self._done(operation(name), params)
        except Cancelled:
            raise
        except WavagentError as error:
            self._tell(Failed(str(error), name))
            return json.dumps({"refused": str(error)}, ensure_ascii=False)
        if answer is None:
            return json.dumps({"refused": "the person said no; nothing was done"})
        self._tell(Did(name, answer))
        data = json.dumps({"done": list(answer.text[:40]), "data": answer.data}, ensure_ascii=False)
        return data if len(data) <= LONGEST else data[:LONGEST] + " … (cut; ask for less)"

    def _done(self, wanted: Operation[Any], params: Mapping[str, Any]) -> Answer | None:
        """Do an operation, once it was agreed to; None when the person said no."""
        if done := self._desk.done_before():
            return entered(done[-1])
        while (found := propose(self._desk, wanted, params)) is not None and not found.free:
            reply = interrupt(found.model_dump(mode="json"))
            if not reply["yes"]:
                return None
            if reply["digest"] == found.digest:
                break
            self._tell(Told("the story was changed meanwhile; this is what it would do now"))
        if found is None:
            return do(self._desk, wanted, params)
        return do(self._desk, operation(found.operation), found.params)


_ASKED = "asked"


class _Hand(BaseTool):
    """An operation as the agent's tool."""

    agent: Any

    @classmethod
    def of(cls, one: Operation[Any], agent: Agent) -> "_Hand":
        return cls(name=one.name, description=one.summary, args_schema=one.schema, agent=agent)

    def invoke(self, input: Any, config: Any = None, **kwargs: Any) -> ToolMessage:
        """What the operation answered; its parameters are checked by the operation itself."""
        told = self.agent.use(self.name, input["args"], str(input["id"]))
        return ToolMessage(told, tool_call_id=str(input["id"]), name=self.name)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("a tool is used with its call's name")


class _Bounded(AgentMiddleware):
    """A turn ends after so many questions to the model, whatever it still wants to do."""

    @hook_config(can_jump_to=["end"])
    def before_model(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        messages = state["messages"]
        start = max((n for n, one in enumerate(messages) if isinstance(one, HumanMessage)), default=0)
        if sum(isinstance(one, AIMessage) for one in messages[start:]) < STEPS:
            return None
        said = (
            f"I stopped after {STEPS} steps without coming to an end. What was agreed to is done; say what to do next."
        )
        return {"messages": [AIMessage(said)], "jump_to": "end"}


def _config(thread: str) -> Any:
    """One tool after another, in their order: each is shown what the one before did."""
    return {"configurable": {"thread_id": thread}, "max_concurrency": 1, "recursion_limit": 4 * STEPS + 10}


def _mark(*parts: Any) -> str:
    """The name under which an edit of this conversation is entered, so that it is done once."""
    told = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _messages(told: Sequence[Message]) -> list[BaseMessage]:
    found: list[BaseMessage] = []
    for one in told:
        if one["role"] == "user":
            found.append(HumanMessage(one["text"]))
        elif one["role"] == "tool":
            found.append(ToolMessage(one["text"], tool_call_id=one["id"], name=one["name"]))
        else:
            found.append(AIMessage(one["text"], tool_calls=[{**call, "type": "tool_call"} for call in one["calls"]]))
    return found


def _neutral(messages: Sequence[BaseMessage]) -> list[Message]:
    answered = {one.tool_call_id: one for one in messages if isinstance(one, ToolMessage)}
    found: list[Message] = []
    for one in messages:
        if not isinstance(one, AIMessage):
            continue
        calls = [{"id": call["id"], "name": call["name"], "args": call["args"]} for call in one.tool_calls]
        found.append({"role": "assistant", "text": str(one.text), "calls": calls})
        for call in calls:
            text = str(answered[call["id"]].text) if call["id"] in answered else '{"stopped": "this was not done"}'
            found.append({"role": "tool", "id": call["id"], "name": call["name"], "text": text})
    return found
