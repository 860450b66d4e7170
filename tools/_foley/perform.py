"""From a match to a clip: strokes in time, textures to length, near or far, loud or soft."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wavagent.audio import RATE, Samples

from .catalogue import SOUNDS
from .language import Match
from .sound import Series, Sound, Take
from .synth import Signal, band, canvas, convolved, fall, hertz, noise, place, rms, span, stereo, swell, top

PERIOD = 16.0
"""Seconds of the longest texture made as such: a longer one is this, around and around."""

PEAK = 0.89
BEHIND = 0.3
"""The gain of a texture behind an event."""

FADE = 0.012
NEXT = (2.0, 4.5)
"""Seconds between the strokes of a loop of what comes once."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One clip: `frames` of `match`, looping or not, by `rng`."""

    match: Match
    frames: int
    loop: bool
    rng: np.random.Generator


def natural(match: Match) -> float:
    """The seconds that a clip of `match` lasts when none are asked for."""
    events = [SOUNDS[name] for name in match.names if not SOUNDS[name].texture]
    if not events:
        return max(SOUNDS[name].lasts for name in match.names)
    return sum(_lasts(sound, match, first=number == 0) for number, sound in enumerate(events))


def _lasts(sound: Sound, match: Match, first: bool) -> float:
    count = (match.count if first else None) or sound.series.count
    return (count - 1) * sum(sound.series.beat) / 2 / match.pace + sound.lasts / min(1.0, match.pace)


def perform(match: Match, seconds: float | None, loop: bool, seed: int) -> Samples:
    """A clip of `match`, float32 of shape (frames, 2), peak at most 0.9, its edges silent or, in a loop, one."""
    rng = np.random.default_rng(seed)
    frames = span(natural(match) if seconds is None else seconds)
    plan = Plan(match, frames, loop, rng)
    events = [SOUNDS[name] for name in match.names if not SOUNDS[name].texture]
    beds = [SOUNDS[name] for name in match.names if SOUNDS[name].texture]
    total = np.zeros((frames, 2), np.float32)
    if events:
        total += _in_turn(plan, events, whole=seconds is None)
    for number, bed in enumerate(beds):
        _lay(total, bed, plan, gain=BEHIND if events else (1.0, 0.6, 0.4)[number])
    return _finished(total, plan)


# ---- events


def _in_turn(plan: Plan, events: Sequence[Sound], whole: bool) -> Signal:
    """Events one after the other, each in a share of the clip like its usual length."""
    shares = np.array([_lasts(sound, plan.match, number == 0) for number, sound in enumerate(events)])
    edges = np.round(np.cumsum([0.0, *shares / shares.sum()]) * plan.frames).astype(int)
    if len(events) == 1:
        return _strokes(events[0], plan, plan.match.count, whole)
    total = canvas(plan.frames)
    for number, sound in enumerate(events):
        part = Plan(plan.match, max(1, int(edges[number + 1] - edges[number])), False, plan.rng)
        made = _strokes(sound, part, plan.match.count if number == 0 else None, whole)
        place(total, int(edges[number]), made * swell(len(made), 0.001, FADE)[:, None])
    return total


def _strokes(sound: Sound, plan: Plan, count: int | None, whole: bool) -> Signal:
    """The strokes of an event in `plan.frames`; in a loop their tails go around, else they stop at the end."""
    seconds = plan.frames / RATE
    starts = _schedule(sound, plan, count, whole)
    total = canvas(plan.frames)
    for index, start in enumerate(starts):
        made = sound.make(Take(plan.rng, 0, plan.match.weight, plan.match.pace, index))
        at = min(int(start * RATE), plan.frames - 1)
        room = plan.frames - (0 if plan.loop else at)
        if plan.loop and len(made) > room:
            made = stereo(made)[:room] * swell(room, 0.001, 0.2 * seconds)[:, None]
        place(total, at, made[:room])
    return _treated(_levelled(total, sound.peak), plan)


def _schedule(sound: Sound, plan: Plan, count: int | None, whole: bool) -> list[float]:
    """When the strokes start, in seconds: one group, or as many groups as the clip has room for."""
    seconds, series = plan.frames / RATE, sound.series
    if plan.loop:
        return _around(series, seconds, count, plan)
    once = whole or count is not None or series.rest is None
    group = _beats(series, count or series.count, plan)
    starts, now = [0.0], 0.0
    while len(starts) < 100_000:
        for beat in group:
            now += beat
            starts.append(now)
        if once or now > seconds:
            break
        rest = series.rest or NEXT
        now += plan.rng.uniform(*rest) / plan.match.pace + _overhang(series, sound)
        starts.append(now)
        group = _beats(series, series.count, plan)
    room = seconds - min(sound.lasts, 0.35 * seconds)
    if whole and starts[-1] > room:  # chance made the beats longer than their mean, by which the clip was measured
        return [start * room / starts[-1] for start in starts]
    return [start for start in starts if start <= room or start == 0.0]


def _overhang(series: Series, sound: Sound) -> float:
    """What a rest must leave to the last stroke of a group, which may be longer than its beat."""
    return 0.0 if series.rest == series.beat else max(0.0, sound.lasts - series.beat[0])


def _beats(series: Series, count: int, plan: Plan) -> list[float]:
    return [plan.rng.uniform(*series.beat) / plan.match.pace for _ in range(count - 1)]


def _around(series: Series, seconds: float, count: int | None, plan: Plan) -> list[float]:
    """Starts on a circle of `seconds`: steady strokes are spaced evenly, groups keep their beats and share the rest."""
    mean = sum(series.beat) / 2 / plan.match.pace
    if series.rest == series.beat:
        strokes = max(1, round(seconds / mean))
        jitter = (series.beat[1] - series.beat[0]) / 2 / plan.match.pace
        return [n * seconds / strokes + (plan.rng.uniform(0, jitter) if n else 0.0) for n in range(strokes)]
    strokes = max(1, min(count or series.count, int(seconds / mean)))
    rest = sum(series.rest or NEXT) / 2 / plan.match.pace
    groups = max(1, round(seconds / ((strokes - 1) * mean + rest + mean)))
    starts: list[float] = []
    for group in range(groups):
        late = plan.rng.uniform(0, 0.3) * rest if group else 0.0
        at = group * seconds / groups + late
        starts += [at, *(at + np.cumsum(_beats(series, strokes, plan)))]
    return [float(start) for start in starts if start < seconds]


# ---- textures


def _lay(total: Samples, sound: Sound, plan: Plan, gain: float) -> None:
    """Adds a texture to all of `total`, around and around when that is long; circular when the plan loops."""
    turns = int(np.ceil(plan.frames / (PERIOD * RATE)))
    period = -(-plan.frames // turns)
    wide = stereo(sound.make(Take(plan.rng, period, plan.match.weight, plan.match.pace)))
    wide = np.roll(wide, int(plan.rng.integers(period)), axis=0)  # so that no wave or wheel begins at the seam
    around = Plan(plan.match, period, True, plan.rng)
    made = (gain * _treated(_levelled(wide, sound.peak), around)).astype(np.float32)
    for start in range(0, plan.frames, period):
        total[start : start + period] += made[: plan.frames - start]
    if lost := turns * period - plan.frames:
        _close(total, made, lost)


def _close(total: Samples, made: Samples, lost: int) -> None:
    """Runs the end of `total` into its beginning, `lost` frames too soon, by a crossfade of like with like."""
    fade = min(4096, len(made) - lost)
    share = np.linspace(1, 0, fade, endpoint=False, dtype=np.float32)[:, None]
    total[:fade] += share * (np.roll(made, lost, axis=0)[:fade] - made[:fade])


# ---- the finish


def _levelled(x: Signal, peak: float) -> Signal:
    """`x` at `peak`, its rarest spikes rounded so that they do not press the rest down."""
    highest = top(x)
    if highest == 0.0:
        return x
    ceiling = min(highest, 14.0 * rms(x))
    return peak * np.tanh(x / ceiling) / np.tanh(highest / ceiling) if highest > ceiling else peak / highest * x


def _treated(x: Signal, plan: Plan) -> Signal:
    """`x` as far away, or as behind a wall, as the match says."""
    if plan.match.distant:
        x = _far(x, plan, seconds=0.9, high=1600, dry=0.45, gain=0.25)
    if plan.match.muffled:
        x = _far(x, plan, seconds=0.15, high=420, dry=0.8, gain=0.6)
    return x


def _far(x: Signal, plan: Plan, seconds: float, high: float, dry: float, gain: float) -> Signal:
    """Air and walls take the highs, and what comes around by them smears the rest."""
    frames = span(seconds)
    tail = noise(plan.rng, frames, band(60, high), 2) * fall(frames, seconds / 4)[:, None]
    tail *= (1 - dry) / np.sqrt(np.sum(np.square(tail)) / 2)
    direct = np.fft.irfft(band(0, high, 2)(hertz(2048)))[:frames]
    tail[: len(direct)] += dry * direct[:, None]
    for side in (0, 1):
        x[:, side] = gain * convolved(x[:, side], tail[:, side], plan.loop)
    return x


def _finished(x: Samples, plan: Plan) -> Samples:
    """`x` with no DC, edges at zero unless it loops, at the level its words ask for, peak at most 0.9."""
    if not plan.loop:
        x *= swell(len(x), 0.002, FADE if len(x) > span(0.1) else 0.002)[:, None]
    size = np.abs(x)
    # weighs one half of the wave against the other: a constant taken away would be left standing in the silences
    x -= x.mean(axis=0, dtype=np.float64) / np.maximum(size.mean(axis=0, dtype=np.float64), 1e-9) * size
    x *= 10 ** (plan.match.level / 20)
    x *= min(1.0, PEAK / max(top(x), PEAK))
    return x
