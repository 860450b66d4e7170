"""Mood: how a stretch of text feels, read off the words that carry feeling."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """A mood and the music that goes with it, in the words a music tool is asked with."""

    name: str
    music: str
    words: tuple[str, ...]


def _mood(name: str, music: str, words: str) -> Mood:
    return Mood(name, music, tuple(words.split()))


NEUTRAL = _mood("neutral", "calm, reflective piano and soft strings, slow", "")
MOODS = (
    _mood(
        "tense",
        "tense, mysterious low strings, slow, minor key",
        "afraid alarm alarmed avenge bones catacombs chains crypt dagger anxious blood crime cruel danger "
        "dangerous dark darkness dead deadly death dread enemy evil fear feared fearful fled flee gun hide hidden "
        "horrible horror horrified hunted knife mad madness menace murder mystery mysterious night pistol poison "
        "prison prisoner revenge scream secret shadow shadows shiver shock shot shudder silence skeleton sinister "
        "strange suspicion terrible terrified terror threat trap trembled tremble uneasy vault villain weapon",
    ),
    _mood(
        "sad",
        "sad, sorrowful cello and piano, slow, minor key",
        "alone bitter bitterly cried cry crying despair died dying funeral grave grief grieve heartbroken "
        "hopeless lonely loss lost miserable misery mourn mourning orphan pain poor regret sad sadly sadness "
        "sigh sighed sob sobbed sobs sorrow sorrowful suffer suffering tear tears tragedy tragic unhappy weep "
        "weeping wept widow wretched",
    ),
    _mood(
        "joyful",
        "cheerful, light woodwinds and strings, lively, major key",
        "bright celebrate cheer cheerful cheerfully dance danced dancing delight delighted feast gaily gay "
        "glad grin grinned happily happiness happy holiday joke joy joyful laugh laughed laughing laughter "
        "merrily merry music party play played playing pleased pleasure singing smile smiled smiling song "
        "sunny sunshine wedding",
    ),
    _mood(
        "tender",
        "tender, warm piano and strings, gentle, major key",
        "beautiful beloved blush blushed caress darling dear dearest embrace embraced fond gentle gently "
        "heart hearts kiss kissed love loved lovely lover loves loving marriage marry softly sweet sweetheart "
        "sweetly tender tenderly tenderness warm warmth",
    ),
    _mood(
        "adventurous",
        "adventurous, driving strings and horns, quick",
        "adventure attack attacked battle brave bravely chase chased climbed escape escaped expedition "
        "explore fight fought gallop galloped horse horses hurried island journey leap leaped leapt raced ran "
        "rode rush rushed sail sailed ship soldiers sprang storm sword travel treasure voyage",
    ),
    _mood(
        "wistful",
        "wistful, nostalgic piano, slow",
        "ago autumn childhood dream dreamed dreams dusk evening faded faint far farewell forgotten gone "
        "homesick memories memory old once quiet remember remembered stillness twilight vanished waiting "
        "winter years youth",
    ),
)
_BY_WORD: Mapping[str, Mood] = {word: mood for mood in MOODS for word in mood.words}
_WORD = re.compile(r"[a-z]+")
_ENOUGH = 1.25
"""So many times as often as in novels at large a mood's words must come to be the mood."""
_SHORTEST = 150
"""Words of a scene, at least, that a share is taken of."""
_USUAL = {"tense": 5.1, "sad": 3.4, "joyful": 3.3, "tender": 3.4, "adventurous": 1.9, "wistful": 6.8}
"""Words of each mood in a thousand, the mean of 68 English novels and openings of novels (PDNC, LitBank)."""


def mood_of(text: str) -> Mood:
    """The mood of `text`; neutral where no mood's words stand out."""
    words = _WORD.findall(text.lower())
    counts = Counter(mood.name for word in words if (mood := _BY_WORD.get(word)))
    thousands = max(len(words), _SHORTEST) / 1000
    often = {mood: counts[mood.name] / thousands / _USUAL[mood.name] for mood in MOODS}
    best = max(MOODS, key=lambda mood: often[mood])
    return best if often[best] >= _ENOUGH else NEUTRAL
