"""Cut lines that are too long for the tool that speaks them, at the end of a sentence where there is one."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Set
from itertools import accumulate, count

from wavagent.passes.draft import Draft
from wavagent.passes.pacing import SENTENCE, ends_sentence
from wavagent.script import Anchor, Element, Scene, Script, Speech, anchors_of
from wavagent.text import SENTENCE_END, aligned, words
from wavagent.tool import Toolbox

_ENDS = (SENTENCE_END, re.compile(r"[,;:，；]\s*"), re.compile(r"\s+"))


def split(draft: Draft) -> Draft:
    """`draft` without lines that are longer than their tool allows; anchors follow into the parts."""
    script = draft.script
    taken = {element.id for element in script.elements}
    parts = {line.id: _parts(line, _limit(script, line, draft.toolbox), taken) for line in script.lines}
    if all(len(pieces) == 1 for pieces in parts.values()):
        return draft
    scenes = tuple(
        Scene.model_copy(scene, update={"elements": tuple(_divided(scene.elements, parts))}) for scene in script.scenes
    )
    return draft.with_script(Script.model_copy(script, update={"scenes": scenes}))


def cut(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` characters; joined they are `text` again."""
    pieces = []
    while len(text) > limit:
        at = _cut_at(text, limit)
        pieces.append(text[:at])
        text = text[at:]
    return [*pieces, text] if text else pieces


def _cut_at(text: str, limit: int) -> int:
    for end in _ENDS:
        # A cut in the first third would leave a crumb before a piece that is as long as it was.
        places = [match.end() for match in end.finditer(text, limit // 3, limit)]
        if places:
            return places[-1]
    return limit


def _limit(script: Script, line: Speech, toolbox: Toolbox) -> int | None:
    voice = script.character(line.who).voice
    return toolbox[voice.tool].card.longest_text if voice else None


def _parts(line: Speech, limit: int | None, taken: Set[str]) -> list[Speech]:
    said = line.spoken if line.spoken is not None else line.text
    heard = said.rstrip()
    if limit is None or len(heard) <= limit:
        return [line]
    *pieces, last = cut(heard, limit)
    pieces.append(last + said[len(heard) :])
    texts = pieces if line.spoken is None else _shared_out(line.text, pieces)
    ids = (id for number in count(1) if (id := f"{line.id}.{number}") not in taken)
    parts = [
        line.model_copy(update={"id": id, "text": text, "spoken": None if line.spoken is None else piece, "span": None})
        for id, text, piece in zip(ids, texts, pieces, strict=False)
    ]
    return [_joined(part, before, part is parts[-1]) for before, part in zip([None, *parts], parts, strict=False)]


def _shared_out(text: str, pieces: list[str]) -> list[str]:
    """`text` in as many parts as there are pieces of its spoken form, each with the words that its piece says."""
    starts = aligned(text, "".join(pieces))
    spans = words(text)
    parts, done = [], 0
    for said in accumulate(map(len, pieces[:-1])):
        word = bisect_left(starts, said)
        at = spans[word][0] if word < len(spans) else len(text)
        while at > done and at < len(text) and not text[at - 1].isspace():
            at -= 1  # an opening quotation mark goes with its word
        parts.append(text[done : max(done, at)])
        done = max(done, at)
    return [*parts, text[done:]]


def _joined(part: Speech, before: Speech | None, last: bool) -> Speech:
    """`part` with the pauses of its place among the parts of a line: a cut is no longer than the text asks for."""
    update: dict[str, object] = {} if last else {"pause_after": None}
    if before is not None:
        update |= {"pause_before": SENTENCE if ends_sentence(before) else 0.0, "start": None}
    return part.model_copy(update=update)


def _divided(elements: tuple[Element, ...], parts: Mapping[str, list[Speech]]) -> Iterator[Element]:
    for element in elements:
        if isinstance(element, Speech) and len(parts[element.id]) > 1:
            yield from (_followed(part, parts) for part in parts[element.id])
        else:
            yield _followed(element, parts)


def _followed(element: Element, parts: Mapping[str, list[Speech]]) -> Element:
    """`element` with its anchors on the parts of the lines they pointed to."""
    moved = {
        name: _moved(anchor, parts[anchor.element])
        for name in ("anchor", "start", "end")
        if isinstance(anchor := getattr(element, name, None), Anchor) and len(parts.get(anchor.element, ())) > 1
    }
    return element.model_copy(update=moved) if moved and anchors_of(element) else element


def _moved(anchor: Anchor, parts: list[Speech]) -> Anchor:
    if anchor.word is None:
        part = parts[0] if anchor.edge == "start" else parts[-1]
        return anchor.model_copy(update={"element": part.id})
    starts = [first for first, _ in words("".join(part.text for part in parts))]
    at = starts[anchor.word]
    for part in parts[:-1]:
        if at < len(part.text):
            return _on(anchor, part, at)
        at -= len(part.text)
    return _on(anchor, parts[-1], at)


def _on(anchor: Anchor, part: Speech, at: int) -> Anchor:
    """`anchor` on the word of `part` at character `at`."""
    word = bisect_right([first for first, _ in words(part.text)], at) - 1
    return anchor.model_copy(update={"element": part.id, "word": max(0, word)})
