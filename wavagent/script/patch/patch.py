"""A patch: operations on ids and the revision they were made for. It can be shown, refused, applied and undone."""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field

from wavagent.errors import ScriptError, Stale
from wavagent.script.diff import Difference, differences
from wavagent.script.file import dumps, loads
from wavagent.script.part import Part
from wavagent.script.patch.check import accounted, faults
from wavagent.script.patch.delta import delta
from wavagent.script.patch.edit import Edit, Thing
from wavagent.script.patch.elements import orphans
from wavagent.script.patch.operations import Operation
from wavagent.script.patch.story import SetSource
from wavagent.script.script import Script

Revision = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="sha256 of the canonical script.json")]


class Patch(Part):
    """Operations, done in order and together, on the script whose revision is `base`.

    `words` says whether the patch may change the words of a verbatim script, which then is verbatim no more. `note` is
    why it was made.
    """

    base: Revision
    operations: tuple[Operation, ...]
    words: Literal["kept", "changed"] = "kept"
    note: str = ""

    @classmethod
    def of(cls, script: Script, *operations: Edit, words: Literal["kept", "changed"] = "kept", note: str = "") -> Self:
        """A patch for `script` as it is."""
        return cls.model_validate({"base": revision(script), "operations": operations, "words": words, "note": note})


def revision(script: Script) -> str:
    """The name of a script's content: sha256 of its canonical JSON. Raises ScriptError for what cannot be written."""
    try:
        return hashlib.sha256(dumps(script).encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise ScriptError(f"the script holds half a character ({error.reason}) and cannot be written") from error


def apply(script: Script, patch: Patch, *, base: Script | None = None) -> Script:
    """`script` with all of `patch` done. All of it or nothing: what is refused changes nothing.

    `base` is the script that the patch was made for, if it is at hand; a refusal then says what changed since. Raises
    Stale, Unknown, Locked, WordsLost, Orphaned, and ScriptError for whatever else would make no script.
    """
    if patch.base != revision(script):
        raise _stale(script, patch, base)
    done = run(script, patch.operations)
    orphans(done)
    done = _settled(script, done, patch, said=patch.words == "changed")
    known = faults(script)
    if new := [fault for fault in faults(done) if fault not in known]:
        raise ScriptError(new[0])
    return done


def run(script: Script, operations: Sequence[Edit]) -> Script:
    """`script` after `operations`, whether it holds or not. Raises ScriptError for what cannot be done."""
    for operation in operations:
        script = operation.apply(script)
    return script


def replay(script: Script, patch: Patch) -> Script:
    """What `apply` once made of `script` with `patch`, which was accepted then. Raises ScriptError."""
    return _settled(script, run(script, patch.operations), patch, said=True)


def _settled(before: Script, after: Script, patch: Patch, *, said: bool) -> Script:
    """`after` as its file will have it. Raises WordsLost and ScriptError."""
    sourced = any(isinstance(operation, SetSource) for operation in patch.operations)
    return loads(dumps(accounted(before, after, said=said, sourced=sourced)), "the edited script")


def difference(before: Script, after: Script, note: str = "") -> Patch:
    """The patch that makes `after` of `before`, byte for byte, whatever was done to it."""
    words: Literal["kept", "changed"] = "kept" if before.text == after.text else "changed"
    return Patch(base=revision(before), operations=delta(before, after), words=words, note=note)


def invert(script: Script, patch: Patch) -> Patch:
    """The patch that takes `patch` back: applied after it, it gives `script` again, byte for byte.

    Raises what `apply` raises.
    """
    return difference(apply(script, patch), script, f"undo: {patch.note}" if patch.note else "undo")


def things(patch: Patch) -> frozenset[Thing]:
    """Everything that the operations name and change."""
    return frozenset().union(*(operation.touches for operation in patch.operations))


def touched(patch: Patch) -> tuple[str, ...]:
    """The ids of the elements that the operations name and change, sorted."""
    return tuple(sorted(thing.id for thing in things(patch) if thing.kind == "element"))


def rebase(patch: Patch, base: Script, onto: Script) -> Patch:
    """`patch`, made for `base`, for the script `onto` that came of it meanwhile.

    Raises Stale when something that the patch touches was changed since, and whatever `apply` raises on `onto`.
    """
    if patch.base != revision(base):
        raise Stale("this patch was made for another script than the one it is moved from; make it anew")
    changed = {thing: one for one in differences(base, onto) if (thing := _thing(one)) is not None}
    for script in (base, onto):  # in `onto` it may reach what was added since
        if met := _reach(patch, script) & changed.keys():
            told = tuple(str(changed[thing]) for thing in sorted(met))
            raise Stale(f"what this patch touches was changed meanwhile: {'; '.join(told[:5])}; make it anew", told)
    moved = patch.model_copy(update={"base": revision(onto)})
    apply(onto, moved)
    return moved


def _reach(patch: Patch, script: Script) -> frozenset[Thing]:
    reached: frozenset[Thing] = frozenset()
    for operation in patch.operations:
        reached |= operation.reach(script)
        script = operation.apply(script)
    return reached


def _thing(one: Difference) -> Thing | None:
    if one.kind == "script":
        return None if one.field == "words" else Thing("story", one.field)
    kinds: dict[str, Literal["character", "scene"]] = {"character": "character", "scene": "scene"}
    return Thing(kinds.get(one.kind, "element"), one.id)


def _stale(script: Script, patch: Patch, base: Script | None) -> Stale:
    head = f"this patch was made for revision {patch.base[:12]} and the script is at {revision(script)[:12]}"
    if base is None or revision(base) != patch.base:
        return Stale(f"{head}; make it anew, or rebase it")
    told = tuple(str(one) for one in differences(base, script))
    more = f" and {len(told) - 5} more" if len(told) > 5 else ""
    return Stale(f"{head}; meanwhile: {'; '.join(told[:5])}{more}; make it anew, or rebase it", told)
