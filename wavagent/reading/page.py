"""One page of a book: XHTML to paragraphs and headings, without notes, page numbers and what is not read out."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from wavagent.reading.draft import Draft

SCENE_BREAK = "* * *"
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section summary svg table tbody tfoot thead tr ul".split()
)
_SILENT = frozenset(
    "head script style template noscript rt rp rtc audio video canvas iframe embed select textarea metadata defs "
    "annotation annotation-xml case datalist map".split()
)
_NOTES = frozenset(
    "footnote footnotes endnote endnotes rearnote rearnotes note doc-footnote doc-footnotes doc-endnote "
    "doc-endnotes".split()
)
_MARKS = frozenset({"noteref", "doc-noteref", "backlink", "doc-backlink"})
_NUMBERS = frozenset({"pagebreak", "doc-pagebreak"})
_LISTS = frozenset(
    "toc landmarks page-list loi lot index doc-toc doc-index doc-pagelist copyright-page imprint colophon".split()
)
_LEFT_OUT = (
    ("footnotes", _NOTES),
    ("note marks", _MARKS),
    ("page numbers", _NUMBERS),
    ("lists of contents and imprints", _LISTS),
)
_NOTE_MARK = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[*†‡§¶]{1,3})[\])]?")
_SPACE = re.compile(r"[ \t\r\n\f]+")


class Mark(NamedTuple):
    """A place with an id in the text."""

    id: str
    offset: int


class Page:
    """Listens to the markup of a page and writes what is read out into a draft."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.left_out: Counter[str] = Counter()
        self.marks: list[Mark] = []
        self._pieces: list[str] = []
        self._waiting: list[str] = []  # ids met since the last paragraph
        self._silent = 0  # how many open tags there are from the one that silenced the rest
        self._heading = 0  # the level of the open heading, and its tag
        self._heading_tag = ""
        self._pre = 0
        self._link = -1  # how many pieces there were when the open link began, where it may be a note's mark
        self._raised = 0
        self._raised_link = False  # whether the open link is in a <sup>, or one in it

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._silent:
            self._silent += 1
            return
        if id := attributes.get("id") or attributes.get("xml:id"):
            self._waiting.append(id)
        if (what := _left_out(tag, attributes)) or tag in _SILENT:
            self.left_out[what] += bool(what)
            self._silent = 1
            return
        if tag in _BLOCKS:
            self._begin(tag)
        else:
            self._inline(tag, attributes)

    def end(self, tag: str) -> None:
        if self._silent:
            self._silent -= 1
            return
        if tag in _BLOCKS:
            self._finish(tag)
        elif tag == "a" and self._link >= 0:
            self._close_link()
        elif tag == "sup":
            self._raised = max(0, self._raised - 1)
        elif tag in ("td", "th"):
            self._pieces.append(" ")

    def text(self, text: str) -> None:
        if not self._silent:
            self._pieces.append(text if self._pre else _SPACE.sub(" ", text))

    def close(self) -> None:
        """Writes what is left. The ids that no text follows stand at the end."""
        self._flush()
        self.marks += [Mark(id, self.draft.length) for id in self._waiting]
        self._waiting.clear()

    def _begin(self, tag: str) -> None:
        if self._heading:
            self._pieces.append("\n")  # a heading in several blocks stays one
        else:
            self._flush()
        if not self._heading and (tag == "hgroup" or _level(tag)):
            self._heading, self._heading_tag = _level(tag) or 1, tag
        elif self._heading_tag == "hgroup" and (level := _level(tag)) and not "".join(self._pieces).strip():
            self._heading = level
        self._pre += tag == "pre"
        if tag == "hr":
            self.draft.paragraph(SCENE_BREAK)

    def _finish(self, tag: str) -> None:
        if self._heading and tag != self._heading_tag:
            self._pieces.append("\n")
            return
        self._flush()
        if tag == self._heading_tag:
            self._heading, self._heading_tag = 0, ""
        self._pre = max(0, self._pre - (tag == "pre"))

    def _inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "br":
            self._pieces.append("\n")
        elif tag in ("img", "image"):
            self._describe(attributes.get("alt", ""))
            self.left_out["images without a description"] += not attributes.get("alt", "").strip()
        elif tag == "math" and attributes.get("alttext"):
            self._describe(attributes["alttext"])
            self._silent = 1
        elif tag == "a":
            self._link = len(self._pieces) if "#" in attributes.get("href", "") else -1
            self._raised_link = self._raised > 0
        elif tag == "sup":
            self._raised += 1
            self._raised_link = True

    def _describe(self, words: str) -> None:
        self._pieces.append(f" {_SPACE.sub(' ', words)} " if words.strip() else "")

    def _close_link(self) -> None:
        """Takes a link out whose text is only a raised number: the mark of a note."""
        text = "".join(self._pieces[self._link :]).strip()
        if self._raised_link and _NOTE_MARK.fullmatch(text):
            del self._pieces[self._link :]
            self.left_out["note marks"] += 1
        self._link = -1

    def _flush(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        self._link = -1
        text = text.strip("\n") if self._pre else "\n".join(_SPACE.sub(" ", line).strip() for line in text.split("\n"))
        if not text.strip():
            return
        text = text if self._pre else re.sub(r"\n{2,}", "\n", text).strip("\n ")
        start, _ = self.draft.heading(text, self._heading) if self._heading else self.draft.paragraph(text)
        self.marks += [Mark(id, start) for id in self._waiting]
        self._waiting.clear()


def _level(tag: str) -> int:
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


def _left_out(tag: str, attributes: Mapping[str, str]) -> str:
    """What a tag that is left out with all that is in it is, in the plural; empty for the others."""
    says = {*attributes.get("epub:type", "").split(), *attributes.get("role", "").split()}
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return "hidden parts"
    return next((what for what, names in _LEFT_OUT if says & names), "")
