"""Degrees in words: how much louder, how much slower, and within which bounds."""

import re
from collections.abc import Mapping

from wavagent.grammar.amount import NUMBER, number

A_BIT = r"a (?:little|tiny|wee) ?bit|a bit|a little|a touch|a hair|a tad|slightly|somewhat|marginally|just a bit"
MUCH = r"much|a lot|lots|far|way|considerably|significantly|a good deal|a great deal|really|very"
TIMES = rf"(?:twice|half|{NUMBER} times|{NUMBER} ?(?:%|percent|per cent)) as"
DEGREE = rf"(?:{A_BIT}|{MUCH}|even|still|some|{NUMBER} ?(?:%|percent|per cent))"
"""How much, before or after "louder", "slower", …"""

LOUDER: Mapping[str, float] = {"bit": 1.5, "plain": 3.0, "much": 6.0}
"""dB by which something gets louder or quieter: a bit, without a word, much."""

DOUBLE = 10.0
"""dB for twice as loud, as people hear it."""

MUTE = -40.0
"""dB: the least gain there is, at which nothing is heard."""

FASTER: Mapping[str, float] = {"bit": 1.07, "plain": 1.15, "much": 1.3}
"""Times the pace, by the same words; slower divides by them."""

SHORTER: Mapping[str, float] = {"bit": 0.85, "plain": 0.7, "much": 0.5}
"""Times the length; longer divides by them."""

LOUDEST, QUIETEST = 12.0, -40.0
FASTEST, SLOWEST = 2.0, 0.5
"""The bounds of a gain in dB and of a pace: words stop there, numbers beyond are refused."""


def degree(words: str) -> str:
    """ "bit", "plain" or "much"."""
    if re.search(rf"\b(?:{A_BIT})\b", words, re.IGNORECASE):
        return "bit"
    return "much" if re.search(rf"\b(?:{MUCH})\b", words, re.IGNORECASE) else "plain"


def percent(words: str) -> float | None:
    """The share in "20% faster", as 0.2; None where there is none."""
    match = re.search(rf"({NUMBER}) ?(?:%|percent|per cent)", words, re.IGNORECASE)
    return None if match is None else number(match.group(1)) / 100


def pace_factor(words: str, faster: bool) -> float:
    """Times the pace. Raises ValueError for a share that leaves nothing."""
    share = percent(words)
    if share is None:
        factor = FASTER[degree(words)]
        return factor if faster else 1 / factor
    if not 0 < share < (10 if faster else 1):
        raise ValueError(f"{share:.0%} is no change of pace")
    return 1 + share if faster else 1 - share


def length_factor(words: str, shorter: bool) -> float:
    """Times the length of a pause. Raises ValueError for a share that leaves nothing."""
    share = percent(words)
    if share is None:
        factor = SHORTER[degree(words)]
        return factor if shorter else 1 / factor
    if not 0 < share < (1 if shorter else 10):
        raise ValueError(f"{share:.0%} is no change of a length")
    return 1 - share if shorter else 1 + share


def within(value: float, least: float, most: float) -> float:
    return min(most, max(least, value))
