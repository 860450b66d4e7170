"""Pages of an EPUB: XHTML whose text is the source's, to the character."""

import re
from collections.abc import Iterable, Iterator
from html import escape

from wavagent.export.lit import Lit
from wavagent.text import one_line

CSS = """\
body { margin: 1em 5%; line-height: 1.45; }
p, h2 { margin: 0 0 0.8em; }
h2 { margin-top: 1.5em; }
.-epub-media-overlay-active { background: #fff3b0; color: #1b1f24; }
.-epub-media-overlay-playing { color: #6a737d; }
"""

CHAPTER = "chapter"
"""The id of what holds all of a chapter."""

_PARAGRAPH = re.compile(r".*?(?:(?:\r?\n[ \t]*){2,}|\Z)", re.DOTALL)
"""A paragraph with the blank lines after it."""

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """`text` as XML can hold it: what it cannot becomes U+FFFD."""
    plain = escape(_UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text), quote=False)
    return plain.replace("\r", "&#13;")  # a bare one would be read as a newline


def page(title: str, language: str, content: str) -> str:
    """A page around `content`."""
    name, lang = xml_text(one_line(title)) or "Untitled", escape(language)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{lang}" '
        f'xml:lang="{lang}"><head><title>{name}</title><link rel="stylesheet" type="text/css" href="style.css"/></head>'
        f"<body>{content}</body></html>\n"
    )


def body(text: Iterable[Lit]) -> str:
    """The text of a chapter, stretch number n in an element with id tn; nothing else is text."""
    blocks = "".join(map(_block, _paragraphs(text)))
    return f'<section epub:type="chapter" id="{CHAPTER}">{blocks}</section>'


Piece = tuple[str, str, bool]
"""Text, the id of its element or empty, and whether it belongs to a heading."""


def _paragraphs(stretches: Iterable[Lit]) -> Iterator[list[Piece]]:
    """The pieces of every paragraph. White space between paragraphs stays with the one before it."""
    held: list[Piece] = []
    for number, one in enumerate(stretches):
        id = f"t{number}" if one.text.strip() else ""
        for text in filter(None, _PARAGRAPH.findall(one.text)):
            held.append((text, id if text.strip() else "", one.heading))
            id = id if not text.strip() else ""  # what goes on in the next paragraph has no second element of that id
            if text != text.rstrip() and text.count("\n") > 1 and any(piece.strip() for piece, _, _ in held):
                yield held
                held = []
    if held:
        yield held


def _block(pieces: list[Piece]) -> str:
    tag = "h2" if all(heading for text, _, heading in pieces if text.strip()) else "p"
    return f"<{tag}>{''.join(map(_span, pieces))}</{tag}>"


def _span(piece: Piece) -> str:
    text, id, _ = piece
    if not id:
        return xml_text(text)
    lead, trail = len(text) - len(text.lstrip()), len(text.rstrip())
    return f'{xml_text(text[:lead])}<span id="{id}">{xml_text(text[lead:trail])}</span>{xml_text(text[trail:])}'
