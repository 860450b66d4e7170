"""Language models behind one small seam: an `Ask` goes in, an `Answer` comes out.

model = Cached(Patient(Metered(Chat("gpt-4o-mini", api_key=key), Price(0.15, 0.60), limit=0.50)), store)
Ladder(model).fill(Ask(messages, schema), take)

Chat        any model that LangChain reaches, and any OpenAI-compatible server
Replay      recorded or scripted answers: the fake that ships
Record      writes down what another model answers, for Replay
Cached      keeps every answer in the store: nothing is asked twice
Patient     waits and asks again when a server is busy, slow or gone
Metered     counts tokens and money, and asks nothing that could cost more than the limit
Ladder      gets a usable answer out of a model, however badly it answers
"""

from wavagent.llm.ask import Answer, Ask, Finish, Form, Message, Model
from wavagent.llm.cached import Cached
from wavagent.llm.chat import Chat
from wavagent.llm.fault import (
    Declined,
    Denied,
    ModelError,
    NoModel,
    OverBudget,
    TooLong,
    Unreachable,
    Unreadable,
    Unsupported,
)
from wavagent.llm.ladder import Ladder
from wavagent.llm.metered import Metered, Price, Spent
from wavagent.llm.patient import Patient
from wavagent.llm.prompt import prompt
from wavagent.llm.replay import Record, Replay
from wavagent.llm.schema import schema_of
from wavagent.llm.tolerant import read_json

__all__ = [
    "Answer",
    "Ask",
    "Cached",
    "Chat",
    "Declined",
    "Denied",
    "Finish",
    "Form",
    "Ladder",
    "Message",
    "Metered",
    "Model",
    "ModelError",
    "NoModel",
    "OverBudget",
    "Patient",
    "Price",
    "Record",
    "Replay",
    "Spent",
    "TooLong",
    "Unreachable",
    "Unreadable",
    "Unsupported",
    "prompt",
    "read_json",
    "schema_of",
]
