"""`wavagent eval`: clips held against what was asked for, and against real ones."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Json, Offline, Prefer, Quiet, StoreUrl, studio

if TYPE_CHECKING:
    from rich.table import Table

    from wavagent.evaluate import Evaluation, Score


def evaluate(
    clips: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|TABLE",
            help="Sounds with a .txt beside each, or a table (.csv, .json, .jsonl) with the columns audio, prompt, "
            "text, language, reference, voice; those of AudioCaps and Clotho are known.",
            show_default=False,
        ),
    ],
    reference: Annotated[
        Path | None, typer.Option("--reference", metavar="DIR", help="Real clips, under the names of those made.")
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="List every clip, too.")] = False,
    prefer: Prefer = None,
    offline: Offline = False,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Measure how good clips are: words heard, voice, fit, Fréchet distance, KL divergence, loudness and timing.

    What no expert is ready for is said, with what to type; every answer is kept, so that a second run is quick.
    """
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.reporter import Reporter
    from wavagent.evaluate import evaluate as measure
    from wavagent.evaluate import pairs

    reporter = Reporter(quiet)
    found = pairs(clips, reference)
    with reporter.watching(), studio(reporter, store=store, offline=offline, prefer=prefer) as maker:
        made = measure(found, maker.toolbox, maker.executor)
    if as_json:
        print(json.dumps(made.to_json(), ensure_ascii=False))
    else:
        _show(made, each)
    for name, failure in made.failures.items():
        reporter.say(f"{name}: {failure}")
    return DEGRADED if made.failures else OK


def _show(made: "Evaluation", each: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, markup=False)
    if each:
        console.print(_listed(made))
    table = Table(box=None, pad_edge=False)
    for heading in ("figure", "value", "clips", "by"):
        table.add_column(heading, overflow="fold")
    for score in made.scores.values():
        table.add_row(score.name, _value(score), str(score.clips or ""), score.lack or score.by)
    console.print(table)


def _value(score: "Score") -> str:
    if score.value is None:
        return "–"
    better = {"less": " ↓", "more": " ↑", "": ""}[score.better]
    return f"{score.value:.3f}{better}"


def _listed(made: "Evaluation") -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for heading in ("clip", "seconds", "LUFS", "errors", "voice", "CLAP"):
        table.add_column(heading, overflow="fold")
    for id, clip in made.clips.items():
        errors = "" if clip.errors is None else f"{clip.errors}/{clip.words}"
        alike, fit = ("" if value is None else f"{value:.3f}" for value in (clip.similarity, clip.fit))
        table.add_row(Text(id), f"{clip.seconds:.2f}", f"{clip.loudness:.1f}", errors, alike, fit)
    return table
