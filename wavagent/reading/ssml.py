"""A subset of SSML 1.1 (https://www.w3.org/TR/speech-synthesis11/): break, p, s and voice; the rest is read as text."""

import re
from collections import Counter
from collections.abc import Mapping

from wavagent.errors import InputError
from wavagent.reading.document import Document, Manuscript
from wavagent.reading.draft import Draft
from wavagent.reading.pauses import LONGEST
from wavagent.reading.xml import Malformed, parse

_KNOWN = frozenset({"speak", "p", "s", "voice", "break", "desc", "title"})
_SILENT = frozenset({"metadata", "meta", "lexicon", "desc"})
_STRENGTHS = {"none": 0.0, "x-weak": 0.1, "weak": 0.25, "medium": 0.5, "strong": 1.0, "x-strong": 2.0}
"""Seconds; the standard leaves them to the voice."""
_SPACE = re.compile(r"\s+")


class _Speech:
    """Listens to the markup and writes paragraphs with their voices."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.ignored: Counter[str] = Counter()
        self._pieces: list[str] = []
        self._pauses: list[tuple[int, float]] = []  # how many pieces stood before the pause, and its seconds
        self._voices: list[str] = []
        self._silent = 0
        self._root = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._root and tag != "speak":
            raise Malformed(f"its first tag is <{tag}>, not <speak>")
        self._root = self._root or tag
        if self._silent or tag in _SILENT:
            self._silent += 1
        elif tag == "break":
            self._pieces.append(" ")
            self._pauses.append((len(self._pieces), _seconds(attributes)))
        elif tag == "voice":
            self._flush()
            self._voices.append(_voice(attributes))
        elif tag == "p":
            self._flush()
        elif tag not in _KNOWN:
            self.ignored[tag] += 1
        if tag == "speak" and (language := attributes.get("xml:lang")):
            self.draft.language = language

    def end(self, tag: str) -> None:
        if self._silent:
            self._silent -= 1
        elif tag in ("p", "speak", "voice"):
            self._flush()
            if tag == "voice":
                self._voices.pop()
        elif tag == "s":
            self._pieces.append(" ")

    def text(self, text: str) -> None:
        if not self._silent:
            self._pieces.append(text)

    def _flush(self) -> None:
        """Writes what was said since the last flush as one paragraph a pause may part."""
        who = next((voice for voice in reversed(self._voices) if voice), "")
        last = 0
        for index, seconds in [*self._pauses, (len(self._pieces), None)]:
            words = _SPACE.sub(" ", "".join(self._pieces[last:index])).strip()
            if words:
                self.draft.line(words, "speech" if who else "narration", who)
            if seconds:
                self.draft.cue("pause", seconds=seconds)
            last = index
        self._pieces.clear()
        self._pauses.clear()


def read_ssml(manuscript: Manuscript) -> Document:
    """An SSML document: each voice is a speaker, text without one is narration. Raises InputError."""
    draft = Draft(manuscript)
    listener = _Speech(draft)
    try:
        parse(manuscript.data, manuscript.name, listener)
    except Malformed as error:
        raise InputError(f"'{manuscript.name}' is not well-formed SSML ({error}); mend it at that place") from error
    draft.notes += [f"read without its effect: <{tag}> ({count})" for tag, count in listener.ignored.items()]
    return draft.document()


def _voice(attributes: Mapping[str, str]) -> str:
    """The name of a voice, or what is asked of it, in words: `female child`."""
    asked = (attributes.get(name, "") for name in ("gender", "age", "languages"))
    return attributes.get("name", "").strip() or " ".join(filter(None, asked))


def _seconds(attributes: Mapping[str, str]) -> float:
    match = re.fullmatch(r"\+?(\d{0,6}(?:\.\d{1,6})?)(ms|s)", attributes.get("time", "").strip())
    if match is not None and match[1] not in ("", "."):
        return min(LONGEST, float(match[1]) * (0.001 if match[2] == "ms" else 1.0))
    return _STRENGTHS.get(attributes.get("strength", "medium").strip(), 0.5)
