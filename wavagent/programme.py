"""A finished mix as the exports see it: samples block by block, and when everything in it sounds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from wavagent.audio import CHANNELS, RATE, Audio, Samples, Word
from wavagent.credits import Credits
from wavagent.timeline import Cue, Role

DISCLOSURE = "The voices, music and sounds in this recording are computer-generated."
"""What every delivered file says of itself in its tags."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cue with its place: from frame `start` to frame `end` (exclusive) of the programme, at its rate.

    `words` are those of a line whose times are known, in seconds from its start.
    """

    cue: Cue
    start: int
    end: int
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter: its title, from `start` to `end` in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of the text, to the character, white space included, and the cue that speaks it (empty: none does).

    Joined, the passages of a programme are the text that it tells.
    """

    text: str
    cue: str = ""
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Clip:
    """What a cue is made of: the sound as a tool made it, and the gain in dB with which it enters the mix."""

    audio: Audio
    gain: float


@dataclass(frozen=True, slots=True)
class Tags:
    """What the file says of itself. `language` is BCP 47; `cover` is a JPEG or PNG.

    A part of an album, such as a chapter in a file of its own, names it, and says that it is part `track` of `tracks`.
    """

    title: str = ""
    author: str = ""
    narrator: str = ""
    language: str = "en"
    comment: str = DISCLOSURE
    cover: bytes | None = None
    album: str = ""
    track: int = 0
    tracks: int = 0

    @property
    def part(self) -> str:
        """Which part this is, as 2/12; empty for what is whole."""
        return f"{self.track}/{self.tracks}" if self.track else ""


@dataclass(frozen=True)
class Programme:
    """A mix of `frames` frames: `blocks()` starts a fresh pass over its samples, float32 of shape (n, channels).

    `chapters` are contiguous and cover the whole programme; `placed` is in order of start. `since`, where it is known,
    starts a pass at a frame, without the work of what comes before it. `clip` gives what a placed cue is made of, and
    `ducks` how the beds of a role give way, as (seconds, dB) with straight lines between.
    """

    frames: int
    blocks: Callable[[], Iterator[Samples]]
    placed: tuple[Placed, ...] = ()
    chapters: tuple[Mark, ...] = ()
    tags: Tags = field(default_factory=Tags)
    names: dict[str, str] = field(default_factory=dict)  # speaker id -> the name captions show
    rate: int = RATE
    channels: int = CHANNELS
    passages: tuple[Passage, ...] = ()
    since: Callable[[int], Iterator[Samples]] | None = None
    clip: Callable[[Placed], Clip] | None = None
    ducks: Mapping[Role, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    credits: Credits | None = None

    @property
    def seconds(self) -> float:
        return self.frames / self.rate
