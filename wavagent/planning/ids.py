"""Ids: what a character is called in a script."""

from collections.abc import Container

from wavagent.text import slug


def id_of(name: str, taken: Container[str]) -> str:
    """An id for somebody of this name that is not `taken` yet: the name in ASCII, with a number where need be."""
    stem = slug(name, "speaker")
    stem = stem if stem[0].isalpha() else f"c-{stem}"
    id, number = stem, 1
    while id in taken:
        number += 1
        id = f"{stem}-{number}"
    return id
