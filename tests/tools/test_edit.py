"""Plain edits: to the sample where they are cuts, and measured where they are more."""

import importlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

TOOL = importlib.import_module("wavagent.tools.edit").TOOL
phrases = importlib.import_module("wavagent.tools._edit.phrases")
RATE = 8_000


def sine(hertz: float, seconds: float, channels: int = 1, rate: int = RATE) -> Audio:
    time = np.arange(round(seconds * rate)) / rate
    return Audio.of(np.repeat(0.5 * np.sin(2 * np.pi * hertz * time)[:, None], channels, axis=1), rate)


def done(audio: Audio, others: dict[str, Audio] | None = None, **step: Any) -> Audio:
    (result,) = TOOL([Request(accept(TOOL, {"step": step}), {"audio": audio, **(others or {})})])
    made: Audio = result.audio
    return made


def pitch(audio: Audio) -> float:
    power = np.abs(np.fft.rfft(audio.samples[:, 0] * np.hanning(audio.frames)))
    return float(power.argmax() / audio.seconds)


def level(samples: Any) -> float:
    return float(10 * np.log10(np.square(samples, dtype=np.float64).mean() + 1e-20))


def test_a_stretch_is_cut_to_the_sample_and_does_not_click() -> None:
    clip = sine(440, 2.0, 2)
    cut = done(clip, do="trim", start=0.5, end=1.25)
    assert cut.frames == 6_000
    inner = slice(100, -100)
    np.testing.assert_array_equal(cut.samples[inner], clip.samples[4_000:10_000][inner])
    assert cut.samples[0].max() == cut.samples[-1].max() == 0.0


def test_a_trim_that_takes_nothing_off_changes_nothing() -> None:
    clip = sine(440, 1.0)
    np.testing.assert_array_equal(done(clip, do="trim", end=5.0).samples, clip.samples)


def test_a_stretch_after_the_end_is_refused() -> None:
    with pytest.raises(Refused, match="the clip ends at 1 s, and has nothing from 1.5 s on"):
        done(sine(440, 1.0), do="trim", start=1.5)


def test_a_gain_is_in_decibels() -> None:
    clip = sine(440, 0.5)
    assert level(done(clip, do="gain", db=-6.0).samples) - level(clip.samples) == pytest.approx(-6.0, abs=0.01)


def test_a_fade_touches_only_its_seconds() -> None:
    clip = sine(440, 2.0)
    made = done(clip, do="fade", rise=0.5, fall=0.25).samples
    np.testing.assert_array_equal(made[4_000:14_000], clip.samples[4_000:14_000])
    assert level(made[:400]) < level(clip.samples[:400]) - 12
    assert level(made[-200:]) < level(clip.samples[-200:]) - 12


@given(times=st.floats(0.25, 4.0), channels=st.sampled_from([1, 2, 3]))
@settings(max_examples=25, deadline=None)
def test_faster_is_shorter_to_the_sample_and_no_higher(times: float, channels: int) -> None:
    clip = sine(440, 1.5, channels)
    made = done(clip, do="speed", times=times)
    assert made.frames == round(clip.frames / times)
    assert made.channels == channels
    assert pitch(made) == pytest.approx(440, abs=6)
    assert level(made.samples) == pytest.approx(level(clip.samples), abs=1.0)


def test_a_band_keeps_what_is_in_it() -> None:
    clip = Audio(sine(100, 1.0).samples + sine(1_000, 1.0).samples + sine(3_500, 1.0).samples, RATE)
    made = done(clip, do="band", low=400.0, high=2_000.0)
    assert made.frames == clip.frames
    before, after = (np.abs(np.fft.rfft(one.samples[:, 0] * np.hanning(RATE))) for one in (clip, made))
    down = [20 * np.log10(after[hertz] / before[hertz]) for hertz in (100, 1_000, 3_500)]
    assert down == pytest.approx([-48.2, 0.0, -19.5], abs=0.3)  # 24 dB for each octave


def test_a_space_rings_after_the_end() -> None:
    clip = sine(440, 0.5)
    church, dry = done(clip, do="room", space="church"), done(clip, do="room", space="dry")
    assert church.channels == 2 and church.seconds > 3.0
    assert dry.frames == clip.frames
    assert level(church.samples[clip.frames + 800 :][:4_000]) > -60


def test_an_overlay_lies_where_it_was_put_and_no_longer_than_asked() -> None:
    clip, other = Audio.silence(2.0, RATE), sine(440, 1.0, 2, rate=16_000)
    made = done(clip, {"other": other}, do="overlay", at=0.5, longest=0.25)
    assert (made.frames, made.channels) == (16_000, 2)
    sounding = np.flatnonzero(np.abs(made.samples[:, 0]) > 0.01)
    assert sounding[0] == pytest.approx(4_000, abs=20) and sounding[-1] == pytest.approx(6_000, abs=40)


def test_an_overlay_may_go_on_after_the_end() -> None:
    made = done(sine(200, 1.0), {"other": sine(440, 1.0)}, do="overlay", at=0.5)
    assert made.seconds == 1.5


def speech(*spans: tuple[float, float], until: float, hertz: float = 300) -> Audio:
    samples = np.zeros((round(until * RATE), 1), np.float32)
    for start, end in spans:
        tone = sine(hertz, end - start).samples
        samples[round(start * RATE) : round(start * RATE) + len(tone)] = tone
    return Audio(samples, RATE)


def test_phrases_are_parted_by_pauses() -> None:
    found = phrases.phrases(speech((0.5, 1.5), (1.6, 2.0), (3.0, 3.5), until=4.0))
    assert np.array(found) / RATE == pytest.approx(np.array([(0.5, 2.0), (3.0, 3.5)]), abs=0.02)
    assert phrases.phrases(Audio.silence(1.0, RATE)) == []


def test_each_phrase_begins_where_its_counterpart_does() -> None:
    said = speech((0.0, 1.2), (1.6, 3.4), until=3.4, hertz=500)
    like = speech((0.5, 1.5), (3.0, 4.5), until=5.0)
    made = done(said, {"like": like}, do="fit")
    starts = [first / RATE for first, _ in phrases.phrases(made)]
    assert starts == pytest.approx([0.5, 3.0], abs=0.03)
    assert made.seconds == pytest.approx(5.0, abs=0.01)
    assert pitch(made) == pytest.approx(500, abs=6)


def test_phrases_that_do_not_match_are_fitted_as_a_whole() -> None:
    said, like = speech((0.0, 2.0), until=2.0), speech((1.0, 1.8), (2.4, 3.0), until=4.0)
    made = done(said, {"like": like}, do="fit")
    ((first, last),) = phrases.phrases(made)
    assert (first / RATE, last / RATE) == pytest.approx((1.0, 3.0), abs=0.05)


@given(
    said=st.lists(st.floats(0.4, 2.5), min_size=1, max_size=4),
    like=st.lists(st.floats(0.4, 2.5), min_size=1, max_size=4),
)
@settings(max_examples=20, deadline=None)
def test_nothing_that_was_said_is_lost_or_said_at_once(said: list[float], like: list[float]) -> None:
    """However little time there is, the phrases follow each other, changed by no more than is allowed."""

    def talk(lengths: list[float]) -> Audio:
        spans, at = [], 0.0
        for length in lengths:
            spans.append((at, at + length))
            at += length + 0.5
        return speech(*spans, until=at)

    made = done(talk(said), {"like": talk(like)}, do="fit")
    assert np.abs(made.samples).max() < 0.6  # two at once would be louder
    sounding = (np.abs(made.samples) > 0.05).sum() / (np.abs(talk(said).samples) > 0.05).sum()
    assert 1 / 1.7 < sounding < 1 / 0.6 + (len(said) != len(like)) * 2


@pytest.mark.parametrize(
    "step", [{"do": "burn"}, {"do": "speed", "times": 9.0}, {"do": "room", "space": "moon"}, {"do": "gain"}, {}]
)
def test_what_it_does_not_do_is_refused(step: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="tool 'edit' does not take"):
        accept(TOOL, {"step": step})


@pytest.mark.parametrize(
    ("step", "clip"), [({"do": "fade"}, "audio"), ({"do": "overlay"}, "other"), ({"do": "fit"}, "like")]
)
def test_without_its_clip_it_says_which_is_missing(step: dict[str, Any], clip: str) -> None:
    given_clips = {} if clip == "audio" else {"audio": sine(440, 0.1)}
    with pytest.raises(Refused, match=f"works on a clip '{clip}', and was given none"):
        TOOL([Request(accept(TOOL, {"step": step}), given_clips)])


def test_the_length_of_a_stretch_is_known_before_it_is_cut() -> None:
    assert TOOL.seconds(accept(TOOL, {"step": {"do": "trim", "start": 1.0, "end": 3.5}})) == 2.5


def test_an_empty_clip_stays_one() -> None:
    nothing = Audio.silence(0.0, RATE)
    for step in ({"do": "gain", "db": 1.0}, {"do": "fade", "rise": 1.0}, {"do": "speed", "times": 2.0}, {"do": "band"}):
        assert done(nothing, **step).frames == 0
