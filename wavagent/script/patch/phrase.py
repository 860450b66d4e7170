"""How things and moments of a script are called in a sentence: by their names, with their ids behind."""

from collections.abc import Mapping
from functools import cached_property

from wavagent.script.anchor import Anchor
from wavagent.script.bed import Bed
from wavagent.script.part import LEVELS
from wavagent.script.recording import Recording
from wavagent.script.scene import Element, Scene
from wavagent.script.script import Script
from wavagent.script.sound import Sound
from wavagent.script.speech import Speech
from wavagent.text import shown, words

WIDTH = 40
"""Characters of a line or a description in a sentence."""


_MARKS = "“”„«»\"'"


class Names:
    """What the things of one script are called."""

    def __init__(self, script: Script) -> None:
        self.script = script

    @cached_property
    def elements(self) -> Mapping[str, Element]:
        return {one.id: one for one in self.script.elements}

    @cached_property
    def people(self) -> Mapping[str, str]:
        return {one.id: one.name for one in self.script.cast}

    @cached_property
    def homes(self) -> Mapping[str, str]:
        return {one.id: scene.id for scene in self.script.scenes for one in scene.elements}

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        return {scene.id: number for number, scene in enumerate(self.script.scenes, 1)}

    def scene(self, scene: Scene) -> str:
        """Scene 3 “Night” (s3)"""
        heading = f" “{shown(scene.heading, WIDTH)}”" if scene.heading else ""
        return f"Scene {self.numbers[scene.id]}{heading} ({scene.id})"

    def element(self, one: Element) -> str:
        """Mary's line “Who is there?” (e2); a knock (n1)"""
        return f"{self.short(one)} ({one.id})"

    def short(self, one: Element) -> str:
        if isinstance(one, Speech):
            return f"{self.people.get(one.who, one.who)}'s line {quoted(one.text)}"
        if isinstance(one, Sound | Bed):
            return shown(one.what, WIDTH)
        return f"recording {shown(one.file, WIDTH)}" if isinstance(one, Recording) else "pause"

    def place(self, one: Element) -> str:
        """Scene 1, a knock (n1)"""
        return f"Scene {self.numbers[self.homes[one.id]]}, {self.element(one)}"

    def word(self, anchor: Anchor) -> str:
        """The word that an anchor stands on."""
        target, at = self.elements.get(anchor.element), anchor.word or 0
        spans = words(target.text) if isinstance(target, Speech) else []
        return target.text[slice(*spans[at])] if isinstance(target, Speech) and at < len(spans) else str(at)

    def moment(self, anchor: Anchor) -> str:
        """0.2 s before the word “door” of Mary's line “…” (e2)"""
        target = self.elements.get(anchor.element)
        name = self.element(target) if target is not None else anchor.element
        edge = f"the {anchor.edge} of {name}"
        if anchor.word is not None:
            edge = f"the word “{self.word(anchor)}” of {name}"
        if not anchor.offset:
            return f"at {edge}"
        return f"{abs(anchor.offset):g} s {'before' if anchor.offset < 0 else 'after'} {edge}"


def quoted(text: str) -> str:
    """A line in quotation marks, its own left out."""
    return f"“{shown(text, WIDTH).strip(_MARKS)}”"


def decibels(one: Element) -> float:
    """How loud an element is, in dB relative to its role's loudness."""
    return round(LEVELS[getattr(one, "level", "normal")] + getattr(one, "gain", 0.0), 3)


def dB(value: float) -> str:
    return f"{value:+g}" if value else "0"


def window(before: str, after: str, around: int = 18) -> tuple[str, str]:
    """What differs between two texts, with some characters around it."""
    head = next((at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
    if head == 0 and before and after and before[0] == after[0]:
        head = min(len(before), len(after))  # the one goes on where the other ends
    most = min(len(before), len(after)) - head
    tails = zip(before[::-1], after[::-1], strict=False)
    tail = next((at for at, (a, b) in enumerate(tails) if a != b or at >= most), most)
    start = head - around if head > around else 0
    return _cut(before, start, len(before) - tail + around), _cut(after, start, len(after) - tail + around)


def _cut(text: str, start: int, end: int) -> str:
    return f'"{"…" if start else ""}{shown(text[start:end], 100)}{"…" if end < len(text) else ""}"'
