"""`wavagent script`: look at a script: whether it holds, what is in it, what changed."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Json

if TYPE_CHECKING:
    from wavagent.script import Script

Place = Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project's folder, or a script.json.")]
Source = Annotated[
    Path | None, typer.Option("--source", metavar="FILE", help="Also hold it against the narrative, word for word.")
]


def check(script: Place, source: Source = None, as_json: Json = False) -> int:
    """Say whether a script can become a story, and what will not be as it asks; with --source, whether it is true."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.compiler import compile_script
    from wavagent.gather import gathered
    from wavagent.project import script_in
    from wavagent.script.readable import UNSURE
    from wavagent.tool import installed

    found, folder = script_in(script)
    if source is not None:
        _verbatim(found, source)
    folder = folder.resolve()
    compiled = compile_script(gathered(found, folder), installed(), folder=folder)
    unsure = [line.id for line in found.lines if line.confidence < UNSURE]
    findings = [{"element": one.element, "message": one.message} for one in compiled.findings]
    calls = len(compiled.graph)
    if as_json:
        print(json.dumps({"calls": calls, "unsure": unsure, "findings": findings}, ensure_ascii=False))
    else:
        print(
            f"{len(found.scenes)} scenes, {len(list(found.lines))} lines, {calls} calls, {len(unsure)} lines to check"
        )
        for one in findings:
            print(f"{one['element']}: {one['message']}")
    return DEGRADED if any(one.degraded for one in compiled.findings) else OK


def show(script: Place) -> int:
    """Print a script as Markdown, for reading."""
    from wavagent.project import script_in
    from wavagent.script.readable import readable

    print(readable(script_in(script)[0]), end="")
    return 0


def diff(before: Place, after: Place, as_json: Json = False) -> int:
    """Print what changed from one script to another: cast, scenes, lines, sounds, by their ids."""
    from wavagent.project import script_in
    from wavagent.script.diff import differences

    found = differences(script_in(before)[0], script_in(after)[0])
    if as_json:
        print(json.dumps([one._asdict() for one in found], ensure_ascii=False))
    for one in () if as_json else found:
        print(one)
    return 0


def _verbatim(script: "Script", source: Path) -> None:
    """Raises ScriptError where the lines of `script` are not the text of the narrative in `source`."""
    from wavagent.errors import ScriptError
    from wavagent.reading import read
    from wavagent.text import shown

    wanted, found = read(source).text, script.text
    if wanted == found:
        return
    at = next((at for at, (one, other) in enumerate(zip(wanted, found, strict=False)) if one != other), None)
    at = min(len(wanted), len(found)) if at is None else at
    raise ScriptError(
        f"the script is not '{shown(source.name)}' word for word: from character {at} on the text has "
        f"'{shown(wanted[at : at + 40])}' and the script '{shown(found[at : at + 40])}'"
    )
