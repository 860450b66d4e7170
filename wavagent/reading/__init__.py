"""Reading: a file in any narrative format becomes a `Document`.

document = read("story.epub")             # raises InputError: one sentence
document = read_text("It was dark...", name="dark.txt")

document.text           the narrative, word for word; every offset below counts its characters
document.title, .author, .language, .name, .sha256, .cover
document.headings       (Heading(start, end, level, title), ...)
document.paragraphs     (Paragraph(start, end), ...): outside them there is only white space
document.parts          (Part(start, end, kind, who, what, manner, seconds, gain), ...): what plays, screenplays,
                        scripts and markup say outright; empty for prose
document.attributed     whether the parts say who speaks
document.notes          what was guessed and what was left out, in plain words

paragraphs(text, cuts)  the paragraphs of any text; is_break("* * *") says which only part two scenes
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from wavagent.errors import InputError
from wavagent.reading.document import Document, Heading, Kind, Manuscript, Paragraph, Part
from wavagent.reading.encoding import looks_like
from wavagent.reading.epub import is_zip, read_epub
from wavagent.reading.fountain import read_fountain
from wavagent.reading.markdown import read_markdown
from wavagent.reading.paragraphs import is_break, paragraphs
from wavagent.reading.ssml import read_ssml
from wavagent.reading.txt import read_txt
from wavagent.reading.wavjourney import read_wavjourney
from wavagent.text import as_text, shown

__all__ = [
    "READERS",
    "Document",
    "Heading",
    "Kind",
    "Manuscript",
    "Paragraph",
    "Part",
    "is_break",
    "paragraphs",
    "read",
    "read_text",
]

Reader = Callable[[Manuscript], Document]

READERS: Mapping[str, Reader] = {
    ".txt": read_txt,
    ".text": read_txt,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".epub": read_epub,
    ".fountain": read_fountain,
    ".spmd": read_fountain,
    ".json": read_wavjourney,
    ".json5": read_wavjourney,
    ".ssml": read_ssml,
}
"""One reader for each suffix, in lower case."""

LARGEST = 256 * 2**20
"""Bytes; no narrative is larger, and a reader holds all of it."""


def read(path: str | Path) -> Document:
    """The narrative in the file at `path`, read by its suffix. Raises InputError."""
    path = Path(path)
    return _read(Manuscript(as_text(path.name), _bytes(path)))


def read_text(text: str, name: str = "text.txt") -> Document:
    """The narrative in `text`, read as the file `name` would be. Raises InputError."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # halves of a pair that have no other
    return _read(Manuscript(Path(name).name or "text.txt", whole.encode()))


def _read(manuscript: Manuscript) -> Document:
    return _reader(manuscript)(manuscript)


def _reader(manuscript: Manuscript) -> Reader:
    """By the suffix; by the first bytes where that is unknown, or a name hides an EPUB. Raises InputError."""
    suffix = Path(manuscript.name).suffix.lower()
    if is_zip(manuscript.data):
        return read_epub
    if suffix in READERS:
        return READERS[suffix]
    if (what := looks_like(manuscript.data)) is not None:
        known = ", ".join(READERS)
        raise InputError(f"'{shown(manuscript.name)}' is {what}, which is not read; give one of {known}")
    beginning = manuscript.data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"<speak" in beginning[:1000] and beginning.startswith(b"<"):
        return read_ssml
    return read_wavjourney if beginning.startswith(b"[") and b'"audio_type"' in beginning else read_txt


def _bytes(path: Path) -> bytes:
    name = shown(path.name)
    try:
        if path.is_dir():
            raise InputError(f"'{name}' is a folder; give a file with a story in it, one of {', '.join(READERS)}")
        if path.stat().st_size > LARGEST:
            raise InputError(f"'{name}' is larger than {LARGEST // 2**20} MB; split it, or give only its text")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"there is no file '{shown(str(path), 200)}'; check the name and the folder") from None
    except (OSError, ValueError) as error:
        raise InputError(f"'{name}' cannot be read ({error}); check that it is a file you may open") from error
