"""`wavagent diff`: what parts two revisions of a story, in words, in the text, and to the ear."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from wavagent.cli.options import Commercial, Json, StoreUrl

if TYPE_CHECKING:
    from wavagent.heard import Heard
    from wavagent.project import Compared

Name = Annotated[str, typer.Argument(metavar="REV", help="A number of the log, -1, last, first, now, a hash.")]


def diff(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project's folder.")],
    before: Name = "-1",
    after: Name = "now",
    commercial: Commercial = False,
    store: StoreUrl = "",
    as_json: Json = False,
) -> int:
    """Compare two revisions: what changed, the text, and which seconds sound otherwise. Nothing is rendered.

    Without REV it is what the last edit did.
    """
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.heard import heard
    from wavagent.project import Project

    found = Project.open(project)
    compared = found.diff(before, after)
    maker = studio(Reporter(quiet=True), store=store, seed=compared.after.seed, commercial=commercial)
    sound = heard(compared.before, compared.after, maker, found.folder)
    if as_json:
        print(json.dumps(_data(compared, sound), ensure_ascii=False))
        return 0
    for sentence in compared.changes:
        print(sentence)
    print(f"\n{compared.text}", end="")
    print(f"\n{sound}")
    return 0


def _data(compared: "Compared", sound: "Heard") -> dict[str, Any]:
    from wavagent.script.diff import differences

    return {
        "changes": list(compared.changes),
        "text": compared.text,
        "differences": [one._asdict() for one in differences(compared.before, compared.after)],
        "heard": sound.to_json(),
    }
