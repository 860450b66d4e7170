"""From operations to a patch that has been tried: what stands in the way of it is asked or said."""

from collections.abc import Mapping, Sequence

from wavagent.errors import Locked, Orphaned, ScriptError, WordsLost
from wavagent.grammar.finding import Missing, Open
from wavagent.grammar.understood import Choice, Focus
from wavagent.script import Script
from wavagent.script.patch import Edit, Patch, Remove, RemoveScene, apply, things
from wavagent.text import shown

WORDS, DEPENDENTS = "words", "dependents"
"""What may have to be settled: whether words may change, and what becomes of what hangs on what goes."""


def tried(
    script: Script, edits: Sequence[Edit], settled: Mapping[str, tuple[str, ...]], note: str
) -> tuple[Patch, Script]:
    """The patch of `edits`, and the script with it. Raises Open and Missing."""
    policy = settled.get(DEPENDENTS, ("refuse",))[0]
    done = tuple(_with_policy(edit, policy) for edit in edits)
    patch = Patch.of(script, *done, note=shown(note, 200))
    try:
        after = apply(script, patch)
    except WordsLost as error:
        patch = patch.model_copy(update={"words": _acknowledged(settled, error)})
        after = _applied(script, patch)
    except ScriptError as error:
        raise _told(error) from error
    if after == script:
        raise Missing("that is how it is already; nothing would change")
    return patch, after


def _applied(script: Script, patch: Patch) -> Script:
    try:
        return apply(script, patch)
    except ScriptError as error:
        raise _told(error) from error


def _told(error: ScriptError) -> Exception:
    if isinstance(error, Orphaned):
        choices = (
            Choice(label="take them out too", means=("remove",)),
            Choice(label="keep them at about the same moment", means=("reanchor",)),
        )
        names = ", ".join(error.dependents[:8])
        return Open(DEPENDENTS, f"{names} would be left without what they are tied to; what becomes of them?", choices)
    if isinstance(error, Locked):
        return Missing(f"{error} (say: unlock …)")
    return Missing(str(error))


def _acknowledged(settled: Mapping[str, tuple[str, ...]], error: WordsLost) -> str:
    """That words may change, if somebody said so. Raises Open, and Missing where they said no."""
    if WORDS not in settled:
        head = str(error).split("; to do it")[0]
        yes, no = Choice(label="yes", means=("changed",)), Choice(label="no", means=("kept",))
        raise Open(WORDS, f"{head}. Change the words all the same?", (yes, no))
    if settled[WORDS] != ("changed",):
        raise Missing("the words stay as they are")
    return "changed"


def _with_policy(edit: Edit, policy: str) -> Edit:
    if isinstance(edit, Remove | RemoveScene) and policy != "refuse":
        return edit.model_copy(update={"dependents": policy})
    return edit


def focus_of(patch: Patch, before: Script, after: Script) -> Focus:
    """What an edit was about: what it names and what it added, as far as it is there afterwards."""
    named = things(patch)
    old = {one.id for one in before.elements}
    new = [one.id for one in after.elements if one.id not in old]
    touched = {thing.id for thing in named if thing.kind == "element"} | set(new)
    characters = {thing.id for thing in named if thing.kind == "character"}
    scenes = {thing.id for thing in named if thing.kind == "scene"}
    return Focus(
        elements=tuple(one.id for one in after.elements if one.id in touched),
        characters=tuple(one.id for one in after.cast if one.id in characters),
        scenes=tuple(one.id for one in after.scenes if one.id in scenes),
    )
