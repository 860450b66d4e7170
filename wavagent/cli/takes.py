"""`wavagent takes`: what there is of a line, a sound or a bed, and which of it is heard."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Commercial, Json, Offline, Quiet, StoreUrl, studio

if TYPE_CHECKING:
    from rich.table import Table

    from wavagent.studio import Studio
    from wavagent.takes import Take, Taken


def takes(
    project: Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project's folder, or a script.json.")],
    element: Annotated[str, typer.Argument(metavar="[ELEMENT]", help="A line, sound or bed; without it, all.")] = "",
    takes: Annotated[
        int,
        typer.Option("--takes", min=0, max=99, metavar="N", help="Make as many; 0: as many as the last render made."),
    ] = 0,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="DIR", help="Write every take to a WAV file of its own.")
    ] = None,
    offline: Offline = False,
    commercial: Commercial = False,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """List the takes of a project with what is known of each; those that are not there yet are made."""
    from wavagent.cli.reporter import Reporter
    from wavagent.project import script_in, takes_of

    reporter = Reporter(quiet)
    with reporter.watching():
        script, folder = script_in(project)
        maker = studio(
            reporter,
            store=store,
            seed=script.seed,
            offline=offline,
            commercial=commercial,
            takes=takes or takes_of(folder),
        )
        found = maker.takes(script, folder, element or None)
        if export is not None:
            for path in _written(maker, found, export):
                reporter.say(str(path))
    if as_json:
        print(json.dumps([one.to_json() for one in found], ensure_ascii=False))
    else:
        _show(found)
    return 0


def _written(maker: "Studio", found: "Sequence[Taken]", folder: Path) -> list[Path]:
    """Write every take: line-7.take-2.wav."""
    return [
        maker.export_take(take, folder / f"{one.element}.take-{take.number}.wav") for one in found for take in one.takes
    ]


def _show(found: "Sequence[Taken]") -> None:
    from rich.console import Console

    Console().print(_table(found))


def _table(found: "Sequence[Taken]") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("element", "take", "heard", "seconds", "wer", "score", "doubts"):
        table.add_column(heading)
    for one in found:
        for take in one.takes:
            heard = "yes" if take.number == one.chosen.number else ""
            table.add_row(
                one.element, str(take.number), heard, f"{take.seconds:.2f}", *_told(take), Text(_doubts(take))
            )
    return table


def _told(take: "Take") -> tuple[str, str]:
    told = take.told or {}
    wer, score = told.get("wer"), told.get("score")
    return (
        f"{wer:.0%}" if isinstance(wer, int | float) else "",
        f"{score:.3f}" if isinstance(score, int | float) else "",
    )


def _doubts(take: "Take") -> str:
    return "; ".join(fault.message for fault in take.faults)
