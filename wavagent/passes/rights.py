"""Refuse what nobody may do: imitate a voice without consent; and, where a story is to be sold, sell what is not free.

A voice is cloned only where the script says who allowed it, when and in which words, whatever the story is for. Tools
that the compiler chooses are its own affair; this is about voices, recordings, what else of the project something is
made with, and tools named in a chain.
"""

import re
from collections.abc import Iterator

from wavagent.errors import ScriptError
from wavagent.passes.draft import Draft
from wavagent.script import Material, Music, Recording, Script
from wavagent.script.material import materials
from wavagent.text import shown
from wavagent.tool import Toolbox

_NOT_FOR_SALE = re.compile(r"(?<![a-z])(nc|non-?commercial|all rights reserved|unknown)(?![a-z])", re.IGNORECASE)
"""What a licence says that forbids it, or that nobody knows: CC-BY-NC-4.0, unknown, non-commercial."""


def rights(draft: Draft) -> Draft:
    """`draft` unchanged. Raises ScriptError, with the reason: for a cloned voice always, else in commercial mode."""
    found = obstacles(draft.script, draft.toolbox) if draft.commercial else _voices(draft.script)
    for obstacle in found:
        raise ScriptError(obstacle)
    return draft


def obstacles(script: Script, toolbox: Toolbox) -> Iterator[str]:
    """Why `script` may not be sold, as far as it says so itself."""
    yield from _voices(script)
    yield from _recordings(script, toolbox)


def _voices(script: Script) -> Iterator[str]:
    for character in script.cast:
        voice = character.voice
        if voice is not None and voice.reference is not None and voice.consent is None:
            yield (
                f"{shown(character.name)} has the voice of a recording, '{shown(voice.reference)}', without the "
                "consent of whoever speaks there; ask them, and write who allowed it, in which words and when, with "
                "the sha256 of the recording, as its `consent` (`wavagent clone` does), or choose another voice"
            )


def _recordings(script: Script, toolbox: Toolbox) -> Iterator[str]:
    for element in script.elements:
        if not isinstance(element, Recording | Music):
            continue
        for material in materials(element):
            yield from _file(material, f"'{shown(material.file)}' of {element.kind} '{element.id}'")
        if isinstance(element, Recording):
            about = f"recording '{element.id}' ('{shown(element.file)}')"
            yield from _file(element, about)
            yield from (f"{about}: {why}" for why in _chain(element, toolbox))


def _file(file: Recording | Material, about: str) -> Iterator[str]:
    if not file.licence.strip():
        yield (
            f"{about} does not say whether it may be used commercially; give it `licence`: 'own' when it is yours, "
            "else the name of its licence"
        )
    elif _NOT_FOR_SALE.search(file.licence):
        yield f"{about} may not be used commercially: its licence is {shown(file.licence)}; use another one"


def _chain(recording: Recording, toolbox: Toolbox) -> Iterator[str]:
    for name in (name for step in recording.chain for name in step.tools):
        card = toolbox[name].card
        if card.bar:
            yield f"tool '{card.name}' may not be used commercially: {card.bar}; take it out of the chain"
