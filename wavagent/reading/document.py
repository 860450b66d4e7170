"""What a reader makes of a file: its narrative text, word for word, and what is known about it."""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal, NamedTuple

from wavagent.reading.paragraphs import paragraphs

Kind = Literal["speech", "narration", "direction", "sound", "music", "ambience", "pause"]


@dataclass(frozen=True, slots=True)
class Manuscript:
    """A file as it was found: its name, without a folder, and its bytes."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """64 hexadecimal digits."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Heading:
    """Characters `start` to `end` (exclusive) of the text; level 1 is the outermost; `title` is one line.

    `start` and `end` are the same where the format names a chapter whose text does not.
    """

    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """What a format says outright about a stretch of text, so that nobody need guess.

    `speech` (with `who`), `narration` and `direction` (an instruction to actors, usually not read out) cover the
    characters `start` to `end`; they are in order and never overlap. `sound`, `music` and `ambience` (with `what`)
    stand at `start` when `end` is the same, and otherwise lie under that stretch and under what stands at its end;
    `pause` stands at `start`. `seconds` is a length the format asked for, `gain` decibels relative to the usual,
    `manner` how a line is said.
    """

    start: int
    end: int
    kind: Kind
    who: str = ""
    what: str = ""
    manner: str = ""
    seconds: float | None = None
    gain: float = 0.0


class Paragraph(NamedTuple):
    """Characters `start` to `end` (exclusive) of the text, with no white space at either end."""

    start: int
    end: int


@dataclass(frozen=True)
class Document:
    """A narrative.

    `text` has \\n for every line end, no byte order mark and no boilerplate; nothing else in it is changed. `name`
    and `sha256` are the file's. `title` is never empty, `author` may be. `language` is a BCP 47 primary tag, declared
    or guessed. `notes` say in plain words what was guessed and what was left out. `parts` are empty for prose.
    """

    text: str
    name: str
    sha256: str
    title: str
    author: str = ""
    language: str = "en"
    headings: tuple[Heading, ...] = ()
    notes: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    cover: bytes | None = None

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of `text`, in order; a heading and a scene break are one each."""
        cuts = [(heading.start, heading.end) for heading in self.headings]
        return tuple(Paragraph(*span) for span in paragraphs(self.text, cuts))

    @property
    def attributed(self) -> bool:
        """Whether the format says who speaks: a play, a screenplay, a script."""
        return any(part.kind == "speech" for part in self.parts)
