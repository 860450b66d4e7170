"""Treble for recordings that lost it, measured on speech of our own."""

import importlib
from typing import Any

import numpy as np
import pytest

from wavagent.audio import RATE, Audio
from wavagent.dsp.resample import resampled
from wavagent.errors import Refused
from wavagent.tool import Request, accept, installed

upsample = importlib.import_module("wavagent.tools.upsample")


def raised(audio: Audio) -> Any:
    (made,) = upsample.TOOL([Request(accept(upsample.TOOL, {}), {"audio": audio})])
    return made


def noise(seconds: float, rate: int, channels: int = 1) -> Audio:
    return Audio.of(np.random.default_rng(0).standard_normal((round(seconds * rate), channels)) * 0.1, rate)


@pytest.fixture(scope="module")
def speech() -> Audio:
    """A line with treble."""
    tool = installed()["espeak"]
    told = {"text": "She sells sea shells by the dark sea shore.", "voice": tool.card.voices[0].id}
    (made,) = tool([Request(accept(tool, told))])
    return Audio(resampled(made.audio.samples, made.audio.rate, RATE), RATE)


def muffled(audio: Audio, rate: int = 8_000) -> Audio:
    return Audio(resampled(audio.samples, audio.rate, rate), rate)


def distance(true: Audio, made: Audio, low: float = 4_000.0, high: float = 10_500.0) -> float:
    """The log-spectral distance of the louder moments between two frequencies, in dB."""
    frames = min(true.frames, made.frames)
    one, two = (
        np.abs(upsample.spectra(audio.samples[:frames, 0].astype(np.float64), upsample.SIZE)) ** 2
        for audio in (true, made)
    )
    band, least = slice(round(low / upsample.HERTZ), round(high / upsample.HERTZ)), 1e-8 * one.max()
    loud = one.sum(axis=1) > 1e-4 * one.sum(axis=1).max()
    apart = 10.0 * np.log10((one[loud, band] + least) / (two[loud, band] + least))
    return float(np.sqrt((apart**2).mean(axis=1)).mean())


def test_speech_from_a_telephone_comes_nearer_to_what_it_was(speech: Audio) -> None:
    low = muffled(speech)
    before = distance(speech, Audio(resampled(low.samples, low.rate, RATE), RATE))
    after = distance(speech, raised(low).audio)
    assert after < before - 5.0


def test_what_was_there_stays_as_it_was(speech: Audio) -> None:
    low = muffled(speech)
    made, before = raised(low).audio.samples, resampled(low.samples, low.rate, RATE)
    spectrum = np.abs(np.fft.rfft((made - before)[:, 0]))
    frequencies = np.fft.rfftfreq(len(made), 1.0 / RATE)
    heard = np.abs(np.fft.rfft(before[:, 0]))
    assert spectrum[frequencies < 3_500.0].max() < 1e-2 * heard.max()
    assert spectrum[(frequencies > 4_500.0) & (frequencies < 15_000.0)].max() > 1e-3 * heard.max()


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 2), (22_050, 6)])
def test_it_finds_where_a_clip_ends_and_comes_out_as_the_card_says(rate: int, channels: int) -> None:
    made = raised(noise(1.0, rate, channels))
    assert (made.audio.rate, made.audio.channels) == (upsample.TOOL.card.rate, channels)
    assert made.audio.seconds == pytest.approx(1.0, abs=1e-3)
    assert 0.9 * rate / 2 < made.data["cut_off"] <= rate / 2


def test_what_has_treble_is_left_as_it_is(speech: Audio) -> None:
    clip = noise(0.5, RATE, 2)
    made = raised(clip)
    assert made.data["cut_off"] is None
    np.testing.assert_array_equal(made.audio.samples, clip.samples)
    assert raised(noise(0.5, 32_000)).data["cut_off"] is None


def test_a_dark_sound_that_just_fades_away_is_not_taken_for_a_muffled_one() -> None:
    spectrum = np.fft.rfft(noise(1.0, RATE).samples[:, 0])
    spectrum *= 1.0 / (1.0 + np.fft.rfftfreq(RATE, 1.0 / RATE) / 300.0) ** 4  # 24 dB an octave
    assert raised(Audio.of(np.fft.irfft(spectrum), RATE)).data["cut_off"] is None


def test_no_seam_of_the_blocks_is_heard(speech: Audio, monkeypatch: pytest.MonkeyPatch) -> None:
    low = muffled(speech)
    whole = raised(low).audio.samples
    monkeypatch.setattr(upsample, "BLOCK", 0.5)
    np.testing.assert_allclose(raised(low).audio.samples, whole, atol=1e-5)


def test_it_is_the_same_alone_and_in_company_and_again(speech: Audio) -> None:
    low = muffled(speech)
    requests = [Request(accept(upsample.TOOL, {}), {"audio": clip}) for clip in (noise(0.3, 8_000), low)]
    np.testing.assert_array_equal(upsample.TOOL(requests)[1].audio.samples, raised(low).audio.samples)


@pytest.mark.parametrize("frames", [0, 1, 50])
def test_nothing_and_next_to_nothing_are_taken(frames: int) -> None:
    assert raised(Audio.of(np.full(frames, 0.1), 8_000)).audio.frames == frames * 6
    assert not raised(Audio.silence(0.2, 8_000)).audio.samples.any()


def test_without_a_clip_it_refuses() -> None:
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        upsample.TOOL([Request(accept(upsample.TOOL, {}))])
    with pytest.raises(Refused):
        accept(upsample.TOOL, {"rate": 96_000})
