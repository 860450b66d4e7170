"""The checks on every take: `python -m benchmarks.takes [FOLDER] [--stories N] [--json]`.

False alarms first: every check over every clip of real renders with the embedded tools (the example, and the stories of
FOLDER in their languages), over every sound of foley and every mood of the composer, and over the recordings of FOLDER.
Then what the checks are for: clips of those renders spoilt in known ways, and how many of them are seen.
"""

import argparse
import importlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import process_time

import numpy as np

from benchmarks.report import Row, report
from wavagent.audio import Audio, Samples
from wavagent.check import Take, faults
from wavagent.check.pace import LETTER
from wavagent.reading import Document, read
from wavagent.run.call import ready
from wavagent.run.executor import Executor
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Params, Tool, accept, installed

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "the-gift-of-the-magi.txt"
SAID = {
    "jfk": "And so, my fellow Americans, ask not what your country can do for you,"
    " ask what you can do for your country."
}
"""What is said in the recordings whose text is known."""

SPOILT_ALREADY = {"jfk", "cat__4-120160-A-5", "coughing__4-154443-A-24", "glass_breaking__4-204777-A-39"}
"""Recordings that are as they should not be: one ends in the midst of applause, three have a thousand samples and more
at full scale."""

SPOILT_ROW = "recordings spoilt already"

EXCERPT = 6_000
"""Characters of a story in another language."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", nargs="?", type=Path, default=Path("shared-data"))
    options.add_argument("--stories", type=int, default=3, help="English stories, and as many of each other language")
    options.add_argument("--kinds", type=int, default=1000, help="sounds of foley, and moods of the composer, at most")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    lines: list[Take] = []
    rows = []
    for name, takes in _sets(asked.folder, asked.stories, asked.kinds):
        found = list(takes)
        rows.append(_alarms(name, found))
        lines += [take for take in found if take.spoken and take.guess and take.audio.seconds > 2.0]
    report("takes", [*rows, *_hits(lines)], asked.json)


def _sets(folder: Path, stories: int, kinds: int) -> Iterator[tuple[str, Iterator[Take]]]:
    english = sorted((folder / "stories" / "en").glob("*.txt"))[:stories]
    yield "renders in English", (take for path in [EXAMPLE, *english] for take in _rendered(read(path)))
    for place in sorted(path for path in (folder / "stories").glob("??") if path.name != "en"):
        texts = sorted(place.iterdir())[:stories]
        yield f"renders in {place.name}", (take for path in texts for take in _rendered(_excerpt(read(path))))
    yield "foley, every sound", _foley(kinds)
    yield "score, every mood", _score(kinds)
    sounds, speech = ("sfx", "sfx_esc50", "music"), ("speech",)
    yield "recordings of sounds", _recordings(folder / "audio", sounds, spoilt=False)
    yield "recordings of speech", _recordings(folder / "audio", speech, spoilt=False)
    yield SPOILT_ROW, _recordings(folder / "audio", (*sounds, *speech), spoilt=True)


def _excerpt(document: Document) -> Document:
    return replace(document, text=document.text[:EXCERPT], headings=())


def _rendered(document: Document) -> Iterator[Take]:
    """Every clip of a real render."""
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Settings(folder))
        graph = studio.compile(studio.plan(document)).graph
        made = Executor(studio.toolbox, studio.store).run(graph)
        for call in graph:
            tool = studio.toolbox[call.tool]
            clip = studio.store.clip(made.entries[call.id])
            assert clip is not None
            yield Take.of(clip, tool, ready(call, tool, made.entries).params)


def _foley(most: int) -> Iterator[Take]:
    tool = installed()["foley"]
    foley = importlib.import_module("wavagent.tools.foley")
    for name, patterns in list(foley.CLASSES.items())[:most]:
        plain = [" ".join(word.split("|")[0] for word in each.split()) for each in patterns.split(",")]
        phrases = [phrase.translate({ord(sign): None for sign in "~=?"}).replace("-", " ") for phrase in plain]
        what = next(phrase for phrase in phrases if (match := foley.classify(phrase)) and match.name == name)
        for values in ({}, {"seconds": 4.0}, *([{"seconds": 8.0, "loop": True}] if name in foley.TEXTURES else [])):
            yield _made(tool, accept(tool, {"what": what, **values}))


def _score(most: int) -> Iterator[Take]:
    tool = installed()["score"]
    moods = importlib.import_module("wavagent.tools._composer.moods")
    for mood in list(moods.MOODS)[:most]:
        for loop in (False, True):
            yield _made(tool, accept(tool, {"what": mood, "seconds": 12.0, "loop": loop}))


def _made(tool: Tool, params: Params) -> Take:
    from wavagent.tool import Request

    return Take.of(tool([Request(params, seed=1)])[0].audio, tool, params)


def _recordings(folder: Path, kinds: Sequence[str], spoilt: bool) -> Iterator[Take]:
    """Real recordings as if a tool had made them. A text of the length that fits stands for what is said in one."""
    import soundfile

    paths = sorted(path for kind in kinds for path in (folder / kind).glob("*"))
    for path in (path for path in paths if (path.stem in SPOILT_ALREADY) == spoilt):
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        audio = Audio(samples, rate)
        if path.parent.name == "speech":
            yield Take(audio, "speech", SAID.get(path.stem, "m" * round(audio.seconds / LETTER)))
        else:
            yield Take(audio, "sound", seconds=audio.seconds)


def _alarms(name: str, takes: Sequence[Take]) -> Row:
    began = process_time()
    found = [fault for take in takes for fault in faults(take)[:1]]
    took = process_time() - began
    seconds = sum(take.audio.seconds for take in takes)
    return {
        "what": name,
        "takes": len(takes),
        "seconds": round(seconds),
        "seen": len(found),
        "wanted": len(takes) if name == SPOILT_ROW else 0,
        "by": ", ".join(sorted({fault.name for fault in found})),
        "cpu_ms_per_minute": round(60_000 * took / seconds, 1) if seconds else None,
    }


# --- what the checks are for


def _hits(lines: Sequence[Take]) -> Iterator[Row]:
    generator = np.random.default_rng(1)
    for name, (wanted, spoil) in SPOILT.items():
        spoilt = [spoil(take, generator) for take in lines]
        seen = sum(any(fault.name == wanted for fault in faults(take)) for take in spoilt)
        others = sorted({fault.name for take in spoilt for fault in faults(take)} - {wanted})
        yield {
            "what": name,
            "takes": len(lines),
            "seconds": None,
            "seen": seen,
            "wanted": len(lines),
            "by": wanted + (f" (also {', '.join(others)})" if others else ""),
            "cpu_ms_per_minute": None,
        }


Spoil = Callable[[Take, np.random.Generator], Take]


def _with(take: Take, samples: Samples) -> Take:
    return replace(take, audio=Audio(np.ascontiguousarray(samples, np.float32), take.audio.rate))


def _cut(least: float, most: float) -> Spoil:
    def spoil(take: Take, generator: np.random.Generator) -> Take:
        return _with(take, take.audio.samples[: round(take.audio.frames * generator.uniform(least, most))])

    return spoil


def _again(take: Take, generator: np.random.Generator) -> Take:
    """Two seconds of the line a second time, right after the first."""
    size = min(2 * take.audio.rate, take.audio.frames)
    first = int(generator.integers(0, take.audio.frames - size + 1))
    samples = take.audio.samples
    return _with(take, np.concatenate([samples[: first + size], samples[first:]]))


def _resaid(take: Take, generator: np.random.Generator) -> Take:
    """The whole line a second time, 4 % slower and lower."""
    import soxr

    slower = soxr.resample(take.heard, 1.0, 1.04)[:, np.newaxis]
    gap = np.zeros((round(generator.uniform(0.1, 0.5) * take.audio.rate), 1), np.float32)
    return _with(take, np.concatenate([take.audio.samples, gap, slower]))


def _longer(take: Take, generator: np.random.Generator) -> Take:
    """The line, and then as long twice over, backwards: other sounds of the same voice."""
    samples = take.audio.samples
    return _with(take, np.concatenate([samples, samples[::-1], samples[::-1]]))


def _hiss(take: Take, generator: np.random.Generator) -> Take:
    return _with(take, generator.normal(0, 1e-4, take.audio.samples.shape).astype(np.float32))


def _click(take: Take, generator: np.random.Generator) -> Take:
    samples = np.zeros_like(take.audio.samples)
    samples[: round(0.02 * take.audio.rate)] = 0.3
    return _with(take, samples)


def _clipped(take: Take, generator: np.random.Generator) -> Take:
    """Its peaks 6 dB over full scale."""
    samples = take.audio.samples
    return _with(take, np.clip(samples * (2.0 / np.abs(samples).max()), -1.0, 1.0))


def _not_a_number(take: Take, generator: np.random.Generator) -> Take:
    spoilt = _with(take, take.audio.samples.copy())
    spoilt.audio.samples[take.audio.frames // 2] = np.nan
    return spoilt


SPOILT: dict[str, tuple[str, Spoil]] = {
    "not a number in it": ("not finite", _not_a_number),
    "silence": ("silence", lambda take, generator: _with(take, np.zeros_like(take.audio.samples))),
    "faint hiss": ("silence", _hiss),
    "a click, then silence": ("silence", _click),
    "6 dB over full scale": ("clipping", _clipped),
    "cut at 10 to 35 %": ("truncation", _cut(0.1, 0.35)),
    "cut at 35 to 95 %": ("truncation", _cut(0.35, 0.95)),
    "twice as much after it": ("run-on", _longer),
    "two seconds of it twice": ("repetition", _again),
    "said twice, slower the second time": ("repetition", _resaid),
    "text with a tag": ("markup", lambda take, g: replace(take, text=f'{take.text} <break time="300ms"/>')),
    "text with a stage direction": ("markup", lambda take, g: replace(take, text=f"[laughs] {take.text}")),
    "half of the length asked for": ("length", lambda take, g: replace(take, seconds=2 * take.audio.seconds)),
    "twice the length asked for": ("length", lambda take, g: replace(take, seconds=take.audio.seconds / 2)),
}
"""A clip spoilt in a known way, and the fault that should be seen in it."""

if __name__ == "__main__":
    main()
