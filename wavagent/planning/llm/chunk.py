"""Chunks: a script's lines in parts that a model can take in, cut where a reader would pause."""

from collections.abc import Iterator, Sequence

from wavagent.script import Script, Speech

BUDGET = 1500
"""Tokens of story in one question: small enough for a model with a context of 8192, its answer included."""
_BYTES = 4
"""Bytes of a token of prose, about."""

Lines = tuple[Speech, ...]


def tokens(lines: Sequence[Speech]) -> int:
    """About how many tokens the text of `lines` is."""
    return sum(len(line.text.encode()) // _BYTES + 12 for line in lines)


def chunks(script: Script, budget: int = BUDGET) -> tuple[Lines, ...]:
    """The lines of `script` in parts of at most `budget` tokens, where no line alone is longer than that.

    Parts end with a scene where they can, and never inside a paragraph that fits.
    """
    made: list[list[Speech]] = []
    for paragraphs in _scenes(script):
        if made and tokens(made[-1]) + sum(map(tokens, paragraphs)) <= budget:
            made[-1].extend(line for paragraph in paragraphs for line in paragraph)
        else:
            made.extend(_filled(paragraphs, budget))
    return tuple(map(tuple, made))


def halves(lines: Lines) -> tuple[Lines, Lines] | None:
    """`lines` in two parts, cut between two paragraphs near the middle; None when there is but one line."""
    if len(lines) < 2:
        return None
    middle = len(lines) / 2
    ends = [at for at in range(1, len(lines)) if lines[at - 1].text.endswith("\n")] or list(range(1, len(lines)))
    cut = min(ends, key=lambda at: abs(at - middle))
    return lines[:cut], lines[cut:]


def _scenes(script: Script) -> Iterator[list[list[Speech]]]:
    """Each scene's lines, paragraph by paragraph."""
    for scene in script.scenes:
        paragraphs: list[list[Speech]] = [[]]
        for line in (element for element in scene.elements if isinstance(element, Speech)):
            paragraphs[-1].append(line)
            if line.text.endswith("\n"):
                paragraphs.append([])
        yield [paragraph for paragraph in paragraphs if paragraph]


def _filled(paragraphs: Sequence[list[Speech]], budget: int) -> Iterator[list[Speech]]:
    part: list[Speech] = []
    for paragraph in _fitting(paragraphs, budget):
        if part and tokens([*part, *paragraph]) > budget:
            yield part
            part = []
        part = [*part, *paragraph]
    if part:
        yield part


def _fitting(paragraphs: Sequence[list[Speech]], budget: int) -> Iterator[list[Speech]]:
    """The paragraphs, and line by line those that are too long for one part."""
    for paragraph in paragraphs:
        yield from [paragraph] if tokens(paragraph) <= budget else ([line] for line in paragraph)
