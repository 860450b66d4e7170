"""Fountain, the plain-text format of screenplays (https://fountain.io/syntax)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from wavagent.reading.document import Document, Heading, Kind, Manuscript
from wavagent.reading.draft import Draft
from wavagent.reading.encoding import decode
from wavagent.reading.html import without
from wavagent.reading.pauses import USUAL
from wavagent.text import one_line

_KEY = re.compile(
    r"(title|credit|authors?|source|draft date|date|contact|copyright|notes|revision|language) *:", re.IGNORECASE
)
_SCENE = re.compile(r"(?:INT|EXT|EST|INT\.?/EXT|EXT\.?/INT|I\.?/E)[. ]", re.IGNORECASE)
_FADE = re.compile(r"FADE (?:IN|OUT|UP|TO BLACK)[.:]?")
_BEAT = re.compile(r"\(\s*(?:long |short |a )?(?:pause|beat)s?\.?\s*\)", re.IGNORECASE)
_NUMBER = re.compile(r"\s*#[\w.\-]+#\s*$")
_CUE = re.compile(r"(?P<who>[^()^]+?)\s*(?P<extensions>(?:\([^()]*\)\s*)*)\^?\s*")
_EMPHASIS = re.compile(r"(?<!\\)(\*{1,3}|_)(?=[^\s*_])(.{1,300}?)(?<=[^\s\\])\1")
_CONTINUED = re.compile(r"cont(?:inue)?['’]?d?\.?|dual", re.IGNORECASE)


def read_fountain(manuscript: Manuscript) -> Document:
    """A screenplay: action is narration, dialogue is speech, and transitions are directions. Raises InputError."""
    text, notes = decode(manuscript.data, manuscript.name)
    draft = Draft(manuscript, notes=list(notes))
    text, boneyards = without(text, "/*", "*/")
    blocks, remarks = zip(*(without(block, "[[", "]]") for block in text.split("\n\n")), strict=True)
    text = "\n\n".join(blocks)
    screenplay = _Screenplay(draft)
    for block in _blocks(_title_page(text, draft)):
        screenplay.block(block)
    left_out = {"boneyards": boneyards, "notes": sum(remarks), "synopses": screenplay.synopses}
    draft.notes += [f"left out: {what} ({count})" for what, count in left_out.items() if count]
    return draft.document()


def _title_page(text: str, draft: Draft) -> str:
    """The text after the title page, whose title and author go into `draft`."""
    if not _KEY.match(text.lstrip("\n")):
        return text
    page, _, rest = text.lstrip("\n").partition("\n\n")
    lines = page.split("\n")
    last = 0
    for index, line in enumerate(lines):
        if not (line[:1].isspace() or _KEY.match(line)):
            break
        last = index + 1
    fields = re.split(r"\n(?=\S)", "\n".join(lines[:last]))
    for key, _, value in (entry.partition(":") for entry in fields):
        name = key.strip().lower().rstrip("s")
        if name in ("title", "author", "language"):
            setattr(draft, name, one_line(plain(value)))
    return "\n".join(lines[last:]) + "\n\n" + rest


def _blocks(text: str) -> list[list[str]]:
    """Runs of lines without an empty one; a line of two blanks is not empty, as dialogue goes on over it."""
    blocks: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip() or (line == "  " and blocks[-1]):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if any(line.strip() for line in block)]


def plain(text: str) -> str:
    """`text` without its marks of emphasis."""
    for _ in range(3):  # bold in italics in underline
        text, count = _EMPHASIS.subn(r"\2", text)
        if not count:
            break
    return re.sub(r"\\([*_\\])", r"\1", text)


@dataclass
class _Screenplay:
    draft: Draft
    synopses: int = 0
    _depth: int = 0
    _sections: list[tuple[int, str]] = field(default_factory=list)

    def block(self, lines: Sequence[str]) -> None:
        """Writes one block: structure line by line, then a scene heading, dialogue, a transition or action."""
        lines = [line.rstrip() if line != "  " else line for line in lines]
        while lines and self._structure(lines[0].strip()):
            lines = lines[1:]
        if not lines:
            return
        first = lines[0].strip()
        if _is_scene(first):
            self._scene(first)
            if rest := lines[1:]:
                self.block(rest)
        elif len(lines) > 1 and (cue := _cue(first)) is not None:
            self._dialogue(cue, lines[1:])
        elif len(lines) == 1 and _is_transition(first, lines[0]):
            self._write(first.lstrip("> "), "direction")
        else:
            self._action(lines)

    def _structure(self, line: str) -> bool:
        """Whether the line is a section, a synopsis or a page break, which nobody reads out."""
        if re.fullmatch(r"={3,}", line):
            return True
        if line.startswith("="):
            self.synopses += 1
            return True
        if (match := re.fullmatch(r"(#{1,6})\s*(\S.*)", line)) is not None:
            self._depth = len(match[1])
            self._sections.append((self._depth, one_line(match[2])))
            return True
        return False

    def _scene(self, line: str) -> None:
        self._place()
        title = plain(_NUMBER.sub("", line.removeprefix("."))).strip()
        if title:
            self.draft.heading(title, self._depth + 1)

    def _dialogue(self, cue: tuple[str, str], lines: Sequence[str]) -> None:
        who, manner = cue
        said: list[str] = []
        for line in (line.strip() for line in lines):
            if line.startswith("(") and line.endswith(")"):
                self._write("\n".join(said), "speech", who, manner)
                said = []
                if _BEAT.fullmatch(line):
                    self.draft.cue("pause", seconds=USUAL)
                else:
                    manner = plain(line[1:-1])
            elif line.startswith("~"):
                self._write("\n".join(said), "speech", who, manner)
                self._write(line[1:].strip(), "speech", who, "sung")
                said = []
            else:
                said.append(line)
        self._write("\n".join(said), "speech", who, manner)

    def _action(self, lines: Sequence[str]) -> None:
        sung = all(line.lstrip().startswith("~") for line in lines)
        bare = [re.sub(r"^\s*[!~]\s?", "", line) for line in lines]
        bare = [match[1] if (match := re.fullmatch(r"\s*>\s*(.*?)\s*<", line)) else line for line in bare]
        self._write("\n".join(bare), "narration", manner="sung" if sung else "")

    def _write(self, text: str, kind: Kind, who: str = "", manner: str = "") -> None:
        if text := plain(text).strip():
            self._place()
            self.draft.line(text, kind, who, manner)

    def _place(self) -> None:
        """Headings of sections begin where the next paragraph will."""
        at = self.draft.length + 2 if self.draft.length else 0
        self.draft.headings += [Heading(at, at, level, title) for level, title in self._sections]
        self._sections.clear()


def _is_scene(line: str) -> bool:
    return bool(_SCENE.match(line)) or (line.startswith(".") and line[1:2].strip() not in ("", "."))


def _is_transition(line: str, raw: str) -> bool:
    if line.startswith(">"):
        return not line.endswith("<")
    return line.isupper() and not line.startswith("!") and (line.endswith("TO:") or _FADE.fullmatch(line) is not None)


def _cue(line: str) -> tuple[str, str] | None:
    """The name in a line that says who speaks next, and its extension such as (V.O.)."""
    match = _CUE.fullmatch(line.removeprefix("@"))
    if match is None or line.startswith(("!", ">", "~")) or not (line.startswith("@") or match["who"].isupper()):
        return None
    extensions = [one_line(piece) for piece in re.findall(r"\(([^()]*)\)", match["extensions"])]
    return one_line(plain(match["who"])), ", ".join(piece for piece in extensions if not _CONTINUED.fullmatch(piece))
