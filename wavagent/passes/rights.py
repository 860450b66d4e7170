"""Refuse, where a story is to be sold, what the script itself names and nobody may sell.

Tools that the compiler chooses are its own affair; this is about voices, recordings, and tools named in a chain.
"""

import re
from collections.abc import Iterator

from wavagent.errors import ScriptError
from wavagent.passes.draft import Draft
from wavagent.script import Recording, Script
from wavagent.text import shown
from wavagent.tool import Toolbox

_NOT_FOR_SALE = re.compile(r"(?<![a-z])(nc|non-?commercial|all rights reserved|unknown)(?![a-z])", re.IGNORECASE)
"""What a licence says that forbids it, or that nobody knows: CC-BY-NC-4.0, unknown, non-commercial."""


def rights(draft: Draft) -> Draft:
    """`draft` unchanged. Raises ScriptError, with the reason, in commercial mode only."""
    if draft.commercial:
        for obstacle in obstacles(draft.script, draft.toolbox):
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
                "consent of whoever speaks there; add `consent` to it, or choose another voice"
            )


def _recordings(script: Script, toolbox: Toolbox) -> Iterator[str]:
    for element in script.elements:
        if not isinstance(element, Recording):
            continue
        about = f"recording '{element.id}' ('{shown(element.file)}')"
        if not element.licence.strip():
            yield (
                f"{about} does not say whether it may be used commercially; give it `licence`: 'own' when it is yours, "
                "else the name of its licence"
            )
        elif _NOT_FOR_SALE.search(element.licence):
            yield f"{about} may not be used commercially: its licence is {shown(element.licence)}; use another one"
        yield from (f"{about}: {why}" for why in _chain(element, toolbox))


def _chain(recording: Recording, toolbox: Toolbox) -> Iterator[str]:
    for name in (name for step in recording.chain for name in step.tools):
        card = toolbox[name].card
        if card.bar:
            yield f"tool '{card.name}' may not be used commercially: {card.bar}; take it out of the chain"
