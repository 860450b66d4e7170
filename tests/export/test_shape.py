from collections.abc import Callable

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.dsp.resample import resampled
from wavagent.export.coding import Coding
from wavagent.export.profile import PROFILES
from wavagent.export.shape import Shape, shape_for, shaped
from wavagent.export.table import FORMATS
from wavagent.programme import Placed, Programme

Make = Callable[..., Programme]
Voice = Callable[..., Samples]
Place = Callable[..., Placed]

WANTED = {
    ("universal", ".mp3"): Shape(48_000, 2),
    ("apple", ".mp3"): Shape(48_000, 2),
    ("apple_mono", ".mp3"): Shape(48_000, 1),
    ("acx", ".mp3"): Shape(44_100, 1, Coding(192, joint=False)),
    ("librivox", ".mp3"): Shape(44_100, 1, Coding(128, id3=3)),
    ("google", ".mp3"): Shape(48_000, 2, Coding(256)),
    ("universal", ".m4b"): Shape(44_100, 2),
    ("m4b", ".m4b"): Shape(44_100, 2),
    ("ebu", ".wav"): Shape(48_000, 2),
}


@pytest.mark.parametrize(("name", "suffix"), WANTED)
def test_a_profile_and_a_format_decide_the_shape(programme: Make, name: str, suffix: str) -> None:
    assert shape_for(FORMATS[suffix], PROFILES[name], programme(0.1)) == WANTED[name, suffix]


def test_a_bit_rate_that_is_asked_for_stays(programme: Make) -> None:
    shape = shape_for(FORMATS[".mp3"], PROFILES["google"], programme(0.1), Coding(320))
    assert shape.coding == Coding(320)
    assert shape_for(FORMATS[".mp3"], PROFILES["google"], programme(0.1), Coding(vbr=True)).coding == Coding(vbr=True)


@pytest.mark.parametrize("block", [1, 997, 100_000])
def test_blocks_are_resampled_as_the_whole_would_be(programme_of: Make, voice: Voice, block: int) -> None:
    sound = voice(0.3 if block == 1 else 3.01)
    made = shaped(programme_of(sound, block=block), Shape(44_100))
    found = np.concatenate(list(made.blocks()))
    wanted = resampled(sound, 48_000, 44_100)
    assert len(found) == made.frames == len(wanted)
    assert made.rate == 44_100
    assert np.abs(found - wanted).max() < 1e-4


def test_one_channel_is_the_mean_of_two(programme_of: Make, voice: Voice) -> None:
    sound = voice(1.0)
    made = shaped(programme_of(sound), Shape(channels=1))
    assert made.channels == 1
    assert np.array_equal(np.concatenate(list(made.blocks())), sound.mean(axis=1, keepdims=True))


def test_cues_keep_their_times(programme: Make, placed: Place) -> None:
    made = shaped(programme(3.0, placed=(placed(0.5, 1.25, "a"),)), Shape(44_100))
    assert [(one.start, one.end) for one in made.placed] == [(22_050, 55_125)]
    assert made.seconds == pytest.approx(3.0)


def test_a_programme_of_that_shape_is_left_alone(programme: Make) -> None:
    same = programme(0.5)
    assert shaped(same, Shape(48_000, 2)) is same
