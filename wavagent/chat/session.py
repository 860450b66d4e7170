"""A session: a person and a story. What is asked for is understood by a model, or by the grammar without one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from wavagent.chat.conversation import Conversation, Message, Turn
from wavagent.chat.memory import remembered
from wavagent.chat.piece import Asked, Did, Failed, Said, Tell, Told, Using
from wavagent.chat.words import Plain, plain
from wavagent.errors import Cancelled, PlanError, WavagentError
from wavagent.llm import Chat, Metered, Model
from wavagent.operations import Answer, Desk, Proposal, do, operation, propose
from wavagent.text import one_line

if TYPE_CHECKING:
    from wavagent.chat.agent import Agent, Waiting

YES = frozenset({"y", "yes", "ok", "okay", "apply", "do it", "go", "go ahead", "sure", "yes please", "ja", "oui", "sí"})
NO = frozenset({"n", "no", "nope", "cancel", "don't", "stop", "no thanks", "nein", "non"})

MOST = 50
"""Proposals that are agreed to unseen in one turn, where a script said yes to all."""

STORY = 12_000
"""Characters of the story's outline that a model is shown with every request."""


@dataclass(frozen=True)
class Mind:
    """A model to talk with: `chat` is the door to its server, where it may take tools; `meter` counts what it costs."""

    model: Model
    meter: Metered | None = None
    chat: Chat | None = None


class Session:
    """The conversation about the story on `desk`; `tell` hears everything that happens, piece by piece.

    `pending` is what waits for a yes; it waits through a crash, too. Raises InputError when another one is open.
    """

    def __init__(self, desk: Desk, tell: Tell, mind: Mind | None = None) -> None:
        self.desk, self._tell, self._mind = desk, tell, mind
        self.conversation = Conversation(desk.folder)
        self.stopped = False
        self._made: Agent | None = None
        self._waits: Waiting | None = None
        self._turn = 0
        self._resume()

    def close(self) -> None:
        self.conversation.close()

    @property
    def pending(self) -> Proposal | None:
        """What waits for a yes."""
        return self._waits[1] if self._waits else None

    @property
    def turns(self) -> list[Turn]:
        """What was said so far."""
        return self.conversation.turns()

    def say(self, text: str) -> None:
        """What the person says. A yes or a no is for what waits; anything else lets go of it."""
        self.stopped = False
        said = one_line(text)
        if self.pending is not None:
            word = said.lower().strip(" .!")
            self.answer(word in YES)
            if word in YES | NO:
                return
        if not said:
            return
        self._turn = self.conversation.begin(text)
        if self._mind is None or not self._by_model(text):
            self._by_words(text)

    def answer(self, yes: bool) -> None:
        """Agree to what waits, or not."""
        if self._waits is None:
            return
        waits, self._waits = self._waits, None
        if waits[0]:
            agent = self._agent()
            self._guarded(lambda: agent.answer(self._thread, waits, yes))
            self._settle()
        else:
            self._decided(waits[1], yes)

    def agree(self) -> None:
        """Say yes to everything that the turn asks, but for what a model says that somebody agreed to: that waits."""
        for _ in range(MOST):
            if self.pending is None or (self._mind and operation(self.pending.operation).pledges):
                return
            self.answer(True)
        self.answer(False)

    def order(self, name: str, params: Mapping[str, Any]) -> None:
        """What the person named outright: shown first, if it changes something or costs more than a bit."""
        self._turn = self.conversation.begin(f"/{name}")
        self._order(name, params)

    @property
    def _thread(self) -> str:
        return f"{self.conversation.id}-{self._turn}"

    def _resume(self) -> None:
        """Take up the turn that a killed process left open: what waited waits again, and the rest is stopped."""
        last = self.conversation.open
        if last is None:
            return
        self._turn = last.number
        if self._mind is not None and self._agent().waiting(self._thread) is not None:
            self._settle()
        elif (found := _proposal(last.asks)) is not None:
            self._waits = "", found  # perhaps of a model that is not here now
        elif self._mind is not None:
            self._settle(cut=True)
        else:
            self.conversation.keep(last.number, last.messages, "stopped")

    def _by_model(self, text: str) -> bool:
        """Whether a model took the turn; without an answer of it, the grammar does."""
        try:
            before = remembered(self.conversation.turns()[:-1])
            agent = self._agent()
            agent.start(self._thread, before, text, self._story())
        except PlanError as error:
            self._tell(Told(f"the model gave no answer ({error}); going on by the commands that I know (/help)"))
            if self._agent_did():
                self._settle()
                return True
            return False
        except (KeyboardInterrupt, Cancelled):
            self._tell(Failed("stopped; what was agreed to before is done"))
            self._settle(cut=True)
            return True
        self._settle()
        return True

    def _agent_did(self) -> bool:
        """Whether the model used a tool in this turn."""
        return self._made is not None and any(one["role"] == "tool" for one in self._made.messages(self._thread))

    def _guarded(self, work: Any) -> None:
        try:
            work()
        except (KeyboardInterrupt, Cancelled):
            self._tell(Failed("stopped; what was agreed to before is done"))
        except WavagentError as error:
            self._tell(Failed(str(error)))

    def _settle(self, cut: bool = False) -> None:
        """Keep what a turn with the model came to; it ends here, unless something waits."""
        agent = self._agent()
        waits, messages = agent.waiting(self._thread), agent.messages(self._thread)
        if waits is not None:
            self._waits = waits
            self.conversation.keep(self._turn, messages, asks=waits[1].model_dump_json())
            self._tell(Asked(waits[1]))
            return
        self.conversation.keep(self._turn, messages, "stopped" if cut else "done")
        agent.forget(self._thread)

    def _agent(self) -> "Agent":
        """The agent, made when it is first needed: its libraries take a second to import."""
        if self._made is None:
            from wavagent.chat.agent import Agent
            from wavagent.chat.counsel import Counsel

            assert self._mind is not None
            counsel = Counsel(
                model=self._mind.model,
                meter=self._mind.meter,
                chat=self._mind.chat,
                say=lambda text: self._tell(Said(text)),
                stopped=lambda: self.stopped,
            )
            self._made = Agent(counsel, self.desk, self.conversation, self._tell)
        return self._made

    def _story(self) -> dict[str, Any]:
        """The story at a glance, for the model."""
        if self.desk.empty:
            return {"empty": True, "files": list(self.desk.added())}
        data = do(self.desk, operation("story"), {}).data
        assert isinstance(data, dict)
        while len(json.dumps(data, ensure_ascii=False)) > STORY and data["scenes"]:
            data["scenes"] = data["scenes"][: len(data["scenes"]) // 2]  # type: ignore[index,arg-type]
        return data

    def _by_words(self, text: str) -> None:
        """What the grammar makes of it."""
        found = self._heard(text)
        if found is None:
            return self._end([])
        if found.sentence:
            self._tell(Told(found.sentence))
            return self._end([_answer(found.sentence)])
        self._order(found.operation, found.params)

    def _heard(self, text: str) -> Plain | None:
        try:
            found = plain(text, self.desk, self.conversation.focus)
        except WavagentError as error:
            self._tell(Failed(str(error)))
            return None
        self.conversation.focus = found.focus
        return found

    def _order(self, name: str, params: Mapping[str, Any]) -> None:
        self._tell(Using(name, params))
        try:
            wanted = operation(name)
            found = propose(self.desk, wanted, params)
        except WavagentError as error:
            self._tell(Failed(str(error), name))
            return self._end([_answer(str(error))])
        if found is not None and not found.trifle:
            self._waits = "", found
            self.conversation.keep(self._turn, [], asks=found.model_dump_json())
            return self._tell(Asked(found))
        if found is None:
            self._do(name, params)
        else:
            self._do(found.operation, found.params)

    def _decided(self, found: Proposal, yes: bool) -> None:
        if yes:
            return self._do(found.operation, found.params)
        self._tell(Told("nothing was done"))
        self._end([_answer("nothing was done")])

    def _do(self, name: str, params: Mapping[str, Any]) -> None:
        """Do what was agreed to, once: a process that was killed in the midst of it may have done it."""
        try:
            with self.desk.signed(f"chat #{self._thread[:12]}{self._turn}"):
                answer = self._once(name, params)
        except (KeyboardInterrupt, Cancelled):
            self._tell(Failed("stopped; what was made is kept, and the next time goes on from there", name))
            return self._end([_answer("stopped")])
        except (WavagentError, ValidationError) as error:
            self._tell(Failed(str(error), name))
            return self._end([_answer(str(error))])
        self._tell(Did(name, answer))
        self._end([_answer("\n".join(answer.text[:40]), name, params)])

    def _once(self, name: str, params: Mapping[str, Any]) -> Answer:
        from wavagent.operations.editing import entered

        wanted = operation(name)
        done = self.desk.done_before() if wanted.changes and name not in ("undo", "redo") else []
        return entered(done[-1]) if done else do(self.desk, wanted, params)

    def _end(self, messages: list[Message]) -> None:
        self.conversation.keep(self._turn, messages, "done")


def _proposal(kept: str) -> Proposal | None:
    """The proposal of a turn that waits; None when there is none, or another version kept it."""
    try:
        return Proposal.model_validate_json(kept) if kept else None
    except ValidationError:
        return None


def _answer(text: str, name: str = "", params: Mapping[str, Any] | None = None) -> Message:
    said = text if not name else f"{name}: {text}"
    return {"role": "assistant", "text": said, "calls": []}
