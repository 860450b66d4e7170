"""Whether a script holds after an edit: nothing waits for itself, anchors find their words, no word was lost."""

from collections.abc import Iterator

from wavagent.errors import ScriptError, WordsLost
from wavagent.script.anchor import Anchor
from wavagent.script.bed import Bed
from wavagent.script.scene import Element, takes_a_turn
from wavagent.script.script import Script, anchors_of
from wavagent.text import shown, words
from wavagent.timeline import Cue, Moment, Timeline


def faults(script: Script) -> tuple[str, ...]:
    """What keeps `script` from being compiled, as far as it can be seen without tools."""
    found = [*_lost_words(script)]
    try:
        Timeline(tuple(_cues(script)))
    except ScriptError as error:
        found.append(str(error))
    return tuple(found)


def _lost_words(script: Script) -> Iterator[str]:
    counts = {line.id: len(words(line.text)) for line in script.lines}
    for one in script.elements:
        for anchor in anchors_of(one):
            if anchor.word is not None and anchor.word >= counts.get(anchor.element, 0):
                yield (
                    f"'{one.id}' is anchored to word {anchor.word} of '{anchor.element}', which has "
                    f"{counts.get(anchor.element, 0)} words counted from 0; retime it"
                )


def _cues(script: Script) -> Iterator[Cue]:
    """Every element as a cue that is placed as the compiler places it, so far as waiting goes."""
    turn = Moment()
    for scene in script.scenes:
        turns = [one.id for one in scene.elements if takes_a_turn(one)]
        first, last = (Moment(turns[0]), Moment(turns[-1], "end")) if turns else (turn, turn)
        for one in scene.elements:
            yield _cue(one, turn, first, last)
            if takes_a_turn(one):
                turn = Moment(one.id, "end")


def _cue(one: Element, turn: Moment, first: Moment, last: Moment) -> Cue:
    if isinstance(one, Bed):
        end = None if one.seconds else _moment(one.end, last)
        return Cue(one.id, one.kind, _moment(one.start, first), end=end)
    start = getattr(one, "anchor", None) or getattr(one, "start", None)
    return Cue(one.id, one.kind, _moment(start if isinstance(start, Anchor) else None, turn))


def _moment(anchor: Anchor | None, otherwise: Moment) -> Moment:
    return otherwise if anchor is None else Moment(anchor.element, anchor.edge, anchor.offset)


def accounted(before: Script, after: Script, *, said: bool, sourced: bool) -> Script:
    """`after`, which no longer claims to be its source word for word, unless it was `sourced`: told what it is.

    Raises WordsLost when words of a verbatim script are changed and that was not `said`.
    """
    source = before.source
    if source is None or not source.verbatim or before.text == after.text:
        return after
    if not said:
        raise WordsLost(
            f"this changes the words of '{shown(source.name)}', which the script has word for word: "
            f'{told(before.text, after.text)}; to do it all the same, give the patch words="changed"'
        )
    if sourced:
        return after
    return after.model_copy(update={"source": source.model_copy(update={"verbatim": False})})


def told(before: str, after: str) -> str:
    """What became of the words of a text, in a clause."""
    old, new = ([text[start:end] for start, end in words(text)] for text in (before, after))
    head = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    old, new = old[head:], new[head:]
    tail = next((at for at, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b), None)
    tail = min(len(old), len(new)) if tail is None else tail
    old, new = old[: len(old) - tail], new[: len(new) - tail]
    if not old and not new:
        return "punctuation or white space is another"
    parts = [f"{len(some)} {what} (“{shown(' '.join(some))}”)" for what, some in (("lost", old), ("new", new)) if some]
    return ", ".join(parts)
