"""`wavagent make`: a narrative in, a finished file or a whole project out."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import (
    Commercial,
    Engine,
    FailFast,
    Input,
    Json,
    MaxMinutes,
    Offline,
    Output,
    Prefer,
    Profile,
    Quiet,
    Seed,
    StoreUrl,
    Takes,
    studio,
)

if TYPE_CHECKING:
    from wavagent.cli.reporter import Reporter
    from wavagent.export import Album
    from wavagent.script import Script
    from wavagent.studio import Delivery, Rendering, Studio


def make(
    source: Input,
    output: Output,
    llm: Llm = "",
    max_cost: MaxCost = None,
    price: Prices = "",
    seed: Seed = 0,
    profile: Profile = "universal",
    offline: Offline = False,
    commercial: Commercial = False,
    takes: Takes = 1,
    prefer: Prefer = None,
    fail_fast: FailFast = False,
    max_minutes: MaxMinutes = None,
    engine: Engine = "",
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Turn a narrative into a finished audio story."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.model import hired, planned
    from wavagent.cli.reporter import Reporter
    from wavagent.project import with_locks

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price, offline=offline)
    with reporter.watching():
        began = time.perf_counter()
        maker = studio(
            reporter,
            store=store,
            seed=seed,
            offline=offline,
            commercial=commercial,
            profile=profile,
            takes=takes,
            prefer=prefer,
            fail_fast=fail_fast,
            max_minutes=max_minutes,
            max_cost=max_cost,
            engine=engine,
        )
        made = planned(maker, maker.read(source), hire)
        if hire is not None and max_cost is not None:  # what the model did not spend is for the tools
            maker.settings = replace(maker.settings, max_cost=max(0.0, max_cost - hire.meter.spent.money))
        project = output if not output.suffix or output.is_dir() else None
        script, left = with_locks(made.script, project) if project is not None else (made.script, ())
        for one in left:
            reporter.say(one)
        code = deliver(maker, script, output, reporter, folder=project, began=began, as_json=as_json)
    if hire is not None:
        reporter.say(hire.bill())
    return DEGRADED if code == OK and (made.degraded or left) else code


def deliver(
    maker: "Studio",
    script: "Script",
    output: Path,
    reporter: "Reporter",
    *,
    folder: Path | None = None,
    began: float,
    as_json: bool,
) -> int:
    """Render `script` and write `output`; say where it is, how long it took, and what was measured."""
    from wavagent.export import format_for

    if output.suffix and not output.is_dir():
        format_for(output)  # a name that is no format is said before anything is made
    rendering = maker.render(script, folder)
    deliveries = _write(maker, rendering, script, output, folder)
    return told(reporter, rendering, deliveries, time.perf_counter() - began, as_json=as_json)


def told(
    reporter: "Reporter", rendering: "Rendering", deliveries: list["Delivery"], took: float, *, as_json: bool
) -> int:
    """Say what was written and measured; the exit code that follows from it."""
    from wavagent.cli import DEGRADED, OK

    if as_json:
        print(json.dumps(summary(rendering, deliveries, took), ensure_ascii=False))
    _tell(reporter, rendering, deliveries, took)
    album = together(deliveries)
    complete = all(one.certificate is None or one.certificate.passed for one in deliveries)
    complete = complete and (album is None or album.passed)
    degraded = any(finding.degraded for finding in rendering.compiled.findings)
    return OK if complete and not degraded else DEGRADED


def _write(
    maker: "Studio", rendering: "Rendering", script: "Script", output: Path, folder: Path | None
) -> list["Delivery"]:
    """One file when `output` has a suffix; else a project: the script, the story, its captions, the report, and the
    files of `folder` that the script names."""
    from wavagent.gather import bring
    from wavagent.project import release

    if output.suffix and not output.is_dir():
        return [maker.export(rendering, output)]
    bring(script, folder or Path(), output)
    return release(maker, rendering, script, output)


def summary(rendering: "Rendering", deliveries: list["Delivery"], took: float) -> dict[str, Any]:
    """What was made, as JSON."""
    certificates = [one.certificate.to_json() for one in deliveries if one.certificate]
    album = together(deliveries)
    return {
        "files": [str(one.path) for one in deliveries],
        "seconds": round(rendering.seconds, 3),
        "took": round(took, 3),
        "calls": len(rendering.compiled.graph),
        "ran": len(rendering.made.ran),
        "cached": len(rendering.made.cached),
        "mixed": len(rendering.premaster.mixed),
        "findings": [finding.message for finding in rendering.compiled.findings],
        "certificate": next(iter(certificates), None),
        "certificates": certificates,
        "set": album.to_json() if album else None,
    }


def _tell(reporter: "Reporter", rendering: "Rendering", deliveries: list["Delivery"], took: float) -> None:
    from wavagent.cli.certificate import show, show_album

    minutes, seconds = divmod(round(rendering.seconds), 60)
    made = rendering.made
    for one in deliveries:
        reporter.say(str(one.path))
    reporter.say(
        f"{minutes}:{seconds:02} of sound in {took:.1f} s ({rendering.seconds / took:.0f} times real time); "
        f"{len(made.ran)} calls ran, {len(made.cached)} were in the store"
    )
    if (album := together(deliveries)) is not None:
        show_album(album, reporter.console)
        return
    for one in deliveries:
        if one.certificate is not None:
            show(one.certificate, reporter.console)


def together(deliveries: list["Delivery"]) -> "Album | None":
    """The files with sound as a set, where there are several."""
    from wavagent.export import profile_named
    from wavagent.export import together as side_by_side

    found = [one.certificate for one in deliveries if one.certificate is not None]
    return side_by_side(found, profile_named(found[0].profile)) if len(found) > 1 else None
