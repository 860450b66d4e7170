"""What a quote says against what the run then takes: `python -m benchmarks.quote [--json] [--quick] [STORY …]`.

The first story is the calibration run, on speeds of nobody; every other one is quoted on what was measured so far, and
then made, on an empty store, with the embedded tools: from the text to the finished MP3, captions and credits.
`off` is what the quote was off by; `card` what it would have been by the cards' own speeds, before any run.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.report import Row, report

ROOT = Path(__file__).resolve().parents[1]
STORIES = ROOT.parent / "shared" / "data" / "stories" / "en"
NAMES = ("saki__the-open-window", "anton-chekhov__vanka", "edgar-allan-poe__the-cask-of-amontillado")
QUICK = "“Hush!” said Mara. The door slammed.\n\n“Who is there?” asked Tom, and the rain went on.\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("stories", nargs="*", type=Path, metavar="STORY")
    options.add_argument("--json", action="store_true")
    options.add_argument("--quick", action="store_true", help="two lines instead of the stories")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report("quote", measure(asked.stories or _stories(Path(folder), asked.quick), Path(folder)), asked.json)


def _stories(folder: Path, quick: bool) -> list[Path]:
    if quick:
        (folder / "quick.txt").write_text(QUICK, encoding="utf-8")
        return [folder / "quick.txt"] * 2
    there = [path for name in NAMES if (path := STORIES / f"{name}.txt").exists()]
    return [*there[:1], ROOT / "examples" / "the-gift-of-the-magi.txt", *there[1:]]


def measure(stories: Sequence[Path], folder: Path) -> list[Row]:
    return [_row(story, folder, number) for number, story in enumerate(stories)]


def _row(story: Path, folder: Path, number: int) -> Row:
    from wavagent.project import OUTPUTS
    from wavagent.settings import Settings
    from wavagent.speeds import Speeds
    from wavagent.studio import Studio

    speeds, workers = folder / "speeds.jsonl", os.cpu_count() or 1
    studio = Studio(Settings(str(folder / f"store-{number}"), workers=workers, speeds=speeds))
    script = studio.plan(studio.read(story))
    began = time.perf_counter()
    quoted = studio.quote(script, suffixes=OUTPUTS)
    asking = time.perf_counter() - began
    studio.speeds = Speeds(None)
    card = studio.quote(script, suffixes=OUTPUTS)
    studio.speeds = Speeds(speeds)
    began = time.perf_counter()
    rendering = studio.render(studio.plan(studio.read(story)))
    for suffix in OUTPUTS:
        studio.export(rendering, folder / str(number) / f"story{suffix}")
    took = time.perf_counter() - began
    return {
        "story": story.stem if number else f"{story.stem} (calibration)",
        "calls": quoted.calls,
        "sound_s": round(rendering.seconds, 1),
        "sound_quoted_s": round(quoted.seconds, 1),
        "took_s": round(took, 2),
        "quoted_s": round(quoted.took, 2),
        "off_percent": round(100 * (quoted.took / took - 1), 1),
        "card_s": round(card.took, 2),
        "quoting_s": round(asking, 3),
    }


if __name__ == "__main__":
    main()
