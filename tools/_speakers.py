"""Who is who among voices that a model has told apart: at what level, from stretch to stretch, and in which order."""

from collections.abc import Sequence
from itertools import permutations

import numpy as np

from ._expert import Wave
from ._spectra import Floats

STRETCH = 24.0
"""Seconds that the model hears at once."""

SHARED = 6.0
"""Seconds that two stretches have in common: by them it is told who is who."""

FADE = 0.05
"""Seconds over which one stretch becomes the next, in the middle of what they share."""

HOP = 0.02
"""Seconds of one look at whether somebody speaks."""

SPEAKING = 0.1
"""How loud somebody is who speaks, beside the loudest moment of their own."""


def stretches(wave: Wave, rate: int) -> list[tuple[int, Wave]]:
    """`wave` in stretches, each with its first frame, that share their ends."""
    size, step = round(STRETCH * rate), round((STRETCH - SHARED) * rate)
    starts = range(0, max(1, len(wave) - round(SHARED * rate)), step)
    return [(start, wave[start : start + size]) for start in starts]


def levelled(mixture: Wave, voices: Floats) -> Floats:
    """`voices`, (speakers, frames), at the levels at which together they come nearest to the mixture: a model that
    was trained for the shape of waves leaves their levels open, and their signs."""
    gains = np.linalg.lstsq(voices.T.astype(np.float64), mixture.astype(np.float64), rcond=None)[0]
    made: Floats = voices * gains[:, np.newaxis]
    return made


def joined(parts: Sequence[tuple[int, Floats]], frames: int) -> Floats:
    """The voices of all stretches, (speakers, frames), each with its first frame: who is who in the next one is whoever
    sounds most like it where the two overlap."""
    made = np.zeros((len(parts[0][1]), frames))
    reached = 0
    for first, voices in parts:
        last = first + voices.shape[1]
        common = max(0, reached - first)
        order = _matched(made[:, first:reached], voices[:, :common])
        share = _taking_over(common, voices.shape[1])
        made[:, first:last] += (voices[order] - made[:, first:last]) * share
        reached = last
    return made


def in_order(voices: Floats, rate: int) -> Floats:
    """`voices`, (speakers, frames), in the order in which they are first heard."""
    return voices[np.argsort([_begins(voice, round(HOP * rate)) for voice in voices], kind="stable")]


def _matched(before: Floats, after: Floats) -> list[int]:
    """Which of the voices `after` goes on with each of those `before`."""
    alike = before @ after.T
    orders = permutations(range(len(after)))
    return list(max(orders, key=lambda order: sum(alike[one, other] for one, other in enumerate(order))))


def _taking_over(common: int, frames: int) -> Floats:
    """How much of the later stretch is heard, frame by frame."""
    share = np.ones(frames)
    fade = max(1.0, min(FADE * common / SHARED, common))
    share[:common] = np.clip((np.arange(common) + 0.5 - common / 2) / fade + 0.5, 0.0, 1.0)
    return share


def _begins(voice: Floats, hop: int) -> int:
    """The first look at which a voice speaks; after the last for one that never does."""
    looks = np.abs(voice[: len(voice) // hop * hop]).reshape(-1, hop).max(axis=1, initial=0.0)
    if not looks.any():
        return len(looks)
    return int(np.argmax(looks >= SPEAKING * looks.max()))
