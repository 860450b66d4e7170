"""The audio scripts of WavJourney (arXiv:2307.14335): a list of speech, music and sounds, before or behind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from wavagent.errors import InputError
from wavagent.reading.document import Document, Kind, Manuscript, Part
from wavagent.reading.draft import Draft
from wavagent.reading.encoding import decode
from wavagent.reading.json5 import objects, to_json
from wavagent.text import has_words, shown

_KINDS: Mapping[str, Kind] = {"speech": "speech", "music": "music", "sound_effect": "sound", "sound": "sound"}
_USUAL: Mapping[Kind, float] = {"speech": -15.0, "music": -35.0, "sound": -35.0, "ambience": -35.0}
"""LUFS that these scripts give speech, music and sounds; a line's gain is what it asks for beyond that."""
_LARGEST = 8_000_000  # characters; a script of an hour has a hundred thousand
_LONGEST = 600.0  # seconds of one clip
_MOST_NAMED = 20  # faulty entries, each in a note of its own


class _Bed(NamedTuple):
    """What began to lie under the rest: its place among the parts."""

    part: int
    entry: int


@dataclass
class _Import:
    draft: Draft
    faults: list[str] = field(default_factory=list)
    open: dict[str, _Bed] = field(default_factory=dict)

    def take(self, number: int, entry: object) -> None:
        """Writes entry `number` (from 1), or says what is wrong with it."""
        if not isinstance(entry, dict):
            self.faults.append(f"entry {number} cannot be read ({entry})")
            return
        values = {str(key).replace(" ", "_"): value for key, value in entry.items()}
        name = _text(values, "audio_type").replace(" ", "_").lower()
        kind = _KINDS.get(name)
        if kind is None:
            self.faults.append(f"entry {number} has the type '{shown(name)}', not speech, music or sound_effect")
        elif kind == "speech":
            self._speech(number, values)
        elif _text(values, "layout").lower() == "background":
            self._behind(number, kind, values)
        elif what := _text(values, "desc"):
            self.draft.cue(kind, what, _seconds(values), _gain(values, kind))
        else:
            self.faults.append(f"entry {number} has no description ('desc')")

    def close(self) -> None:
        """Ends what nothing ended."""
        for id, bed in self.open.items():
            self._end(bed)
            self.faults.append(f"entry {bed.entry} begins background '{shown(id)}', which nothing ends: it ends last")
        self.open.clear()

    def _speech(self, number: int, values: Mapping[str, object]) -> None:
        text, who = _text(values, "text"), _text(values, "character")
        if not has_words(text):
            self.faults.append(f"entry {number} is speech without words ('text')")
            return
        at = len(self.draft.parts)
        self.draft.line(text, "speech" if who else "narration", who)
        self.draft.parts[at] = replace(self.draft.parts[at], gain=_gain(values, "speech"))

    def _behind(self, number: int, kind: Kind, values: Mapping[str, object]) -> None:
        id, action = _text(values, "id"), _text(values, "action").lower()
        what = _text(values, "desc")
        if action == "end" and id in self.open:
            self._end(self.open.pop(id))
        elif action == "end":
            self.faults.append(f"entry {number} ends background '{shown(id)}', which nothing began")
        elif not what:
            self.faults.append(f"entry {number} has no description ('desc')")
        elif id in self.open:
            self.faults.append(f"entry {number} begins background '{shown(id)}' a second time")
        else:
            self.open[id] = _Bed(len(self.draft.parts), number)
            self.draft.cue("ambience" if kind == "sound" else kind, what, None, _gain(values, kind))

    def _end(self, bed: _Bed) -> None:
        part: Part = self.draft.parts[bed.part]
        self.draft.parts[bed.part] = replace(part, end=self.draft.length)


def read_wavjourney(manuscript: Manuscript) -> Document:
    """A WavJourney script: what is valid in it, with a note for each entry that is not. Raises InputError."""
    text, notes = decode(manuscript.data, manuscript.name)
    draft = Draft(manuscript, notes=list(notes))
    if len(text) > _LARGEST:
        raise InputError(f"'{shown(manuscript.name)}' has {len(text)} characters, more than a script can; split it")
    entries = _entries(text, manuscript.name)
    taken = _Import(draft)
    for number, entry in enumerate(entries, start=1):
        taken.take(number, entry)
    taken.close()
    draft.notes += taken.faults[:_MOST_NAMED]
    if more := len(taken.faults) - _MOST_NAMED:
        draft.notes += [f"and {more} more entries like these"] * (more > 0)
    if not has_words("".join(draft.pieces)):
        fault = taken.faults[0] if taken.faults else "it has no entries"
        raise InputError(f"'{shown(manuscript.name)}' is no WavJourney script: {fault}; give one with lines of speech")
    return draft.document()


def _entries(text: str, name: str) -> list[object]:
    """The entries of the list, however badly it is written."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return list(objects(to_json(text)))
    if isinstance(whole, dict):
        if str(whole.get("schema", "")).startswith("wavagent."):
            raise InputError(f"'{shown(name)}' is a wavagent script, not a narrative; render it instead of planning it")
        whole = next((value for value in whole.values() if isinstance(value, list)), [whole])
    return list(whole) if isinstance(whole, list) else []


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name, "")
    return str(value).strip() if isinstance(value, str | int) else ""


def _number(values: Mapping[str, object], name: str) -> float | None:
    try:
        number = float(str(values[name]))
    except (KeyError, ValueError):
        return None
    return number if abs(number) < 1e6 else None


def _seconds(values: Mapping[str, object]) -> float | None:
    number = _number(values, "len")
    return min(number, _LONGEST) if number is not None and number > 0 else None


def _gain(values: Mapping[str, object], kind: Kind) -> float:
    number = _number(values, "vol")
    return max(-40.0, min(12.0, number - _USUAL[kind])) if number is not None else 0.0
