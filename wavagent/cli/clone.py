"""`wavagent clone`: a character speaks with the voice of a recording, with the consent of whoever speaks there."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Commercial, Json, Prefer, Quiet, StoreUrl

if TYPE_CHECKING:
    from wavagent.script import Script


def clone(
    project: Annotated[Path, typer.Argument(metavar="PROJECT", help="A project's folder.")],
    character: Annotated[str, typer.Argument(metavar="CHARACTER", help="Somebody of the cast, by name or id.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A recording of the voice: any sound file.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Whoever speaks there, and allows it.")] = "",
    statement: Annotated[str, typer.Option(metavar="TEXT", help="The words in which they allowed it.")] = "",
    date: Annotated[str, typer.Option(metavar="DATE", help="When they did.")] = "",
    words: Annotated[str, typer.Option(metavar="TEXT", help="What is said there; some tools have to know.")] = "",
    tool: Annotated[str, typer.Option(metavar="TOOL", help="That clones it; without it, the first ready one.")] = "",
    commercial: Commercial = False,
    prefer: Prefer = None,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Copy a recording into the project, with the consent of its speaker, and give a character its voice."""
    from wavagent.cli.options import studio
    from wavagent.cli.reporter import Reporter
    from wavagent.operations import Desk, do, operation, propose
    from wavagent.project import Project

    _stated(by, statement, date)
    reporter, found = Reporter(quiet), Project.open(project)
    with reporter.watching():
        maker = studio(reporter, store=store, seed=found.script.seed, commercial=commercial, prefer=prefer)
        desk, who = Desk(found.folder, maker, who="wavagent clone"), _id(found.script, character)
        wish = {"character": who, "file": desk.add(file), "words": words, "tool": tool}
        wish |= {"person": by, "statement": statement, "date": date}
        proposal = propose(desk, operation("clone"), wish)
        assert proposal is not None
        answer = do(desk, operation(proposal.operation), proposal.params)
    if as_json:
        print(json.dumps(answer.data, ensure_ascii=False))
    for sentence in (*answer.text, f"hear it with: wavagent cast {project} --audition DIR"):
        reporter.say(sentence)
    return 0


def _stated(by: str, statement: str, date: str) -> None:
    """Raises InputError when the consent is not whole."""
    from wavagent.errors import InputError

    if not (by.strip() and statement.strip() and date.strip()):
        raise InputError(
            "nobody's voice is cloned without their consent; say who gave it with --by, in which words with "
            "--statement, and when with --date"
        )


def _id(script: "Script", name: str) -> str:
    """The id of somebody in the cast. Raises InputError."""
    from wavagent.errors import InputError
    from wavagent.text import shown

    wanted = name.casefold()
    named = [one.id for one in script.cast if wanted in (one.id, one.name.casefold())]
    named += [one.id for one in script.cast if wanted in (alias.casefold() for alias in one.aliases)]
    if named:
        return named[0]
    names = ", ".join(shown(one.name, 30) for one in script.cast[:8])
    raise InputError(f"there is nobody called '{shown(name)}' in the cast: {names}")
