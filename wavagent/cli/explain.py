"""`wavagent explain`: why an element is made by this tool, with what, and why it runs again."""

import json
from pathlib import Path
from typing import Annotated

import typer

from wavagent.cli.options import Commercial, Json, StoreUrl


def explain(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project's folder, or a script.json.")],
    element: Annotated[str, typer.Argument(metavar="ELEMENT", help="The id of an element or a character.")],
    commercial: Commercial = False,
    store: StoreUrl = "",
    as_json: Json = False,
) -> int:
    """Say why a tool was chosen for an element, what it is given, and why it runs again; nothing runs."""
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.project import records_of, script_in, takes_of

    script, folder = script_in(project)
    takes = takes_of(folder)
    maker = studio(Reporter(quiet=True), store=store, seed=script.seed, commercial=commercial, takes=takes)
    found = maker.explain(script, element, folder, records_of(folder))
    if as_json:
        print(json.dumps(found.to_json(), ensure_ascii=False))
        return 0
    for sentence in found.sentences:
        print(sentence)
    return 0
