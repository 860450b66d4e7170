"""Hearing a stretch of a story: what sounds in it is made and mixed, and nothing else."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain

from wavagent.audio import RATE, Samples
from wavagent.compiler import Compiled
from wavagent.errors import InputError
from wavagent.event import Listener
from wavagent.export.excerpt import excerpt
from wavagent.export.profile import Profile
from wavagent.graph import Graph
from wavagent.mix.level import SPEECH
from wavagent.mix.master import mastered
from wavagent.mix.place import Layout, place
from wavagent.mix.premaster import Premaster, ducking, premaster
from wavagent.mix.segment import segments
from wavagent.outlook import Outlook
from wavagent.programme import Programme
from wavagent.quote.forecast import forecast
from wavagent.quote.foresight import Foresight
from wavagent.run.executor import Made
from wavagent.shortfall import with_shortfall
from wavagent.speeds import Pace
from wavagent.store import Entry, Store
from wavagent.tool import Pool

AROUND = 0.5
"""Seconds that are heard before and after what was asked for by name."""

ROUNDS = 6
"""Times that what was made may turn out otherwise long than expected, so that something else sounds there."""

Run = Callable[[Graph], Made]


@dataclass(frozen=True)
class Range:
    """What to hear: from second `start` to `end` of the story (None: to its end), or these elements."""

    start: float = 0.0
    end: float | None = None
    elements: tuple[str, ...] = ()

    def frames(self, layout: Layout) -> tuple[int, int]:
        """From which frame to which. Raises InputError when nothing is there."""
        if self.elements:
            placed = [one for one in layout.placed if one.cue.id in self.elements]
            if not placed:
                raise InputError(f"nothing of {', '.join(self.elements[:5])} is heard in the story")
            around = round(AROUND * RATE)
            first, last = min(one.start for one in placed), max(one.end for one in placed)
            return max(0, first - around), min(layout.frames, last + around)
        start = round(self.start * RATE)
        stop = layout.frames if self.end is None else min(layout.frames, round(self.end * RATE))
        if stop <= start:
            raise InputError(f"nothing is heard from {self.start:g} s on: the story lasts {layout.frames / RATE:.1f} s")
        return start, stop


@dataclass(frozen=True)
class Preview:
    """Seconds `start` to `end` of a story, as `blocks` of mastered samples; what was made for it, and mixed anew."""

    start: float
    end: float
    ran: tuple[str, ...]
    mix: Premaster
    layout: Layout
    profile: Profile

    @property
    def mixed(self) -> int:
        """Segments that were mixed for it."""
        return len(self.mix.mixed)

    @property
    def programme(self) -> Programme:
        """The stretch, mastered by the level of speech."""
        whole = Programme(
            self.layout.frames, self.mix.blocks, self.layout.placed, self.layout.chapters, since=self.mix.since
        )
        part = excerpt(whole, round(self.start * RATE), round(self.end * RATE))
        gain = self.profile.target - SPEECH
        return Programme(part.frames, lambda: mastered(part, gain, self.profile.ceiling), part.placed, part.chapters)

    @property
    def samples(self) -> list[Samples]:
        return list(self.programme.blocks())


def preview(
    outlook: Outlook, wanted: Range, run: Run, store: Store, profile: Profile, workers: int, listen: Listener
) -> Preview:
    """Make and mix what sounds in `wanted`; what comes before is placed as far as it is known.

    Raises InputError and what `run` raises.
    """
    compiled = outlook.compiled
    ran: list[str] = []
    known, real = dict(_known(outlook)), dict(outlook.kept)
    layout, span = outlook.layout, wanted.frames(outlook.layout)
    for _ in range(ROUNDS):
        missing = _missing(layout, span, known, real)
        if not missing:
            break
        made = run(compiled.graph.within(missing))
        ran += made.ran
        compiled, known = _as_made(compiled, made, known)
        real |= made.entries
        layout = place(compiled.timeline, known)
        span = wanted.frames(layout)
    else:
        raise InputError("what is heard there changes its place whenever it is made; render the story first")
    mix = premaster(layout, real, store, workers=workers, listen=listen, within=span)
    return Preview(span[0] / RATE, span[1] / RATE, tuple(ran), mix, layout, profile)


def _known(outlook: Outlook) -> Mapping[str, Entry]:
    """The entry of every call, as far as it can be told; nothing for one that its tool refuses."""
    nothing = Entry("", RATE, 0, 1)
    return {call.id: outlook.foresight.entries.get(call.id, nothing) for call in outlook.compiled.graph}


def _missing(layout: Layout, span: tuple[int, int], known: Mapping[str, Entry], real: Mapping[str, Entry]) -> list[str]:
    """The calls whose clips sound there and are not made."""
    parts = segments(layout, known, ducking(layout), span)
    clips = (placed.cue.clip for placed in chain.from_iterable(part.cues for part in parts))
    return list(dict.fromkeys(clip for clip in clips if clip is not None and clip not in real))


def _as_made(compiled: Compiled, made: Made, known: Mapping[str, Entry]) -> tuple[Compiled, dict[str, Entry]]:
    """The story with what could not be made left out."""
    entries = {**known, **made.entries}
    lost = [call for call in made.failures if call not in made.entries]
    for call in lost:
        entries.pop(call, None)
    whole = Made(entries, failures=made.failures, substituted=made.substituted)
    return with_shortfall(compiled, whole), entries


@dataclass(frozen=True)
class Expected:
    """What hearing seconds `start` to `end` takes: calls, of them those to make, seconds of time, dollars."""

    start: float
    end: float
    calls: int
    to_make: int
    took: float
    money: float


def expected(outlook: Outlook, wanted: Range, paces: Mapping[str, Pace], depths: Mapping[Pool, int]) -> Expected:
    """What `preview` would do. Nothing runs. Raises InputError."""
    known, foresight = _known(outlook), outlook.foresight
    span = wanted.frames(outlook.layout)
    missing = _missing(outlook.layout, span, known, {})
    graph = foresight.graph.within(missing)
    part = Foresight(graph, {call.id: foresight.calls[call.id] for call in graph}, known)
    to_make = sum(one.runs for one in part)
    took = forecast(part, paces, depths).seconds
    return Expected(span[0] / RATE, span[1] / RATE, len(graph), to_make, took, sum(one.money for one in part))
