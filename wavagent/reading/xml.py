"""XML without its dangers: nothing outside the file is fetched, no entity is declared, nothing nests without end."""

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from html.entities import html5
from typing import Protocol
from xml.parsers import expat

from wavagent.errors import InputError

DEEPEST = 400
_PREFIXES = {
    "http://www.idpf.org/2007/ops": "epub:",
    "http://www.w3.org/XML/1998/namespace": "xml:",
}


class Malformed(Exception):
    """A file is not well-formed XML."""


class Listener(Protocol):
    """What is told of tags and text, in the order they come; names are local ones, in lower case."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def text(self, text: str) -> None: ...


def parse(data: bytes, name: str, listener: Listener) -> None:
    """Tells `listener` what is in `data`. Raises Malformed, and InputError when it is hostile."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.UseForeignDTD(True)  # so that names like &nbsp; are told, not refused
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise InputError(f"'{name}' nests its markup more than {DEEPEST} deep; get the file from where it was made")
        listener.start(_local(tag), {_attribute(key): value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        listener.end(_local(tag))

    def entity(*_: object) -> None:
        raise InputError(f"'{name}' declares entities, as bombs do; take its <!ENTITY> lines out")

    def skipped(entity: str, parameter: bool) -> None:
        if not parameter:
            listener.text(html5.get(f"{entity};", f"&{entity};"))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = listener.text
    parser.EntityDeclHandler = entity
    parser.SkippedEntityHandler = skipped
    parser.ExternalEntityRefHandler = lambda *_: 1
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: an encoding it does not know
        raise Malformed(str(error)) from error


class _Tree:
    def __init__(self) -> None:
        self.builder = ET.TreeBuilder()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.builder.start(tag, dict(attributes))

    def end(self, tag: str) -> None:
        self.builder.end(tag)

    def text(self, text: str) -> None:
        self.builder.data(text)


def tree(data: bytes, name: str) -> ET.Element:
    """A small file as a tree of local names. Raises InputError."""
    listener = _Tree()
    try:
        parse(data, name, listener)
        return listener.builder.close()
    except (Malformed, AssertionError) as error:
        raise InputError(f"'{name}' is damaged ({error}); get the file again") from error


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2].rpartition(":")[2].lower()


def _attribute(key: str) -> str:
    namespace, _, local = key.rpartition(" ")
    return _PREFIXES.get(namespace, "") + local
