"""The spoken form of a text: what people say for what is written.

Quotation marks and markup fall silent, abbreviations and years are said as people say them, and the script's own
pronunciation rules come last, so that they win.
"""

import re
from collections.abc import Mapping
from itertools import pairwise

from wavagent.script.script import Rule
from wavagent.text import one_line

_MARKUP = re.compile(r"[*_#|~^`]")
_SILENT = re.compile(r"[“”„‟«»‹›「」『』\"]|(?<!\w)['‘‚]|['’](?!\w)")
_YEAR = re.compile(r"(?<![\w.,$£€#])(1[1-9])(\d\d)\b(?![,.]\d|\s*(?:%|km|kg|pounds|men|feet|miles|dollars))")
_NO = re.compile(r"\bNo\.\s*(?=\d)")
_PARTS = "chapter|part|book|act|scene|volume|canto"
_ROMAN = "C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_NUMERAL = re.compile(rf"\b((?i:{_PARTS}))\s+((?=[IVXLC]){_ROMAN}|(?=[ivxlc]{{2}}){_ROMAN.lower()})(?!\w)")
_STANDS_ALONE = re.compile(rf"\s*(?:$|[.,:;!?)\]”’\"—–-]|(?i:{_PARTS})\b)")
_HELD = 0xF0000  # the first of the private use plane

_ABBREVIATIONS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "Mr.": "Mister",
        "Mrs.": "Missis",
        "Ms.": "Miz",
        "Dr.": "Doctor",
        "Prof.": "Professor",
        "Capt.": "Captain",
        "Col.": "Colonel",
        "Lt.": "Lieutenant",
        "Rev.": "Reverend",
        "Hon.": "Honourable",
        "Esq.": "Esquire",
        "Jr.": "Junior",
        "Sr.": "Senior",
        "etc.": "et cetera",
        "i.e.": "that is",
        "e.g.": "for example",
        "viz.": "namely",
        "&": "and",
    },
    "de": {"z.B.": "zum Beispiel", "d.h.": "das heißt", "Hr.": "Herr", "Fr.": "Frau", "usw.": "und so weiter"},
    "fr": {"M.": "Monsieur", "Mme": "Madame", "Mlle": "Mademoiselle", "etc.": "et cetera"},
    "es": {"Sr.": "Señor", "Sra.": "Señora", "Srta.": "Señorita", "Vd.": "usted", "Ud.": "usted", "etc.": "etcétera"},
}


def say(text: str, language: str = "en", rules: tuple[Rule, ...] = ()) -> str:
    """`text` as it is spoken in `language`, on one line."""
    said = one_line(_MARKUP.sub(" ", text))
    # What a rule says is held back, each by a character that no text has, until nothing else can change it.
    for number, rule in enumerate(rules):
        pattern = rf"(?<!\w){re.escape(one_line(rule.word))}(?!\w)"
        said = re.sub(pattern, chr(_HELD + number), said, flags=re.NOFLAG if rule.case else re.IGNORECASE)
    primary = language.lower().partition("-")[0]
    said = _abbreviations(said, _ABBREVIATIONS.get(primary, {}))
    if primary == "en":
        said = _NO.sub("number ", _YEAR.sub(_year, _NUMERAL.sub(_numeral, said)))
    said = _SILENT.sub(" ", said)
    for number, rule in enumerate(rules):
        said = said.replace(chr(_HELD + number), rule.say)
    return re.sub(r"\s+([,.;:!?…])(?!\w)", r"\1", one_line(said))


def _abbreviations(text: str, table: Mapping[str, str]) -> str:
    for short, full in table.items():
        if short in text:
            text = re.sub(rf"(?<!\w){re.escape(short)}(?=\s|$|[,;:?!’'”\"»)])", full, text)
    return text


def _year(year: re.Match[str]) -> str:
    """1895 as 18 95, 1906 as 19 oh 6, 1900 as 19 hundred."""
    century, rest = year[1], year[2]
    if rest == "00":
        return f"{century} hundred"
    return f"{century} oh {rest[1]}" if rest[0] == "0" else f"{century} {rest}"


def _numeral(heading: re.Match[str]) -> str:
    """Chapter IV as Chapter 4. The pronoun in "the part I bought" and the letter in "part C" stay what they are."""
    word, numeral = heading[1], heading[2]
    alone = len(numeral) == 1
    if alone and (numeral not in "IVX" or not word[0].isupper()):
        return heading[0]
    if numeral == "I" and not _STANDS_ALONE.match(heading.string, heading.end()):
        return heading[0]
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    total = 0
    for letter, after in pairwise(f"{numeral.upper()} "):
        value = values[letter]
        total += -value if value < values.get(after, 0) else value
    return f"{word} {total}"
