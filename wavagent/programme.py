"""A finished mix as the exports see it: samples block by block, and when everything in it sounds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wavagent.audio import RATE, Samples
from wavagent.timeline import Cue

DISCLOSURE = "The voices, music and sounds in this recording are computer-generated."
"""What every delivered file says of itself in its tags."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue with its place: from frame `start` to frame `end` (exclusive) of the programme, at its rate."""

    cue: Cue
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter: its title, from `start` to `end` in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says of itself. `language` is BCP 47; `cover` is a JPEG or PNG."""

    title: str = ""
    author: str = ""
    narrator: str = ""
    language: str = "en"
    comment: str = DISCLOSURE
    cover: bytes | None = None


@dataclass(frozen=True)
class Programme:
    """A mix of `frames` frames: `blocks()` starts a fresh pass over its samples, float32 of shape (n, channels).

    `chapters` are contiguous and cover the whole programme; `placed` is in order of start.
    """

    frames: int
    blocks: Callable[[], Iterator[Samples]]
    placed: tuple[Placed, ...] = ()
    chapters: tuple[Mark, ...] = ()
    tags: Tags = field(default_factory=Tags)
    names: dict[str, str] = field(default_factory=dict)  # speaker id -> the name captions show
    rate: int = RATE

    @property
    def seconds(self) -> float:
        return self.frames / self.rate
