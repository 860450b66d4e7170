"""Lines, as a request names them: by number, by who speaks, by place, by their words."""

import re
from collections.abc import Mapping, Sequence

from wavagent.grammar.amount import ORDINAL, ordinal
from wavagent.grammar.finding import Missing, one_of
from wavagent.grammar.numbering import line_numbers
from wavagent.grammar.people import EVERYONE, People
from wavagent.grammar.places import LIST, Places, counted
from wavagent.grammar.request import Request
from wavagent.script import Script
from wavagent.text import one_line, shown

_LINE = r"(?:lines?|sentences?)"
_IN = r"(?: (?:in|of|from) (?P<scene>.+))?"
_NUMBERED = re.compile(rf"(?:the )?{_LINE} (?P<list>{LIST})")
_NTH = re.compile(rf"(?:the )?(?:(?P<whose>.+)'s )?(?P<nth>{ORDINAL}) {_LINE}(?: (?:of|by|from) (?P<who>.+?))?{_IN}")
_ALL = re.compile(
    rf"(?:all|all of|every|each|both)(?: of)? (?:the )?(?:(?P<whose>.+)'s )?{_LINE}"
    rf"(?: (?:of|by|from) (?P<who>.+?))?{_IN}"
)
_WHOSE = re.compile(rf"(?:(?P<whose>.+)'s|(?P<his>his|her)) {_LINE}{_IN}")
_OF = re.compile(rf"(?:the )?{_LINE} (?:of|by|from|spoken by) (?P<who>.+?){_IN}")
_SAYING = re.compile(rf"(?:(?:the )?{_LINE} )?(?:that says |saying |with |about )?(?P<quote>\ue000\d+\ue001)")
_EVERY = re.compile(
    rf"(?P<all>{'|'.join(sorted(EVERYONE, key=len, reverse=True))}|all lines|the lines|every line){_IN}"
)


class Lines:
    """The lines of a script."""

    def __init__(self, script: Script, people: People, places: Places, request: Request) -> None:
        self._script, self._people, self._places, self._request = script, people, places, request
        self._lines = {line.id: line for line in script.lines}
        self._numbers = line_numbers(script)
        self._homes = {one.id: scene.id for scene in script.scenes for one in scene.elements}

    def find(self, phrase: str, settled: Mapping[str, tuple[str, ...]]) -> tuple[str, ...] | None:
        """The ids of the lines that `phrase` names; None when it is no way to name lines. Raises Open and Missing."""
        plain = " ".join(phrase.strip().lower().split())
        if match := _NUMBERED.fullmatch(plain):
            return self._counted(match["list"])
        if match := _SAYING.fullmatch(plain):
            return self._saying(match["quote"], settled)
        for pattern in (_ALL, _WHOSE, _OF):
            if (match := pattern.fullmatch(plain)) and (found := self._chosen(match, phrase)) is not None:
                return self._free(found, phrase)
        if match := _EVERY.fullmatch(plain):
            return self._free(self._of(None, match["scene"]), phrase)
        if match := _NTH.fullmatch(plain):
            return self._nth(match, phrase)
        return None

    def of(self, who: Sequence[str]) -> tuple[str, ...]:
        """Every line of some characters that is not locked."""
        return tuple(line.id for line in self._lines.values() if line.who in who and not line.locked)

    def numbered(self, number: int) -> str:
        """The id of the line of a number. Raises Missing."""
        found = [id for id, own in self._numbers.items() if own == number]
        if not found:
            most = max(self._numbers.values(), default=0)
            raise Missing(f"there is no line {number}; " + (f"they go up to {most}" if most else "nobody speaks yet"))
        return found[0]

    def label(self, id: str) -> str:
        line = self._lines[id]
        name = self._people.label(line.who).split(" (")[0]
        number = f"line {self._numbers[id]}, " if id in self._numbers else ""
        return f"{number}{name}: “{shown(line.text, 50)}” ({id})"

    def _counted(self, list_: str) -> tuple[str, ...]:
        wanted = counted(list_)
        if re.search(r"-|to|through|until|till", list_):  # a range passes over numbers that are gone, not its ends
            for end in (wanted[0], wanted[-1]):
                self.numbered(end)
            numbers = set(wanted)
            return tuple(id for id in self._lines if self._numbers.get(id) in numbers)
        return tuple(self.numbered(number) for number in wanted)

    def _saying(self, token: str, settled: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        said = one_line(self._request.quote(token)).lower()
        found = [id for id, line in self._lines.items() if said and said in one_line(line.text).lower()]
        if not found:
            raise Missing(f"no line says “{shown(said, 60)}”")
        return one_of(f"“{said}”", "line", {id: self.label(id) for id in found}, settled, many=True)

    def _chosen(self, match: re.Match[str], phrase: str) -> tuple[str, ...] | None:
        given = match.groupdict()
        who = given.get("whose") or given.get("who") or given.get("his")
        if who and not self._people.find(who):
            return None
        return self._of(self._people.one(who) if who else None, given.get("scene"))

    def _of(self, who: str | None, scene: str | None) -> tuple[str, ...]:
        where = self._places.all(scene) if scene else self._places.ids
        return tuple(
            id for id, line in self._lines.items() if self._homes[id] in where and (who is None or line.who == who)
        )

    def _free(self, found: tuple[str, ...], phrase: str) -> tuple[str, ...]:
        """What of many lines may be changed: locked ones stay as they are."""
        free = tuple(id for id in found if not self._lines[id].locked)
        if not free:
            raise Missing(f"there are no lines “{shown(phrase, 40)}”" + (" that are not locked" if found else ""))
        return free

    def _nth(self, match: re.Match[str], phrase: str) -> tuple[str, ...] | None:
        found = self._chosen(match, phrase)
        if found is None:
            return None
        place = ordinal(match["nth"])
        if place == 0 or abs(place) > len(found):
            raise Missing(f"there is no line “{shown(phrase, 40)}”; there {_are(len(found))}")
        return (found[place - 1 if place > 0 else place],)


def _are(count: int) -> str:
    return "is one" if count == 1 else f"are {count}" if count else "are none"
