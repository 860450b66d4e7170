"""Refuse a script that cannot become a story: anchors to words that are not there, unknown tools."""

from collections.abc import Iterator

from wavagent.errors import ScriptError, UnknownTool
from wavagent.passes.draft import Draft
from wavagent.script import Recording, Script, Sound, anchors_of
from wavagent.script.bed import Bed
from wavagent.text import words
from wavagent.tool import Toolbox


def validate(draft: Draft) -> Draft:
    """`draft` unchanged. Raises ScriptError or UnknownTool."""
    _words_are_there(draft.script)
    for element, tool in _tools(draft.script):
        _known(draft.toolbox, tool, element)
    return draft


def _words_are_there(script: Script) -> None:
    counts = {line.id: len(words(line.text)) for line in script.lines}
    for element in script.elements:
        for anchor in anchors_of(element):
            if anchor.word is not None and anchor.word >= counts[anchor.element]:
                count = counts[anchor.element]
                raise ScriptError(
                    f"'{element.id}' is anchored to word {anchor.word} of '{anchor.element}', which has {count} words "
                    "counted from 0"
                )


def _tools(script: Script) -> Iterator[tuple[str, str]]:
    """(who asks, tool) for every tool that the script names."""
    for character in script.cast:
        if character.voice is not None:
            yield character.id, character.voice.tool
    for element in script.elements:
        if isinstance(element, Sound | Bed) and element.tool is not None:
            yield element.id, element.tool
        if isinstance(element, Recording):
            yield from ((element.id, name) for step in element.chain for name in step.tools)


def _known(toolbox: Toolbox, name: str, element: str) -> None:
    try:
        toolbox[name]
    except UnknownTool as error:
        raise UnknownTool(f"'{element}': {error}") from None
