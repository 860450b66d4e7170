"""A document in the making: readers that build their text piece by piece write into one."""

from dataclasses import dataclass, field, replace

from wavagent.errors import InputError
from wavagent.reading.document import Document, Heading, Kind, Manuscript, Part
from wavagent.reading.language import language as language_of
from wavagent.reading.pauses import pauses
from wavagent.text import has_words, one_line, shown


@dataclass
class Draft:
    """Text so far and what is known about it; `document` closes it."""

    manuscript: Manuscript
    title: str = ""
    author: str = ""
    language: str = ""
    cover: bytes | None = None
    headings: list[Heading] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, text: str) -> tuple[int, int]:
        """Appends `text` and returns where it stands."""
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start, self.length

    def paragraph(self, text: str) -> tuple[int, int]:
        """Appends `text` as a paragraph of its own and returns where it stands."""
        if self.length:
            self.add("\n\n")
        return self.add(text)

    def told(self, text: str) -> tuple[int, int]:
        """Appends `text` as a paragraph, its pause marks as pauses, and returns where it stands."""
        plain, found = pauses(text)
        start, end = self.paragraph(plain)
        self.parts += [replace(part, start=start + part.start, end=start + part.end) for part in found]
        return start, end

    def line(self, text: str, kind: Kind, who: str = "", manner: str = "") -> None:
        """Appends a paragraph of which it is known who says it, and how."""
        at = len(self.parts)
        start, end = self.told(text)
        self.parts.insert(at, Part(start, end, kind, one_line(who), manner=one_line(manner)))

    def cue(self, kind: Kind, what: str = "", seconds: float | None = None, gain: float = 0.0) -> None:
        """Notes what is heard between the paragraph before and the next."""
        self.parts.append(Part(self.length, self.length, kind, what=one_line(what), seconds=seconds, gain=gain))

    def heading(self, text: str, level: int) -> tuple[int, int]:
        """Appends `text` as a heading, a paragraph of its own, and returns where it stands."""
        start, end = self.paragraph(text)
        self.headings.append(Heading(start, end, min(max(level, 1), 6), title_of(text)))
        return start, end

    def document(self) -> Document:
        """The document. Raises InputError when it holds no word."""
        text = "".join(self.pieces)
        name = self.manuscript.name
        if not has_words(text):
            found = "is empty" if not self.manuscript.data.strip() else "holds no words"
            raise InputError(f"'{shown(name)}' {found}; give a file with a story in it")
        declared = primary(self.language)
        return Document(
            text=text,
            name=name,
            sha256=self.manuscript.sha256,
            title=one_line(self.title) or _stem(name),
            author=one_line(self.author),
            language=declared or language_of(text) or "en",
            headings=tuple(self.headings),
            notes=(*self.notes, *(() if declared else (_guess(text),))),
            parts=tuple(self.parts),
            cover=self.cover,
        )


def title_of(text: str) -> str:
    """A heading on one line; of several, the first stands before the rest: `Chapter I: The Pool of Tears`."""
    first, _, rest = text.strip().partition("\n")
    first, rest = (one_line(line).strip("_*=# ") for line in (first, rest))
    plain = f"{first.rstrip('.:')}: {rest}" if first and rest else first or rest
    return plain.rstrip("⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽①②③④⑤⑥⑦⑧⑨") or one_line(text)


def primary(tag: str) -> str:
    """The primary part of a language tag, in lower case: `pt` for `pt-BR`; empty when it says nothing."""
    first = tag.strip().replace("_", "-").split("-")[0].lower()
    return first if first.isascii() and first.isalpha() and len(first) in (2, 3) and first not in ("und", "mul") else ""


def _guess(text: str) -> str:
    found = language_of(text)
    return f"language: {found}, guessed" if found else "language: not recognised, taken for en"


def _stem(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return one_line(stem.replace("_", " ")) or "Untitled"
