"""The chat in a terminal, or as JSON: what a conversation tells, shown. Whatever a model says is shown as text."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from wavagent.chat import Asked, Did, Failed, Said, Told, Using
from wavagent.chat.piece import Piece
from wavagent.cli.reporter import Reporter
from wavagent.event import Event
from wavagent.operations import Proposal
from wavagent.operations.bill import sentence

LINES = 60
"""Lines of an answer, or of a diff, that are shown."""

PLAYERS = (("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"), ("paplay",), ("aplay", "-q"), ("afplay",))
"""What plays a WAV on people's machines."""


def clean(text: str) -> str:
    """`text` without what a terminal would obey: no escape sequences, no controls, nothing that turns the writing."""
    return "".join(one for one in text if one == "\n" or one.isprintable())


class Screen:
    """Shows pieces as they come; the progress of what is made goes to standard error."""

    def __init__(self, console: Console | None = None, *, quiet: bool = False) -> None:
        self.console = console or Console(highlight=False, markup=False, emoji=False)
        self._reporter = Reporter(quiet)
        self._bar: Any = None
        self._talking = False
        self.stopped: Callable[[], bool] = lambda: False

    def listen(self, event: Event) -> None:
        """What the studio reports."""
        if self.stopped():
            raise KeyboardInterrupt  # whatever thread makes it: the run ends, and what is made is kept
        if event.kind != "warning" and self._bar is None and event.stage in ("run", "mix", "export", "plan"):
            self._bar = self._reporter.watching()
            self._bar.__enter__()
        if event.kind != "warning":
            self._reporter.listen(event)

    def tell(self, piece: Piece) -> None:
        if isinstance(piece, Said):
            self._talking = True
            self.console.print(Text(clean(piece.text)), end="", soft_wrap=True)
            return
        self.rest()
        if isinstance(piece, Told):
            self.line(piece.text)
        elif isinstance(piece, Using):
            self.line(f"· {piece.operation}", "dim")
        elif isinstance(piece, Asked):
            self.card(piece.proposal)
        elif isinstance(piece, Did):
            self.lines(list(piece.answer.text))
            if piece.operation == "preview":
                self.play(piece.answer.files[0])
        else:
            self.line(f"✗ {piece.reason}", "red")

    def rest(self) -> None:
        """End the line that is being said, and the bar."""
        if self._talking:
            self.console.print()
            self._talking = False
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def play(self, path: Path) -> None:
        """Play a file of ours; where nothing here plays sound, say where it is."""
        player = next((one for one in PLAYERS if shutil.which(one[0])), None)
        if player is None or not self.console.is_terminal:
            return self.line(str(path))
        subprocess.run([*player, str(path)], check=False, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def line(self, text: str, style: str = "") -> None:
        self.console.print(Text(clean(text), style), soft_wrap=True)

    def lines(self, some: list[str]) -> None:
        for one in some[:LINES]:
            self.line(one)
        if len(some) > LINES:
            self.line(f"… {len(some) - LINES} lines more", "dim")

    def card(self, found: Proposal) -> None:
        """What waits for a yes: what it changes, the diff in colour, and what it takes."""
        body = Text()
        for one in found.says[:LINES]:
            body.append(clean(one) + "\n")
        if len(found.says) > LINES:
            body.append(f"… and {len(found.says) - LINES} more\n", "dim")
        body.append(diff(found.diff))
        if found.bill:
            body.append(sentence(found.bill), "cyan")
        self.console.print(Panel(body, title=Text(found.operation), title_align="left", border_style="yellow"))


def diff(text: str) -> Text:
    """A unified diff in colour, without its head."""
    colours = {"+": "green", "-": "red"}
    body = Text()
    rows = [row for row in text.splitlines() if not row.startswith(("---", "+++", "@@"))]
    for row in rows[:LINES]:
        body.append(clean(row) + "\n", colours.get(row[:1], "dim"))
    if len(rows) > LINES:
        body.append(f"… {len(rows) - LINES} lines more\n", "dim")
    return body


class Record:
    """The same as data: everything that was told in a turn."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def listen(self, event: Event) -> None:
        """Progress is not kept."""

    def tell(self, piece: Piece) -> None:
        self.pieces.append(piece)

    def to_json(self) -> dict[str, Any]:
        """What was said, asked, done and refused, in order of each."""
        said = "".join(one.text for one in self.pieces if isinstance(one, Said))
        return {
            "said": said,
            "told": [one.text for one in self.pieces if isinstance(one, Told)],
            "asked": [one.proposal.model_dump(mode="json") for one in self.pieces if isinstance(one, Asked)],
            "done": [
                {
                    "operation": one.operation,
                    "text": list(one.answer.text),
                    "data": one.answer.data,
                    "files": [str(path) for path in one.answer.files],
                }
                for one in self.pieces
                if isinstance(one, Did)
            ],
            "refused": [one.reason for one in self.pieces if isinstance(one, Failed)],
        }

    def print(self, **more: Any) -> None:
        print(json.dumps({**self.to_json(), **more}, ensure_ascii=False))
