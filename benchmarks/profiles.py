"""Every delivery specification on whole stories: `python -m benchmarks.profiles [--stories N] [--quick] [--json]`.

A story is planned by rules, made, mixed, mastered and written for each profile in a format that it takes, decoded and
measured: a row for each, with what was missed. Besides the example, the shortest of ../shared/data/stories are told.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.report import Row, report
from wavagent.export import PROFILES, Certificate
from wavagent.settings import Settings
from wavagent.studio import Rendering, Studio

HERE = Path(__file__).resolve().parents[1]
EXAMPLE = HERE / "examples" / "the-gift-of-the-magi.txt"
STORIES = HERE / ".." / "shared" / "data" / "stories"

FORMATS = {"m4b": ".m4b", "ebu": ".wav", "youtube": ".m4a", "aes": ".opus", "amazon": ".flac"}
"""Where it is not MP3, which most ask for."""

SAMPLE = {"acx_sample": 300.0}
"""Seconds of the beginning that a profile is about."""

MORE = (("universal", ".epub"), ("universal", ".ogg"), ("apple", ".wav"))
"""Formats that no profile asks for by itself."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--stories", type=int, default=3, help="how many besides the example")
    options.add_argument("--quick", action="store_true", help="two lines, three profiles")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Settings(f"{folder}/store", workers=2))
        for path in _stories(Path(folder), asked.stories, quick=asked.quick):
            print(f"{path.name} …", file=sys.stderr)
            rendering = studio.render(studio.plan(studio.read(path)))
            rows += _rows(studio, rendering, path.stem, Path(folder), quick=asked.quick)
    report("profiles", rows, asked.json)


def _stories(folder: Path, count: int, *, quick: bool) -> Iterator[Path]:
    if quick:
        path = folder / "two-lines.txt"
        path.write_text("The Knock\n\nRain fell on the roof. “Who is there?” asked Mary.\n", encoding="utf-8")
        yield path
        return
    yield EXAMPLE
    others = (path for path in STORIES.glob("*/*.txt") if not path.stem.endswith(EXAMPLE.stem))
    there = sorted(others, key=lambda path: path.stat().st_size)[:count]
    if len(there) < count:
        print(f"only {len(there)} stories are in {STORIES}", file=sys.stderr)
    yield from there


def _rows(studio: Studio, rendering: Rendering, story: str, folder: Path, *, quick: bool) -> Iterator[Row]:
    wanted = [(name, FORMATS.get(name, ".mp3")) for name in PROFILES]
    for profile, suffix in [*wanted, *MORE] if not quick else [("universal", ".mp3"), ("acx", ".mp3"), ("m4b", ".m4b")]:
        wall, spent = perf_counter(), process_time()
        path = folder / f"{story}-{profile}{suffix}"
        certificate = studio.export(rendering, path, profile, sample=SAMPLE.get(profile)).certificate
        assert certificate is not None
        row = _row(story, certificate, perf_counter() - wall, process_time() - spent)
        print(f"  {profile} {suffix}: {row['verdict']}", file=sys.stderr, flush=True)
        yield row
        path.unlink()


def _row(story: str, certificate: Certificate, wall: float, spent: float) -> Row:
    missed = [f"{check.name} {check.found}, wanted {check.wanted}" for check in certificate.checks if not check.passed]
    return {
        "story": story,
        "profile": certificate.profile,
        "format": certificate.path.suffix,
        "minutes": round(certificate.measured.seconds / 60, 2),
        "lufs": round(certificate.loudness, 2),
        "true_peak": round(certificate.true_peak, 2),
        "rms": round(certificate.measured.rms, 2),
        "verdict": "PASS" if certificate.passed else "; ".join(missed),
        "seconds": round(wall, 2),
        "cpu": round(spent, 2),
    }


if __name__ == "__main__":
    main()
