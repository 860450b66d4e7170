"""`wavagent tools`: the experts at hand, and the weights and environments of their own that some of them need."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from wavagent.cli.options import Json, Offline

if TYPE_CHECKING:
    from rich.text import Text

    from wavagent.environment import Environment
    from wavagent.tool import Tool, Toolbox, Weights

Name = Annotated[str, typer.Argument(metavar="NAME", help="A tool, as `wavagent tools` lists it.", show_default=False)]


def tools(
    context: typer.Context,
    task: Annotated[str, typer.Option(help="Only the tools for this task: speech, music, sound, …")] = "",
    as_json: Json = False,
) -> None:
    """List the expert tools, what they do, and what they need; install and remove what some need for themselves."""
    from wavagent.tool import installed

    if context.invoked_subcommand is not None:
        return
    box = installed()
    found = [tool for tool in box if not task or tool.card.task == task]
    if as_json:
        cards = [_card(tool) for tool in found]
        print(json.dumps({"tools": cards, "faults": dict(box.faults)}, ensure_ascii=False))
    else:
        _print(found, box)


def install(
    name: Name,
    force: Annotated[bool, typer.Option("--force", help="Make it anew, even if it is there.")] = False,
    offline: Offline = False,
) -> int:
    """Make the environment that a tool needs for itself, from the requirement file beside it, with uv or pip."""
    from wavagent.run.install import install as make
    from wavagent.run.worker import Worker

    tool, environment = _own(name)
    fresh = make(environment, force=force, offline=offline, say=_say)
    worker = Worker(tool, offline)
    try:
        worker.start()  # made is not enough: the tool has to come up in it
    finally:
        worker.close()
    _say(f"the environment of tool '{name}' is ready" + ("" if fresh else " as it was; --force makes it anew"))
    if lack := tool.lack():
        _say(f"tool '{name}' {lack}")
    return 0


def remove(name: Name) -> int:
    """Remove the environment of a tool, those for its older versions too. The tool itself stays."""
    from wavagent.run.install import remove as take_away
    from wavagent.tool import installed

    _, environment = _own(name)
    found = take_away(environment)
    users = ", ".join(tool.card.name for tool in installed() if tool.card.environment == environment.name)
    _say(f"removed the environment of {users}" if found else f"there is no environment of {users}")
    return 0


def fetch(
    name: Name,
    repo: Annotated[str, typer.Option(metavar="OWNER/NAME", help="Another repository of the same family.")] = "",
    revision: Annotated[str, typer.Option(help="A branch, a tag or a commit; what it is now is kept.")] = "",
    folder: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Take weights of your own, which nothing is fetched for.")
    ] = None,
    part: Annotated[str, typer.Option(help="Only this one of its models, where it has several.")] = "",
    allow_pickle: Annotated[
        bool, typer.Option("--allow-pickle", help="Take weights that can run code when they are loaded.")
    ] = False,
    offline: Offline = False,
) -> int:
    """Fetch the weights of a tool's models, and keep to that very commit from now on."""
    from wavagent.errors import InputError
    from wavagent.tool import installed
    from wavagent.weights import fetch as get
    from wavagent.weights import use

    tool = installed()[name]
    some = any(weights.optional for weights in tool.card.weights)
    chosen = _parts(tool, part, one=some or bool(repo or revision or folder))
    for weights in chosen:
        if folder is not None:
            if repo or revision:
                raise InputError("weights come from a --folder or from a --repo; say one of them")
            pin = use(tool, weights, folder, pickle=allow_pickle)
        elif offline:
            raise InputError("weights are fetched from the hub: run it without --offline, or name a --folder")
        else:
            pin = get(tool, weights, repo=repo, revision=revision, pickle=allow_pickle, say=_say)
        _say(f"tool '{name}' takes its weights from {pin.place}")
    if lack := tool.lack():
        _say(f"tool '{name}' {lack}")
    return 0


def _parts(tool: "Tool", part: str, *, one: bool) -> "tuple[Weights, ...]":
    """The weights of `tool` that are meant: of `one` part, the main one where none is named. Raises InputError when
    there are none, or one has to be named."""
    from wavagent.errors import InputError

    name, there = tool.card.name, [weights.part for weights in tool.card.weights]
    named = tool.weights_of(part) if part else None
    chosen = ((named,) if named else ()) if part else tool.card.weights
    if one and not part and "" in there:  # the model itself, of which the other parts are parts
        chosen = tuple(weights for weights in chosen if not weights.part)
    if not there:
        raise InputError(f"tool '{name}' has no weights to fetch: it {tool.lack() or 'is ready as it is'}")
    if not chosen or (one and len(chosen) > 1):
        parts = ", ".join(filter(None, there))
        raise InputError(f"tool '{name}' has " + (f"these parts: {parts}; name one, --part" if parts else "one part"))
    return chosen


def _own(name: str) -> "tuple[Tool, Environment]":
    """A tool and its environment. Raises UnknownTool, and InputError when it has none."""
    from wavagent.environment import Environment
    from wavagent.errors import InputError
    from wavagent.tool import installed

    tool = installed()[name]
    environment = Environment.of(tool)
    if environment is None:
        raise InputError(f"tool '{name}' has no environment of its own: it {tool.lack() or 'is ready as it is'}")
    return tool, environment


def _card(tool: "Tool") -> "dict[str, object]":
    from wavagent.errors import Unavailable

    edition, lack = "", tool.lack()
    try:
        edition = tool.edition if lack is None else ""
    except Unavailable as error:
        lack = str(error)
    card = tool.card.model_dump(mode="json", exclude={"voices"})
    return {**card, "ready": lack is None, "lack": lack, "edition": edition}


def _print(found: "list[Tool]", box: "Toolbox") -> None:
    """The tools by their tasks: what each does and under which licences, or what it needs."""
    from rich.console import Console
    from rich.table import Table

    from wavagent.tool import Task

    console, wide = Console(highlight=False), max((len(tool.card.name) for tool in found), default=0)
    for task in get_args(Task):
        if not (doing := [tool for tool in found if tool.card.task == task]):
            continue
        console.print(task.replace("_", " "), style="bold")
        rows = Table.grid(padding=(0, 1))
        rows.add_column()
        rows.add_column(min_width=wide, no_wrap=True)
        rows.add_column(overflow="fold")
        for tool in sorted(doing, key=lambda tool: bool(tool.lack())):  # what works comes first
            rows.add_row("–" if tool.lack() else "✓", tool.card.name, _about(tool))
        console.print(rows)
    for name, fault in box.faults.items():
        Console(stderr=True).print(f"left out: {name}: {fault}", markup=False)


def _about(tool: "Tool") -> "Text":
    from rich.text import Text

    card, lack = tool.card, tool.lack()
    known = [f"{len(card.voices)} voices" if card.voices else "", card.code_licence.name]
    about = f"{card.summary} ({', '.join(filter(None, known))})"
    return Text.assemble(about, ("\n" + lack, "dim")) if lack else Text(about)


def _say(sentence: str) -> None:
    print(f"wavagent: {sentence}", file=sys.stderr)
