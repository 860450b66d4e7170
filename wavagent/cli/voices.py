"""`wavagent voices`: who can speak."""

import json
from typing import Annotated

import typer

from wavagent.cli.options import Json


def voices(
    language: Annotated[str, typer.Option(help="Only voices of this language: en, fr, de, …")] = "",
    ask: Annotated[
        str, typer.Option(metavar="TOOL", help="The voices that this tool finds when it looks: its server's, say.")
    ] = "",
    as_json: Json = False,
) -> int:
    """List the voices of every speech tool."""
    from rich.console import Console
    from rich.table import Table

    from wavagent.tool import installed

    tools = [installed()[ask]] if ask else [tool for tool in installed() if tool.card.task == "speech"]
    found = [
        (tool.card.name, voice)
        for tool in tools
        for voice in (tool.found_voices() if ask else tool.card.voices)
        if not language or voice in tool.card.speaking(language) or voice.language.lower().startswith(language.lower())
    ]
    if as_json:
        print(json.dumps([{"tool": tool, **voice.model_dump(mode="json")} for tool, voice in found]))
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in ("voice", "name", "language", "gender", "age", "tool"):
        table.add_column(heading)
    for tool, voice in found:
        table.add_row(voice.id, voice.name, voice.language, voice.gender, voice.age, tool)
    Console().print(table)
    if cloners := [tool.card.name for tool in tools if tool.card.clones]:
        Console(stderr=True).print(f"with the voice of a recording of yours (wavagent clone): {', '.join(cloners)}")
    return 0
