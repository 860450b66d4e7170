"""What the tools for recordings that need no trained model of their own do, on sounds whose truth is known.

`python -m benchmarks.recordings [--quick] [--json]`. `extract`: two sounds of `foley`, equally loud, parted by
`clap_extract`'s components with a judge that knows which is which in place of CLAP (and errs by 0.03 of the cosine):
what the machinery can do at best, as the scale-invariant signal-to-distortion ratio of what is kept; more is better.
`upsample`: lines of `espeak` at 8 kHz, as the log-spectral distance from what they were, from 4 to 10.5 kHz, of their
louder moments; less is better. `speed` is seconds of sound in a second of the processor, the judge apart.
"""

import argparse
import importlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Row, report
from wavagent.audio import RATE, Audio
from wavagent.dsp.resample import resampled
from wavagent.tool import Request, accept, installed

MIXTURES = (
    ("church bell", "rain"),
    ("birdsong", "rain"),
    ("dog barking", "wind"),
    ("footsteps on wood", "stream"),
    ("thunder", "birdsong"),
    ("car horn", "crowd"),
)
LINES = (
    "She sells sea shells by the sea shore, and six thick thistle sticks were there.",
    "The old lighthouse keeper climbed the stairs and looked out over the dark water.",
    "It was a bright cold day in April, and the clocks were striking thirteen.",
)
MODULE: Any = importlib.import_module("wavagent.tools.clap_extract")
SPECTRA: Any = importlib.import_module("wavagent.tools._spectra")


class Knowing(MODULE.ClapExtract):  # type: ignore[misc]  # mypy cannot see that tools/ is wavagent.tools
    """Hears how much of the target is in a component of a clip of one piece."""

    def __init__(self, target: Audio, other: Audio) -> None:
        super().__init__({"": Path()})
        self._truth = [one.samples[:, 0].astype(np.float64) for one in (target, other)]
        self._random = np.random.default_rng(0)

    def load(self, place: Any) -> None:
        return None

    def fits(self, model: Any, what: str, clips: Sequence[Audio]) -> Any:
        return np.array([0.3 * self._share(clip) + self._random.normal(0.0, 0.03) for clip in clips])

    def _share(self, clip: Audio) -> float:
        target, other = ((clip.samples[:, 0] @ one) ** 2 / (one @ one) for one in self._truth)
        return float(target / (target + other + 1e-12))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--json", action="store_true")
    asked = options.parse_args()
    seconds, count = (2.0, 1) if asked.quick else (8.0, None)
    rows = [*(_extracted(*pair, seconds) for pair in MIXTURES[:count]), *_upsampled(LINES[:count])]
    report("recordings", rows, asked.json)


def _extracted(what: str, behind: str, seconds: float) -> Row:
    target, other = _sound(what, seconds), _sound(behind, seconds)
    mixture, tool = Audio(target.samples + other.samples, RATE), Knowing(target, other)
    began = time.process_time()
    (made,) = tool([Request(accept(tool, {"what": what}), {"audio": mixture})])
    took = time.process_time() - began
    before, after = _ratio(mixture, target), _ratio(made.audio, target)
    return _row("extract", f"{what} in {behind}", before, after, seconds / took)


def _upsampled(lines: Sequence[str]) -> Iterator[Row]:
    voice, tool = installed()["espeak"], installed()["upsample"]
    for line in lines:
        (said,) = voice([Request(accept(voice, {"text": line, "voice": voice.card.voices[0].id}))])
        true = resampled(said.audio.samples, said.audio.rate, RATE)
        low = Audio(resampled(said.audio.samples, said.audio.rate, 8_000), 8_000)
        began = time.process_time()
        (made,) = tool([Request(accept(tool, {}), {"audio": low})])
        took = time.process_time() - began
        before, after = _distance(true, resampled(low.samples, 8_000, RATE)), _distance(true, made.audio.samples)
        yield _row("upsample", line[:30], before, after, low.seconds / took)


def _row(tool: str, clip: str, before: float, after: float, speed: float) -> Row:
    return {"tool": tool, "clip": clip, "before_db": before, "after_db": after, "speed": speed}


def _sound(what: str, seconds: float) -> Audio:
    tool = installed()["foley"]
    (made,) = tool([Request(accept(tool, {"what": what, "seconds": seconds}), seed=1)])
    wave = made.audio.samples.mean(axis=1, keepdims=True, dtype=np.float64)
    return Audio.of(0.1 * wave / np.sqrt(np.mean(wave**2)), RATE)


def _ratio(made: Audio, truth: Audio) -> float:
    heard, true = (one.samples[:, 0].astype(np.float64) for one in (made, truth))
    part = heard @ true / (true @ true) * true
    return float(10.0 * np.log10(np.sum(part**2) / np.sum((heard - part) ** 2)))


def _distance(true: Any, made: Any) -> float:
    size, frames = 1_024, min(len(true), len(made))
    one, two = (np.abs(SPECTRA.spectra(samples[:frames, 0].astype(np.float64), size)) ** 2 for samples in (true, made))
    band, least = slice(round(4_000 * size / RATE), round(10_500 * size / RATE)), 1e-8 * one.max()
    loud = one.sum(axis=1) > 1e-4 * one.sum(axis=1).max()
    apart = 10.0 * np.log10((one[loud, band] + least) / (two[loud, band] + least))
    return float(np.sqrt((apart**2).mean(axis=1)).mean())


if __name__ == "__main__":
    main()
