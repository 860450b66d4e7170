"""Characters, as a request names them."""

import re
from collections.abc import Mapping

from wavagent.grammar.finding import Absent, Missing, one_of, sure
from wavagent.grammar.understood import Focus
from wavagent.grammar.vocabulary import FILLERS, close, stem
from wavagent.script import NARRATOR, Character, Script
from wavagent.text import WORD, shown

PRONOUNS = frozenset("him her he she his hers".split())
EVERYONE = frozenset(["everyone", "everybody", "all", "all of them", "all voices", "the voices", "all characters"])
_NARRATOR = frozenset(["narrator", "narration", "narrators", "storyteller"])


class People:
    """The cast of a script, to be found by name."""

    def __init__(self, script: Script, focus: Focus, settled: Mapping[str, tuple[str, ...]]) -> None:
        self._cast, self._focus, self._settled = {one.id: one for one in script.cast}, focus, settled

    def find(self, phrase: str) -> tuple[str, ...]:
        """The ids of the characters that `phrase` may mean, best matches only; none for no match."""
        plain = re.sub(r"^(?:the|a|an|our|my) ", "", phrase.strip().lower())
        if plain in PRONOUNS:
            return tuple(id for id in self._focus.characters if id in self._cast)
        if exact := [one.id for one in self._cast.values() if plain in self._names(one)]:
            return tuple(exact)
        wanted = _words(plain)
        if not wanted:
            return ()
        return tuple(one.id for one in self._cast.values() if any(wanted <= _words(name) for name in self._names(one)))

    def one(self, phrase: str) -> str:
        """The id of the one whom `phrase` means. Raises Open and Missing."""
        found = self.find(phrase)
        if not found and phrase.strip().lower() in PRONOUNS:
            raise Missing(f"I do not know whom you mean by “{phrase}”; say the name")
        if not found:
            return self._likely(phrase)
        labels = {id: self.label(id) for id in found}
        return one_of(phrase, "character", labels, self._settled, many=False)[0]

    def label(self, id: str) -> str:
        one = self._cast[id]
        also = f", also {', '.join(one.aliases[:3])}" if one.aliases else ""
        return f"{one.name} ({id}{also})"

    @property
    def listed(self) -> str:
        names = [shown(one.name, 30) for one in self._cast.values()]
        return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")

    def _likely(self, phrase: str) -> str:
        """Who may be meant by a name with a slip in it: asked, never taken. Raises Open and Missing."""
        wanted = _words(phrase)
        likely = {
            id: self.label(id)
            for id, one in self._cast.items()
            if wanted and any(close(a, b) for a in wanted for name in self._names(one) for b in _words(name))
        }
        if likely:
            return sure(phrase, "character", likely, self._settled)[0]
        raise Absent(f"there is nobody called “{shown(phrase, 40)}” in the cast: {self.listed}")

    def _names(self, one: Character) -> tuple[str, ...]:
        own = tuple(_bare(name) for name in (one.name, *one.aliases, one.id))
        return (*own, *_NARRATOR) if one.id == NARRATOR else own


def _bare(name: str) -> str:
    return re.sub(r"^(?:the|a|an) ", "", name.strip().lower())


def _words(text: str) -> frozenset[str]:
    words = (match.group() for match in WORD.finditer(text.replace("-", " ")))
    return frozenset(stem(word) for word in words if word.lower() not in FILLERS)
