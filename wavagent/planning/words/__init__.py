"""Words that tell who speaks, by language."""

from collections.abc import Mapping

from wavagent.planning.words.english import ENGLISH
from wavagent.planning.words.french import FRENCH
from wavagent.planning.words.german import GERMAN
from wavagent.planning.words.lexicon import Lexicon
from wavagent.planning.words.russian import RUSSIAN
from wavagent.planning.words.spanish import SPANISH

LEXICONS: Mapping[str, Lexicon] = {"en": ENGLISH, "fr": FRENCH, "de": GERMAN, "es": SPANISH, "ru": RUSSIAN}


def lexicon(language: str) -> Lexicon:
    """The lexicon of a language, BCP 47; an empty one of a language that has none."""
    return LEXICONS.get(language[:2], Lexicon())
