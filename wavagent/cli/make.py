"""`wavagent make`: a narrative in, a finished file or a whole project out."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import Commercial, Input, Json, Offline, Output, Profile, Quiet, Seed, StoreUrl, studio

if TYPE_CHECKING:
    from wavagent.cli.reporter import Reporter
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
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Turn a narrative into a finished audio story."""
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.model import hired, planned
    from wavagent.cli.reporter import Reporter

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price, offline=offline)
    with reporter.watching():
        began = time.perf_counter()
        maker = studio(reporter, store=store, seed=seed, offline=offline, commercial=commercial, profile=profile)
        made = planned(maker, maker.read(source), hire)
        code = deliver(maker, made.script, output, reporter, began=began, as_json=as_json)
    if hire is not None:
        reporter.say(hire.bill())
    return DEGRADED if code == OK and made.degraded else code


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
    rendering = maker.render(script, folder)
    deliveries = _write(maker, rendering, script, output)
    return told(reporter, rendering, deliveries, time.perf_counter() - began, as_json=as_json)


def told(
    reporter: "Reporter", rendering: "Rendering", deliveries: list["Delivery"], took: float, *, as_json: bool
) -> int:
    """Say what was written and measured; the exit code that follows from it."""
    from wavagent.cli import DEGRADED, OK

    if as_json:
        print(json.dumps(summary(rendering, deliveries, took), ensure_ascii=False))
    _tell(reporter, rendering, deliveries, took)
    complete = all(one.certificate is None or one.certificate.passed for one in deliveries)
    degraded = any(finding.degraded for finding in rendering.compiled.findings)
    return OK if complete and not degraded else DEGRADED


def _write(maker: "Studio", rendering: "Rendering", script: "Script", output: Path) -> list["Delivery"]:
    """One file when `output` has a suffix; else a project: the script, the story, its captions, the report."""
    from wavagent.project import save, save_report

    if output.suffix and not output.is_dir():
        return [maker.export(rendering, output)]
    save(script, output)
    deliveries = [maker.export(rendering, output / "out" / f"story{suffix}") for suffix in (".mp3", ".srt", ".vtt")]
    save_report(rendering, deliveries, maker.toolbox, output)
    return deliveries


def summary(rendering: "Rendering", deliveries: list["Delivery"], took: float) -> dict[str, Any]:
    """What was made, as JSON."""
    certificates = [one.certificate.to_json() for one in deliveries if one.certificate]
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
    }


def _tell(reporter: "Reporter", rendering: "Rendering", deliveries: list["Delivery"], took: float) -> None:
    from wavagent.cli.certificate import show

    minutes, seconds = divmod(round(rendering.seconds), 60)
    made = rendering.made
    for one in deliveries:
        reporter.say(str(one.path))
    reporter.say(
        f"{minutes}:{seconds:02} of sound in {took:.1f} s ({rendering.seconds / took:.0f} times real time); "
        f"{len(made.ran)} calls ran, {len(made.cached)} were in the store"
    )
    for one in deliveries:
        if one.certificate is not None:
            show(one.certificate, reporter.console)
