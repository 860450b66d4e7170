"""Programmes to write: a voice that is no voice, with lines, sounds and chapters at known places."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.credits import Credits
from wavagent.programme import Mark, Passage, Placed, Programme, Tags
from wavagent.timeline import Cue, Moment, Role

JPEG = b"\xff\xd8\xff\xe0" + bytes(500)

Make = Callable[..., Programme]
Voice = Callable[..., Samples]
Place = Callable[..., Placed]


@pytest.fixture(scope="session")
def voice() -> Voice:
    """`seconds` of syllables at 120 Hz with pauses between phrases: float32 of shape (frames, channels)."""

    def make(seconds: float, rate: int = 48_000, channels: int = 2, level: float = 0.3) -> Samples:
        time = np.arange(round(seconds * rate)) / rate
        tone = sum(np.sin(2 * np.pi * 120 * n * time + n) / n for n in range(1, 30))
        syllables = np.maximum(0.0, np.sin(2 * np.pi * 2.1 * time)) * (time % 4.0 < 3.2)
        breath = np.random.default_rng(7).standard_normal(len(time)) * 0.003
        sound = level * (0.4 * tone * syllables + breath)
        return np.stack([sound * (1.0 - 0.2 * channel) for channel in range(channels)], 1).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def programme(voice: Voice) -> Make:
    """A programme of the voice, in blocks of an odd size."""

    def make(seconds: float = 3.3, rate: int = 48_000, channels: int = 2, **fields: Any) -> Programme:
        return of(voice(seconds, rate, channels), rate=rate, **fields)

    return make


def of(samples: Samples, rate: int = 48_000, block: int = 10_007, **fields: Any) -> Programme:
    def blocks() -> Iterator[Samples]:
        for start in range(0, len(samples), block):
            yield samples[start : start + block]

    length = len(samples) / rate
    return Programme(
        len(samples),
        blocks,
        rate=rate,
        channels=samples.shape[1],
        **{
            "chapters": (Mark("One", 0.0, length / 2), Mark("Zwölf — 章", length / 2, length)),
            "tags": Tags("The Wörld", "A. Author", "Eve", "en-GB", cover=JPEG),
            "passages": (Passage("One\n\n", heading=True), Passage("“Zwölf — 章”\n")),
            "names": {"mary": "Mary", "narrator": "Narrator"},
            "credits": Credits("The Wörld", "A. Author", "", "", "No voice is a voice."),
            **fields,
        },
    )


@pytest.fixture(scope="session")
def programme_of() -> Make:
    """A programme of given samples."""
    return of


@pytest.fixture(scope="session")
def placed() -> Place:
    """A cue with a place, in seconds."""

    def make(start: float, end: float, text: str, speaker: str = "narrator", role: Role = "speech") -> Placed:
        cue = Cue(f"{role}-{start}", role, Moment(), speaker=speaker if role == "speech" else "", text=text)
        return Placed(cue, round(start * 48_000), round(end * 48_000))

    return make
