"""The readable view of a script: Markdown that is derived from it and never read back."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from wavagent.script.anchor import Anchor
from wavagent.script.bed import Bed
from wavagent.script.character import Character, Voice
from wavagent.script.music import Music
from wavagent.script.pause import Pause
from wavagent.script.recording import Recording
from wavagent.script.scene import Element, Scene
from wavagent.script.script import Script
from wavagent.script.sound import Sound
from wavagent.script.speech import Speech
from wavagent.script.step import Convert, Link, Operation
from wavagent.text import one_line, shown, words

_MARKUP = re.compile(r"[\\`*_\[\]<>#|~]|&(?=#?\w+;)")

UNSURE = 0.5
"""Lines with less confidence are marked for review."""


def readable(script: Script) -> str:
    """`script` as Markdown."""
    return "\n".join(_parts(script)) + "\n"


def _parts(script: Script) -> Iterator[str]:
    yield f"# {_text(script.title)}"
    if script.author:
        yield f"\nby {_text(script.author)}"
    yield "\n## Cast\n"
    for character in script.cast:
        yield _character(character)
    names = {character.id: character.name for character in script.cast}
    lines = {line.id: line for line in script.lines}
    for scene in script.scenes:
        yield from _scene(scene, names, lines)


def _character(character: Character) -> str:
    traits = [f"{what}: {trait.value}" for what, trait in character.traits if trait is not None]
    voice = _voice(character.voice) if character.voice else ""
    also = f"also {', '.join(character.aliases)}" if character.aliases else ""
    details = "; ".join(part for part in (also, *traits, voice) if part)
    return f"- **{_text(character.name)}** (`{character.id}`){': ' + _text(details) if details else ''}"


def _voice(voice: Voice) -> str:
    named = f"{voice.tool} {voice.id}"
    if voice.reference is None:
        return named
    by = f", allowed by {voice.consent.person}, {voice.consent.date}" if voice.consent else ""
    return f"{named}, cloned from {voice.reference}{by}"


def _scene(scene: Scene, names: Mapping[str, str], lines: Mapping[str, Speech]) -> Iterator[str]:
    about = ", ".join(part for part in (scene.setting, scene.mood, scene.space) if part)
    yield f"\n## {_text(scene.heading) if scene.heading else scene.id}\n\n*{_text(about)}*\n"
    for element in scene.elements:
        if shown := _element(element, names, lines):
            yield shown + "\n"


def _element(element: Element, names: Mapping[str, str], lines: Mapping[str, Speech]) -> str:
    if isinstance(element, Speech):
        how = ", ".join(part for part in (element.delivery.emotion, element.delivery.note) if part)
        doubt = " ⚑" if element.confidence < UNSURE else ""
        return f"**{_text(names[element.who])}**{f' ({_text(how)})' if how else ''}{doubt}: {_text(element.text)}"
    if isinstance(element, Pause):
        return f"`pause {element.seconds:g} s`" if element.seconds else ""
    if isinstance(element, Bed):
        return f"> {'♫' if element.kind == 'music' else '☂'} {_text(_bed(element))}{_where(element.start, lines)}"
    if isinstance(element, Sound):
        return f"> ◆ {_text(element.what)}{_where(element.anchor, lines)}"
    assert isinstance(element, Recording)
    steps = " → ".join(map(_text, (element.file, *map(step_in_words, element.chain))))
    return f"> ● {steps}{_where(element.anchor, lines)}"


def _bed(bed: Bed) -> str:
    if not isinstance(bed, Music):
        return bed.what
    tune = f", along {bed.melody.file}" if bed.melody else ""
    return f"{bed.what}{tune}{f', sung: “{shown(bed.lyrics, 60)}”' if bed.sung else ''}"


def step_in_words(step: Link) -> str:
    """What a step does, with what it is told that is not the default."""
    if isinstance(step, Operation):
        return step.tool
    told = step.model_dump(mode="json", exclude_defaults=True, exclude={"tool", "consent", *step.roles})
    by = (
        f", allowed by {step.consent.person}, {step.consent.date}" if isinstance(step, Convert) and step.consent else ""
    )
    return " ".join(map(_value, told.values())) + by


def _value(value: Any) -> str:
    if isinstance(value, Mapping):  # a file
        return str(value.get("file", ""))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _where(anchor: Anchor | None, lines: Mapping[str, Speech]) -> str:
    if anchor is None:
        return ""
    offset = f" {anchor.offset:+g} s" if anchor.offset else ""
    if anchor.word is None:
        return f" @ {anchor.edge} of {anchor.element}{offset}"
    text = lines[anchor.element].text
    spans = words(text)
    word = text[slice(*spans[anchor.word])] if anchor.word < len(spans) else f"word {anchor.word}"
    return f" @ “{_text(word)}” in {anchor.element}{offset}"


def _text(text: str) -> str:
    """`text` on one line, with nothing in it that Markdown would take for markup."""
    return _MARKUP.sub(r"\\\g<0>", one_line(text))
