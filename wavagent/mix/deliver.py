"""Delivering: a programme is brought into the shape of a profile, mastered, written, read back and measured.

What gain and ceiling can mend is mended and measured again; the certificate says what could not be.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from wavagent.audio import Samples
from wavagent.dsp.gain import peak
from wavagent.dsp.loudness import Loudness, Meter
from wavagent.export.certificate import Certificate, certify
from wavagent.export.check import Span
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.edge import edged
from wavagent.export.profile import Profile
from wavagent.export.shape import shape_for, shaped
from wavagent.export.table import Format
from wavagent.export.tone import toned
from wavagent.mix.master import Mix, gain_for, mastered
from wavagent.programme import Programme

TRIES = 4
"""Times that a file is written before a missed certificate is reported as it is."""

CLOSE = 1.0
"""dB to the middle of an RMS window with which a file is left alone."""


@dataclass(frozen=True)
class Heard:
    """A programme and what a meter says of it, in one pass when it is first asked."""

    programme: Programme

    @property
    def rate(self) -> int:
        return self.programme.rate

    @property
    def channels(self) -> int:
        return self.programme.channels

    def blocks(self) -> Iterator[Samples]:
        return self.programme.blocks()

    @property
    def peak(self) -> float:
        return self._levels[0]

    @property
    def loudness(self) -> Loudness:
        return self._levels[1]

    @cached_property
    def _levels(self) -> tuple[float, Loudness]:
        meter, highest = Meter(self.rate, self.channels), 0.0
        for block in self.blocks():
            meter.feed(block)
            highest = max(highest, peak(block))
        return highest, meter.loudness()


@dataclass(frozen=True, slots=True)
class Mastering:
    """The gain in dB and the ceiling in dBTP of a master, and how often it was tried."""

    gain: float = 0.0
    ceiling: float = -1.5
    tries: int = 1

    @classmethod
    def first(cls, mix: Mix, form: Format, profile: Profile, coding: Coding = PLAIN) -> "Mastering":
        ceiling = min(form.ceiling, profile.ceiling)
        return cls(round(gain_for(mix, profile.target, ceiling) - form.gain(coding, mix.channels), 2), ceiling)

    def mended(self, certificate: Certificate, profile: Profile) -> "Mastering | None":
        """What to try next, or None when the file meets the profile or no gain or ceiling would help."""
        off, over = _off(certificate, profile), certificate.true_peak - profile.true_peak
        if off == 0.0 and over <= 0.0:
            return None
        return Mastering(
            round(self.gain + off, 2),
            round(self.ceiling - max(0.0, over + 0.1), 2) if over > 0.0 else self.ceiling,
            self.tries + 1,
        )

    def of(self, programme: Programme) -> Programme:
        """`programme`, mastered."""
        return replace(programme, blocks=lambda: mastered(programme, self.gain, self.ceiling), since=None)


def _off(certificate: Certificate, profile: Profile) -> float:
    """dB by which a file is to become louder; 0.0 when it is near enough, or silent."""
    if profile.rms:
        found, wanted, near = certificate.measured.rms, middle(profile.rms), CLOSE
    else:
        found, wanted, near = certificate.loudness, profile.target, profile.aim
    off = wanted - found if math.isfinite(found) else 0.0
    return off if abs(off) > near else 0.0


def deliver(
    programme: Programme, path: Path, form: Format, profile: Profile, coding: Coding = PLAIN, mix: Mix | None = None
) -> Certificate:
    """Write `programme`, a pre-master, to `path` for `profile`, and certify the file.

    `mix` is what is known of its levels, which saves a pass where its shape is kept. Raises OutputError.
    """
    shape = shape_for(form, profile, programme, coding)
    sound = shaped(_fitted(programme, profile), shape)
    levels = mix if mix is not None and sound is programme else Heard(sound)
    master = Mastering.first(levels, form, profile, shape.coding)
    while True:
        finished = master.of(sound)
        if profile.room_tone is not None:
            finished = toned(finished, profile.room_tone)
        form.write_coded(finished, path, shape.coding)
        certificate = certify(path, profile)
        following = master.mended(certificate, profile)
        if following is None or following.tries > TRIES:
            return certificate
        master = following


def _fitted(programme: Programme, profile: Profile) -> Programme:
    """`programme` with the silence at its ends that `profile` asks for."""
    if profile.head is None or profile.tail is None:
        return programme
    return edged(programme, middle(profile.head), middle(profile.tail))


def middle(span: Span) -> float:
    return sum(span) / 2
