"""Scenes, as a request names them: by number, by place in the story, by heading."""

import re
from collections.abc import Mapping

from wavagent.grammar.amount import ORDINAL, number, ordinal
from wavagent.grammar.finding import Absent, Missing, one_of
from wavagent.grammar.understood import Focus
from wavagent.grammar.vocabulary import stems
from wavagent.script import Script
from wavagent.text import shown

SCENE = r"(?:scenes?|chapters?|act)"
_COUNT = r"(?:\d{1,6}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
LIST = rf"{_COUNT}(?: ?(?:-|to|through|until|till|,|, and|and|&|,? or) ?(?:{SCENE} |lines? )?{_COUNT})*"
_EVERYWHERE = frozenset(
    [
        "everywhere",
        "all scenes",
        "every scene",
        "the whole story",
        "the story",
        "each scene",
        "all the scenes",
        "all of it",
    ]
)


def counted(text: str) -> tuple[int, ...]:
    """The numbers of a list: "3", "2 and 4", "3 to 6", "1, 3-5". Raises Missing for a list that goes backwards."""
    plain = re.sub(rf"\b(?:{SCENE}|lines?)\b", " ", text.lower())
    parts = re.findall(rf"({_COUNT})(?: *(?:-|to|through|until|till) *({_COUNT}))?", plain)
    found: list[int] = []
    for first, last in parts:
        start, end = int(number(first)), int(number(last or first))
        if end < start or end - start > 20_000:
            raise Missing(f"“{shown(text, 40)}” is no list of numbers that go up")
        found += range(start, end + 1)
    return tuple(dict.fromkeys(found))


class Places:
    """The scenes of a script, to be found by what they are called."""

    def __init__(self, script: Script, focus: Focus, settled: Mapping[str, tuple[str, ...]]) -> None:
        self._script, self._focus, self._settled = script, focus, settled
        self.ids = [scene.id for scene in script.scenes]

    def find(self, phrase: str) -> tuple[str, ...] | None:
        """The ids of the scenes that `phrase` names; None where it names none. Raises Open and Missing."""
        plain = " ".join(phrase.strip().lower().split())
        if plain in self.ids:
            return (plain,)
        if plain in _EVERYWHERE:
            return tuple(self.ids)
        if match := re.fullmatch(rf"(?:the )?({SCENE}) ({LIST})", plain):
            return self._numbered(match[1], match[2])
        if match := re.fullmatch(rf"(?:the )?({ORDINAL}) ({SCENE})", plain):
            return (self._nth(match[2], ordinal(match[1])),)
        if re.fullmatch(rf"(?:this|that|the|the same) {SCENE}|here", plain):
            return self._here(phrase)
        return self._headed(plain)

    def all(self, phrase: str) -> tuple[str, ...]:
        """The scenes that `phrase` names. Raises Open, and Missing where there are none."""
        if found := self.find(phrase):
            return found
        raise Absent(f"there is no scene “{shown(phrase, 40)}”; {self._there}")

    def one(self, phrase: str) -> str:
        """The one scene that `phrase` names. Raises Open and Missing."""
        found = self.all(phrase)
        if len(found) > 1:
            raise Missing(f"“{shown(phrase, 40)}” are {len(found)} scenes; name one of them")
        return found[0]

    def label(self, id: str) -> str:
        scene = next(scene for scene in self._script.scenes if scene.id == id)
        heading = f" “{shown(scene.heading, 40)}”" if scene.heading else ""
        return f"scene {self.ids.index(id) + 1}{heading} ({id})"

    @property
    def _there(self) -> str:
        if not self.ids:
            return "the script has no scenes"
        return f"there are {len(self.ids)}" if len(self.ids) > 1 else "there is one"

    def _counted(self, word: str) -> list[str]:
        if word.startswith("chapter"):
            return [scene.id for scene in self._script.scenes if scene.heading and scene.chapter]
        return self.ids

    def _numbered(self, word: str, list_: str) -> tuple[str, ...]:
        there, wanted = self._counted(word), counted(list_)
        if missing := [number for number in wanted if not 0 < number <= len(there)]:
            raise Missing(f"there is no {word.rstrip('s')} {missing[0]}; {self._there}")
        return tuple(there[number - 1] for number in wanted)

    def _nth(self, word: str, place: int) -> str:
        there = self._counted(word)
        if not 0 < abs(place) <= len(there):
            raise Missing(f"there is no such {word.rstrip('s')}; {self._there}")
        return there[place - 1 if place > 0 else place]

    def _here(self, phrase: str) -> tuple[str, ...]:
        if len(self.ids) == 1:
            return tuple(self.ids)
        homes = {one.id: scene.id for scene in self._script.scenes for one in scene.elements}
        near = [*self._focus.scenes, *(homes[id] for id in self._focus.elements if id in homes)]
        found = dict.fromkeys(id for id in near if id in self.ids)
        if len(found) != 1:
            raise Missing(f"I do not know which scene you mean by “{phrase}”; {self._there}")
        return tuple(found)

    def _headed(self, plain: str) -> tuple[str, ...] | None:
        name = re.sub(rf"^(?:the )?(?:{SCENE} )?|(?: {SCENE})$", "", plain).strip(" “”\"'")
        headings = {scene.id: scene.heading for scene in self._script.scenes if scene.heading}
        found = [id for id, heading in headings.items() if heading.strip().lower() in (plain, name, f"the {name}")]
        wanted = set(stems(name))
        if not found and wanted and re.search(rf"\b{SCENE}\b", plain):
            found = [id for id, heading in headings.items() if wanted <= set(stems(heading))]
        if not found:
            return None
        return one_of(plain, "scene", {id: self.label(id) for id in found}, self._settled, many=True)
