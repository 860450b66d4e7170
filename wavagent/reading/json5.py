"""The JSON that people and models write: comments, trailing commas, single quotes, bare keys.

A tokenizer turns it into JSON, in time linear in its length; the json5 package reads 45 kB in a second.
"""

import json
import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*(?:.*?\*/|.*))"
    r"|(?P<string>\"[^\"\\]*(?:\\.[^\"\\]*)*\"?|'[^'\\\n]*(?:\\.[^'\\\n]*)*')"
    r"|(?P<word>[A-Za-z_$][\w$]*)"
    r"|(?P<number>[+-]?(?:\.\d+|\d+\.(?!\d))|\+\d+(?:\.\d+)?)"
    r"|(?P<space>\s+)"
    r"|(?P<other>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|\r?\n|.)|([\"\x00-\x1f])", re.DOTALL)
_MOST_FAULTS = 500  # objects that cannot be read; each is tried to its end
_LITERALS = frozenset({"true", "false", "null"})


def to_json(text: str) -> str:
    """`text` from its first bracket on as JSON, where it can be; what is broken stays broken."""
    first = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=len(text))
    return "".join(_pieces(text[first:]))


def objects(text: str) -> Iterator[dict[str, object] | str]:
    """The objects of a list in `text`, in order; for one that cannot be read, the reason."""
    decoder = json.JSONDecoder()
    at = faults = 0
    while faults < _MOST_FAULTS and (at := text.find("{", at)) >= 0:
        try:
            value, at = decoder.raw_decode(text, at)
            yield value
        except (ValueError, RecursionError) as error:
            faults += 1
            yield str(error)
            following = text.find("{", at + 1)
            at = following if following >= 0 else len(text)


def _pieces(text: str) -> Iterator[str]:
    comma = ""
    for match in _TOKEN.finditer(text):
        if match.lastgroup in ("comment", "space"):
            continue
        if comma and match[0] not in "}]":
            yield comma
        comma = "," if match[0] == "," else ""
        if not comma:
            yield _token(match)


def _token(match: re.Match[str]) -> str:
    token = match[0]
    if match.lastgroup == "string":
        whole = len(token) > 1 and token[-1] == token[0]
        return f'"{_ESCAPE.sub(_escaped, token[1:-1] if whole else token[1:])}"'
    if match.lastgroup == "word":
        return token if token in _LITERALS else f'"{token}"'
    return str(float(token)) if match.lastgroup == "number" else token


def _escaped(match: re.Match[str]) -> str:
    """One escape of JSON5, or one character that JSON wants escaped, as JSON writes it."""
    escape, raw = match[1], match[2]
    if raw is not None:
        return json.dumps(raw)[1:-1]
    if escape[0] == "x" and len(escape) == 3:
        return f"\\u00{escape[1:]}"
    if escape.endswith("\n"):
        return ""
    return f"\\{escape}" if escape[0] in 'ubfnrt"\\/' and escape != "u" else json.dumps(escape)[1:-1]
