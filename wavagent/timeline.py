"""The timeline: what sounds when, relative to what, as pure data. The mixer turns it into samples.

Nothing here is in samples or absolute times: a cue's start is a `Moment` of another cue, and clips' lengths are known
only after they are made. Words follow OpenTimelineIO and the theatre: a cue is one thing that sounds once.
"""

from collections import deque
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from itertools import groupby
from typing import Literal

from wavagent.errors import ScriptError

Role = Literal["speech", "sound", "music", "ambience", "recording", "pause"]
Edge = Literal["start", "end", "word"]

Point = tuple[str, Edge]
"""The start or the end of the cue of that id."""

BEDS: frozenset[Role] = frozenset({"music", "ambience"})
"""The roles that lie under the foreground and duck when someone speaks."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`offset` seconds after an edge of the cue `of`; the edge `word` is the one at character `at` of what it says.

    `of` None is the start of the story.
    """

    of: str | None = None
    edge: Edge = "start"
    offset: float = 0.0
    at: int = 0


@dataclass(frozen=True, slots=True)
class Cue:
    """One thing that sounds, or keeps silent, once.

    A cue with a `clip` lasts as long as the clip, unless `end` or `seconds` says otherwise; a loop is repeated until
    then. A cue without one is silence and has `seconds`.
    """

    id: str
    role: Role
    start: Moment
    clip: str | None = None
    end: Moment | None = None
    seconds: float | None = None
    loop: bool = False
    seam: float = 0.0  # seconds of crossfade that make a loop of a clip whose end does not run into its beginning
    gain: float = 0.0  # dB relative to the role's own loudness
    fade_in: float = 0.0  # seconds
    fade_out: float = 0.0  # seconds
    pan: float = 0.0  # -1 left, 0 centre, 1 right
    space: str = "dry"
    scene: str = ""
    speaker: str = ""  # for captions and stems; empty: nobody
    text: str = ""  # what a caption shows
    said: str = ""  # what the voice says for it; empty: the same

    @property
    def needs(self) -> Mapping[Point, frozenset[Point]]:
        """Its start and its end, each with the points that it is placed by."""
        start: Point = (self.id, "start")
        return {start: _points(self.start), (self.id, "end"): _points(self.end) | {start}}


def _points(moment: Moment | None) -> frozenset[Point]:
    """What a moment waits for; where a word stands is known with the length of its line."""
    if moment is None or moment.of is None:
        return frozenset()
    return frozenset({(moment.of, "start" if moment.edge == "start" else "end")})


@dataclass(frozen=True, slots=True)
class Chapter:
    """A title, and the cue with which the chapter starts."""

    title: str
    cue: str


@dataclass(frozen=True)
class Timeline:
    """The cues of a story in script order; `head` and `tail` are seconds of silence around them.

    Raises ScriptError when a cue waits for one that is not there, or for itself in the end.
    """

    cues: tuple[Cue, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    head: float = 0.5
    tail: float = 1.5
    title: str = ""
    names: Mapping[str, str] = field(default_factory=dict)  # speaker -> the name that captions show

    def __post_init__(self) -> None:
        for cue in self:
            for moment in (cue.start, cue.end):
                if moment is not None and moment.of is not None and moment.of not in self.by_id:
                    raise ScriptError(f"'{cue.id}' waits for '{moment.of}', which is not in the story")
        try:
            deque(self.points(), maxlen=0)
        except CycleError as error:
            circle = [id for id, _ in groupby(id for id, _ in error.args[1])]
            shown = " -> ".join(circle if len(circle) > 1 else circle * 2)
            raise ScriptError(
                f"elements wait for each other in a circle: {shown}; give one of them another anchor"
            ) from error

    def __iter__(self) -> Iterator[Cue]:
        return iter(self.cues)

    @cached_property
    def by_id(self) -> Mapping[str, Cue]:
        return {cue.id: cue for cue in self.cues}

    def without(self, clips: Container[str]) -> "Timeline":
        """The timeline with silence where these clips would be; what is placed by them stays where it is."""
        if not any(cue.clip in clips for cue in self if cue.clip is not None):
            return self
        return replace(self, cues=tuple(_silent(cue) if cue.clip in clips else cue for cue in self))

    def points(self) -> Iterator[Point]:
        """The starts and the ends of all cues, each after those it is placed by. Raises CycleError.

        Nearly all are in order as they stand; only the others are sorted, so that hours of cues need little memory.
        """
        given: set[Point] = set()
        late: dict[Point, frozenset[Point]] = {}
        for cue in self:
            for point, others in cue.needs.items():
                if others <= given:
                    given.add(point)
                    yield point
                else:
                    late[point] = others
        yield from TopologicalSorter({point: others & late.keys() for point, others in late.items()}).static_order()


def _silent(cue: Cue) -> Cue:
    """A cue that is left out: one that would lie under others keeps its length, one that takes its turn has none."""
    return replace(cue, role="pause", clip=None, seconds=cue.seconds if cue.role in BEDS else 0.0)
