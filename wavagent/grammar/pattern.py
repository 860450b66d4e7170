"""Patterns of requests, written as they read: `[make ]{what} (louder|quieter)`.

Brackets hold what may be missing, parentheses alternatives; `{name}` takes any words and `{name:kind}` such as are of a
kind; `{name=this|that}` takes one of the words. A pattern fits a request only as a whole: nothing of it is passed over.
"""

import re
from collections.abc import Mapping
from functools import cache

from wavagent.grammar.amount import DECIBELS, INTEGER, NUMBER, SECONDS
from wavagent.grammar.levels import DEGREE, TIMES
from wavagent.grammar.vocabulary import TRAITS

OPENING, CLOSING = "\ue000", "\ue001"
"""Around the number of a quotation, in the place of the quotation."""

_TRAIT = "|".join(re.escape(word) for word in sorted(TRAITS, key=len, reverse=True))

KINDS: Mapping[str, str] = {
    "": r"[^\ue000]+?",
    "words": r"[^\s,;]+(?: [^\s,;]+){0,11}?",
    "name": rf"(?!\S+ {OPENING})[^\s,;:]+(?: (?!(?:and|to|as|with|in) )[^\s,;:]+){{0,5}}?",
    "rest": r".+",
    "word": r"[^\s,;:]+",
    "trait": rf"(?:{_TRAIT})(?:(?:,? and |, | )(?:{_TRAIT})){{0,2}}",
    "quote": rf"{OPENING}\d+{CLOSING}",
    "int": INTEGER,
    "number": NUMBER,
    "time": SECONDS,
    "db": DECIBELS,
    "how": DEGREE,
    "times": TIMES,
    "any": r".+?",
    "digits": r"\d{1,18}",
    "beside": r"(?:right |just |directly )?(?:after|before) .+?",
    "place": r"(?:(?:right |just )?(?:after|before) |at the (?:start|end|beginning) of )[^:]+?",
    "line": r"(?:after|before) line \d+",
    "spot": rf"(?:(?:right |just )?(?:after|before|at|on|with|when) |{SECONDS} (?:after|before|into) ).+",
}
"""What a slot of a kind takes."""

_SLOT = re.compile(r"\{(\w+)(?::(\w+)|=([^}]+))?\}")
_SIGNS = {"[": "(?:", "]": ")?", "(": "(?:", ")": ")", "|": "|"}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression of a pattern."""
    parts, at = [], 0
    for slot in _SLOT.finditer(pattern):
        taken = _literal(slot[3]) if slot[3] else KINDS[slot[2] or ""]
        parts += [_literal(pattern[at : slot.start()]), f"(?P<{slot[1]}>{taken})"]
        at = slot.end()
    parts.append(_literal(pattern[at:]))
    return re.compile("".join(parts), re.IGNORECASE)


def _literal(text: str) -> str:
    return "".join(_SIGNS.get(sign) or re.escape(sign) for sign in text)
