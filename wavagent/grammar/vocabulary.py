"""The words that requests are read with: stems, kinds of things, synonyms, spaces, ages, ways to speak."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from wavagent.planning.delivery import WAYS
from wavagent.script import Delivery, Space
from wavagent.text import WORD

Stem = str

FILLERS = frozenset("the a an of this that these those some s its his her their my our all any and to on in".split())
"""Words of a description that tell nothing apart."""

KINDS: Mapping[str, str] = {
    **dict.fromkeys("music score soundtrack song tune theme underscore".split(), "music"),
    **dict.fromkeys("ambience ambiance atmosphere atmo atmos background backdrop backgrounds".split(), "ambience"),
    **dict.fromkeys("sound effect sfx fx noise foley sounds effects noises ambiences".split(), "sound"),
    **dict.fromkeys("pause silence gap break pauses silences gaps breaks".split(), "pause"),
    **dict.fromkeys("recording clip sample recordings clips samples".split(), "recording"),
}
"""What kinds of elements are called."""

_SAME = """
storm thunderstorm tempest; thunder thunderclap; rain rainfall downpour drizzle shower; wind breeze gale gust
explosion blast detonation boom bang; gunshot shot gunfire; knock knocking rap; footstep step walking footfall tread
car automobile vehicle; phone telephone; crowd mob; applause clapping ovation; dog bark barking hound; cat meow
bird birdsong chirping chirp; sea ocean wave surf; fire flame campfire fireplace blaze; clock ticking tick
horse hoof hoofbeat gallop; bell chime; crash smash shatter; scream shriek; laugh laughter; paper rustle rustling
train locomotive; plane airplane aircraft jet; ship boat vessel; stream river brook creek; creak creaking squeak
motor engine; owl hoot; insect cricket cicada; violin fiddle; drum percussion; hum drone; whisper whispering murmur
"""
"""Words that people use for one another when they speak of a sound; the groups need not exclude each other."""

SPACES: Mapping[str, Space] = {
    **dict.fromkeys(("dry", "no room", "no reverb", "a dry room", "a studio", "studio", "a booth"), "dry"),
    **dict.fromkeys(("room", "a room", "a living room", "indoors", "inside", "a kitchen", "an office"), "room"),
    **dict.fromkeys(("small room", "a small room", "small_room", "a closet", "a bathroom", "a cell"), "small_room"),
    **dict.fromkeys(("hall", "a hall", "a large hall", "a big hall", "a ballroom", "a theatre", "a theater"), "hall"),
    **dict.fromkeys(("church", "a church", "a cathedral", "cathedral", "a chapel"), "church"),
    **dict.fromkeys(("outdoors", "outside", "the open", "the open air", "a field", "open air"), "outdoors"),
    **dict.fromkeys(("forest", "a forest", "the forest", "a wood", "the woods", "woods"), "forest"),
    **dict.fromkeys(("cave", "a cave", "the cave", "a cavern", "a catacomb", "the catacombs"), "cave"),
    **dict.fromkeys(("street", "a street", "the street", "an alley"), "street"),
    **dict.fromkeys(("phone", "the phone", "a phone", "telephone", "the telephone", "a telephone"), "phone"),
    **dict.fromkeys(("radio", "the radio", "a radio", "over the radio"), "radio"),
    **dict.fromkeys(("tunnel", "a tunnel", "the tunnel"), "tunnel"),
}
"""The spaces of a scene, as people name them."""

AGES = ("child", "young", "adult", "old")
AGE_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("child", "a child", "child's", "a child's", "childlike", "kid", "little"), "child"),
    **dict.fromkeys(("young", "youthful", "teenage", "a teenager", "teen"), "young"),
    **dict.fromkeys(("adult", "grown-up", "grown up", "middle-aged", "middle aged", "an adult"), "adult"),
    **dict.fromkeys(("old", "elderly", "aged", "ancient", "very old"), "old"),
}
GENDER_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("female", "a woman", "woman", "woman's", "a woman's", "feminine", "a girl", "girl's"), "female"),
    **dict.fromkeys(("male", "a man", "man", "man's", "a man's", "masculine", "a boy", "boy's"), "male"),
}
MANNERS = frozenset(
    "hoarse warm nervous gruff raspy soft gentle deep deeper high higher cold stern cheerful tired husky smooth "
    "breathy commanding shy calm friendly harsh rough dark bright sinister creepy serious confident timid weary "
    "warmer softer gentler harsher rougher darker brighter hoarser gruffer colder calmer friendlier".split()
)
"""Manners of a voice that may be asked for by themselves; any other is asked for as a manner."""

_ACCENT = (
    "british english american scottish irish welsh australian indian german french spanish italian russian southern "
    "northern texan canadian jamaican dutch polish swedish norwegian chinese japanese cockney"
)
ACCENTS = frozenset(_ACCENT.split())
STEPS: Mapping[str, int] = {
    **dict.fromkeys(("older", "a bit older", "slightly older"), 1),
    **dict.fromkeys(("much older", "a lot older"), 2),
    **dict.fromkeys(("younger", "a bit younger", "slightly younger"), -1),
    **dict.fromkeys(("much younger", "a lot younger"), -2),
}
"""Words for an age that is another, and by how many of `AGES`."""

TRAITS = frozenset([*STEPS, *AGE_WORDS, *GENDER_WORDS, *MANNERS, *ACCENTS])
"""Every word for a trait of a voice."""


def stem(word: str) -> Stem:
    """The stem of an English word, roughly: "knocking", "knocks" and "knock" have one."""
    plain = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower() or word.lower()
    plain = re.sub(r"'s$|'$", "", plain)
    plain = re.sub(r"(?<=[a-z]{2})ies$", "y", plain)
    plain = re.sub(r"(?<=[a-z]{2}[^su])s$", "", plain)
    cut = re.sub(r"(?:ing|ed)$", "", plain)
    if cut != plain and len(cut) > 2 and re.search("[aeiouy]", cut):
        plain = re.sub(r"([bdgmnprt])\1$", r"\1", cut)
    return plain[:-1] if len(plain) > 3 and plain.endswith("e") else plain


def stems(text: str) -> tuple[Stem, ...]:
    """The stems of the words of a text that tell something apart."""
    words = (match.group() for match in WORD.finditer(text.replace("-", " ")))
    return tuple(stem(word) for word in words if word.lower() not in FILLERS)


_GROUPS: tuple[frozenset[Stem], ...] = tuple(
    frozenset(map(stem, group.split())) for group in _SAME.replace("\n", ";").split(";") if group.strip()
)


def alike(one: Stem, other: Stem) -> bool:
    """Whether two stems are synonyms."""
    return any(one in group and other in group for group in _GROUPS)


def close(one: Stem, other: Stem) -> bool:
    """Whether one stem may well be meant by the other: a slip of the pen, or a part of the word."""
    short, long = sorted((one, other), key=len)
    if len(short) < 4 or short == long:
        return short == long
    if len(long) - len(short) >= 3 and (long.endswith(short) or long.startswith(short)):
        return True
    return SequenceMatcher(None, one, other).ratio() >= 0.8


def way(word: str) -> Delivery | None:
    """How a line is said in a word, an adjective or an adverb: "angry", "angrily", "whispering"; None: not known."""
    return next((WAYS[form] for form in _forms(word.lower()) if form in WAYS), None)


def _forms(word: str) -> Iterator[str]:
    yield from (word, f"{word}ly", f"{word[:-1]}ily" if word.endswith("y") else word, f"{word}ed")
    if word.endswith("ing"):
        yield from (f"{word[:-3]}ed", f"{word[:-3]}{word[-4:-3]}ed")
    yield from _EMOTIONS.get(word, ())


_EMOTIONS: Mapping[str, tuple[str, ...]] = {
    "whisper": ("whispered",),
    "shout": ("shouted",),
    "yell": ("yelled",),
    "scream": ("screamed",),
    "afraid": ("fearfully",),
    "scared": ("fearfully",),
    "frightened": ("fearfully",),
    "happy": ("happily",),
    "excited": ("excitedly",),
    "joyful": ("joyfully",),
    "furious": ("furiously",),
    "tearful": ("tearfully",),
    "begging": ("begged",),
    "pleading": ("pleaded",),
    "crying": ("sobbed",),
    "laughing": ("laughed",),
    "dry": ("drily",),
}
