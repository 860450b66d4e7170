"""What a model is told of the turns before: the last ones as they were, the older ones in a line each. Bounded."""

import json
from collections.abc import Sequence

from wavagent.chat.conversation import Message, Turn
from wavagent.text import shown

WHOLE, CHARACTERS = 8, 24_000
"""Turns, and characters of them, that are remembered as they were."""

LINES = 40
"""Older turns that are remembered in a line each."""

RESULT = 1_200
"""Characters of what an operation answered in an earlier turn."""


def remembered(turns: Sequence[Turn]) -> list[Message]:
    """The messages of `turns`, the oldest first; nothing of it grows with the length of the conversation."""
    recent: list[list[Message]] = []
    room = CHARACTERS
    for turn in reversed(turns[-WHOLE:]):
        told = [{"role": "user", "text": shown(turn.said, 2000)}, *map(_shortened, turn.messages)]
        room -= len(json.dumps(told, ensure_ascii=False))
        if room < 0:
            break
        recent.insert(0, told)
    older = turns[: len(turns) - len(recent)]
    return [*_digest(older), *(message for told in recent for message in told)]


def _shortened(message: Message) -> Message:
    return {**message, "text": _cut(message["text"], RESULT)}


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most] + " …"


def _digest(turns: Sequence[Turn]) -> list[Message]:
    if not turns:
        return []
    lines = [f"- {shown(turn.said, 160)} → {_done(turn)}" for turn in turns[-LINES:]]
    left = len(turns) - len(lines)
    head = f"Earlier in this conversation ({left} turns before these are left out):" if left else "Earlier:"
    return [
        {"role": "user", "text": "\n".join([head, *lines])},
        {"role": "assistant", "text": "I remember.", "calls": []},
    ]


def _done(turn: Turn) -> str:
    tools = [one["name"] for one in turn.messages if one["role"] == "tool"]
    return shown(", ".join(tools) or turn.answer or turn.state, 160)
