"""`wavagent tools`: the experts at hand."""

import json
from typing import Annotated

import typer

from wavagent.cli.options import Json


def tools(
    task: Annotated[str, typer.Option(help="Only the tools for this task: speech, music, sound, …")] = "",
    as_json: Json = False,
) -> int:
    """List the expert tools, what they do, and what they need."""
    from rich.console import Console
    from rich.table import Table

    from wavagent.tool import installed

    box = installed()
    found = [tool for tool in box if not task or tool.card.task == task]
    if as_json:
        cards = [tool.card.model_dump(mode="json", exclude={"voices"}) for tool in found]
        print(json.dumps({"tools": cards, "faults": dict(box.faults)}, ensure_ascii=False))
        return 0
    table = Table(box=None, pad_edge=False)
    for heading in ("tool", "task", "voices", "speed", "licence", "ready", "what it does"):
        table.add_column(heading, overflow="fold")
    for tool in found:
        card = tool.card
        ready = f"needs {', '.join(missing)}: {card.install}" if (missing := tool.missing()) else "yes"
        voices = str(len(card.voices) or "")
        table.add_row(card.name, card.task, voices, f"{card.speed:g} ×", card.code_licence.name, ready, card.summary)
    Console().print(table)
    for name, fault in box.faults.items():
        Console(stderr=True).print(f"left out: {name}: {fault}", markup=False)
    return 0
