"""The past of a story: what was done to it, taken back and done again, and what parts two revisions."""

from typing import Any

from pydantic import Field, JsonValue

from wavagent.errors import ScriptError
from wavagent.heard import heard
from wavagent.history import Entry
from wavagent.history.naming import stacks
from wavagent.operations.desk import Desk
from wavagent.operations.editing import entered
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.script.diff import differences
from wavagent.script.part import Part
from wavagent.script.patch import changes, readable_diff


class Back(Part):
    """`base` is the revision that was shown; with it, only that one is undone."""

    steps: int = Field(default=1, ge=1, le=100, description="So many edits.")
    base: str = ""


class Revision(Part):
    revision: str = Field(description="A number of the log, -1, first, last, or the start of a hash.")
    base: str = ""


class Log(Part):
    last: int = Field(default=20, ge=1, le=1000, description="So many of the last revisions.")


class Between(Part):
    before: str = Field(default="-1", description="A number of the log, -1, first, last, now, or the start of a hash.")
    after: str = "now"


def _unchanged(desk: Desk, base: str) -> None:
    """Raises ScriptError when the story is not what was shown."""
    if base and desk.revision != base:
        raise ScriptError("the story was changed meanwhile; look at the log and say again what to take back")


def _undo(desk: Desk, wish: Back) -> Answer:
    return _stepped(desk, wish, lambda: desk.project.undo(desk.who))


def _redo(desk: Desk, wish: Back) -> Answer:
    return _stepped(desk, wish, lambda: desk.project.redo(desk.who))


def _stepped(desk: Desk, wish: Back, step: Any) -> Answer:
    """A revision for every step; what a killed process had done of them is not done again."""
    done = desk.done_before()
    if not done:
        _unchanged(desk, wish.base)
    while len(done) < wish.steps:
        done.append(step())
    said = [line for entry in done for line in (f"{entry.number}: {named(entry)}", *entered(entry).text)]
    data: list[JsonValue] = [one.to_json() for one in done]
    return Answer(tuple(said), data)


def _proposing(kind: str) -> Any:
    def propose(desk: Desk, wish: Back) -> Proposal:
        done, undone = stacks(desk.project.log())
        found = list(reversed(done if kind == "undo" else undone))[: wish.steps]
        if len(found) < wish.steps:
            there = f"only {len(found)}" if found else "nothing"
            raise ScriptError(f"there is {there} to {kind}")
        verb = "takes back" if kind == "undo" else "does again"
        last = found[-1]
        aim = (last.parent if kind == "undo" else last.revision) or ""
        before, after = desk.script, desk.project.at(aim)
        return Proposal(
            operation=kind,
            params={"steps": wish.steps, "base": desk.revision},
            says=(*(f"{verb} {one.number}: {named(one)}" for one in found), *changes(before, after)),
            diff=readable_diff(before, after),
            changes=True,
        )

    return propose


def _restore(desk: Desk, wish: Revision) -> Answer:
    def back() -> Entry:
        _unchanged(desk, wish.base)
        return desk.project.restore(wish.revision, desk.who)

    return entered(desk.once(back))


def _would_restore(desk: Desk, wish: Revision) -> Proposal:
    before, after = desk.script, desk.project.at(wish.revision)
    name = desk.project.history.resolve(wish.revision) if wish.revision not in ("now", "head") else desk.revision
    return Proposal(
        operation="restore",
        params={"revision": name, "base": desk.revision},
        says=(f"goes back to {name[:12]}", *changes(before, after)),
        diff=readable_diff(before, after),
        changes=True,
    )


def _log(desk: Desk, wish: Log) -> Answer:
    entries = desk.project.log()[-wish.last :]
    data: list[JsonValue] = [one.to_json() for one in entries]
    return Answer(tuple(f"{one.number}  {one.when}  {named(one)}" for one in reversed(entries)), data)


def _diff(desk: Desk, wish: Between) -> Answer:
    compared = desk.project.diff(wish.before, wish.after)
    sound = heard(compared.before, compared.after, desk.studio, desk.folder)
    told: list[JsonValue] = [one._asdict() for one in differences(compared.before, compared.after)]
    data: dict[str, JsonValue] = {
        "changes": list(compared.changes),
        "text": compared.text,
        "differences": told,
        "heard": dict(sound.to_json()),  # type: ignore[arg-type]
    }
    return Answer((*compared.changes, "", *compared.text.splitlines(), "", str(sound)), data)


def named(entry: Entry) -> str:
    """What an entry is, in a few words."""
    names = {"undo": f"takes back {entry.of}", "redo": f"does {entry.of} again", "hand": "by hand"}
    what = names.get(entry.kind, entry.kind)
    return f"{what}: {entry.note}" if entry.note else what


PAST: tuple[Operation[Any], ...] = (
    Operation("undo", "Take the last edits back.", Back, _undo, _proposing("undo"), changes=True),
    Operation("redo", "Do again what was last undone.", Back, _redo, _proposing("redo"), changes=True),
    Operation("restore", "Go back to any revision.", Revision, _restore, _would_restore, changes=True),
    Operation("log", "List the revisions: when, by whom, why, and what changed.", Log, _log),
    Operation("diff", "Compare two revisions: in words, in the text, and to the ear.", Between, _diff),
)
