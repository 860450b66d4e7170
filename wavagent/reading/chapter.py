"""Lines that say chapter: in a dozen languages, by a word and a number, or by a number alone."""

import re
from typing import Literal, NamedTuple

Rank = Literal["title", "part", "chapter", "capitals", "number", "marked"]
RANKS: tuple[Rank, ...] = ("title", "part", "chapter", "capitals", "number", "marked")
"""From the outermost; a text's headings get levels 1, 2, ... by those it has."""

_ROMAN = r"(?=[IVXLC])(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})|C{1,2}(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})"
_ORDINAL = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|"
    r"un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|premi[eè]re?|deuxi[eè]me|seconde?|troisi[eè]me|quatri[eè]me|"
    r"eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|erste[rs]?|zweite[rs]?|dritte[rs]?|vierte[rs]?|"
    r"uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|primer[ao]?|segund[ao]|tercer[ao]?|cuart[ao]|"
    r"перв\w+|втор\w+|трет\w+|четв\w+|пят\w+|шест\w+|седьм\w+|восьм\w+|девят\w+|десят\w+"
)
_NUMBER = rf"(?:the\s+)?(?:\d{{1,3}}|{_ROMAN}|{_ORDINAL})"
_PARTS = (
    r"part|book|volume|vol\.|partie|livre|tome|teil|buch|band|parte|libro|tomo|deel|boek|część|часть|книга|том|частина"
)
_CHAPTERS = (
    r"chapter|chap\.|stave|canto|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|"
    r"rozdział|kapitola|fejezet|глава|розділ|κεφάλαιο|فصل|الفصل|פרק"
)
_SECTIONS = r"letter|scene|act|episode|adventure"  # only before their number: `The Last Letter` is a title
_ALONE = r"prologue?|epilogue?|prolog|epilog|pr[oó]logo|ep[ií]logo|пролог|эпилог|序章?|終章|尾声|楔子"
_HAN = "[〇零一二三四五六七八九十百千\\d０-９]{1,6}"


def _pattern(words: str) -> re.Pattern[str]:
    """Those words, with marks of emphasis around and a title after them."""
    after = r"(?P<rest>(?:\s*[.:—–\-]+\s*|\s+)\S.{0,100})?[.:]?"
    return re.compile(rf"[_*=#]*(?:{words})(?![^\W_]){after}[_*=#]*", re.IGNORECASE)


_PATTERNS: tuple[tuple[Rank, re.Pattern[str]], ...] = (
    ("part", _pattern(rf"(?:{_PARTS})\s+(?:{_NUMBER})")),
    ("chapter", _pattern(rf"(?:{_CHAPTERS}|{_SECTIONS})\s+(?:{_NUMBER})")),
    ("part", _pattern(rf"(?:the\s+)?(?:{_ORDINAL})\s+(?:{_PARTS})")),
    ("chapter", _pattern(rf"(?:the\s+)?(?:{_ORDINAL})\s+(?:{_CHAPTERS})")),
    ("part", re.compile(rf"第{_HAN}[部卷編编篇](?P<rest>\s*\S.{{0,40}})?")),
    ("chapter", re.compile(rf"第{_HAN}[章回節节話话幕](?P<rest>\s*\S.{{0,40}})?")),
    ("chapter", re.compile(rf"[_*=#]*(?P<rest>){_ALONE}[_*=#]*[.:]?", re.IGNORECASE)),
)
_BARE = re.compile(rf"[_*=#]*(?P<number>{_ROMAN}|\d{{1,3}}|[一二三四五六七八九十]{{1,3}})[_*=#]*\s?[.)、]?[_*=#]*")
_NUMBERED = re.compile(rf"(?P<number>{_ROMAN}|\d{{1,3}})[.:)]\s*[—–-]?\s*(?P<rest>[^\W\d_].{{1,70}})")
_ROMANS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_DIGITS = "〇一二三四五六七八九"


class Said(NamedTuple):
    """What a line says: its rank, its number where it is nothing else, and whether a title follows in the line."""

    rank: Rank
    number: int = 0
    titled: bool = False


def chapter(line: str) -> Said | None:
    """What `line` says by a word for chapter or part, or None; whether it is a sentence is not asked."""
    for rank, pattern in _PATTERNS:
        if (match := pattern.fullmatch(line)) is not None:
            return Said(rank, titled=bool((match["rest"] or "").strip(" .:—–-")))
    return None


def bare_number(line: str) -> Said | None:
    """What `line` says when it is only a number: `IV.`, `12`, `三`."""
    match = _BARE.fullmatch(line)
    return Said("number", _value(match["number"])) if match is not None else None


def numbered_title(line: str) -> Said | None:
    """What `line` says when it is a title with a number before it: `3. The Road`."""
    match = _NUMBERED.fullmatch(line)
    return Said("number", _value(match["number"]), titled=True) if match is not None else None


def _value(number: str) -> int:
    if number.isdigit():
        return int(number)
    if number[0] in _ROMANS:
        values = [_ROMANS[character] for character in number]
        return sum(-v if v < max(values[index + 1 :], default=0) else v for index, v in enumerate(values))
    tens, ten, units = number.rpartition("十")
    return 10 * (_DIGITS.find(tens[0]) if tens else 1) * bool(ten) + (_DIGITS.find(units[0]) if units else 0)
