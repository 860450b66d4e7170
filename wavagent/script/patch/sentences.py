"""What an edit changes, in plain sentences: found by comparing the script before and after, so that none is missed."""

from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher, unified_diff
from typing import Any, NamedTuple

from wavagent.script.anchor import Anchor
from wavagent.script.bed import Bed
from wavagent.script.character import Character, Consent, Voice
from wavagent.script.material import Melody
from wavagent.script.part import Part
from wavagent.script.patch.patch import Patch, apply
from wavagent.script.patch.phrase import WIDTH, Names, dB, decibels, quoted, window
from wavagent.script.readable import readable, step_in_words
from wavagent.script.scene import Element, Scene
from wavagent.script.script import Script
from wavagent.script.step import Convert, Link
from wavagent.text import shown

MANY = 3
"""More things than so many that change alike are told in one sentence."""

LONGEST = 600
"""Characters of a sentence."""

_QUIET = {"confidence", "evidence", "span", "sha256"}
"""Fields that nobody hears; told only where nothing else changed."""


class Change(NamedTuple):
    """One thing that changes: where it is, what it is, its id, and what happens to it."""

    where: str
    kind: str
    id: str
    what: str


def describe(script: Script, patch: Patch) -> tuple[str, ...]:
    """What `patch` does to `script`, a sentence for each thing. Raises what `apply` raises."""
    return changes(script, apply(script, patch))


def readable_diff(before: Script, after: Script) -> str:
    """The unified diff of the readable scripts; empty when people read the same."""
    old, new = (readable(script).splitlines(keepends=True) for script in (before, after))
    return "".join(unified_diff(old, new, "before", "after", n=2))


def changes(before: Script, after: Script) -> tuple[str, ...]:
    """What parts two scripts, a sentence for each thing, or for many that changed alike."""
    then, now = Names(before), Names(after)
    found = (
        *_story(before, after),
        *_cast(before, after),
        *_scenes(then, now),
        *_grouped([*_gone(then, now), *_elements(then, now)]),
    )
    return tuple(shown(sentence, LONGEST) for sentence in found)  # whatever names and texts hold, it is one line


def _story(before: Script, after: Script) -> Iterator[str]:
    for name in ("title", "author", "language", "seed"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name.capitalize()}: {_plain(old)} → {_plain(new)}"
    old_rules, new_rules = ({rule.word: rule for rule in script.pronunciations} for script in (before, after))
    for word, rule in new_rules.items():
        if old_rules.get(word) != rule:
            yield f"“{shown(word)}” is said “{shown(rule.say)}”{' where the case is the same' if rule.case else ''}"
    yield from (f"“{shown(word)}” is said as the voice does by itself" for word in old_rules if word not in new_rules)
    if before.source != after.source:
        yield _source(before, after)


def _source(before: Script, after: Script) -> str:
    old, new = before.source, after.source
    if old and new and old.model_copy(update={"verbatim": new.verbatim}) == new:
        name = shown(new.name)
        return f"The words are {'again' if new.verbatim else 'no longer'} those of {name}"
    return f"Made from {shown(new.name)}" if new else "It no longer says what it was made from"


def _cast(before: Script, after: Script) -> Iterator[str]:
    then, now = ({one.id: one for one in script.cast} for script in (before, after))
    for id, one in now.items():
        if id not in then:
            yield f"Cast: {one.name} ({id}) joins{_voiced(one)}"
        elif told := list(_person(then[id], one)):
            yield f"{then[id].name} ({id}): {'; '.join(told)}"
    yield from (f"Cast: {one.name} ({id}) leaves" for id, one in then.items() if id not in now)
    if [id for id in then if id in now] != [id for id in now if id in then]:
        yield "Cast: listed in another order"


def _person(before: Character, after: Character) -> Iterator[str]:
    if before.name != after.name:
        yield f"is now called {shown(after.name)}"
    if before.aliases != after.aliases:
        yield f"also called {', '.join(map(shown, after.aliases)) or 'nothing else'}"
    for (name, old), (_, new) in zip(before.traits, after.traits, strict=True):
        if (old and old.value) != (new and new.value):
            yield f"{name} {_plain(old.value) if old else 'not known'} → {_plain(new.value) if new else 'not known'}"
    if before.voice != after.voice:
        yield f"voice {_voice(before.voice)} → {_voice(after.voice)}"
    if before.locked != after.locked:
        yield _locked(after)


def _voice(voice: Voice | None) -> str:
    if voice is None:
        return "chosen by casting"
    settings = ", ".join(f"{name} {shown(str(value), 20)}" for name, value in voice.settings.items())
    named = shown(f"{voice.tool} {voice.id}{f' ({settings})' if settings else ''}", 80)
    if voice.reference is None:
        return named
    return f"{named}, cloned from {shown(voice.reference)}, {_allowed(voice.consent)}"


def _allowed(consent: Consent | None) -> str:
    if consent is None:
        return "which nobody allowed"
    return f"allowed by {shown(consent.person)}, {shown(consent.date, 20)}: “{shown(consent.statement, 120)}”"


def _voiced(one: Character) -> str:
    return f", voice {_voice(one.voice)}" if one.voice else ""


def _scenes(then: Names, now: Names) -> Iterator[str]:
    old, new = ({one.id: one for one in names.script.scenes} for names in (then, now))
    kept = [id for id in new if id in old]
    blocks = SequenceMatcher(None, [id for id in old if id in new], kept, autojunk=False).get_matching_blocks()
    stay = {id for block in blocks for id in kept[block.b : block.b + block.size]}
    for id, scene in new.items():
        if id not in old:
            yield f"{now.scene(scene)}: a new scene"
        elif id not in stay:
            yield f"{then.scene(old[id])}: moves, and is now scene {now.numbers[id]}"
        if id in old and (told := list(_scene(old[id], scene))):
            yield f"{then.scene(old[id])}: {'; '.join(told)}"
    yield from (f"{then.scene(one)}: is no more" for id, one in old.items() if id not in new)


def _scene(before: Scene, after: Scene) -> Iterator[str]:
    for name in ("heading", "space", "mood", "setting"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield f"{name} {_plain(old)} → {_plain(new)}"
    if before.chapter != after.chapter:
        yield "starts a chapter" if after.chapter else "no longer starts a chapter"


def _gone(then: Names, now: Names) -> Iterator[Change]:
    for id, one in then.elements.items():
        if id not in now.elements:
            yield Change(then.place(one), one.kind, id, "removed")


def _elements(then: Names, now: Names) -> Iterator[Change]:
    moved = _moved(then, now)
    previous: Element | None = None
    for id, one in now.elements.items():
        follows = previous if previous is not None and now.homes[previous.id] == now.homes[id] else None
        where = f"after {now.element(follows)}" if follows else "at the start of its scene"
        previous = one
        if id not in then.elements:
            yield Change(now.place(one), one.kind, id, f"added {where}")
            continue
        old = then.elements[id]
        place = f"to scene {now.numbers[now.homes[id]]}" if moved.get(id) else where
        told = [*([f"moves {place}"] if id in moved else []), *_told(old, one, then, now)]
        if told:
            yield Change(then.place(old), old.kind, id, "; ".join(told))


def _moved(then: Names, now: Names) -> dict[str, bool]:
    """The elements that stand elsewhere, and whether that is another scene."""
    found = {id: True for id, scene in now.homes.items() if then.homes.get(id, scene) != scene}
    for scene in now.script.scenes:
        new = [one.id for one in scene.elements if then.homes.get(one.id) == scene.id]
        old = [id for id, home in then.homes.items() if home == scene.id and now.homes.get(id) == scene.id]
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        stay = {id for block in blocks for id in new[block.b : block.b + block.size]}
        found |= {id: False for id in new if id not in stay}
    return found


def _told(old: Element, new: Element, then: Names, now: Names) -> list[str]:
    """What changed of an element, a phrase for each field."""
    if type(old) is not type(new):
        return [f"becomes {new.kind}, {now.element(new)}"]
    fields = [name for name in type(old).model_fields if getattr(old, name) != getattr(new, name)]
    fields = [name for name in fields if not _same_moment(getattr(old, name), getattr(new, name), then, now)]
    heard = [name for name in fields if name not in _QUIET] or fields
    found: list[str] = []
    for name in heard:
        if name in ("level", "gain"):
            phrase = _louder(old, new)
        else:
            phrase = _PHRASES.get(name, _otherwise(name))(getattr(old, name), getattr(new, name), old, then, now)
        found += [phrase] if phrase not in found else []
    return found


def _same_moment(old: Any, new: Any, then: Names, now: Names) -> bool:
    """Whether an anchor is where it was, on a word that is another one in number only."""
    if not (isinstance(old, Anchor) and isinstance(new, Anchor)) or old.word is None or new.word is None:
        return False
    alike = old.model_copy(update={"word": new.word}) == new
    return alike and then.word(old) == now.word(new)


def _louder(old: Element, new: Element) -> str:
    before, after = decibels(old), decibels(new)
    by = round(abs(after - before), 3)
    if not by:
        return f"as loud as before, said as {getattr(new, 'level', '')} {dB(getattr(new, 'gain', 0.0))} dB"
    return f"{'louder' if after > before else 'quieter'} by {by:g} dB ({dB(before)} → {dB(after)} dB)"


Phrase = Callable[[Any, Any, Element, Names, Names], str]


def _otherwise(name: str) -> Phrase:
    label = name.replace("_", " ")
    return lambda old, new, *_: f"{label} {_plain(old)} → {_plain(new)}"


def _starts(verb: str) -> Phrase:
    def phrase(old: Any, new: Any, one: Element, then: Names, now: Names) -> str:
        if isinstance(old, float) or isinstance(new, float):  # of a recording: seconds of its file
            return f"{verb} at {_seconds(new, 'its end')} of the file (was {_seconds(old, 'its end')})"
        usual = ("with its scene" if isinstance(one, Bed) else "in its turn") if verb == "starts" else "with its scene"
        return f"{verb} {_moment(new, now, usual)} (was {_moment(old, then, usual)})"

    return phrase


def _moment(anchor: Anchor | None, names: Names, usual: str) -> str:
    return names.moment(anchor) if anchor is not None else usual


def _delivery(old: Any, new: Any, *_: Any) -> str:
    told = []
    for name in ("emotion", "note"):
        if getattr(old, name) != getattr(new, name):
            told.append(f"{name} {_plain(getattr(old, name))} → {_plain(getattr(new, name))}")
    if old.intensity != new.intensity:
        word = "more" if new.intensity > old.intensity else "less"
        told.append(f"{word} intense ({old.intensity:g} → {new.intensity:g})")
    if old.pace != new.pace:
        told.append(f"{'faster' if new.pace > old.pace else 'slower'} (pace {old.pace:g} → {new.pace:g})")
    return "; ".join(told)


def _pan(old: float, new: float, *_: Any) -> str:
    return f"further {'right' if new > old else 'left'} ({old + 0.0:g} → {new + 0.0:g})"


def _lasts(old: float | None, new: float | None, *_: Any) -> str:
    return f"lasts {_seconds(new, 'as long as it does')} (was {_seconds(old, 'as long as it does')})"


def _pause(side: str) -> Phrase:
    return lambda old, new, *_: f"pause {side} it {_seconds(old, 'automatic')} → {_seconds(new, 'automatic')}"


def _fade(side: str) -> Phrase:
    return lambda old, new, *_: f"fades {side} over {new:g} s (was {old:g} s)"


def _text(old: str, new: str, *_: Any) -> str:
    return " → ".join(window(old, new))


def _spoken(old: str | None, new: str | None, *_: Any) -> str:
    return f"said as {quoted(new)}" if new is not None else "said as it is written"


def _who(old: str, new: str, one: Element, then: Names, now: Names) -> str:
    return f"spoken by {now.people.get(new, new)} (was {then.people.get(old, old)})"


def _tool(old: str | None, new: str | None, *_: Any) -> str:
    return f"made by {new or 'the tool that the compiler chooses'} (was {old or 'the one that it chose'})"


def _chain(old: Any, new: Any, *_: Any) -> str:
    steps = [shown(" → ".join(map(_step, chain)) or "no tool", 240) for chain in (old, new)]
    return f"goes through {steps[1]} (was {steps[0]})"


def _step(step: Link) -> str:
    said = f": “{shown(step.consent.statement, 120)}”" if isinstance(step, Convert) and step.consent else ""
    return f"{step_in_words(step)}{said}"


def _melody(old: Melody | None, new: Melody | None, *_: Any) -> str:
    return f"along {_tune(new)} (was {_tune(old)})"


def _tune(melody: Melody | None) -> str:
    if melody is None:
        return "no melody"
    part = f" from {melody.start:g} s to {_seconds(melody.end, 'its end')}" if melody.start or melody.end else ""
    return f"the melody in {shown(melody.file, WIDTH)}{part}"


def _locked(new: Any) -> str:
    return "locked" if new.locked else "unlocked"


_PHRASES: Mapping[str, Phrase] = {
    "text": _text,
    "spoken": _spoken,
    "who": _who,
    "delivery": _delivery,
    "pause_before": _pause("before"),
    "pause_after": _pause("after"),
    "start": _starts("starts"),
    "anchor": _starts("starts"),
    "end": _starts("ends"),
    "seconds": _lasts,
    "pan": _pan,
    "fade_in": _fade("in"),
    "fade_out": _fade("out"),
    "tool": _tool,
    "chain": _chain,
    "melody": _melody,
    "lyrics": _text,
    "take": lambda old, new, *_: f"take {new} (was {old})",
    "locked": lambda old, new, *_: "locked" if new else "unlocked",
}


def _seconds(value: float | None, otherwise: str) -> str:
    return otherwise if value is None else f"{value:g} s"


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, Part):
        value = value.model_dump(exclude_defaults=True)
    return f"“{shown(value)}”" if isinstance(value, str) else shown(str(value))


def _grouped(found: list[Change]) -> Iterator[str]:
    """A sentence for each change; where many change alike, one for all of them."""
    alike: dict[tuple[str, str], list[Change]] = {}
    for one in found:
        alike.setdefault((one.kind, one.what), []).append(one)
    for (kind, what), some in alike.items():
        if len(some) <= MANY:
            yield from (f"{one.where}: {one.what}" for one in some)
        else:
            yield f"{len(some)} {_PLURAL[kind]} ({_some([one.id for one in some])}): {what}"


_PLURAL = {
    "speech": "lines",
    "sound": "sounds",
    "music": "beds of music",
    "ambience": "beds of ambience",
    "pause": "pauses",
    "recording": "recordings",
}


def _some(ids: list[str]) -> str:
    return ", ".join(ids) if len(ids) <= 6 else f"{', '.join(ids[:3])} … {ids[-1]}"
