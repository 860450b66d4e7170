"""A clip in pieces, each of which fades into the next."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wavagent.audio import Audio, Samples

from .._spectra import Floats
from .components import Components, passed

SECONDS = 8.0
"""Of a piece: long enough to know a sound by, and less than the model hears at once."""

FADE = 1.0
"""Seconds that two pieces share."""

LEAST = 1.0
"""Seconds of a last piece that is no part of the one before it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The frames from `first` to `last`; with the piece before it, and the one after, it shares so many."""

    first: int
    last: int
    before: int
    after: int


def pieces(frames: int, rate: int) -> list[Piece]:
    """All of a clip, in pieces of equal length but for the last."""
    fade, step, least = round(FADE * rate), round((SECONDS - FADE) * rate), round((FADE + LEAST) * rate)
    starts = [start for start in range(0, max(frames, 1), step) if not start or frames - start >= least]
    ends = [*(start + fade for start in starts[1:]), frames]
    return [
        Piece(start, end, fade if start else 0, fade if end < frames else 0)
        for start, end in zip(starts, ends, strict=True)
    ]


def faded(piece: Piece) -> Floats:
    """The piece's share of each of its frames; with its neighbours' they come to 1."""
    share = np.ones(piece.last - piece.first)
    if piece.before:
        share[: piece.before] = _rising(piece.before)
    if piece.after:
        share[len(share) - piece.after :] = 1.0 - _rising(piece.after)
    return share


def _rising(frames: int) -> Floats:
    return (np.arange(frames) + 0.5) / frames


def kept(audio: Audio, parts: Sequence[tuple[Components, Floats]]) -> Samples:
    """Of each piece of the clip, its components by their weights, (frames, channels)."""
    made = np.zeros(audio.samples.shape, np.float64)
    for piece, (components, weights) in zip(pieces(audio.frames, audio.rate), parts, strict=True):
        share, mask = faded(piece), components.mask(weights)
        for channel in range(audio.channels):
            wave = audio.samples[piece.first : piece.last, channel].astype(np.float64)
            made[piece.first : piece.last, channel] += share * passed(wave, audio.rate, mask)
    return made.astype(np.float32)
