"""Plain text: hard-wrapped or not, with or without what Project Gutenberg puts around it."""

import re

from wavagent.reading import gutenberg
from wavagent.reading.document import Document, Manuscript
from wavagent.reading.draft import Draft
from wavagent.reading.encoding import decode
from wavagent.reading.headings import headings, is_title
from wavagent.reading.pauses import pauses
from wavagent.reading.play import play

_TITLE = re.compile(r"^title:\s*", re.IGNORECASE)
_BYLINE = re.compile(r"(?:by|von|par|por|di|door|av|af|автор:?)\s+(?P<who>[^\W\d_][^\n]{2,60})", re.IGNORECASE)


def read_txt(manuscript: Manuscript) -> Document:
    """A text file, in any usual encoding. Raises InputError."""
    text, notes = decode(manuscript.data, manuscript.name)
    draft = Draft(manuscript, notes=list(notes))
    if (edition := gutenberg.edition(text)) is not None:
        draft.title, draft.author, draft.language = edition.title, edition.author, edition.language
        draft.notes.append(
            f"left out {len(text) - edition.end + edition.start} characters that Project Gutenberg added"
        )
        text = text[edition.start : edition.end]
    if play(text, draft):
        return draft.document()
    text, draft.parts = pauses(text)
    if draft.parts:
        draft.notes.append(f"took {len(draft.parts)} pause marks out of the text")
    draft.add(text)
    draft.headings += headings(text, draft.title, draft.author)
    _entitle(draft, text)
    return draft.document()


def _entitle(draft: Draft, text: str) -> None:
    """Title and author from the first lines, where nothing else said them."""
    first = draft.headings[0] if draft.headings else None
    if first is None or text[: first.start].strip():
        return
    if not draft.title and is_title(first.title):
        draft.title = _TITLE.sub("", first.title)
    line = text[first.end :].lstrip().partition("\n")[0].strip()
    if not draft.author and (match := _BYLINE.fullmatch(line)) is not None:
        draft.author = match["who"]
