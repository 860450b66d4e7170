"""Whole arrays: numpy and scipy for the mix, pyloudnorm for loudness: `python -m benchmarks.mixes.arrays FOLDER`.

What a signal-processing user would write in an afternoon: the whole programme in one array.
"""

import json
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyloudnorm
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d
from scipy.signal import resample_poly

from benchmarks.mixes.session import BED_FADE, CEILING, DUCK, FADE, TARGET, Part, Session, read
from wavagent.audio import RATE

Array = NDArray[Any]


def main() -> None:
    folder = Path(sys.argv[1])
    session = read(folder)
    mix = _summed(folder, session)
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(mix)
    mix *= 10 ** ((TARGET - loudness) / 20)
    mix *= _limiting(mix)[:, np.newaxis]
    print(json.dumps({"lufs": loudness, "true_peak": float(_true_peaks(mix).max())}))


def _summed(folder: Path, session: Session) -> Array:
    mix = np.zeros((round(session.seconds * RATE), 2), np.float32)
    duck = _ducking(session)

    @cache
    def clip(file: str) -> Array:
        samples, rate = soundfile.read(folder / file, dtype="float32", always_2d=True)
        samples = soxr.resample(samples, rate, RATE)
        return samples if samples.shape[1] == 2 else np.repeat(samples * np.float32(0.5**0.5), 2, axis=1)

    for part in session.parts:
        start, end = round(part.start * RATE), min(round(part.end * RATE), len(mix))
        sound = clip(part.file)
        sound = np.resize(sound, (end - start, 2)) if part in session.beds else sound[: end - start]
        sound = sound * _envelope(len(sound), part)[:, np.newaxis]
        if part.role != "speech":
            sound *= duck[start:end, np.newaxis]
        mix[start : start + len(sound)] += sound
    return mix


def _envelope(frames: int, part: Part) -> Array:
    envelope = np.full(frames, 10 ** (part.gain / 20), np.float32)
    fade = min(round((FADE if part.role == "speech" else BED_FADE) * RATE), frames // 2)
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    envelope[:fade] *= ramp
    envelope[frames - fade :] *= ramp[::-1]
    return envelope


def _ducking(session: Session) -> Array:
    speaking = np.zeros(round(session.seconds * RATE), np.float32)
    for part in session.speech:
        speaking[round((part.start - 0.2) * RATE) : round((part.end + 0.2) * RATE)] = 1.0
    smooth = uniform_filter1d(speaking, round(0.3 * RATE))
    return np.asarray(10 ** (-DUCK / 20 * smooth), np.float32)


def _true_peaks(mix: Array) -> Array:
    """The true peak at each frame, over both channels."""
    over = np.abs(resample_poly(mix, 4, 1, axis=0)).max(axis=1)
    return np.asarray(over.reshape(-1, 4).max(axis=1))


def _limiting(mix: Array) -> Array:
    ceiling = 10 ** ((CEILING - 0.3) / 20)
    needed = np.minimum(1.0, ceiling / np.maximum(_true_peaks(mix), 1e-9))
    width = round(0.01 * RATE)
    held = 1.0 - maximum_filter1d(1.0 - needed, width)
    return np.asarray(uniform_filter1d(held, width // 2), np.float32)


if __name__ == "__main__":
    main()
