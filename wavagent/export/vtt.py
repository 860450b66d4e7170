"""WebVTT captions (https://www.w3.org/TR/webvtt1/): who speaks as a voice, sounds in brackets, music between notes."""

from pathlib import Path

from wavagent.export.caption import Card, cards
from wavagent.export.clock import stamp
from wavagent.export.place import write_text
from wavagent.export.stream import require_sound
from wavagent.programme import Programme
from wavagent.text import one_line

COLUMNS = 42


def write(programme: Programme, path: Path) -> None:
    """Write the captions of `programme` to `path`. Raises OutputError."""
    require_sound(programme)
    note = _escaped(one_line(programme.tags.comment))
    head = ["WEBVTT\n", *([f"NOTE\n{note}\n"] if note else [])]
    write_text(path, "\n".join([*head, *map(_block, cards(programme, COLUMNS))]))


def _block(card: Card) -> str:
    voice = f"<v {_escaped(card.speaker)}>" if card.speaker else ""
    text = "\n".join(map(_escaped, card.lines))
    return f"{stamp(card.start, '.')} --> {stamp(card.end, '.')}\n{voice}{text}\n"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
