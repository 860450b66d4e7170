"""From a description to a brief: mood, style, tempo, key and instruments, by the words they are called by.

Words nobody knows are no fault: they leave a neutral underscore. What cannot be made (words, singing, noise) is
said by `impossible`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .harmony import IDIOMS, SCALES
from .instruments import BY_WORD, ROLES, Instrument, Role
from .moods import MOODS, STYLES, Mood, Style

SLOWEST, FASTEST = 30.0, 240.0

_NOTES = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "sharp": 1, "b": -1, "♭": -1, "flat": -1}
_MODES = {"m": "minor", "maj": "major", "min": "minor", "ionian": "major", "aeolian": "minor"}
_MODE = "|".join((*SCALES, "aeolian", "ionian"))

_KEY_PARAM = re.compile(rf"([a-g])\s*-?\s*(#|♯|b|♭|sharp|flat)?\s*-?\s*({_MODE}|maj|min|m)?", re.IGNORECASE)
# The article is no key: "a minor scuffle" and "in a minor key" name none, "in A minor" does.
_KEY_TEXT = re.compile(
    rf"\b(?:([B-G]|(?<=\S )A)|(?<=in )([a-g])(?!\s+(?:{_MODE})\s+(?:key|mood|mode|scale))|([b-g]))"
    rf"(?:[ -]?(#|♯|♭|sharp|flat)|(b)(?=\s))?[ -]+((?i:{_MODE}))\b"
)
_MODE_TEXT = re.compile(rf"\b({_MODE})\b", re.IGNORECASE)
_BPM = re.compile(r"\b(\d{2,3})(?:\.\d+)?\s*(?:bpm|beats)\b", re.IGNORECASE)

_TERMS = {
    "grave": 44.0, "largo": 50.0, "lento": 54.0, "adagio": 66.0, "andante": 84.0, "moderato": 104.0,
    "allegretto": 112.0, "allegro": 128.0, "vivace": 150.0, "presto": 172.0, "prestissimo": 190.0,
}  # fmt: skip
_PACES = {
    "slow": 0.8, "slowly": 0.8, "slower": 0.8, "unhurried": 0.85, "fast": 1.3, "quick": 1.25, "brisk": 1.2,
    "rapid": 1.35, "faster": 1.3, "driving": 1.15, "lazy": 0.85,
}  # fmt: skip
_VERY = {"very", "extremely", "really", "super"}
_NOT = {"no", "not", "without", "never", "non", "minus", "hardly", "isn't", "nor"}
_ALONE = {"solo", "only", "alone", "unaccompanied", "just"}
_DRUMS = {"drum", "drums", "percussion", "percussive", "beat", "beats", "drumming"}

_IMPOSSIBLE = re.compile(
    r"\b(lyrics?|vocals?|vocalist|singers?|sung|rap|raps|rapper|rapping|hip[- ]hop|beat ?box(?:ing)?|a cappella"
    r"|(?:heavy|death|black|thrash|nu) metal|metalcore|dubstep|karaoke|opera aria"
    r"|song with words|(?:wo)?m[ae]n singing|(?:girl|boy|child|children|people|voices?) singing)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_LONGEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Brief:
    """What to compose. `ensemble` says who plays which role; `tempo` is None when the mood decides."""

    mood: Mood
    style: str
    tempo: float | None
    tonic: int | None
    ensemble: dict[Role, Instrument]


def impossible(what: str) -> str | None:
    """Why `what` is no task for a composer of instrumental music, in one sentence, or None."""
    if not what.strip():
        return "the description of the music is empty; say what it should be like, for example 'calm piano'"
    for found in _IMPOSSIBLE.finditer(what):
        before = _WORD.findall(what[: found.start()].lower())[-2:]
        if not _NOT & set(before):
            return f"this composer writes instrumental music and cannot make '{found[0].lower()}'; ask another tool"
    return None


def read(
    what: str, mood: str = "", tempo: float | None = None, key: str = "", instruments: Sequence[str] = ()
) -> Brief:
    """The brief in a description; what is given beside it counts before it."""
    words = _WORD.findall(what.lower().replace("’", "'"))
    style = _style(words)
    asked = _mood(mood, words)
    chosen = asked or MOODS[style.mood if style else "neutral"]
    if style:
        chosen = _styled(chosen, style, felt=asked is not None)
    tonic, mode = _key(key, what)
    chosen = _percussion(_in_mode(chosen, mode), words)
    named = [found for name in instruments if (found := instrument(name))] or _named(words)
    ensemble = _ensemble(chosen, named, alone=bool(_ALONE & set(words)), beside="with" in words)
    return Brief(chosen, style.name if style else "", tempo or _tempo(what, words, chosen), tonic, ensemble)


def instrument(name: str) -> Instrument | None:
    """The instrument of that name, in any of the names it goes by."""
    return BY_WORD.get(" ".join(_WORD.findall(name.lower())))


def key(text: str) -> tuple[int, str] | None:
    """(tonic, mode) of a key such as 'D minor', 'F#', 'Bb major' or 'Am'; mode '' if unsaid. None: no key."""
    found = _KEY_PARAM.fullmatch(text.strip())
    if not found:
        return None
    mode = (found[3] or "").lower()
    return _tonic(found[1], found[2] or ""), _MODES.get(mode, mode)


def _tonic(letter: str, sign: str) -> int:
    return (_NOTES[letter.lower()] + _SIGNS[sign.lower()]) % 12


def _meant(words: Sequence[str], place: int) -> bool:
    """Whether the word is asked for, not ruled out."""
    return not _NOT & set(words[max(0, place - 2) : place])


def _score(words: Sequence[str], names: Iterable[str]) -> int:
    wanted = set(names)
    return sum(word in wanted and _meant(words, place) for place, word in enumerate(words))


def _style(words: Sequence[str]) -> Style | None:
    """The style most spoken of; the more particular one, further down the list, gives way in a tie."""
    best = max(STYLES, key=lambda style: _score(words, (style.name, *style.words)))
    return best if _score(words, (best.name, *best.words)) else None


def _mood(asked: str, words: Sequence[str]) -> Mood | None:
    """The mood most spoken of; a word for a feeling counts more than one for a manner, the first wins a tie."""
    for text in (_WORD.findall(asked.lower()), words):
        scores = {mood: mood.weight * _score(text, (name, *mood.words)) for name, mood in MOODS.items()}
        top = max(scores.values())
        if top:
            return min((mood for mood in scores if scores[mood] == top), key=lambda mood: _first(text, mood))
    return None


def _styled(mood: Mood, style: Style, felt: bool) -> Mood:
    """The mood in a style. A mood that was asked for keeps its mode and meets the style's tempo halfway."""
    bent = replace(mood, **style.sets)  # type: ignore[arg-type]  # a test makes every style's mood
    if not felt:
        return bent
    idiom = mood.idiom
    if bent.idiom == "jazz":
        idiom = "blue" if IDIOMS[mood.idiom].scale in ("minor", "phrygian", "dorian") else "jazz"
    return replace(bent, idiom=idiom, tempo=(mood.tempo * bent.tempo) ** 0.5)


def _first(words: Sequence[str], mood: Mood) -> int:
    return next(place for place, word in enumerate(words) if word in (mood.name, *mood.words))


def _key(asked: str, what: str) -> tuple[int | None, str]:
    if given := key(asked):
        return given
    if found := _KEY_TEXT.search(what):
        mode = found[6].lower()
        letter = found[1] or found[2] or found[3]
        return _tonic(letter, found[4] or found[5] or ""), _MODES.get(mode, mode)
    if found := _MODE_TEXT.search(what):
        mode = found[1].lower()
        return None, _MODES.get(mode, mode)
    return None, ""


def _in_mode(mood: Mood, mode: str) -> Mood:
    """The mood in the mode that was asked for; its own harmony where that is in the mode already."""
    if not mode or IDIOMS[mood.idiom].scale == mode:
        return mood
    return replace(mood, idiom=mode)


def _percussion(mood: Mood, words: Sequence[str]) -> Mood:
    places = [place for place, word in enumerate(words) if word in _DRUMS]
    if not places:
        return mood
    if not _meant(words, places[0]):
        return replace(mood, beat="")
    return mood if mood.beat else replace(mood, beat="light" if mood.tempo > 75 else "slow")


def _tempo(what: str, words: Sequence[str], mood: Mood) -> float | None:
    if found := _BPM.search(what):
        return min(max(float(found[1]), SLOWEST), FASTEST)
    for word in words:
        if word in _TERMS and word not in mood.words:
            return _TERMS[word]
    for place, word in enumerate(words):
        if word in _PACES and _meant(words, place):
            very = bool(_VERY & set(words[max(0, place - 1) : place]))
            return mood.tempo * _PACES[word] * (_PACES[word] if very else 1.0)
    return None


def _named(words: Sequence[str]) -> list[Instrument]:
    """The instruments that the words name, longest names first, in their order."""
    found: list[Instrument] = []
    place = 0
    while place < len(words):
        size = next(
            (size for size in range(_LONGEST_NAME, 0, -1) if " ".join(words[place : place + size]) in BY_WORD), 0
        )
        if size and _meant(words, place):
            found.append(BY_WORD[" ".join(words[place : place + size])])
        place += max(size, 1)
    return list(dict.fromkeys(found))


def _ensemble(mood: Mood, named: Sequence[Instrument], alone: bool, beside: bool) -> dict[Role, Instrument]:
    """Who plays what: the instruments named first, then the mood's own, unless those named are to be alone."""
    parts: dict[Role, Instrument] = {}
    if not named:
        return {role: BY_WORD[name] for role in ROLES if (name := getattr(mood, role))}
    for player in named:
        for role in player.roles:
            parts.setdefault(role, player)
    # A second instrument with a melody's voice takes the lead from one that has the figure to play.
    for player in named[1:]:
        if player.roles == ("lead",) and parts["lead"].complete:
            parts["lead"] = player
    if alone or (any(player.complete for player in named) and not beside):
        return parts
    return {role: BY_WORD[name] for role in ROLES if (name := getattr(mood, role))} | parts
