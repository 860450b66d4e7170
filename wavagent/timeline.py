"""The timeline: what sounds when, relative to what, as pure data. The mixer turns it into samples.

Nothing here is in samples or absolute times: a cue's start is a `Moment` of another cue, and clips' lengths are known
only after they are made. Words follow OpenTimelineIO and the theatre: a cue is one thing that sounds once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from wavagent.errors import ScriptError

Role = Literal["speech", "sound", "music", "ambience", "recording", "pause"]
Edge = Literal["start", "end", "word"]

BEDS: frozenset[Role] = frozenset({"music", "ambience"})
"""The roles that lie under the foreground and duck when someone speaks."""


@dataclass(frozen=True, slots=True)
class Moment:
    """`offset` seconds after an edge of the cue `of`; the edge `word` is the one spoken at character `at` of its text.

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

    @property
    def needs(self) -> frozenset[str]:
        """The cues that this one is placed by."""
        moments = (self.start, self.end)
        return frozenset(moment.of for moment in moments if moment is not None and moment.of is not None)


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
            if unknown := cue.needs - self.by_id.keys():
                raise ScriptError(f"'{cue.id}' waits for '{sorted(unknown)[0]}', which is not in the story")
        try:
            self.sorter().prepare()
        except CycleError as error:
            circle = " -> ".join(error.args[1])
            raise ScriptError(
                f"elements wait for each other in a circle: {circle}; give one of them another anchor"
            ) from error

    def __iter__(self) -> Iterator[Cue]:
        return iter(self.cues)

    @cached_property
    def by_id(self) -> Mapping[str, Cue]:
        return {cue.id: cue for cue in self.cues}

    def sorter(self) -> TopologicalSorter[str]:
        """A fresh sorter over the cues: each comes after those it is placed by."""
        return TopologicalSorter({cue.id: cue.needs for cue in self})
