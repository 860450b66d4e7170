"""A model for each task, which does well unless it is told otherwise. Nothing here has a network."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from wavagent.llm import Ask, Replay

Body = dict[str, Any]


def told(ask: Ask) -> Body:
    """The JSON that a question is about."""
    body: Body = json.loads(ask.messages[1].text)
    return body


def labelled(ask: Ask, who: str = "narrator") -> Body:
    """The rules' guesses, and `who` where they have none."""
    guesses = {span["id"]: span["guess"] for span in told(ask)["spans"] if "guess" in span}
    labels = [
        {"id": id, "who": guess if guess != "narrator" else who, "confidence": 0.8} for id, guess in guesses.items()
    ]
    return {"spans": labels, "people": [], "insertions": [], "summary": "So far."}


@pytest.fixture
def about() -> Callable[[Ask], Body]:
    return told


@pytest.fixture
def labels() -> Callable[..., Body]:
    return labelled


@pytest.fixture
def labeller() -> Replay:
    return Replay(lambda ask: json.dumps(labelled(ask)), forever=True)
