"""Markdown: the text a reader of the page would read, with the headings the marks made."""

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wavagent.errors import InputError
from wavagent.reading.document import Document, Manuscript
from wavagent.reading.draft import Draft
from wavagent.reading.encoding import decode
from wavagent.reading.headings import headings, is_title
from wavagent.reading.html import words_of
from wavagent.text import shown

if TYPE_CHECKING:
    from markdown_it.token import Token

SCENE_BREAK = "* * *"
_FRONT = re.compile(r"---[ \t]*\n(?P<fields>(?:.*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|$)")
_FIELD = re.compile(r"^(title|author|language|lang):[ \t]*(.+?)[ \t]*$", re.MULTILINE | re.IGNORECASE)


def read_markdown(manuscript: Manuscript) -> Document:
    """A CommonMark file, with front matter. Raises InputError."""
    from markdown_it import MarkdownIt

    text, notes = decode(manuscript.data, manuscript.name)
    draft = Draft(manuscript, notes=list(notes))
    text = _front(text, draft)
    parser = MarkdownIt("commonmark", {"maxNesting": sys.maxsize}).disable("code")  # at its limit it drops text
    try:
        _write(parser.parse(text), draft)
    except RecursionError:
        raise InputError(
            f"'{shown(manuscript.name)}' nests quotes or lists deeper than can be followed; "
            "take some of the > and list marks out, or give it as .txt"
        ) from None
    if not draft.headings:  # prose that is Markdown only by its name
        draft.headings += headings("".join(draft.pieces), draft.title, draft.author)
    first = draft.headings[0].title if draft.headings and draft.headings[0].level == 1 else ""
    draft.title = draft.title or (first if is_title(first) else "")
    return draft.document()


def _front(text: str, draft: Draft) -> str:
    """`text` without its front matter, whose title, author and language go into `draft`."""
    match = _FRONT.match(text)
    if match is None or not re.search(r"^\w[\w-]*:", match["fields"], re.MULTILINE):
        return text
    for name, value in _FIELD.findall(match["fields"]):
        attribute = "language" if name.lower() == "lang" else name.lower()
        setattr(draft, attribute, value.strip("\"'"))
    draft.notes.append("left out the front matter")
    return text[match.end() :]


def _write(tokens: Sequence["Token"], draft: Draft) -> None:
    marker = ""
    tags = 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "list_item_open":
            marker = f"{token.info}. " if token.info else ""
        elif token.type == "inline":
            words, dropped = _inline(token)
            tags += dropped
            if before is not None and before.type == "heading_open" and words.strip():
                draft.heading(marker + words.strip(), int(before.tag[1:]))
            elif words.strip():
                draft.told(marker + words)
            marker = ""
        elif token.type in ("fence", "code_block") and token.content.strip():
            draft.told(token.content.strip("\n"))
        elif token.type == "hr":
            draft.paragraph(SCENE_BREAK)
        elif token.type == "html_block":
            tags += _html(token.content, draft)
    if tags:
        draft.notes.append(f"left out {tags} HTML tag{'s' * (tags > 1)}")


def _inline(token: "Token") -> tuple[str, int]:
    """What is read of a line of Markdown, and how many HTML tags were in it."""
    pieces: list[str] = []
    tags = 0
    for child in token.children or ():
        if child.type in ("softbreak", "hardbreak"):
            pieces.append("\n")
        elif child.type == "image":
            words, more = _inline(child)
            pieces.append(words)
            tags += more
        elif child.type == "html_inline":
            pause = child.content.lower().startswith("<break")
            pieces.append(child.content if pause else "")
            tags += not pause
        else:
            pieces.append(child.content)
    return "".join(pieces), tags


def _html(content: str, draft: Draft) -> int:
    """Writes the words between the tags of a block of HTML, and counts the tags."""
    words, tags = words_of(content)
    for paragraph in re.split(r"\n\s*\n", words):
        if paragraph.strip():
            draft.told(paragraph.strip())
    return tags
