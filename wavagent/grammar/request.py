"""A request as it is read: quotations set aside, courtesies taken off, cut into clauses."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from wavagent.grammar.pattern import CLOSING, OPENING

LONGEST = 400
"""Characters of a request outside its quotations; what is longer is no command."""

MOST_CLAUSES = 8

_QUOTED = re.compile(
    r'"([^"]*)"|“([^”]*)”|„([^“”]*)[“”]|«([^»]*)»|‘([^’]*)’(?!\w)|(?<!\w)\'((?:[^\']|(?<=\w)\'(?=\w))*)\'(?!\w)|`([^`]*)`'
)
_POLITE = re.compile(
    r"^(?:(?:please|pls|ok(?:ay)?|hey|hi|hello|well|so|now|then|and|also|but|just|oh|yes|(?:no )?wait(?=,))[, ]+"
    r"|(?:can|could|would|will) (?:you|we)(?: please)? (?:just )?|(?:i(?:'d| would) (?:like|love|want)(?: you)? to"
    r"|i want(?: you)? to|i need(?: you)? to|let's|let us|let me|go ahead and|do) )+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"[ ,]*(?:\b(?:please|pls|thanks|thank you|(?<!word )now|for me|too|as well|again please)\b[ ,]*|[.!?…]+)+$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"\s*(?:[,;.!]\s+(?:and then|and|then)\b|[,;.!](?=\s)|\band then\b|\band\b|\bthen\b)\s+", re.IGNORECASE
)


@dataclass(frozen=True)
class Request:
    """`text` is one line in which a quotation is only its number; `quotes` are the quotations, to the character."""

    text: str
    quotes: tuple[str, ...] = ()

    @classmethod
    def of(cls, said: str) -> "Request":
        quotes: list[str] = []

        def aside(match: re.Match[str]) -> str:
            quotes.append(next((group for group in match.groups() if group is not None), ""))
            return f" {OPENING}{len(quotes) - 1}{CLOSING} "

        plain = said.replace(OPENING, " ").replace(CLOSING, " ")
        plain = unicodedata.normalize("NFC", _QUOTED.sub(aside, plain))
        plain = plain.replace("’", "'").replace("–", "-").replace("—", "-").replace("−", "-")
        return cls(re.sub(r" ([,;:.!?])", r"\1", " ".join(plain.split())), tuple(quotes))

    @property
    def bare(self) -> "Request":
        """The request without its courtesies and its full stop."""
        text = self.text
        while (less := _THANKS.sub("", _POLITE.sub("", text)).strip()) != text:
            text = less
        return Request(text, self.quotes)

    def quote(self, token: str) -> str:
        """The quotation that a token stands for."""
        return self.quotes[int(token.strip(OPENING + CLOSING))]

    def restored(self, text: str) -> str:
        """`text` with its quotations in it again."""
        return re.sub(rf"{OPENING}(\d+){CLOSING}", lambda match: f"“{self.quotes[int(match.group(1))]}”", text)

    def clauses(self) -> Iterator[tuple["Request", ...]]:
        """The ways to cut the request into several: at all commas and "then" only, or at "and" too."""
        seen: list[tuple[str, ...]] = []
        for cut in (
            re.compile(r"\s*(?:[,;.!]\s+(?:and then|and|then)\b|[;,.!](?=\s)|\b(?:and )?then\b)\s+", re.I),
            _CUT,
        ):
            parts = tuple(part for part in cut.split(self.text) if part.strip())
            if 1 < len(parts) <= MOST_CLAUSES and parts not in seen:
                seen.append(parts)
                yield tuple(Request(part, self.quotes) for part in parts)
