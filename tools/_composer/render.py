"""From notes to sound: one rendered sample for each pitch that is played, placed, shaped and mixed here.

symusic's synthesizer plays a bank's waveforms and no more: measured on 0.5.8, velocities, controllers, pedals and
volume envelopes change nothing, and what rings past a score's end is cut. So it is asked for bare single notes, and
dynamics, envelopes, places in the stereo picture and the room are made here. It also makes a loop exact: what rings
past the end is added at the beginning, before anything was cut.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavagent.audio import Samples

from .piece import Note, Piece

LOUDNESS = 0.1
"""RMS that a clip is brought to (-20 dBFS), as far as its peaks allow."""

PEAK = 0.89

_QUALITY = 3  # interpolation; 5 and 6 are silent in symusic 0.5.8
_LONGEST = 20.0  # seconds of one note
_FALL = float(np.log(1000.0))  # nepers in 60 dB
_PAN: Mapping[str, float] = {"lead": 0.08, "pad": 0.0, "figure": -0.3, "bass": 0.0, "beat": 0.15}
_DRUM_SECONDS = 1.2
_BLOCK = 1 << 17
_ROOM_SEED = 20240229  # the room is a fixed place, not part of a piece's chance

Voice = tuple[bool, int, int]
"""(is percussion, program, pitch): what one rendered sample serves."""


@dataclass
class Bank:
    """A SoundFont opened for one clip: the synthesizer keeps every note it ever made, so it must not live on."""

    path: str
    rate: int
    _synthesizer: Any = field(init=False)
    _levels: dict[tuple[bool, int], float] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        from symusic import core

        self._core = core
        self._synthesizer = core.Synthesizer(self.path, self.rate, _QUALITY)

    def sample(self, voice: Voice, seconds: float, cutoff: float) -> Samples:
        """A note at an even loudness, (frames, 1 or 2), without rumble and with its edge taken off."""
        raw = _balanced(self._play(voice, seconds))
        return _toned(raw * (LOUDNESS / self._level(voice)), self.rate, cutoff)

    def _level(self, voice: Voice) -> float:
        """RMS of a reference note of the instrument, so that programs recorded softly are not lost."""
        drum, program, pitch = voice
        reference = (drum, pitch if drum else program)
        if reference not in self._levels:
            heard = _balanced(self._play((drum, program, pitch if drum else 60), 0.6))
            self._levels[reference] = max(float(np.sqrt(np.mean(heard[: self.rate // 3] ** 2))), 1e-4)
        return self._levels[reference]

    def _play(self, voice: Voice, seconds: float) -> Samples:
        drum, program, pitch = voice
        track = self._core.TrackSecond("", program, drum)
        track.notes.append(self._core.NoteSecond(0.0, seconds, pitch, 100))
        score = self._core.ScoreSecond(0)
        score.tracks.append(track)
        frames = np.asarray(self._synthesizer.render(score, True), np.float32).T
        return np.ascontiguousarray(frames[: round(seconds * self.rate)])


def _balanced(samples: Samples) -> Samples:
    """One channel of a note whose channels are the same, or of which the bank fills only one (its harp's)."""
    left, right = samples.T
    if np.array_equal(left, right) or not right.any():
        return samples[:, :1]
    return samples[:, 1:] if not left.any() else samples


def _toned(samples: Samples, rate: int, cutoff: float) -> Samples:
    """Through a first-order low-pass at `cutoff` hertz and a high-pass at 30: speech keeps the upper octaves."""
    size = _fast_size(len(samples) + rate // 20)
    hertz = np.fft.rfftfreq(size, 1 / rate).astype(np.float32)
    response = 1j * hertz / ((1 + 1j * hertz / np.float32(cutoff)) * (30 + 1j * hertz))
    toned = np.fft.irfft(np.fft.rfft(np.ascontiguousarray(samples.T), size) * response, size)
    return np.ascontiguousarray(toned[:, : len(samples)].T, np.float32)


def _fast_size(least: int) -> int:
    """The next length of at least `least` that an FFT takes in small factors: 4, 5, 6 or 7 times a power of two."""
    power = 1 << max((least - 1).bit_length() - 3, 0)
    return next(size for factor in (4, 5, 6, 7, 8) if (size := factor * power) >= least)


def render(piece: Piece, bank: Bank, hall: float, wet: float) -> Samples:
    """The piece as (frames, 2), round(seconds * rate) frames. Not yet levelled: see `levelled`."""
    rate = bank.rate
    frames = round(piece.seconds * rate)
    mix = np.zeros((frames, 2), np.float32)
    beat = piece.seconds / piece.beats
    for voice, notes in _by_voice(piece.notes).items():
        player = notes[0].instrument
        longest = max(_sounding(note, beat) for note in notes)
        sample = bank.sample(voice, min(longest, _LONGEST), player.cutoff if player else 6000.0)
        for note in notes:
            _place(mix, _shaped(sample, note, beat, rate), round(note.start * beat * rate), piece.loop)
    _reverberate(mix, _room(hall, rate), wet, piece.loop)
    if not piece.loop:
        _fade_out(mix, rate)
    return mix


def _by_voice(notes: Iterable[Note]) -> dict[Voice, list[Note]]:
    voices: dict[Voice, list[Note]] = {}
    for note in notes:
        player = note.instrument
        voices.setdefault((player is None, player.program if player else 0, note.pitch), []).append(note)
    return voices


def _sounding(note: Note, beat: float) -> float:
    """Seconds from a note's beginning to the end of its release."""
    if not note.instrument:
        return _DRUM_SECONDS
    return note.length * beat + note.instrument.release


def _shaped(sample: Samples, note: Note, beat: float, rate: int) -> Samples:
    """The part of a sample that a note sounds, under its envelope, at its level and place."""
    count = min(len(sample), round(_sounding(note, beat) * rate))
    gain = _envelope(count, note, rate) * np.float32(note.level)
    angle = (_PAN[note.role or "beat"] + 1.0) * np.pi / 4
    sides = np.array([np.cos(angle), np.sin(angle)], np.float32) * np.float32(np.sqrt(2.0))
    shaped: Samples = sample[:count] * gain[:, np.newaxis] * sides
    return shaped


def _envelope(count: int, note: Note, rate: int) -> NDArray[np.float32]:
    """Attack, the instrument's own dying away (faster the higher), and a release to nothing, (count,)."""
    time = np.arange(count, dtype=np.float32) / np.float32(rate)
    player = note.instrument
    attack, decay, release = (player.attack, player.decay, player.release) if player else (0.001, 0.0, 0.3)
    gain: NDArray[np.float32] = np.minimum(time / np.float32(attack), np.float32(1.0))
    if decay:
        gain *= np.exp(-time * np.float32(_FALL / (decay * 2.0 ** ((60 - note.pitch) / 24.0))))
    tail = min(round(release * rate), count)
    gain[count - tail :] *= np.cos(np.linspace(0, np.pi / 2, tail, dtype=np.float32)) ** 2
    return gain


def _place(mix: Samples, sound: Samples, start: int, loop: bool) -> None:
    """Add a sound; in a loop, what passes the end comes in again at the beginning."""
    start %= max(len(mix), 1)
    while len(sound):
        room = len(mix) - start
        mix[start : start + len(sound)] += sound[:room]
        if not loop:
            return
        sound, start = sound[room:], 0


def _room(seconds: float, rate: int) -> Samples:
    """A hall's impulse response of `seconds` to -60 dB: darkened noise, each side its own, (frames, 2)."""
    count = round(seconds * rate)
    noise = np.random.default_rng(_ROOM_SEED).standard_normal((count, 2), np.float32)
    time = np.arange(count, dtype=np.float32)[:, np.newaxis] / np.float32(rate)
    noise *= np.exp(-time * np.float32(_FALL / seconds)) * np.minimum(time / np.float32(0.03), np.float32(1.0))
    dark = _toned(noise, rate, 2500.0)
    energy = np.sum(dark**2, axis=0, dtype=np.float64)
    return (dark / np.sqrt(energy)).astype(np.float32)


def _reverberate(mix: Samples, room: Samples, wet: float, loop: bool) -> None:
    """Add the room to `mix` in place, by overlap-add; in a loop it rings from the end into the beginning."""
    size = _fast_size(_BLOCK + len(room) - 1)
    response = np.fft.rfft(np.ascontiguousarray(room.T) * np.float32(wet), size)
    ringing = np.zeros((size, 2), np.float32)
    for start in range(0, len(mix), _BLOCK):
        block = mix[start : start + _BLOCK]
        dry = np.fft.rfft((block[:, 0] + block[:, 1]) * np.float32(0.5), size)
        ringing += np.fft.irfft(dry * response, size).T
        block += ringing[: len(block)]
        ringing = np.concatenate([ringing[len(block) :], np.zeros((len(block), 2), np.float32)])
    if loop:
        _place(mix, ringing, 0, True)


def _fade_out(mix: Samples, rate: int) -> None:
    """The last chord dies away to nothing, in the last quarter of a short clip."""
    count = min(len(mix), round(min(2.5, 0.25 * len(mix) / rate) * rate))
    mix[len(mix) - count :] *= (np.cos(np.linspace(0, np.pi / 2, count, dtype=np.float32)) ** 2)[:, np.newaxis]


def levelled(mix: Samples) -> Samples:
    """The mix at -20 dBFS RMS, or below where its peak would pass 0.89; done in place. Silence stays silence."""
    # By blocks: a whole ten minutes squared would be one more ten minutes of memory.
    blocks = [mix[start : start + _BLOCK] for start in range(0, len(mix), _BLOCK)]
    power = sum(float(np.sum(np.square(block), dtype=np.float64)) for block in blocks) / max(mix.size, 1)
    peak = max((float(np.abs(block).max()) for block in blocks), default=0.0)
    if peak > 0.0:
        mix *= np.float32(min(LOUDNESS / np.sqrt(power), PEAK / peak))
    return mix
