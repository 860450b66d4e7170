"""`wavagent graph`: what is made when, by whom, and what waits for what."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Commercial, Profile, StoreUrl

if TYPE_CHECKING:
    from wavagent.chart.chart import Chart

Place = Annotated[Path, typer.Argument(metavar="PROJECT", help="A project's folder, a script.json, or a narrative.")]
Target = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help=".svg, .mmd or .json; without it, Mermaid.")
]


def graph(
    place: Place,
    output: Target = None,
    expected: Annotated[
        bool, typer.Option("--expected", help="As a run would be, even where the last one was measured.")
    ] = False,
    profile: Profile = "universal",
    commercial: Commercial = False,
    store: StoreUrl = "",
) -> int:
    """Draw the calls of a story over time, with its critical path; nothing runs."""
    from wavagent.chart.mermaid import mermaid
    from wavagent.chart.svg import svg
    from wavagent.cli.options import studio
    from wavagent.cli.quote import script_of
    from wavagent.cli.reporter import Reporter
    from wavagent.errors import OutputError
    from wavagent.export.place import write_text
    from wavagent.project import takes_of, timings_of

    forms = {
        ".svg": svg,
        ".mmd": mermaid,
        ".json": lambda chart: json.dumps(chart.to_json(), ensure_ascii=False) + "\n",
    }
    form = forms.get(output.suffix.lower()) if output else mermaid
    if form is None:
        raise OutputError(f"'{output}' is no chart; name the file with one of {', '.join(forms)}")
    quiet, takes = Reporter(quiet=True), takes_of(place if place.is_dir() else place.parent)
    maker = studio(quiet, store=store, commercial=commercial, profile=profile, takes=takes)
    script, folder = script_of(maker, place)
    chart = maker.chart(script, folder, () if expected else timings_of(folder))
    if output is None:
        print(form(chart), end="")
    else:
        write_text(output, form(chart))
    return 0


def _data(chart: "Chart") -> str:
    return json.dumps(chart.to_json(), ensure_ascii=False) + "\n"
