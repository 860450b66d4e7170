"""pydub's AudioSegment with pyloudnorm: `python -m benchmarks.mixes.segments FOLDER`."""

import json
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pyloudnorm
from pydub import AudioSegment
from scipy.signal import resample_poly

from benchmarks.mixes.session import BED_FADE, CEILING, DUCK, FADE, TARGET, Part, read
from wavagent.audio import RATE


def main() -> None:
    folder = Path(sys.argv[1])
    session = read(folder)

    @cache
    def clip(file: str) -> AudioSegment:
        sound = AudioSegment.from_wav(folder / file)
        quieter = 3.0 if sound.channels == 1 else 0.0
        return sound.set_frame_rate(RATE).set_channels(2) - quieter

    mix = AudioSegment.silent(round(session.seconds * 1000), RATE).set_channels(2)
    for part in session.beds:
        mix = mix.overlay(_bed(clip(part.file), part, session.speech), round(part.start * 1000))
    for part in session.speech:
        fade = round(FADE * 1000)
        mix = mix.overlay((clip(part.file) + part.gain).fade_in(fade).fade_out(fade), round(part.start * 1000))
    samples = np.array(mix.get_array_of_samples(), np.float32).reshape(-1, 2) / 32768
    loudness = pyloudnorm.Meter(RATE).integrated_loudness(samples)
    mix = mix.apply_gain(TARGET - loudness)
    if mix.max_dBFS > CEILING:
        mix = mix.apply_gain(CEILING - mix.max_dBFS)  # it has no limiter
    samples = np.array(mix.get_array_of_samples(), np.float32).reshape(-1, 2) / 32768
    print(json.dumps({"lufs": loudness, "true_peak": float(np.abs(resample_poly(samples, 4, 1, axis=0)).max())}))


def _bed(loop: AudioSegment, part: Part, speech: list[Part]) -> AudioSegment:
    length = round((part.end - part.start) * 1000)
    bed = (loop * (length // len(loop) + 1))[:length] + part.gain
    ducked, at = AudioSegment.empty(), 0
    for line in (one for one in speech if part.start <= one.start < part.end):
        start, end = (round((time - part.start) * 1000) for time in (line.start, line.end))
        ducked += bed[at:start] + (bed[start:end] - DUCK)
        at = end
    fade = round(BED_FADE * 1000)
    return (ducked + bed[at:]).fade_in(fade).fade_out(fade)


if __name__ == "__main__":
    main()
