"""References: what the words of a request point at in a script."""

import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NoReturn

from wavagent.grammar.amount import ORDINAL
from wavagent.grammar.finding import Absent, Missing, Open
from wavagent.grammar.lines import Lines
from wavagent.grammar.people import EVERYONE, PRONOUNS, People
from wavagent.grammar.places import Places
from wavagent.grammar.request import Request
from wavagent.grammar.things import Things
from wavagent.grammar.understood import Choice, Focus
from wavagent.script import Script, Speech
from wavagent.script.scene import Element
from wavagent.text import shown

_IT = frozenset("it that this".split()) | {"that one", "this one", "the same", "the same one"}
_THEM = frozenset("them those these both".split()) | {"both of them", "all of them", "the same ones"}
_PLACES = re.compile(
    rf"(?:the )?(?P<places>{ORDINAL}(?:(?:, | and |, and )(?:the )?{ORDINAL})+) (?P<rest>(?!and ).+)", re.IGNORECASE
)
_JOINED = re.compile(r",? and |, ?| & | as well as ")


class Reference:
    """Finds what a phrase means in `script`: what was settled before counts first, then ids, "it", lines, things."""

    def __init__(self, script: Script, focus: Focus, settled: Mapping[str, tuple[str, ...]], request: Request) -> None:
        self.script, self.focus, self.settled = script, focus, settled
        self.people = People(script, focus, settled)
        self.places = Places(script, focus, settled)
        self.lines = Lines(script, self.people, self.places, request)
        self.things = Things(script, self.places, self.lines, settled)

    @cached_property
    def by_id(self) -> Mapping[str, Element]:
        return {one.id: one for one in self.script.elements}

    def elements(self, phrase: str) -> tuple[str, ...]:
        """The ids of the elements that `phrase` means. Raises Open and Missing."""
        self._not_all(phrase)
        if found := self._joined(phrase, self._known) or self._joined(phrase, self._guessed):
            return found
        self._none(phrase)

    def sounding(self, phrase: str) -> tuple[str, ...]:
        """The same where a name means the lines of who bears it: "the captain", "everyone". Raises Open and Missing."""
        self._not_all(phrase)
        if found := self._joined(phrase, self._known_or_spoken) or self._joined(phrase, self._guessed):
            return found
        self._none(phrase, people=True)

    def beds(self, phrase: str) -> tuple[str, ...]:
        """The music and ambience that `phrase` means. Raises Open and Missing."""
        return self._only(phrase, ("music", "ambience"), "music or ambience")

    def speech(self, phrase: str) -> tuple[str, ...]:
        """The lines that `phrase` means. Raises Open and Missing."""
        found = self.sounding(phrase)
        if other := [id for id in found if not isinstance(self.by_id[id], Speech)]:
            raise Missing(f"“{shown(phrase, 40)}” is a {self.by_id[other[0]].kind} ({other[0]}); this needs a line")
        return found

    def line(self, phrase: str) -> str:
        """The one line that `phrase` means. Raises Open and Missing."""
        return _one(self.speech(phrase), phrase)

    def element(self, phrase: str) -> str:
        """The one element that `phrase` means. Raises Open and Missing."""
        return _one(self.elements(phrase), phrase)

    def label(self, id: str) -> str:
        return self.lines.label(id) if isinstance(self.by_id[id], Speech) else self.things.label(id)

    @staticmethod
    def _not_all(phrase: str) -> None:
        """Raises Missing for what may mean the voices, the sounds, or both."""
        if phrase.strip().lower() in ("all", "everything", "all of it", "the whole story", "the story"):
            raise Missing(f"“{phrase}” is too much at once; say: all lines, all sounds, all the music in scene 2")

    def _only(self, phrase: str, kinds: tuple[str, ...], called: str) -> tuple[str, ...]:
        found = self.elements(phrase)
        if other := [id for id in found if self.by_id[id].kind not in kinds]:
            raise Missing(f"“{shown(phrase, 40)}” is a {self.by_id[other[0]].kind} ({other[0]}); this needs {called}")
        return found

    def _joined(self, phrase: str, find: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        """What a phrase means, or each of the phrases that "and" joins in it."""
        if found := find(phrase):
            return found
        parts = _each(phrase) or [part for part in _JOINED.split(phrase) if part.strip()]
        if not 1 < len(parts) <= 8:
            return ()
        several = [find(part) for part in parts]
        return tuple(dict.fromkeys(id for some in several for id in some)) if all(several) else ()

    def _known(self, phrase: str) -> tuple[str, ...]:
        plain = " ".join(phrase.strip().lower().split())
        id = plain.removeprefix("the ")
        if id in self.by_id and not id.isalpha():
            return (id,)
        if plain in _IT or plain in _THEM:
            return self._focused(plain)
        found = self.lines.find(phrase, self.settled) or self.things.find(phrase)
        return found or ((id,) if id in self.by_id else ())  # an id that is a word may be meant as the word

    def _known_or_spoken(self, phrase: str) -> tuple[str, ...]:
        plain = phrase.strip().lower()
        if plain in EVERYONE and plain != "all of them":
            return self.lines.of(tuple(one.id for one in self.script.cast))
        spoken = self._spoken(phrase)
        found = () if spoken and plain in PRONOUNS else self._known(phrase)
        if spoken and found and set(found) - set(spoken):
            return self._either(phrase, spoken, found)
        return found or spoken

    def _spoken(self, phrase: str) -> tuple[str, ...]:
        name = re.sub(r"(?:'s|s') voice$|^(?:the )?voice of ", "", phrase.strip(), flags=re.IGNORECASE)
        if not self.people.find(name):
            return ()
        who = self.people.one(name)
        if lines := self.lines.of((who,)):
            return lines
        there = any(line.who == who for line in self.script.lines)
        raise Missing(f"{self.people.label(who)} has no lines{' that are not locked' if there else ''}")

    def _either(self, phrase: str, spoken: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
        """What was settled on for a name that is somebody's and is in what a sound is called too. Raises Open."""
        about = f"which: {phrase.lower()}"
        if about in self.settled:
            return tuple(id for id in self.settled[about] if id in self.by_id)
        choices = [Choice(label=f"all {len(spoken)} lines", means=spoken)]
        choices += [Choice(label=self.label(id), means=(id,)) for id in found[:8]]
        raise Open(about, f"“{shown(phrase, 40)}” may be a voice or a sound; which do you mean?", choices)

    def _guessed(self, phrase: str) -> tuple[str, ...]:
        return self._known(phrase) or self.things.likely(phrase)

    def _focused(self, plain: str) -> tuple[str, ...]:
        found = tuple(id for id in self.focus.elements if id in self.by_id)
        if not found:
            raise Missing(f"I do not know what you mean by “{plain}”; name it")
        if plain in _IT and len(found) > 1:
            raise Missing(f"“{plain}” may be any of {len(found)} things that were spoken of last; name it")
        return found

    def _none(self, phrase: str, *, people: bool = False) -> NoReturn:
        cast = f"; in the cast: {self.people.listed}" if people else ""
        raise Absent(f"there is no “{shown(phrase, 40)}” in the script; {self.things.listed}{cast}")


def _each(phrase: str) -> list[str]:
    """ "The second and third lines": the second lines, the third lines."""
    match = _PLACES.fullmatch(phrase.strip().lower())
    if match is None:
        return []
    return [f"the {place} {match['rest']}" for place in re.findall(ORDINAL, match["places"])]


def _one(found: tuple[str, ...], phrase: str) -> str:
    if len(found) > 1:
        raise Missing(f"“{shown(phrase, 40)}” are {len(found)}; name one of them")
    return found[0]
