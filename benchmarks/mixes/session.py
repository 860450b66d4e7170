"""A synthetic session: clips, beds and where they go, written to a folder that every contestant reads."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from sys import intern
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import RATE, Audio
from wavagent.dsp.loudness import clip_loudness
from wavagent.mix.level import LEVELS, LOUDEST

FORMATS = ((22_050, 1), (24_000, 1), (44_100, 1), (48_000, 2), (16_000, 1), (44_100, 2))
"""Rates and channels of the clips: what speech and sound models make."""

SESSION = "session.jsonl"

CLIPS = 48
BED = 30.0
SCENE = 120.0
DUCK = 16.0
FADE, BED_FADE = 0.005, 2.0
CEILING = -1.5
TARGET = -16.0


@dataclass(frozen=True, slots=True)
class Part:
    """`file` from second `start`, looped until `end` when it is a bed, with `gain` dB that bring it to its level."""

    file: str
    role: str
    start: float
    end: float
    gain: float


@dataclass(frozen=True, slots=True)
class Session:
    """The parts of a mix of `seconds`."""

    seconds: float
    parts: tuple[Part, ...]

    @property
    def speech(self) -> list[Part]:
        return [part for part in self.parts if part.role == "speech"]

    @property
    def beds(self) -> list[Part]:
        return [part for part in self.parts if part.role != "speech"]


def write(folder: Path, minutes: float, seed: int = 0) -> Session:
    """Make a session of about 25 clips a minute over two looped beds, and write it."""
    random = np.random.default_rng(seed)
    clips = [_clip(folder, number, random) for number in range(CLIPS)]
    beds = [_bed(folder, role, random) for role in ("music", "ambience")]
    session = Session(minutes * 60.0, tuple(_parts(minutes * 60.0, clips, beds, random)))
    # A line for each part: reading it back is not to take more memory than the mixers do.
    lines = [json.dumps(session.seconds), *(json.dumps(asdict(part)) for part in session.parts)]
    (folder / SESSION).write_text("\n".join(lines))
    return session


def read(folder: Path) -> Session:
    with (folder / SESSION).open() as lines:
        return Session(json.loads(next(lines)), tuple(_part(json.loads(line)) for line in lines))


def _part(told: dict[str, Any]) -> Part:
    return Part(**{**told, "file": intern(told["file"]), "role": intern(told["role"])})


def _parts(
    seconds: float,
    clips: list[tuple[str, float, float]],
    beds: list[tuple[str, str, float]],
    random: np.random.Generator,
) -> Iterator[Part]:
    at, scene, opened = 0.5, 0, 0.5
    while at < seconds - 4.0:
        file, length, gain = clips[int(random.integers(len(clips)))]
        yield Part(file, "speech", round(at, 2), round(at, 2) + length, gain)
        at += length + float(random.uniform(0.2, 0.6))
        if at - opened > SCENE or at >= seconds - 4.0:
            for bed, role, level in beds:
                yield Part(bed, role, round(opened, 2), round(at + 1.0, 2), level)
            scene, at = scene + 1, at + 2.0
            opened = at


def _clip(folder: Path, number: int, random: np.random.Generator) -> tuple[str, float, float]:
    """A voice-like clip: noise with the spectrum and the syllables of speech."""
    rate, channels = FORMATS[number % len(FORMATS)]
    length = float(random.uniform(1.5, 2.7))
    time = np.arange(round(length * rate)) / rate
    pitch = float(random.uniform(90.0, 220.0))
    tones = sum(np.sin(2 * np.pi * pitch * n * time + n) / n**1.2 for n in range(1, 16))
    syllables = 0.5 - 0.5 * np.cos(2 * np.pi * 4.0 * time)
    voice = 0.1 * syllables * tones + 0.005 * random.standard_normal(len(time))
    return f"clip-{number}.wav", *_written(folder / f"clip-{number}.wav", voice, rate, channels, "speech")


def _bed(folder: Path, role: str, random: np.random.Generator) -> tuple[str, str, float]:
    """A loop: its spectrum is made of whole cycles, so that its end runs into its beginning."""
    frames = round(BED * RATE)
    spectrum = np.zeros(frames // 2 + 1, np.complex128)
    bins = random.integers(round(80 * BED), round(4000 * BED), 400)
    spectrum[bins] = random.standard_normal(400) + 1j * random.standard_normal(400)
    wave = np.fft.irfft(spectrum, frames)
    name = f"{role}.wav"
    return name, role, _written(folder / name, 0.2 * wave / np.abs(wave).max(), RATE, 2, role)[1]


def _written(path: Path, wave: NDArray[np.float64], rate: int, channels: int, role: str) -> tuple[float, float]:
    """The length of what was written, and the gain that brings it to its role's level."""
    import soundfile

    samples = np.repeat(wave.astype(np.float32)[:, np.newaxis], channels, axis=1)
    soundfile.write(path, samples, rate, subtype="PCM_16")
    heard, _ = soundfile.read(path, dtype="float32", always_2d=True)
    audio = Audio.of(heard, rate)
    gain = min(LEVELS[role] - clip_loudness(audio.samples, rate), LOUDEST)  # type: ignore[index]
    return audio.seconds, round(float(gain), 3)
