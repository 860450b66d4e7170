"""The words of a text, with the times of the tokens that it was made of."""

import re
from collections.abc import Callable, Sequence

from wavagent.audio import Word

_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f]|[^\s\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff\u1000-\u109f]+"
)
"""What stands between spaces; in scripts without them, a character."""


def placed(
    text: str, tokens: Sequence[int], times: Sequence[float], decode: Callable[[Sequence[int]], str]
) -> tuple[Word, ...]:
    """The words of `text`, which `decode(tokens)` gave; `times` are one more than the tokens, in seconds."""
    reach = [len(decode(tokens[: count + 1]).rstrip("\ufffd")) for count in range(len(tokens))]
    found = []
    for match in _WORD.finditer(text):
        first = _token_at(reach, match.start())
        last = _token_at(reach, match.end() - 1)
        start, end = float(times[first]), float(times[last + 1])
        found.append(Word(start, max(start, end), match.start(), match.end()))
    return tuple(found)


def _token_at(reach: Sequence[int], place: int) -> int:
    """The token that brought the character at `place`."""
    return next((token for token, end in enumerate(reach) if end > place), len(reach) - 1)
