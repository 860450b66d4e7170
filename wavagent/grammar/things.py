"""Sounds, music, ambience, pauses and recordings, as a request names them: by kind, by what they are, by place."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from wavagent.grammar.amount import ORDINAL, ordinal
from wavagent.grammar.finding import Missing, one_of, sure
from wavagent.grammar.lines import Lines
from wavagent.grammar.places import Places
from wavagent.grammar.vocabulary import KINDS, Stem, alike, close, stem, stems
from wavagent.script import Script, Speech
from wavagent.script.scene import Element
from wavagent.text import WORD, shown

Settled = Mapping[str, tuple[str, ...]]

_HEAD = re.compile(
    rf"^(?:(?P<det>all of the|all the|all|every|each|both the|both|any|the|an|a|that|this|those|these|some|no) )?"
    rf"(?:(?P<nth>{ORDINAL}) )?(?P<rest>.*)$"
)
_EDGE = re.compile(
    r"^(?P<rest>.+?) at the (?P<edge>very beginning|beginning|start|very end|end)(?: of (?P<scene>.+))?$"
)
_BESIDE = re.compile(
    r"^(?P<rest>.+?) (?P<side>right after|right before|just after|just before|after|before) (?P<line>.+)$"
)
_INSIDE = re.compile(r" (?:in|of|from|under|during|for) ")
_ALL = frozenset(["all of the", "all the", "all", "every", "each", "both", "both the", "any", "no"])
_NUMBERED = re.compile(r"(?:the )?(?P<kind>sound|music|ambience|pause|recording) (?P<number>\d+(?:\.\d+)?)")


@dataclass(frozen=True)
class Wanted:
    """A phrase taken apart: the words and kinds a thing must have, which of them, and where it stands."""

    phrase: str
    words: tuple[Stem, ...]
    kinds: frozenset[str]
    every: bool = False
    plural: bool = False
    nth: int | None = None
    among: frozenset[str] | None = None  # ids of elements; None: all


class Things:
    """Everything in a script that is no line."""

    def __init__(self, script: Script, places: Places, lines: Lines, settled: Settled) -> None:
        self._script, self._places, self._lines, self._settled = script, places, lines, settled
        self._there = {one.id: one for one in script.elements if not isinstance(one, Speech)}
        self._homes = {one.id: scene.id for scene in script.scenes for one in scene.elements}

    def find(self, phrase: str) -> tuple[str, ...]:
        """The ids of what `phrase` names; none where it names nothing. Raises Open and Missing."""
        plain = " ".join(phrase.strip().lower().split())
        if (match := _NUMBERED.fullmatch(plain)) and f"{match['kind']}-{match['number']}" in self._there:
            return (f"{match['kind']}-{match['number']}",)
        wanted = self._wanted(plain)
        if not wanted.words and not wanted.kinds:
            return ()
        found = self._fitting(wanted)
        return self._picked(wanted, found) if found else ()

    def likely(self, phrase: str) -> tuple[str, ...]:
        """What may be meant by a phrase with a slip in it: asked, never taken. Raises Open; none for no idea."""
        wanted = self._wanted(" ".join(phrase.strip().lower().split()))
        found = {
            one.id: self.label(one.id)
            for one in self._among(wanted)
            if wanted.words and all(any(close(word, own) for own in self._stems(one)) for word in wanted.words)
        }
        return sure(phrase, "element", found, self._settled) if found else ()

    def label(self, id: str) -> str:
        one = self._there[id]
        scene = self._places.label(self._homes[id]).split(" (")[0]
        return f"{_described(one)}, {one.kind} in {scene} ({id})"

    @property
    def listed(self) -> str:
        names = list(dict.fromkeys(_described(one, 30) for one in self._there.values() if one.kind != "pause"))
        if not names:
            return "the script has no sounds or music yet"
        return "there are: " + "; ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")

    def _wanted(self, plain: str) -> Wanted:
        for taken in (self._at_edge, self._beside, self._within):
            if (wanted := taken(plain)) is not None:
                return wanted
        match = _HEAD.match(plain)
        assert match is not None  # it takes any text
        words = [found.group() for found in WORD.finditer(match["rest"])]
        kinds = frozenset(KINDS[word] for word in words if word in KINDS)
        if len(kinds) > 1:
            kinds = kinds - {"ambience"} or kinds  # "background music"
        rest = tuple(one for word in words if word not in KINDS for one in stems(word))
        if "and" in words:  # two things are never one: what they are is looked for one by one
            rest = (*rest, "and")
        if re.fullmatch(ORDINAL, match["rest"]):  # "the second" alone is the second of nothing
            rest = ()
        head = words[-1] if words else ""
        nth = ordinal(match["nth"]) if match["nth"] else None
        plural = head.endswith("s") and not head.endswith("ss") and match["det"] not in ("a", "an", "this", "that")
        return Wanted(plain, rest, kinds, match["det"] in _ALL, plural, nth)

    def _at_edge(self, plain: str) -> Wanted | None:
        if not (match := _EDGE.match(plain)):
            return None
        ids = self._places.ids
        first = match["edge"].split()[-1] != "end"
        scenes = self._places.find(match["scene"]) if match["scene"] else (ids[:1] if first else ids[-1:])
        if not scenes:
            return None
        inner = self._wanted(match["rest"])
        return replace(inner, phrase=plain, nth=inner.nth or (1 if first else -1), among=self._in(scenes))

    def _beside(self, plain: str) -> Wanted | None:
        if not (match := _BESIDE.match(plain)) or not (found := self._lines.find(match["line"], self._settled)):
            return None
        if len(found) != 1:
            return None
        scene = next(scene for scene in self._script.scenes if scene.id == self._homes[found[0]])
        ids = [one.id for one in scene.elements]
        at = ids.index(found[0])
        run = ids[at + 1 :] if match["side"].endswith("after") else ids[:at][::-1]
        near: list[str] = []
        for id in run:
            if id not in self._there:
                break
            near.append(id)
        return replace(self._wanted(match["rest"]), phrase=plain, among=frozenset(near))

    def _within(self, plain: str) -> Wanted | None:
        for cut in reversed(list(_INSIDE.finditer(plain))):
            scenes = self._places.find(plain[cut.end() :])
            if scenes:
                inner = self._wanted(plain[: cut.start()])
                among = self._in(scenes)
                return replace(inner, phrase=plain, among=among if inner.among is None else inner.among & among)
        if match := re.match(r"^(?P<scene>scene \d+|scene \w+)(?:'s)? (?P<rest>.+)$", plain):
            scenes = self._places.find(match["scene"])
            if scenes:
                return replace(self._wanted(match["rest"]), phrase=plain, among=self._in(scenes))
        return None

    def _in(self, scenes: Sequence[str]) -> frozenset[str]:
        return frozenset(id for id in self._there if self._homes[id] in scenes)

    def _among(self, wanted: Wanted) -> Iterator[Element]:
        return (one for id, one in self._there.items() if wanted.among is None or id in wanted.among)

    def _fitting(self, wanted: Wanted) -> list[Element]:
        """What has all the words, by the words themselves before their synonyms."""
        some = [one for one in self._among(wanted) if self._of_kind(one, wanted)]
        if not wanted.words:
            return some
        exact = [one for one in some if all(word in self._stems(one) for word in wanted.words)]
        if exact:
            return exact
        return [
            one
            for one in some
            if all(any(word == own or alike(word, own) for own in self._stems(one)) for word in wanted.words)
        ]

    def _of_kind(self, one: Element, wanted: Wanted) -> bool:
        if not wanted.kinds:
            return one.kind != "pause"
        named = any(kind in self._stems(one) for kind in map(stem, wanted.kinds))
        loose = "sound" in wanted.kinds and bool(wanted.words) and one.kind in ("ambience", "recording")
        return one.kind in wanted.kinds or named or loose

    @staticmethod
    def _stems(one: Element) -> tuple[Stem, ...]:
        return stems(getattr(one, "what", "") or getattr(one, "file", "").replace("_", " "))

    def _picked(self, wanted: Wanted, found: list[Element]) -> tuple[str, ...]:
        ids = [one.id for one in found]
        if wanted.nth is not None:
            if wanted.nth == 0 or abs(wanted.nth) > len(ids):
                has = "is only one" if len(ids) == 1 else f"are only {len(ids)}"
                raise Missing(f"there is no “{shown(wanted.phrase, 40)}”: there {has}, {self.label(ids[0])}")
            return (ids[wanted.nth - 1 if wanted.nth > 0 else wanted.nth],)
        if wanted.every or (wanted.plural and not self._plural_by_nature(wanted, found)):
            free = tuple(one.id for one in found if not one.locked)
            if not free:
                raise Missing(f"“{shown(wanted.phrase, 40)}” are all locked; unlock them first")
            return free
        return one_of(wanted.phrase, "element", {id: self.label(id) for id in ids}, self._settled, many=True)

    @staticmethod
    def _plural_by_nature(wanted: Wanted, found: list[Element]) -> bool:
        """Whether the very plural of the phrase is what one thing is called: church bells, strings."""
        word = next(iter(reversed(WORD.findall(wanted.phrase))), "")
        heads = re.findall(r"\w+", wanted.phrase)
        return any(
            head in getattr(one, "what", "").lower().split()
            for one in found
            for head in {word, *heads}
            if head.endswith("s")
        )


def _described(one: Element, limit: int = 50) -> str:
    if one.kind == "pause":
        return f"a pause of {one.seconds:g} s"
    return shown(getattr(one, "what", "") or getattr(one, "file", ""), limit)
