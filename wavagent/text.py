"""Text as text: words, white space, names for files, and what may be shown in a message."""

import re
import unicodedata
from difflib import SequenceMatcher
from os import PathLike, fsencode

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
"""A word: letters and digits, with apostrophes and hyphens inside."""

_SHORTENED = "Mr Mrs Ms Dr St Prof Capt Col Lt Sgt Gen Rev Hon Mme Mlle MM Hr Sr Sra Jr No vs Messrs".split()
SENTENCE_END = re.compile(
    "".join(rf"(?<!\b{word})" for word in _SHORTENED) + r"(?<!\b[A-Z])[.!?…]+[\"'”’»«)\]]*\s+|[。！？]+[”」』]*"
)
"""The end of a sentence, the white space after it included; the point of an abbreviation or an initial is none."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[\ud800-\udfff]")


def words(text: str) -> list[tuple[int, int]]:
    """The first and the last character (exclusive) of every word of `text`."""
    return [match.span() for match in WORD.finditer(text)]


def aligned(text: str, spoken: str) -> list[int]:
    """For every word of `text`, the character of `spoken` at which it is said.

    Words that are the same are found, whatever was added or fell silent between them; words that are said otherwise
    ("Mr." as "Mister", "1895" as "18 95") share what stands in their place.
    """
    there, heard = words(text), words(spoken)
    matcher = SequenceMatcher(
        None,
        [text[first:last].lower() for first, last in there],
        [spoken[first:last].lower() for first, last in heard],
        autojunk=False,
    )
    starts = [first for first, _ in heard] or [0]
    found = []
    for _, i, i_end, j, j_end in matcher.get_opcodes():
        for word in range(i, i_end):
            at = j + (word - i) * (j_end - j) // (i_end - i)
            found.append(starts[min(at, len(starts) - 1)])
    return found


def has_words(text: str) -> bool:
    return WORD.search(text) is not None


def one_line(text: str) -> str:
    """`text` with every run of white space and control characters as one space, and none at the ends."""
    return " ".join(_CONTROL.sub(" ", text).split())


def shown(text: str, limit: int = 60) -> str:
    """`text` as a message quotes it: one line, printable, cut at `limit` characters."""
    line = "".join(
        character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in one_line(text)
    )
    return line if len(line) <= limit else line[: limit - 1] + "…"


def as_text(path: str | PathLike[str]) -> str:
    """The name of a file as text; bytes of it that are none are escaped."""
    return fsencode(path).decode("utf-8", "backslashreplace")


def slug(text: str, otherwise: str = "untitled") -> str:
    """A file or id name: lower-case ASCII letters, digits and hyphens, at most 48 characters, never empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:48].strip("-") or otherwise
