"""What Project Gutenberg puts around a text: its header, its licence, its credits."""

import re
from dataclasses import dataclass

_START = re.compile(
    r"^[ \t]*\*{3} ?START OF (?:THE|THIS) PROJECT GUTENBERG.*(?:\n(?!\n).*\*{3}[ \t]*$)?"
    r"|^.*\*END[* ]*THE SMALL PRINT!.*$",
    re.MULTILINE | re.IGNORECASE,
)
_END = re.compile(
    r"^[ \t]*\*{3} ?END OF (?:THE|THIS) PROJECT GUTENBERG"
    r"|^[ \t]*(?:\*{3} ?)?End of (?:the |this )?Project Gutenberg(?:'s|’s| e)"
    r"|^[ \t]*End of Project Gutenberg Etext",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"^(Title|Author|Language): *(.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_CREDIT = re.compile(
    r"\s*(?:\[?(?:Illustration|Etext|E-?text|This e-?text|Produced|Prepared|Transcribed|Scanned|HTML version)\b"
    r"[^\n]*\b(?:by|from)\b|Produced\b|E-text prepared\b|Transcriber['’]s notes?:)(?:[^\n]*\n)+?(?=[ \t]*\n)",
    re.IGNORECASE,
)
_LANGUAGES = {
    "english": "en",
    "french": "fr",
    "german": "de",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "russian": "ru",
    "chinese": "zh",
    "japanese": "ja",
    "swedish": "sv",
    "danish": "da",
    "norwegian": "no",
    "finnish": "fi",
    "polish": "pl",
    "czech": "cs",
    "hungarian": "hu",
    "romanian": "ro",
    "turkish": "tr",
    "catalan": "ca",
    "esperanto": "eo",
    "latin": "la",
    "greek": "el",
    "hebrew": "he",
}


@dataclass(frozen=True, slots=True)
class Edition:
    """Where the narrative lies in the file, and what the header said; empty where it did not."""

    start: int
    end: int
    title: str = ""
    author: str = ""
    language: str = ""


def edition(text: str) -> Edition | None:
    """The narrative inside a Project Gutenberg file, without header, licence and credits; None for any other text."""
    head = _START.search(text, 0, 60_000)
    tail = _END.search(text, head.end() if head else len(text) // 2)
    if head is None and tail is None:
        return None
    start, end = (head.end() if head else 0), (tail.start() if tail else len(text))
    while (credit := _CREDIT.match(text, start, min(end, start + 4000))) is not None:
        start = credit.end()
    start += len(text[start:end]) - len(text[start:end].lstrip("\n"))
    end = start + len(text[start:end].rstrip())
    fields = {
        name.lower(): " ".join(value.split()) for name, value in _FIELD.findall(text[: head.start()] if head else "")
    }
    known = _LANGUAGES.get(fields.get("language", "").split(",")[0].lower(), "")
    return Edition(start, end, fields.get("title", ""), fields.get("author", ""), known)
