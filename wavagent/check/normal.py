"""Two texts made comparable: what is written otherwise but said alike becomes the same words."""

import re
import unicodedata

from wavagent.script.spoken import say

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
_SIGNS = {"en": {"$": "dollars", "£": "pounds", "€": "euros"}, "de": {"€": "Euro", "$": "Dollar"}}
_OTHERWISE = {"en": {"oh": "o", "ok": "okay", "missus": "missis", "alright": "all right", "st": "saint"}}
"""Words that a transcriber spells as it likes."""

_MONEY = re.compile(r"([$£€])\s*(\d[\d.,]*\d|\d)")
_GROUPED = re.compile(r"(?<=\d)[,.'\u2009\u202f](?=\d{3}(?!\d))")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def normal(text: str, language: str = "en") -> list[str]:
    """The words of `text` (in a script without spaces, its characters) as they sound, in one case, without accents."""
    primary = language.lower().partition("-")[0]
    signs = _SIGNS.get(primary, {})
    text = _MONEY.sub(lambda money: f"{money[2]} {signs.get(money[1], '')}", text)
    text = say(_GROUPED.sub("", text), language).replace("%", " percent ")
    text = unicodedata.normalize("NFKD", text.casefold())
    text = "".join(character for character in text if not unicodedata.combining(character))
    found = _WORD.findall(re.sub(r"['’ʼ]", "", text))
    otherwise = _OTHERWISE.get(primary, {})
    said = [otherwise.get(word, word) for word in found]
    return [word for each in said for word in (_number(each) if primary == "en" else each).split()]


def _number(word: str) -> str:
    """42 as forty two; what is no number, or one of more than twelve digits, as it is."""
    if not (word.isascii() and word.isdigit()) or len(word) > 12:
        return word
    return cardinal(int(word))


def cardinal(number: int) -> str:
    """A whole number, not negative and below a million million, in English words, without "and"."""
    for scale, name in _SCALES:
        if number >= scale:
            rest = f" {cardinal(number % scale)}" if number % scale else ""
            return f"{cardinal(number // scale)} {name}{rest}"
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10] + (f" {_ONES[number % 10]}" if number % 10 else "")
