"""SubRip captions as Podcasting 2.0 wants them: two lines of 32 columns, and a name when the speaker changes.

https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/examples/transcripts/transcripts.md
"""

from pathlib import Path

from wavagent.export.caption import Card, cards, one_at_a_time
from wavagent.export.clock import stamp
from wavagent.export.place import write_text
from wavagent.export.stream import require_sound
from wavagent.programme import Programme

COLUMNS = 32


def write(programme: Programme, path: Path) -> None:
    """Write the captions of `programme` to `path`. Raises OutputError."""
    require_sound(programme)
    shown = one_at_a_time(cards(programme, COLUMNS, name_in_text=True))
    write_text(path, "\n".join(_block(number, card) for number, card in enumerate(shown, 1)))


def _block(number: int, card: Card) -> str:
    # an arrow in the text would be read as a time
    text = "\n".join(card.lines).replace("-->", "→")
    return f"{number}\n{stamp(card.start, ',')} --> {stamp(card.end, ',')}\n{text}\n"
