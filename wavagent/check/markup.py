"""Leaked markup: tags and entities in the text of a line, which most voices read aloud."""

import re
from collections.abc import Iterator

from wavagent.check.take import Fault, Take
from wavagent.text import shown

_TAG = re.compile(r"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>|<!--|<\|[^<>|]*\|>|&(?:[a-z]{2,8}|#x?[0-9a-fA-F]{1,6});")
"""A tag of XML, HTML or SSML, a model's own token (`<|en|>`), an entity."""

_CUE = re.compile(
    r"[\[({]\s*(?:(?:emotion|style|tone|voice|speaker|pause|break|sfx|sound|music)\s*[:=][^\])}]*"
    r"|(?:soft(?:ly)?|loud(?:ly)?|nervous(?:ly)?|quiet(?:ly)?)?\s*(?:laugh(?:s|ter|ing)?|chuckles?|giggles?|sighs?|gasps?"
    r"|sobs?|coughs?|sniff(?:s|les)?|breathes?|clears throat|whisper(?:s|ing)|shout(?:s|ing)|pause[sd]?|silence|music))"
    r"\s*[\])}]",
    re.IGNORECASE,
)
"""A stage direction for a voice in brackets: `[laughs]`, `(emotion: sad)`."""


def markup(take: Take) -> Fault | None:
    if not take.spoken:
        return None
    found = next(leaks(take.text), None)
    return None if found is None else Fault("markup", f"may say '{shown(found, 40)}', which is markup, not words")


def leaks(text: str) -> Iterator[str]:
    """Whatever in `text` looks like markup."""
    for pattern in (_TAG, _CUE):
        yield from (match[0] for match in pattern.finditer(text))
