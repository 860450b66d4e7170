"""`kill -9` at random moments of a real render, then the same command.

`python -m benchmarks.crash [--json] [--kills N] [--seed N]`. The moments are seeded and spread over the whole of an
uninterrupted run; every trial has a store of its own. Half of the runs write one MP3, half a project's folder. A row is
the stretch of the run in which the kill fell. `half_files` are final files that were there after the kill and not as
they should be; `repeated` are calls that were finished when it fell and were made again; `left` are temporary files
after the same command and `wavagent cache gc`; `orphans` are worker processes that outlived the killed one by more than
ten seconds. The exit code is 1 when one of them is not 0.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import Row, report
from wavagent.inventory import Glass
from wavagent.store import Store

HOURS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

STRETCHES = ("starting", "making clips", "mixing", "writing")

PATIENCE = 10.0
"""Seconds in which a worker must notice that nobody asks any more."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One kill and what came of it."""

    stretch: str
    kept: int
    identical: bool
    half_files: int
    repeated: int
    dropped: int
    left: int
    orphans: int


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", action="store_true")
    options.add_argument("--kills", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--hours", type=int, default=4, help="of the story, up to 12: some 15 s of sound each")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        trials = crash(Path(folder), story(asked.hours), asked.kills, asked.seed)
    report("crash", rows(trials), asked.json)
    if faults(trials):
        sys.exit(f"{faults(trials)} of {len(trials)} kills left something that they should not have")


def story(hours: int) -> str:
    """A narrative with two speakers, rain, doors and dogs."""
    return "The Lamp\n\nRain fell on the roof all evening, and the wind rose.\n\n" + "\n\n".join(
        f"“Is it {hour} already?” asked Mary. She lit lamp number {hour}.\n\n“It is,” said old Tom. A door slammed, "
        f"and somewhere a dog barked {hour} times before it was quiet again in the house by the sea."
        for hour in HOURS[:hours]
    )


def crash(folder: Path, story: str, kills: int, seed: int) -> list[Trial]:
    """Kill `kills` runs of `story`, one after the other, and run each again."""
    (folder / "story.txt").write_text(story, encoding="utf-8")
    chance = random.Random(seed)
    whole = [_Whole.of(folder, name) for name in ("story.mp3", "project")]
    return [_trial(folder / f"{n}", whole[n % 2], chance) for n in range(kills)]


def faults(trials: Sequence[Trial]) -> int:
    return sum(
        not trial.identical or bool(trial.half_files or trial.repeated or trial.left or trial.orphans)
        for trial in trials
    )


def rows(trials: Sequence[Trial]) -> list[Row]:
    """A row for every stretch, and one for all."""
    groups = [(stretch, [trial for trial in trials if trial.stretch == stretch]) for stretch in STRETCHES]
    return [_row(stretch, group) for stretch, group in [*groups, ("all", trials)] if group]


def _row(stretch: str, group: Sequence[Trial]) -> Row:
    return {
        "killed_while": stretch,
        "kills": len(group),
        "calls_kept": sum(trial.kept for trial in group),
        "identical": sum(trial.identical for trial in group),
        "half_files": sum(trial.half_files for trial in group),
        "repeated": sum(trial.repeated for trial in group),
        "dropped_files": sum(trial.dropped for trial in group),
        "left": sum(trial.left for trial in group),
        "orphans": sum(trial.orphans for trial in group),
    }


@dataclass(frozen=True)
class _Run:
    """The command, for one output and one store."""

    story: Path
    folder: Path
    output: str

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        program = str(Path(sys.executable).with_name("wavagent"))
        command = [program, *(arguments or ("make", str(self.story), "-o", str(self.out / self.output), "--json"))]
        env = {**os.environ, "WAVAGENT_STORE": str(self.store), "WAVAGENT_TRIAL": str(self.folder)}
        return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def finish(self, *arguments: str) -> dict[str, Any]:
        """Run to the end; what it says. Raises RuntimeError when it fails."""
        running = self.start(*arguments)
        said, noise = running.communicate()
        if running.returncode:
            raise RuntimeError(f"exit {running.returncode}: {noise.decode(errors='replace')[-800:]}")
        return dict(json.loads(said))

    def files(self) -> dict[str, bytes]:
        """What is in the output's folder; of a report only what does not tell how it came about."""
        found = {str(path.relative_to(self.out)): path for path in self.out.rglob("*") if path.is_file()}
        return {name: _timeless(path) for name, path in found.items()}

    def known(self) -> int:
        """The calls that are whole in the store."""
        store = Store(str(self.store), Glass(str(self.store)))
        files = [file for file in store.shelf.files() if file.kind == "calls"]
        return sum(store.get(file.name) is not None for file in files)


@dataclass(frozen=True)
class _Whole:
    """An uninterrupted run: its length, what it said and what it wrote."""

    run: _Run
    seconds: float
    said: Mapping[str, Any]
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, folder: Path, output: str) -> "_Whole":
        run = _Run(folder / "story.txt", folder / f"whole-{output}", output)
        began = time.perf_counter()
        said = run.finish()
        return cls(run, time.perf_counter() - began, said, run.files())


def _trial(folder: Path, whole: _Whole, chance: random.Random) -> Trial:
    run = _Run(whole.run.story, folder, whole.run.output)
    while not _killed(run, chance.random() * whole.seconds):
        shutil.rmtree(folder)  # it was quicker than we were
    stretch, kept, half = _stretch(run), run.known(), _half(run.files(), whole.files)
    orphans = _outlived(folder)
    said = run.finish()
    files = run.files()
    swept = run.finish("cache", "gc", "--json")
    return Trial(
        stretch,
        kept,
        all(files.get(name) == data for name, data in whole.files.items()),
        half,
        said["ran"] - (whole.said["ran"] - kept),
        sum(removed["files"] for removed in swept["removed"].values()),
        len(files.keys() - whole.files.keys()) + sum(path.is_file() for path in (run.store / "tmp").rglob("*")),
        orphans,
    )


def _killed(run: _Run, seconds: float) -> bool:
    """Start `run` and kill it after so many seconds; False when it had ended by then."""
    running = run.start()
    with suppress(subprocess.TimeoutExpired):
        running.wait(seconds)
    running.kill()
    running.communicate()
    return running.returncode == -signal.SIGKILL


def _stretch(run: _Run) -> str:
    """How far a run had come."""
    if any(run.out.rglob("*.part")) or any(run.out.rglob("*.mp3")):
        return "writing"
    if any((run.store / "mix").rglob("*.bin")):
        return "mixing"
    return "making clips" if (run.store / "calls").exists() else "starting"


def _half(found: Mapping[str, bytes], whole: Mapping[str, bytes]) -> int:
    return sum(data != whole[name] for name, data in found.items() if name in whole)


def _outlived(folder: Path) -> int:
    """The processes of a killed run that are still there after `PATIENCE` seconds."""
    until = time.monotonic() + PATIENCE
    while alive := _alive(folder):
        if time.monotonic() > until:
            return alive
        time.sleep(0.02)
    return 0


def _alive(folder: Path) -> int:
    """How many processes have our mark in their environment; Linux shows it."""
    mark = f"WAVAGENT_TRIAL={folder}".encode()
    return sum(mark in (_read(path) or b"").split(b"\0") for path in Path("/proc").glob("[0-9]*/environ"))


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None  # it ended, or it is somebody else's


_TELLS: Sequence[str] = ("ran", "cached", "mixed", "timings")


def _timeless(path: Path) -> bytes:
    """The bytes of a file; of a report and of a history, what does not tell when and how it came about."""
    data = path.read_bytes()
    try:
        if path.name == "report.json":
            report: dict[str, Any] = json.loads(data)
            report["files"] = [{**file, "file": Path(file["file"]).name} for file in report["files"]]
            return json.dumps({key: value for key, value in report.items() if key not in _TELLS}).encode()
        if path.name == "log.jsonl":
            entries = [json.loads(line) for line in data.splitlines()]
            return json.dumps([[entry["kind"], entry["revision"]] for entry in entries]).encode()
    except ValueError:
        pass  # half of it
    return data


if __name__ == "__main__":
    main()
