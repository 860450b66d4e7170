"""Quotation detection and speaker attribution, against books in which people marked who speaks.

    python -m benchmarks.attribution DIR [--json]

DIR is searched for JSON files with `text`, `lang`, `quotes` (`spans`, `speaker`, `type`) and `characters` (`name`,
`aliases`, `gender`), as in Project Dialogism Novel Corpus and LitBank exports.

Conventions:
* A span is found when a predicted one starts and ends at the same characters, after white space, quotation marks,
  dashes, underscores, commas and semicolons at both ends are taken off: the corpora differ in whether those belong.
* `given cast`: the book's list of characters (names, aliases, gender; the list of nominal mentions too where there is
  one) is given, the best guess is scored. `types` are the corpus's: explicit, anaphoric, implicit.
* `own cast`: nothing is given. Each character of the plan stands for at most one of the book and the other way round,
  paired by the lines they share, most first; a character split in two counts once. `wrong voice` is the share of all
  quotations said by somebody else than their speaker.
* `precise`: only what the director gives to a character; the narrator takes the rest. A line is right when most of
  its character's lines are that speaker's. `coverage` is the share of all quotations it gives.
* A quotation that is not found counts as wrong. Quotations that nobody can know the speaker of are left out.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.report import Row, report
from wavagent.planning.attribution import SURE, Attribution, Casting
from wavagent.planning.cast import cast_of
from wavagent.planning.mention import Names
from wavagent.planning.quotation import Quotation, quotations
from wavagent.planning.teller import teller_of, told_by_somebody
from wavagent.planning.tokens import Tokens
from wavagent.planning.turn import Scenery
from wavagent.planning.words import lexicon
from wavagent.reading.document import Paragraph
from wavagent.reading.paragraphs import paragraphs
from wavagent.script import Character, Trait, Traits

Json = Mapping[str, Any]
Span = tuple[int, int]

_EDGE = " \t\r\n\u00a0\u3000\"“”„‟‘’‚'«»‹›「」『』—–―-,;，；_"
_GENDERS = {"M": "male", "F": "female"}
_NARRATORS = {"_narr", "narr", "narrator"}
_UNKNOWN = {"_unknowable", "_unknown"}
_TYPES = ("explicit", "anaphoric", "implicit")


@dataclass(frozen=True)
class Answer:
    """What was said of a quotation: its speaker and kind, and the guess with its confidence."""

    speaker: str
    kind: str
    who: int | None
    confidence: float


@dataclass(frozen=True)
class Book:
    """An annotated book."""

    name: str
    data: Json

    @cached_property
    def text(self) -> str:
        return str(self.data["text"])

    @cached_property
    def parts(self) -> Sequence[Paragraph]:
        return [Paragraph(*span) for span in paragraphs(self.text)]

    @cached_property
    def tokens(self) -> Tokens:
        return Tokens.of(self.text, lexicon(self.language))

    @cached_property
    def found(self) -> Sequence[Quotation]:
        return quotations(self.text, self.language, self.parts)

    @property
    def language(self) -> str:
        return str(self.data.get("lang") or "en")

    @property
    def author(self) -> str:
        return str(self.data.get("author") or "")

    def bare(self, start: int, end: int) -> Span:
        """A span without what belongs to it in one corpus and not in another."""
        while start < end and self.text[start] in _EDGE:
            start += 1
        while end > start and self.text[end - 1] in _EDGE:
            end -= 1
        return start, end

    @cached_property
    def gold(self) -> frozenset[Span]:
        return frozenset(self.bare(*span) for quote in self.data["quotes"] for span in quote["spans"])

    @cached_property
    def predicted(self) -> Mapping[Span, int]:
        return {self.bare(quotation.first, quotation.last): index for index, quotation in enumerate(self.found)}

    def detection(self) -> tuple[int, int, int]:
        """Spans found rightly, found, and marked."""
        return len(self.gold & self.predicted.keys()), len(self.predicted), len(self.gold)

    @property
    def attributed(self) -> bool:
        """Whether it says who speaks, in a list of characters."""
        return self.language == "en" and any(quote.get("speaker") for quote in self.data["quotes"])

    def answers(self, given: Sequence[Attribution]) -> Iterator[Answer]:
        starts = {start: index for (start, _), index in self.predicted.items()}
        for quote in self.data["quotes"]:
            speaker = quote.get("speaker")
            if not speaker or speaker in _UNKNOWN:
                continue
            spans = [self.bare(*span) for span in quote["spans"]]
            index = next((starts[start] for start, _ in spans if start in starts), None)
            said = given[index] if index is not None else Attribution()
            kind = quote.get("type") or quote.get("type_derived") or ""
            yield Answer(speaker, kind, said.who, said.confidence)

    def with_cast_given(self) -> tuple[Sequence[str], list[Answer]]:
        """The characters' names as the corpus has them, and the answers."""
        cast = [_character(index, entry) for index, entry in enumerate(self.data["characters"])]
        names = [str(entry["name"]) for entry in self.data["characters"]]
        marked = next((index for index, entry in enumerate(self.data["characters"]) if _narrates(entry)), None)
        scenery = Scenery(self.tokens, self.parts, self.found, Names(cast, self.tokens.lexicon))
        narrator = teller_of(scenery, range(len(cast))) if marked is None else marked
        return names, list(self.answers(Casting(scenery, cast, narrator).attributions()))

    def with_own_cast(self) -> list[Answer]:
        cast = cast_of(self.tokens, self.parts, self.found)
        scenery = Scenery(self.tokens, self.parts, self.found, Names(cast, self.tokens.lexicon))
        narrator = 0 if told_by_somebody(scenery) else None
        return list(self.answers(Casting(scenery, cast, narrator).attributions()))


def _character(index: int, entry: Json) -> Character:
    """A character of a corpus's list; what follows " - " in a name is a remark, and a name with "_" a mark."""
    gender = _GENDERS.get(str(entry.get("gender")))
    aliases = [*entry.get("aliases", ()), *entry.get("nominals", ())]
    names = [alias.split(" - ")[0] for alias in aliases if not alias.startswith("_")]
    name = entry["name"].split(" - ")[0] if entry["name"] in entry.get("aliases", ()) or not names else names[0]
    traits = Traits(gender=Trait(value=gender) if gender else None)
    return Character(id=f"c{index}", name=name or "nobody", aliases=tuple(names), traits=traits)


def _narrates(entry: Json) -> bool:
    return any(alias.lower() in _NARRATORS for alias in entry.get("aliases", ()))


def books(folder: Path) -> Iterator[Book]:
    """The annotated books under `folder`."""
    for path in sorted(folder.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(data, dict) and "text" in data and "quotes" in data:
            yield Book(path.stem, data)


def share(answers: Iterable[bool]) -> float | None:
    """The share of True, None of nothing."""
    every = list(answers)
    return sum(every) / len(every) if every else None


def paired(answers: Sequence[Answer]) -> Mapping[int, str]:
    """Each character of a plan with one of the book, one to one, by the lines they share, most first."""
    pairs: dict[int, str] = {}
    for (who, speaker), _ in _shared(answers):
        if who not in pairs and speaker not in pairs.values():
            pairs[who] = speaker
    return pairs


def mostly(answers: Sequence[Answer]) -> Mapping[int, str]:
    """For each character of a plan, whose lines most of theirs are."""
    most: dict[int, str] = {}
    for (who, speaker), _ in _shared(answers):
        most.setdefault(who, speaker)
    return most


def _shared(answers: Sequence[Answer]) -> list[tuple[tuple[int, str], int]]:
    counts = Counter((answer.who, answer.speaker) for answer in answers if answer.who is not None)
    return sorted(
        (((who, speaker), count) for (who, speaker), count in counts.items() if who is not None),
        key=lambda item: (-item[1], item[0]),
    )


@dataclass(frozen=True)
class Score:
    """A book's figures; lists are of quotations, so that books can be joined."""

    book: Book
    spans: tuple[int, int, int]
    given: Sequence[tuple[str, bool]] = ()
    own: Sequence[bool] = ()
    wrong: Sequence[bool] = ()
    precise: Sequence[bool] = ()

    @classmethod
    def of(cls, book: Book) -> "Score":
        if not book.attributed:
            return cls(book, book.detection())
        names, given = book.with_cast_given()
        own = book.with_own_cast()
        pairs, most = paired(own), mostly(own)
        sure = [answer for answer in own if answer.who is not None and answer.confidence >= SURE]
        return cls(
            book,
            book.detection(),
            [(answer.kind, answer.who is not None and names[answer.who] == answer.speaker) for answer in given],
            [answer.who is not None and pairs.get(answer.who) == answer.speaker for answer in own],
            [answer.who is not None and pairs.get(answer.who) != answer.speaker for answer in own],
            [most.get(answer.who or 0) == answer.speaker for answer in sure],
        )

    def row(self) -> Row:
        return {"book": self.book.name, "author": self.book.author, **figures([self])}


def f1(spans: Sequence[tuple[int, int, int]]) -> float | None:
    right, found, marked = (sum(column) for column in zip(*spans, strict=True))
    return 2 * right / (found + marked) if found + marked else None


def figures(scores: Sequence[Score]) -> dict[str, float | int | None]:
    """The figures of some books taken together."""
    given = [answer for score in scores for answer in score.given]
    own = [right for score in scores for right in score.own]
    precise = [right for score in scores for right in score.precise]
    kinds = {kind: share(right for answer, right in given if answer == kind) for kind in _TYPES}
    return {
        "quotes": len(own),
        "detection": f1([score.spans for score in scores]),
        **kinds,
        "given": share(right for _, right in given),
        "own": share(own),
        "wrong": share(wrong for score in scores for wrong in score.wrong),
        "precision": share(precise),
        "coverage": len(precise) / len(own) if own else None,
    }


def summary(scores: Sequence[Score]) -> dict[str, object]:
    """The figures as the JSON has them."""
    english = [score for score in scores if score.book.language == "en"]
    total = figures(english or scores)
    languages: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for score in scores:
        languages[score.book.language].append(score.spans)
    return {
        "detection_f1": total["detection"],
        "detection_by_language": {language: f1(spans) for language, spans in sorted(languages.items())},
        "given_cast": {kind: total[kind] for kind in _TYPES} | {"overall": total["given"]},
        "own_cast": {"overall": total["own"], "wrong_voice": total["wrong"]},
        "precise": {"precision": total["precision"], "coverage": total["coverage"], "confidence": SURE},
        "per_book": {score.book.name: score.row() for score in scores},
    }


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribution", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="where the annotated books are")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    scores = [Score.of(book) for book in books(options.folder)]
    if not scores:
        print(f"no annotated book was found in '{options.folder}'; give a folder with such JSON files", file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(summary(scores), ensure_ascii=False))
        return 0
    rows = [score.row() for score in scores]
    groups: defaultdict[str, list[Score]] = defaultdict(list)
    for score in scores:
        groups[score.book.language].append(score)
    totals = [{"book": f"all {language}", "author": "", **figures(group)} for language, group in sorted(groups.items())]
    report("attribution", [*rows, *totals])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
