"""`wavagent edit`: apply a patch to a story, or see what it would do."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wavagent.cli.options import Json, Quiet

if TYPE_CHECKING:
    from wavagent.project import Project
    from wavagent.script.patch import Patch


def edit(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project's folder.")],
    patch: Annotated[str, typer.Argument(metavar="PATCH", help="A patch as JSON (docs/patches.md); - reads it here.")],
    note: Annotated[str, typer.Option("--note", "-m", help="Why; kept in the log.")] = "",
    dry: Annotated[bool, typer.Option("--dry-run", help="Show what it would change, and change nothing.")] = False,
    moved: Annotated[
        bool, typer.Option("--rebase", help="Also a patch for an earlier revision, where nothing it touches changed.")
    ] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Apply a patch, whole or not at all; without a `base` it is for the script as it is."""
    from wavagent.cli.reporter import Reporter
    from wavagent.project import Project

    found = Project.open(project)
    wanted = _patch(patch, found)
    if dry:
        return _preview(found, wanted, as_json)
    entry = found.commit(wanted, note, "wavagent edit", moved=moved)
    if as_json:
        print(json.dumps(entry.to_json(), ensure_ascii=False))
    reporter = Reporter(quiet)
    for sentence in (*entry.changes, *([f"and {entry.more} more"] if entry.more else [])):
        reporter.say(sentence)
    return 0


def _preview(project: "Project", patch: "Patch", as_json: bool) -> int:
    from wavagent.script.patch import apply, changes, readable_diff, touched

    script = project.script
    after = apply(script, patch)
    sentences, text = changes(script, after), readable_diff(script, after)
    if as_json:
        print(json.dumps({"changes": sentences, "text": text, "touches": touched(patch)}, ensure_ascii=False))
        return 0
    for sentence in sentences:
        print(sentence)
    print(f"\n{text}", end="")
    return 0


def _patch(source: str, project: "Project") -> "Patch":
    """The patch in a file, or on standard input. Raises InputError."""
    from pydantic import ValidationError

    from wavagent.errors import InputError
    from wavagent.script.file import explained
    from wavagent.script.patch import Patch
    from wavagent.text import shown

    name = "standard input" if source == "-" else f"'{shown(source)}'"
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8-sig")
        data: Any = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{name} cannot be read as a patch ({shown(str(error), 120)}); see docs/patches.md") from error
    if isinstance(data, list):  # operations alone
        data = {"operations": data}
    if isinstance(data, dict):
        data = {"base": project.revision, **data}
    try:
        return Patch.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{name} is no patch: {explained(error)}; see docs/patches.md") from error
