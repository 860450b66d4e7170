"""One line edited by conversation in a long story, all of it made before: how long until the change is heard.

`python -m benchmarks.chat [--minutes N] [--runs N] [--json]`. The story is spoken by the embedded tools. Every run is
a line of its own: `show` seconds until the edit is shown with its diff and quote, `apply` until it is in the history,
`hear` from the yes until the changed stretch lies there as WAV, `hear_cpu` the processor's share of that; `process` is
the whole of a fresh `wavagent chat --once --yes` with an edit of the same line. `ran` and `mixed` are the most calls
and segments that one edit made anew. Medians.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.process import spend
from benchmarks.report import Row, report
from wavagent.chat import Session
from wavagent.chat.piece import Piece
from wavagent.heard import heard
from wavagent.operations import Desk, do, operation
from wavagent.project import Project
from wavagent.script import NARRATOR, Ambience, Character, Element, Music, Scene, Script, Speech
from wavagent.script.patch import Patch, ReplaceText
from wavagent.settings import Settings
from wavagent.studio import Studio

LINES, MINUTES = 24, 2.0
"""A scene, about."""

WORDS = "the rain went on and nobody in the harbour said a word about it"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60.0)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report("chat", [_row(Path(folder), asked.minutes, asked.runs)], asked.json)


def _row(folder: Path, minutes: float, runs: int) -> Row:
    story = Project.create(folder / "story", _story(max(1, round(minutes / MINUTES))))
    with Studio(Settings(str(folder / "store"), workers=2)) as studio:
        desk = Desk(story.folder, studio, who="chat")
        length = desk.rendering().seconds
        lines = [line.id for line in desk.script.lines]
        picked = lines[len(lines) // (2 * runs) :: max(1, len(lines) // runs)][:runs]
        spent = [_edited(desk, id, number) for number, id in enumerate(picked)]
    process = [_process(folder, id) for id in picked]
    return {
        "name": "edit a line",
        "minutes": round(length / 60, 1),
        "lines": len(lines),
        "show": round(median(one[0] for one in spent), 3),
        "apply": round(median(one[1] for one in spent), 3),
        "hear": round(median(one[2] for one in spent), 3),
        "hear_cpu": round(median(one[5] for one in spent), 3),
        "process": round(median(process), 3),
        "ran": max(one[3] for one in spent),
        "mixed": max(one[4] for one in spent),
    }


def _edited(desk: Desk, id: str, number: int) -> tuple[float, float, float, int, int, float]:
    """Seconds to show, to apply and to hear an edit of line `id`; the calls that ran and the segments mixed for it; and
    the seconds of the processor from the yes to the sound."""
    pieces: list[Piece] = []
    session = Session(desk, pieces.append)
    edit = Patch.of(desk.script, ReplaceText(id=id, text=f"But {WORDS}, {number} of them. "), words="changed")
    began = time.perf_counter()
    session.order("edit", edit.model_dump(mode="json"))
    shown, worked = time.perf_counter(), time.process_time()
    session.answer(True)
    applied = time.perf_counter()
    start, end = _stretch(desk)
    found = do(desk, operation("preview"), {"start": start, "end": end}).data
    heard_at, worked = time.perf_counter(), time.process_time() - worked
    session.close()
    assert isinstance(found, dict) and isinstance(found["ran"], list) and isinstance(found["mixed"], int)
    return shown - began, applied - shown, heard_at - shown, len(found["ran"]), found["mixed"], worked


def _stretch(desk: Desk) -> tuple[float, float]:
    """What the last edit changed, as `/play` finds it."""
    compared = desk.project.diff()
    start, end = heard(compared.before, compared.after, desk.studio, desk.folder).changed[0]
    return max(0.0, start - 1.0), min(end + 1.0, start + 30.0)


def _process(folder: Path, id: str) -> float:
    """Seconds of a whole process that edits a line by a sentence of the command grammar."""
    said = f"line {id.removeprefix('line-')} slower"
    command = [sys.executable, "-c", "from wavagent.cli import main; main()", "chat", str(folder / "story")]
    return spend([*command, "--once", said, "--yes", "--quiet", "--store", str(folder / "store")]).wall


def _story(scenes: int) -> Script:
    return Script(
        title="A long story",
        cast=(Character(id=NARRATOR, name="Narrator"), Character(id="mary", name="Mary")),
        scenes=tuple(_scene(number) for number in range(scenes)),
    )


def _scene(number: int) -> Scene:
    beds: list[Element] = [
        Music(id=f"music-{number}", what=f"calm piano, number {number}", level="quiet"),
        Ambience(id=f"ambience-{number}", what="rain on the roof"),
    ]
    lines = [
        Speech(id=f"line-{number * LINES + n}", who="mary" if n % 4 == 1 else NARRATOR, text=f"Line {n}: {WORDS}. ")
        for n in range(LINES)
    ]
    return Scene(id=f"scene-{number}", heading=f"Scene {number}", elements=(*beds, *lines))


if __name__ == "__main__":
    main()
