"""One line edited in a long story with all clips in the store: how long until the new pre-master is ready.

`python -m benchmarks.remix [--minutes N] [--runs N] [--json]`. Speech is synthetic, 25 lines a minute over two looped
beds a scene. Every run is a process that reads the script and the edit, compiles, finds every clip, places, mixes what
changed and knows the loudness of the whole: `seconds` from the edited script on, `process_seconds` with the start of
Python and the tools' cards. Medians, each run with a line of its own; `mixed` is the most segments that one mixed.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, ClassVar

import numpy as np

from benchmarks.process import spend
from benchmarks.report import Row, report
from wavagent.audio import Audio
from wavagent.script import NARRATOR, Ambience, Character, Element, Music, Scene, Script, Speech
from wavagent.script.file import dumps, loads
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import (
    Card,
    Licence,
    MusicParams,
    Params,
    Request,
    Result,
    SoundParams,
    SpeechParams,
    Tool,
    Toolbox,
    VoiceCard,
)

FREE = Licence(name="Apache-2.0", commercial=True)
CHARACTER = 0.06
"""Seconds that a line lasts for each of its characters."""

LINES, MINUTES = 50, 2.0
"""A scene."""

PLAIN = "it rained all night"
EDITS = {"length kept": "it snowed all night", "length changed": "it rained, and then it snowed all night"}
RUN = """
import runpy, sys
sys.stdout = open(sys.argv.pop(1), "w")
runpy.run_module("benchmarks.remix", run_name="__main__", alter_sys=True)
"""


class Reader(Tool):
    """A tone for every line, as long as it has characters."""

    card: ClassVar[Card] = Card(
        name="reader",
        version="1",
        task="speech",
        summary="tones",
        languages=("en",),
        voices=(VoiceCard(id="one", name="One", language="en", gender="female"),),
        rate=24_000,
        seeded=False,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = SpeechParams

    def seconds(self, params: Any) -> float:
        return len(params.text) * CHARACTER

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(_tone(request, self.seconds(request.params), self.card.rate)) for request in requests]


class Band(Tool):
    """A stereo loop."""

    card: ClassVar[Card] = Card(
        name="band",
        version="1",
        task="music",
        summary="tones",
        rate=48_000,
        channels=2,
        loops=True,
        seeded=False,
        code_licence=FREE,
    )
    params: ClassVar[type[Params]] = MusicParams

    def seconds(self, params: Any) -> float:
        return float(params.seconds)

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(_tone(one, self.seconds(one.params), self.card.rate, 2)) for one in requests]


class Air(Band):
    """The same, as ambience."""

    card: ClassVar[Card] = Band.card.model_copy(update={"name": "air", "task": "sound"})
    params: ClassVar[type[Params]] = SoundParams


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=60.0)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--json", action="store_true")
    options.add_argument("--edit", nargs=2, help=argparse.SUPPRESS)  # a store, and the edited script: one run
    asked = options.parse_args()
    if asked.edit:
        return _measure(Path(asked.edit[0]), Path(asked.edit[1]))
    with tempfile.TemporaryDirectory() as folder:
        report("remix", _rows(Path(folder), asked.minutes, asked.runs), asked.json)


def _rows(folder: Path, minutes: float, runs: int) -> list[Row]:
    story = _story(max(1, round(minutes / MINUTES)))
    studio = _studio(folder)
    studio.render(story)
    studio.render(_lines([text for edit in EDITS.values() for text in _edits(story, edit, runs).values()]))
    return [_row(name, folder, story, _edits(story, edit, runs)) for name, edit in EDITS.items()]


def _row(name: str, folder: Path, story: Script, edits: dict[str, str]) -> Row:
    script, said = folder / "edited.json", folder / "said.json"
    seconds, processes, mixed, segments = [], [], [], 0
    for id, text in edits.items():
        script.write_text(dumps(_edited(story, id, text)), "utf-8")
        spent = spend([sys.executable, "-c", RUN, str(said), "--edit", str(folder), str(script)])
        found = json.loads(said.read_text())
        seconds.append(found["seconds"])
        processes.append(spent.wall)
        mixed.append(found["mixed"])
        segments = found["segments"]
    return {
        "name": name,
        "seconds": round(median(seconds), 3),
        "process_seconds": round(median(processes), 3),
        "mixed": max(mixed),
        "segments": segments,
    }


def _measure(folder: Path, path: Path) -> None:
    """Render an edited script, and say what it took."""
    studio = _studio(folder)
    text = path.read_text("utf-8")
    began = time.perf_counter()
    mix = studio.render(loads(text)).premaster
    loudness = mix.loudness.integrated
    seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "lufs": loudness, "mixed": len(mix.mixed), "segments": len(mix.segments)}))


def _studio(folder: Path) -> Studio:
    return Studio(Settings(str(folder / "store"), workers=2), Toolbox.of(Reader(), Band(), Air()))


def _story(scenes: int) -> Script:
    return Script(
        title="A long story",
        cast=(Character(id=NARRATOR, name="Narrator"),),
        scenes=tuple(_scene(number) for number in range(scenes)),
    )


def _scene(number: int) -> Scene:
    beds: list[Element] = [
        Music(id=f"m{number}", what=f"calm music, number {number}"),
        Ambience(id=f"a{number}", what=f"rain, number {number}"),
    ]
    lines = [Speech(id=f"l{number}-{n}", text=f"Line {n} of scene {number}: {PLAIN}. ") for n in range(LINES)]
    return Scene(id=f"s{number}", heading=f"Scene {number}", elements=(*beds, *lines))


def _lines(texts: Sequence[str]) -> Script:
    """A script of nothing but these lines: rendered, it leaves their clips in the store."""
    lines = tuple(Speech(id=f"e{n}", text=text) for n, text in enumerate(texts))
    cast = (Character(id=NARRATOR, name="Narrator"),)
    return Script(title="The edits", cast=cast, scenes=(Scene(id="s", elements=lines),))


def _edits(story: Script, words: str, runs: int) -> dict[str, str]:
    """The new text of a line for every run, by its id: lines from all over the story."""
    lines = list(story.lines)
    apart = max(1, len(lines) // runs)
    return {line.id: line.text.replace(PLAIN, words) for line in lines[apart // 2 :: apart][:runs]}


def _edited(story: Script, id: str, text: str) -> Script:
    scenes = tuple(
        scene.model_copy(
            update={
                "elements": tuple(
                    one.model_copy(update={"text": text}) if one.id == id else one for one in scene.elements
                )
            }
        )
        for scene in story.scenes
    )
    return story.model_copy(update={"scenes": scenes})


def _tone(request: Request, seconds: float, rate: int, channels: int = 1) -> Audio:
    """The same request gives the same sound: a chord that comes and goes with the syllables."""
    random = np.random.default_rng(list(repr(request.params).encode()))
    time = np.arange(round(seconds * rate)) / rate
    chord = sum(np.sin(2 * np.pi * hertz * time) for hertz in random.uniform(100.0, 900.0, 6))
    wave = 0.05 * chord * (0.6 - 0.4 * np.cos(2 * np.pi * 4.0 * time))
    return Audio.of(np.repeat(np.rint(wave * 32767.0)[:, np.newaxis] / 32768.0, channels, axis=1), rate)


if __name__ == "__main__":
    main()
