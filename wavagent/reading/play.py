"""Plays in plain text: `NAME: line`, or a name in capitals above its lines."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from wavagent.reading.document import Heading, Kind
from wavagent.reading.draft import Draft
from wavagent.reading.headings import headings

_MANNER = r"[ \t]*(?:[(\[](?P<manner>[^()\[\]\n]{1,80})[)\]])?"
_CUE = re.compile(
    rf"[_*]{{0,2}}(?P<who>[^\W\d_][\w .'’&\-]{{0,38}}?)[_*]{{0,2}}{_MANNER}[ \t]*[:：]"
    r"[_*]{0,2}(?:[ \t\u3000]*(?P<line>\S.*)|[ \t]*)"
)
_ABOVE = re.compile(rf"(?P<who>[^\W\d_][\w '’&\-.]{{1,38}}?)\.?{_MANNER}\.?")
_BLANK = re.compile(r"\n[ \t\r\u3000]*\n")
_DIRECTION = re.compile(r"\[[^\[\]]{1,2000}\]")
_LEADING = re.compile(r"\s*\((?P<manner>[^()\n]{1,80})\)\s*(?=\S)")
_ENCLOSED = re.compile(r"[_*]{0,2}(?:\[[^\[\]]*\]|\([^()]*\))[_*]{0,2}\.?", re.DOTALL)
_HEARD = re.compile(
    r"(?:(?P<sound>SFX|FX|SOUND(?: EFFECTS?)?)|(?P<music>MUSIC)|(?P<ambience>AMBI[EA]NCE))"
    r"(?:\s*:\s*|\s+-\s+)(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_KINDS: tuple[Kind, ...] = ("sound", "music", "ambience")
_NARRATORS = frozenset(
    {"narrator", "narration", "announcer", "erzähler", "narrateur", "narrador", "рассказчик", "旁白"}
)
_FEWEST = 4  # lines with a name; fewer are a note, a list, a letter head
_MOST = 0.6  # of the paragraphs must be such lines; of the names, that many may be met only once


@dataclass(frozen=True, slots=True)
class _Line:
    who: str
    manner: str
    text: str


def play(text: str, draft: Draft) -> bool:
    """Writes `text` into `draft` without its names when it is a play, and says whether it was."""
    found = headings(text, draft.title, draft.author)
    blocks = _blocks(text, found)
    titles = {text[heading.start : heading.end].strip(): heading for heading in found}
    names = _names([block for block in blocks if block not in titles])
    if not names:
        return False
    count = 0
    for block in blocks:
        if (heading := titles.get(block)) is not None:
            draft.heading(block, heading.level)
        else:
            count += _write(block, names, draft)
    _title(found, draft)
    draft.notes.append(f"read as a play: took {count} names out of the text")
    return True


def _blocks(text: str, found: Sequence[Heading]) -> list[str]:
    """What blank lines and headings part: in a play, a name above its line belongs to it."""
    cuts = [0, *(place for heading in found for place in (heading.start, heading.end)), len(text)]
    pieces = (text[start:end] for start, end in pairwise(cuts))
    return [block.strip() for piece in pieces for block in _BLANK.split(piece) if block.strip()]


def _title(found: Sequence[Heading], draft: Draft) -> None:
    if found and not draft.title and found[0].level == 1 and draft.headings[0].start == 0:
        draft.title = found[0].title


def _names(blocks: Sequence[str]) -> frozenset[str]:
    """Who speaks, when the text is a play; nobody when it is not."""
    rows = [block for block in blocks if not _ENCLOSED.fullmatch(block)]
    by_block = [cue.who for block in rows if (cue := _cue(block)) is not None]
    lines = [line for block in rows for line in block.split("\n")]
    by_line = [cue.who for line in lines if (cue := _cue(line)) is not None]
    for whos, total in ((by_block, len(rows)), (by_line, len(lines))):
        whos = [who for who in whos if _HEARD.match(f"{who}: x") is None]
        counts = Counter(map(str.casefold, whos))
        if len(whos) >= max(_FEWEST, _MOST * total) and len(counts) <= _MOST * len(whos):
            return frozenset(by_block + by_line)
    return frozenset()


def _cue(block: str) -> _Line | None:
    """The name, the manner and the words of a paragraph that begins with a name."""
    first, _, rest = block.strip().partition("\n")
    match = _CUE.fullmatch(first)
    if match is not None and _is_name(match["who"]) and (match["line"] or rest.strip()):
        return _Line(match["who"].strip(), match["manner"] or "", "\n".join(filter(None, (match["line"], rest))))
    match = _ABOVE.fullmatch(first) if rest.strip() else None
    if match is not None and match["who"].isupper():
        return _Line(match["who"].strip(" ."), match["manner"] or "", rest)
    return None


def _is_name(who: str) -> bool:
    """Words that all begin with a capital, or a script that has none: `He said:` is no name."""
    words = who.split()
    small = sum(word[0].islower() and word not in ("of", "the", "and", "de", "von", "la", "du") for word in words)
    return len(words) <= 4 and small == 0 and not words[0][0].islower()


def _write(block: str, names: frozenset[str], draft: Draft) -> int:
    """Writes one paragraph, and counts the names taken out of it."""
    count = 0
    for piece in _speeches(block, names):
        line = _cue(piece)
        if _ENCLOSED.fullmatch(piece.strip()):
            _direct(piece.strip(), draft)
        elif line is not None and line.who in names:
            count += 1
            if not _heard(f"{line.who}: {line.text}", draft):
                _say(line, draft)
        else:
            draft.line(piece, "narration")
    return count


def _speeches(block: str, names: frozenset[str]) -> Iterator[str]:
    """The speeches of a paragraph in which nothing but a name parts them."""
    lines = block.split("\n")
    piece = [lines[0]]
    for line in lines[1:]:
        match = _CUE.fullmatch(line.strip())
        if match is not None and match["who"].strip() in names:
            yield "\n".join(piece)
            piece = []
        piece.append(line)
    yield "\n".join(piece)


def _direct(block: str, draft: Draft) -> None:
    inner = block.strip("_*. \t\n[]()")
    if not _heard(inner, draft):
        draft.line(block, "direction")


def _heard(text: str, draft: Draft) -> bool:
    """Notes a sound or music that the text asks for, and says whether it did."""
    match = _HEARD.fullmatch(text)
    if match is not None:
        draft.cue(next(kind for kind in _KINDS if match[kind]), match["what"].strip(" []()."))
    return match is not None


def _say(line: _Line, draft: Draft) -> None:
    """Writes a speech; what is in square brackets inside it is a direction."""
    manner, text = line.manner, line.text
    if not manner and (match := _LEADING.match(text)) is not None:
        manner, text = match["manner"], text[match.end() :]
    kind: Kind = "narration" if line.who.casefold() in _NARRATORS else "speech"
    last = 0
    for match in _DIRECTION.finditer(text):
        _put(text[last : match.start()], kind, line.who, manner, draft)
        _direct(match[0], draft)
        last = match.end()
    _put(text[last:], kind, line.who, manner, draft)


def _put(text: str, kind: Kind, who: str, manner: str, draft: Draft) -> None:
    if text.strip():
        draft.line(text.strip(), kind, who, manner)
