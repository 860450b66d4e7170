"""Speech in the time of other speech: what is said between two pauses begins where its counterpart began."""

import numpy as np

from wavagent.audio import Audio, Samples
from wavagent.dsp.fade import declicked

from .stretch import stretched

HOP = 0.01
"""Seconds of sound that are one level."""

PAUSE = 0.3
"""Seconds of quiet that part two phrases."""

QUIET = -35.0
"""dB below the loudest that count as quiet."""

Phrase = tuple[int, int]
"""First and last frame (exclusive) of what is said between two pauses."""


def phrases(audio: Audio) -> list[Phrase]:
    """The stretches of `audio` with sound in them, parted by pauses."""
    hop = max(1, round(HOP * audio.rate))
    whole = audio.samples[: audio.frames // hop * hop].reshape(-1, hop * audio.channels)
    level = np.sqrt(np.square(whole, dtype=np.float64).mean(axis=1)) if len(whole) else np.zeros(0)
    loud = np.flatnonzero(level > level.max(initial=0.0) * 10 ** (QUIET / 20))
    if not len(loud):
        return []
    gaps = np.flatnonzero(np.diff(loud) > PAUSE / HOP)
    firsts, lasts = loud[[0, *(gaps + 1)]], loud[[*gaps, -1]]
    return [(int(first) * hop, int(last + 1) * hop) for first, last in zip(firsts, lasts, strict=True)]


def fitted(audio: Audio, like: Audio, slowest: float, fastest: float) -> Audio:
    """`audio` in the time of `like`: each phrase begins where its counterpart does, where both have as many, else as
    a whole; no phrase is changed by more than the factors allow, and none runs into the next."""
    said, heard = phrases(audio), phrases(like)
    if not said or not heard:
        return audio
    if len(said) != len(heard):
        said, heard = [(said[0][0], said[-1][1])], [(heard[0][0], heard[-1][1])]
    seconds = [(first / like.rate, last / like.rate) for first, last in heard]
    until = [*(first for first, _ in seconds[1:]), max(like.seconds, seconds[-1][1])]
    placed: list[tuple[int, Samples]] = []
    free = 0  # the first frame that nothing was put on yet
    for (first, last), (start, end), room in zip(said, seconds, until, strict=True):
        piece = declicked(audio.samples[first:last], audio.rate)
        length = len(piece) / audio.rate
        slot = min(max(end - start, length / fastest), max(room - start, length / fastest))
        piece = stretched(piece, audio.rate, min(max(length / slot, slowest), fastest))
        free = max(free, round(start * audio.rate))
        placed.append((free, piece))
        free += len(piece)
    made = np.zeros((max(free, round(like.seconds * audio.rate)), audio.channels), np.float32)
    for start_frame, piece in placed:
        made[start_frame : start_frame + len(piece)] += piece
    return Audio(made, audio.rate)
