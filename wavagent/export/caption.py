"""Captions: what is said and heard, cut into cards that can be read, from the known times of every cue.

A line's first card appears and its last one goes when its clip starts and ends. Between, a card comes with its first
word, where the voice has said when that is, and else time goes by characters: a voice says about as many of them in
every second. Cards hold two lines, and last from 1 to 7 seconds as far as the speech allows.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from pathlib import PurePosixPath
from typing import Literal

from wavagent.export.heard import heard
from wavagent.export.wrap import ROWS, SHORTEST, cards_of, width
from wavagent.programme import Placed, Programme
from wavagent.text import has_words, one_line

NOTICE = 4.0
"""Seconds for which a sound is named that lasts longer."""

Kind = Literal["speech", "sound", "music"]


@dataclass(frozen=True, slots=True)
class Card:
    """Lines that stand on the screen from `start` to `end`, in seconds. `speaker` is a name, or empty."""

    start: float
    end: float
    lines: tuple[str, ...]
    speaker: str = ""
    kind: Kind = "speech"


def cards(programme: Programme, columns: int, name_in_text: bool = False) -> list[Card]:
    """Every card of a programme in order of start; cards of different cues may overlap.

    With `name_in_text` the first card of whoever begins to speak opens with their name.
    """
    found: list[Card] = []
    before = ""
    for placed in programme.placed:
        if placed.cue.role == "speech":
            speaker = one_line(programme.names.get(placed.cue.speaker, ""))
            prefix = f"{speaker}: " if name_in_text and speaker and speaker != before else ""
            found.extend(_spoken(placed, programme.rate, speaker, prefix, columns))
            before = speaker
        elif placed.cue.role != "pause":
            found.extend(_heard(placed, programme.rate, columns))
    return sorted(found, key=lambda card: card.start)


def _spoken(placed: Placed, rate: int, speaker: str, prefix: str, columns: int) -> Iterator[Card]:
    text = one_line(placed.cue.text)
    if not text:
        return
    start, seconds = placed.start / rate, (placed.end - placed.start) / rate
    parts = cards_of(prefix + text, columns, seconds)
    turns = _turns(parts, prefix, start, seconds)
    if placed.words:
        turns = _heard_turns(parts, prefix, turns, placed, rate)
    for lines, (begin, end) in zip(parts, pairwise(turns), strict=True):
        yield Card(begin, end, lines, speaker)


def _turns(parts: Sequence[Sequence[str]], prefix: str, start: float, seconds: float) -> list[float]:
    """When the cards of a line come and go, by how much stands on each."""
    lengths = [sum(map(width, lines)) for lines in parts]
    lengths[0] = max(1, lengths[0] - width(prefix))  # the name is shown, not spoken
    return [start + seconds * passed / sum(lengths) for passed in accumulate(lengths, initial=0)]


def _heard_turns(
    parts: Sequence[Sequence[str]], prefix: str, turns: Sequence[float], placed: Placed, rate: int
) -> list[float]:
    """The same by the times of the words: a card comes with its first word, or in its turn if it begins inside one."""
    text = one_line(placed.cue.text)
    dark = "".join(text.split())  # a card has as many of these characters as the text, whatever is between them
    times = [(len("".join(text[:first].split())), frame / rate) for first, _, frame in heard(text, placed, rate)]
    found, shown = [turns[0]], -len("".join(prefix.split()))
    for lines, turn in zip(parts[:-1], turns[1:-1], strict=True):
        shown += sum(len("".join(line.split())) for line in lines)
        first, seconds = next((time for time in times if time[0] >= shown), (len(dark), turn))
        begin = turn if has_words(dark[shown:first]) else seconds
        found.append(min(turns[-1], max(found[-1], begin)))
    return [*found, turns[-1]]


def _heard(placed: Placed, rate: int, columns: int) -> Iterator[Card]:
    """A sound in brackets, music between notes; long ones are named when they start."""
    role, what = placed.cue.role, one_line(placed.cue.text)
    if role == "recording":
        what = PurePosixPath(what).stem
    if not what:
        return
    music = role == "music"
    lines = cards_of(f"♪ {what} ♪" if music else f"[{what}]", columns, 0.0)[0]
    start, end = placed.start / rate, placed.end / rate
    yield Card(start, max(start + SHORTEST, min(end, start + NOTICE)), lines, kind="music" if music else "sound")


LEAST = 0.5
"""Seconds below which a card is not read at all."""


def one_at_a_time(cards: Iterable[Card]) -> list[Card]:
    """Cards, in order of start, of which no two overlap, for formats that cannot show two.

    Speech comes first: a sound is named in the pause in which it starts, or the next one, where that is long enough
    and soon enough; sounds that start together share a card. Of two who speak at once, the first gives way.
    """
    ordered = list(cards)
    spoken = _in_turn(card for card in ordered if card.kind == "speech")
    starts = [card.start for card in spoken]
    heard: list[Card] = []
    for card in ordered:
        if card.kind != "speech" and (free := _in_pause(card, spoken, bisect_right(starts, card.start))):
            _add(heard, free)
    return sorted((*spoken, *heard), key=lambda card: card.start)


def _in_turn(spoken: Iterable[Card]) -> list[Card]:
    found: list[Card] = []
    for card in spoken:
        if found and found[-1].end > card.start:
            turn = max(card.start, min(found[-1].end, found[-1].start + LEAST))
            found[-1] = replace(found[-1], end=turn)
            card = replace(card, start=turn, end=max(card.end, turn + LEAST))
        found.append(card)
    return found


def _in_pause(card: Card, spoken: Sequence[Card], following: int) -> Card | None:
    """`card` in the pause before the spoken card `following`, or the one after it, or None where neither has room."""
    for turn in (following, following + 1)[: len(spoken) - following + 1]:
        start = max(card.start, spoken[turn - 1].end) if turn else card.start
        end = min(card.end, spoken[turn].start) if turn < len(spoken) else card.end
        if end - start >= LEAST:
            return replace(card, start=start, end=end)
    return None


def _add(heard: list[Card], card: Card) -> None:
    last = heard[-1] if heard else None
    if last is None or last.end <= card.start:
        heard.append(card)
    elif len(last.lines) + len(card.lines) <= ROWS:
        heard[-1] = replace(last, end=max(last.end, card.end), lines=(*last.lines, *card.lines))
    elif card.end - last.end >= LEAST:
        heard.append(replace(card, start=last.end))
