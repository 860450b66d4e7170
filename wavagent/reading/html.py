"""HTML as it is found: tags that nothing closes, marks that mean nothing. Linear in its length, whatever it holds."""

import re
from collections.abc import Mapping
from html import unescape

from wavagent.reading.xml import Listener

_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[A-Za-z][\w:.\-]*+)(?P<rest>(?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)>"
    r"|(?P<other><[!?/][^<>]*+>)"
    r"|(?P<text><?[^<]*+)"
)
_ATTRIBUTE = re.compile(r"([\w:.\-]++)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_RAW = frozenset({"script", "style"})
_REPEATED = frozenset("p li td th tr dd dt option".split())
_ENDS_P = frozenset("address article aside blockquote div dl h1 h2 h3 h4 h5 h6 hr ol p pre section table ul".split())
_BLOCKS = _ENDS_P | frozenset({"br", "li", "tr"})
_DEEPEST = 400


def parse_html(text: str, listener: Listener) -> None:
    """Tells `listener` what is in `text`, every tag closed; deeper than 400 tags, those in them are passed over."""
    stack: list[str] = []
    at = 0
    text, _ = without(text, "<!--", "-->")
    while match := _TOKEN.match(text, at):
        at = match.end()
        if match["text"]:
            listener.text(unescape(match["text"]))
        elif match["tag"]:
            tag = match["tag"].rpartition(":")[2].lower()
            if match["close"]:
                _end(tag, stack, listener)
            elif tag in _RAW:
                end = text.find(f"</{tag}", at)
                at = end if end >= 0 else len(text)
            else:
                _start(tag, match["rest"], stack, listener)
        elif at == len(text):
            break
    while stack:
        listener.end(stack.pop())


def without(text: str, opening: str, closing: str) -> tuple[str, int]:
    """`text` without what stands between two marks, and how often they did; what nothing closes stays."""
    pieces: list[str] = []
    at = 0
    while (start := text.find(opening, at)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0:
        pieces.append(text[at:start])
        at = end + len(closing)
    return "".join([*pieces, text[at:]]), len(pieces)


def words_of(html: str) -> tuple[str, int]:
    """The text between the tags, with an empty line where a block begins or ends, and the number of tags."""
    listener = _Words()
    parse_html(html, listener)
    return "".join(listener.pieces), listener.tags


def _start(tag: str, rest: str, stack: list[str], listener: Listener) -> None:
    if stack and (stack[-1] == tag and tag in _REPEATED or stack[-1] == "p" and tag in _ENDS_P):
        listener.end(stack.pop())
    if len(stack) >= _DEEPEST:
        return
    listener.start(tag, {key: unescape(value.strip("\"'")) for key, value in _ATTRIBUTE.findall(rest)})
    if tag in _VOID or rest.endswith("/"):
        listener.end(tag)
    else:
        stack.append(tag)


def _end(tag: str, stack: list[str], listener: Listener) -> None:
    if tag in stack:
        while (last := stack.pop()) != tag:
            listener.end(last)
        listener.end(tag)


class _Words:
    """Listens to text, and to the blocks between which it stands."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.tags = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.tags += 1
        self.pieces.append("\n\n" if tag in _BLOCKS else attributes.get("alt", "") if tag == "img" else "")

    def end(self, tag: str) -> None:
        self.tags += tag not in _VOID
        self.pieces.append("\n\n" if tag in _BLOCKS else "")

    def text(self, text: str) -> None:
        self.pieces.append(text)
