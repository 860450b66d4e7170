"""What those who publish sound ask of a file: delivery specifications as data.

Sources: ACX audio submission requirements; Apple Podcasts and Apple Books specifications; Spotify, YouTube and
Amazon loudness notes; EBU R 128 (2023); AES TD1008; LibriVox; Google Play Books. Where they disagree or say
nothing, what is usual.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from wavagent.errors import InputError
from wavagent.export.check import Span


@dataclass(frozen=True, slots=True)
class Profile:
    """A specification. What is None or empty is not asked for.

    `target` (LUFS) and `true_peak` (dBTP) are also what a mix is mastered to, within `aim` LU.
    """

    name: str
    summary: str
    target: float = -16.0
    tolerance: float | None = 1.0  # LU around the target
    aim: float = 0.3
    true_peak: float = -1.0
    sample_peak: float | None = None  # dBFS, for specifications that look at samples and not between them
    rms: Span | None = None  # dBFS
    noise_floor: Span | None = None  # dBFS
    head: Span | None = None  # seconds of silence
    tail: Span | None = None
    seconds: Span | None = None
    codecs: tuple[str, ...] = ()  # FFmpeg's names; "pcm" stands for all kinds of it
    kbps: Mapping[int, Span] = field(default_factory=dict)  # by channels, for lossy codecs
    cbr: bool = False
    joint_stereo: bool = True  # whether MP3 frames may be in joint stereo
    id3: Literal[3, 4] | None = None  # the version of an MP3's tags, 2.3 or 2.4
    rates: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()
    chapters: bool = False  # whether there must be some, from the start to the end, without gaps
    faststart: bool = False  # whether an MP4 must be playable before all of it is there
    cover: Span | None = None  # pixels of the sides of a square picture
    spread: float | None = None  # dB of RMS between the loudest and the quietest file of a set
    most: int | None = None  # files of a set
    each: Span | None = None  # seconds of every file of a set
    mono: bool = False  # whether files are made with one channel, where two may be allowed too
    beds: bool = True  # whether music and ambience may lie under the speech
    room_tone: float | None = None  # dBFS of the noise to lay under everything, where silence must not be digital
    note: str = ""
    unmeasured: tuple[str, ...] = ()  # what is asked besides, and no file shows

    @property
    def ceiling(self) -> float:
        """dBTP to limit a mix to, with room for what a codec adds."""
        return self.true_peak - 0.5


MP3, AAC, LOSSLESS = "mp3", "aac", ("flac", "alac", "pcm")
STUDIO_RATES = (44_100, 48_000)
SPOKEN = ("whether it is said aloud that the voices are computer-generated; the tags say it",)


ACX = Profile(
    "acx",
    "Audible ACX, a section",
    target=-19.5,  # speech in one channel at about the middle of the RMS window
    tolerance=None,
    true_peak=-3.0,
    sample_peak=-3.0,
    rms=(-23.0, -18.0),
    noise_floor=(-96.0, -60.0),
    head=(0.5, 1.0),
    tail=(1.0, 5.0),
    seconds=(0, 7200),
    codecs=(MP3,),
    kbps={1: (192, 320), 2: (192, 320)},
    cbr=True,
    joint_stereo=False,
    rates=(44_100,),
    mono=True,
    beds=False,  # 20 dB under the speech would be 20 dB over the noise floor
    room_tone=-72.0,
    cover=(2400, math.inf),
    spread=3.0,
    note="the technical format only: ACX takes human narration unless it has agreed to another",
    unmeasured=(
        "whether a section begins with its title, and holds no more than one",
        "whether the set has opening and closing credits, and a retail sample of 1 to 5 minutes (profile acx_sample)",
    ),
)


def _by_name(profiles: Iterable[Profile]) -> Mapping[str, Profile]:
    return MappingProxyType({profile.name: profile for profile in profiles})


PROFILES = _by_name(
    (
        Profile("universal", "podcasts and players in general", channels=(1, 2)),
        Profile(
            "apple",
            "Apple Podcasts",
            codecs=(MP3, AAC, *LOSSLESS),
            kbps={2: (128, 256)},
            rates=STUDIO_RATES,
            channels=(2,),
            cover=(1400, 3000),
            unmeasured=SPOKEN,
        ),
        Profile(
            "apple_mono",
            "Apple Podcasts, one channel, as loud as -16 LUFS is in two",
            target=-19.0,
            codecs=(MP3, AAC),
            kbps={1: (96, 128)},
            rates=STUDIO_RATES,
            channels=(1,),
            mono=True,
            cover=(1400, 3000),
            unmeasured=SPOKEN,
        ),
        Profile(
            "apple_books",
            "Apple Books audiobook, a track",
            tolerance=None,
            cbr=True,
            seconds=(0, 23 * 3600),
            most=25,
            each=(3600, 23 * 3600),
        ),
        Profile("spotify", "Spotify", target=-14.0, kbps={1: (96, 320), 2: (96, 320)}),
        Profile("youtube", "YouTube", target=-14.0),
        Profile("amazon", "Amazon Music and Alexa", target=-14.0, true_peak=-2.0),
        Profile("ebu", "EBU R 128 broadcast", target=-23.0, tolerance=0.5, aim=0.1),
        Profile("aes", "AES TD1008 streaming, speech", target=-18.0),
        ACX,
        replace(ACX, name="acx_sample", summary="Audible ACX, the retail sample", seconds=(60, 300), unmeasured=()),
        Profile(
            "librivox",
            "LibriVox, a section",
            target=-18.0,  # 89 dB of ReplayGain
            tolerance=3.0,
            codecs=(MP3,),
            kbps={1: (128, 128)},
            cbr=True,
            rates=(44_100,),
            channels=(1,),
            mono=True,
            id3=3,
        ),
        Profile(
            "google",
            "Google Play Books audiobook",
            tolerance=None,
            kbps={1: (128, 320), 2: (256, 320)},
            rates=(44_100, 48_000, 88_200, 96_000),
            seconds=(300, 360_000),
        ),
        Profile(
            "m4b",
            "M4B audiobook",
            tolerance=None,
            codecs=(AAC,),
            kbps={1: (64, 136), 2: (64, 136)},
            rates=(44_100,),
            channels=(1, 2),
            chapters=True,
            faststart=True,
        ),
    )
)
"""Every profile, by name."""


def profile_named(name: str) -> Profile:
    """The profile of that name. Raises InputError with the names there are."""
    try:
        return PROFILES[name]
    except KeyError:
        known = ", ".join(PROFILES)
        raise InputError(f"no profile is called '{name}'; there are: {known}") from None
