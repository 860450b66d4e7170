"""Repetition: a voice that says a phrase again which its text has once."""

import re

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples
from wavagent.check.take import Fault, Take

HOP = 0.04
"""Seconds from one frame to the next."""

WINDOW = 0.08
"""Seconds of a frame."""

BANDS = 24

PHRASE = 1.6
"""Seconds that have to come again: some five words."""

NEAREST = 0.4
"""Seconds between the two at least: nearer ones are a long vowel."""

ALIKE = 0.84
"""The mean likeness (cosine of the spectra's deviations from the mean) of a phrase said twice. In what eSpeak says of
texts that do not repeat themselves, in six languages, it is 0.81 at most."""

WORDS, LETTERS = 3, 13
"""A text that itself has as many words, or as many letters in a row, twice may sound like it."""

IDEOGRAPH = 3
"""Letters that take as long as one ideograph."""


def repetition(take: Take) -> Fault | None:
    if not take.spoken or take.audio.seconds < NEAREST + PHRASE or echoes(take.text):
        return None
    likeness, lag = again(take.heard, take.audio.rate)
    if likeness < ALIKE:
        return None
    return Fault("repetition", f"says the same twice, {lag:.2g} s apart, and its text does not")


def echoes(text: str) -> bool:
    """Whether `text` itself says something twice that is long enough to be heard as a phrase."""
    letters = "".join(
        character * (IDEOGRAPH if character > "\u3000" else 1) for character in text.lower() if character.isalnum()
    )
    first: dict[str, int] = {}
    runs = (letters[at : at + LETTERS] for at in range(len(letters) - LETTERS + 1))
    far = 2 * IDEOGRAPH  # one ideograph, that is so many letters, is no echo of itself
    return repeats(text, WORDS) or any(at - first.setdefault(run, at) >= far for at, run in enumerate(runs))


def repeats(text: str, words: int) -> bool:
    """Whether `text` has as many words (in a script without words, characters) twice in the same order."""
    said = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+", text.lower())
    phrases = [tuple(said[at : at + words]) for at in range(len(said) - words + 1)]
    return len(set(phrases)) < len(phrases)


def again(samples: Samples, rate: int) -> tuple[float, float]:
    """How much alike the two stretches of `samples` are that are most alike, and the seconds between them."""
    shape = _shape(samples, rate)
    phrase, best, lag = round(PHRASE / HOP), 0.0, 0
    for gap in range(round(NEAREST / HOP), len(shape) - phrase + 1):
        alike = np.einsum("ij,ij->i", shape[:-gap], shape[gap:])
        if len(alike) < phrase:
            break
        total = np.concatenate(([0.0], np.cumsum(alike)))
        most = float((total[phrase:] - total[:-phrase]).max()) / phrase
        if most > best:
            best, lag = most, gap
    return best, lag * HOP


def _shape(samples: Samples, rate: int) -> NDArray[np.float64]:
    """For every frame a unit vector: how its spectrum differs from the clip's mean. Zero where it is silent."""
    size, hop = round(WINDOW * rate), round(HOP * rate)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]
    power = np.abs(np.fft.rfft(frames * np.hanning(size).astype(np.float32))) ** 2
    bands = np.add.reduceat(power, _edges(size, rate), axis=1)
    loud = bands.sum(axis=1)
    sounding = loud > 1e-4 * np.percentile(loud, 95)
    logs = np.log(bands + 1e-5 * float(loud.max()) + 1e-20)
    logs -= logs[sounding].mean(axis=0) if sounding.any() else 0.0
    lengths = np.linalg.norm(logs, axis=1, keepdims=True)
    return np.where(sounding[:, None], logs / np.maximum(lengths, 1.0), 0.0).astype(np.float64)


def _edges(size: int, rate: int) -> NDArray[np.int64]:
    """The first bin of every band, even on the mel scale from 100 Hz to 7 kHz."""
    mel = np.linspace(1127 * np.log1p(100 / 700), 1127 * np.log1p(min(7000.0, rate / 2.2) / 700), BANDS)
    return np.unique(np.round(700 * np.expm1(mel / 1127) * size / rate).astype(np.int64))
