import json
import math
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import Samples
from wavagent.dsp.loudness import Loudness, Meter, clip_loudness, hop_frames
from wavagent.dsp.resample import resampled

RATE = 48_000
Tone = Callable[..., Samples]
Noise = Callable[..., Samples]
Ebur128 = Callable[[Samples], dict[str, float]]

# EBU Tech 3341 (2016), table 1, cases 1-5: (seconds, peak dBFS of a stereo 1 kHz sine), all to read -23.0 LUFS
# but case 2; tolerance 0.1 LU
TECH_3341 = {
    "1": ([(20.0, -23.0)], -23.0),
    "2": ([(20.0, -33.0)], -33.0),
    "3": ([(10.0, -36.0), (60.0, -23.0), (10.0, -36.0)], -23.0),
    "4": ([(10.0, -72.0), (10.0, -36.0), (60.0, -23.0), (10.0, -36.0), (10.0, -72.0)], -23.0),
    "5": ([(20.0, -26.0), (20.1, -20.0), (20.0, -26.0)], -23.0),
}

# EBU Tech 3342 (2016), table 1, cases 1-4: the loudness range in LU; tolerance 1 LU
TECH_3342 = {
    "1": ([(20.0, -20.0), (20.0, -30.0)], 10.0),
    "2": ([(20.0, -20.0), (20.0, -15.0)], 5.0),
    "3": ([(20.0, -40.0), (20.0, -20.0)], 20.0),
    "4": ([(20.0, -50.0), (20.0, -35.0), (20.0, -20.0), (20.0, -35.0), (20.0, -50.0)], 15.0),
}


@pytest.mark.parametrize("case", TECH_3341)
def test_integrated_loudness_of_ebu_tech_3341(case: str, tone: Tone) -> None:
    steps, wanted = TECH_3341[case]
    assert Loudness.of(tone(*steps), RATE).integrated == pytest.approx(wanted, abs=0.1)


@pytest.mark.parametrize("case", TECH_3342)
def test_loudness_range_of_ebu_tech_3342(case: str, tone: Tone) -> None:
    steps, wanted = TECH_3342[case]
    assert Loudness.of(tone(*steps), RATE).range == pytest.approx(wanted, abs=1.0)


def test_surround_channels_weigh_more_and_the_lfe_nothing(tone: Tone) -> None:
    """Tech 3341, case 6: L R C Ls Rs at -28 -28 -24 -30 -30 dBFS read -23.0; a loud LFE changes nothing."""
    front, centre, side = (tone((5.0, db), channels=1) for db in (-28.0, -24.0, -30.0))
    loud = tone((5.0, -3.0), channels=1)
    five = np.concatenate([front, front, centre, side, side], axis=1)
    six = np.concatenate([front, front, centre, loud, side, side], axis=1)
    assert Loudness.of(five, RATE).integrated == pytest.approx(-23.0, abs=0.1)
    assert Loudness.of(six, RATE).integrated == pytest.approx(-23.0, abs=0.1)


def test_momentary_and_short_term_of_a_steady_tone(tone: Tone) -> None:
    found = Loudness.of(tone((5.0, -23.0)), RATE)
    assert found.momentary[1:] == pytest.approx(-23.0, abs=0.1)
    assert found.short_term[1:] == pytest.approx(-23.0, abs=0.1)


def test_short_term_does_not_flutter_with_its_programme(tone: Tone) -> None:
    """Tech 3341, case 9: a pattern of 3 s reads a constant -23.0 in any 3 s."""
    found = Loudness.of(tone(*[(1.34, -20.0), (1.66, -30.0)] * 5), RATE)
    assert found.short_term == pytest.approx(-23.0, abs=0.1)


def test_momentary_does_not_flutter_with_its_programme(tone: Tone) -> None:
    """Tech 3341, case 12: a pattern of 0.4 s reads a constant -23.0 in any 0.4 s after the first second."""
    found = Loudness.of(tone(*[(0.18, -20.0), (0.22, -30.0)] * 25), RATE, 100)
    assert found.momentary[60:] == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("index", range(0, 20, 3))
def test_the_loudest_3_s_are_found_wherever_they_are(index: int, tone: Tone) -> None:
    """Tech 3341, case 10."""
    clip = tone((0.15 * index, -math.inf), (3.0, -23.0), (1.0, -math.inf))
    assert Loudness.of(clip, RATE, 100).max_short_term == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("index", range(20))
def test_the_loudest_400_ms_are_found_wherever_they_are(index: int, tone: Tone) -> None:
    """Tech 3341, case 13, at 100 hops a second."""
    clip = tone((0.02 * index, -math.inf), (0.4, -23.0), (1.0, -math.inf))
    assert Loudness.of(clip, RATE, 100).max_momentary == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize("seconds", [3.0, 0.4])
def test_maxima_follow_a_programme_that_gets_louder(seconds: float, tone: Tone) -> None:
    """Tech 3341, cases 11 and 14: after each of 20 tones, each 1 dB louder, the maximum is that tone's."""
    meter = Meter(RATE, 2, 100)
    for index in range(20):
        lead = seconds * 0.05 * index
        meter.feed(tone((lead, -math.inf), (seconds, -38.0 + index), (seconds - lead, -math.inf)))
        found = meter.loudness()
        highest = found.max_short_term if seconds == 3.0 else found.max_momentary
        assert highest == pytest.approx(-38.0 + index, abs=0.1)


def test_the_cases_above_are_those_of_the_reference_file(shared: Path) -> None:
    data = json.loads((shared / "ebu" / "ebu_3341_3342_cases.json").read_text("utf-8"))
    cases = {case["case"]: case for case in data["cases"]}
    for number, (steps, wanted) in TECH_3341.items():
        case = cases[f"3341-{number}"]
        assert ([(part["seconds"], part["dbfs"]) for part in case["segments"]], case["expected"]["I"]) == (
            steps,
            wanted,
        )
    for number, (steps, wanted) in TECH_3342.items():
        case = cases[f"3342-{number}"]
        assert ([(part["seconds"], part["dbfs"]) for part in case["segments"]], case["expected"]["LRA"]) == (
            steps,
            wanted,
        )


@pytest.mark.parametrize("rate", [8000, 16_000, 22_050, 24_000, 44_100, 96_000])
def test_calibration_at_every_rate(rate: int, tone: Tone) -> None:
    """BS.1770: 997 Hz at full scale in one channel reads -3.01, in both 0.0; at 8 kHz Nyquist is near."""
    near = 0.25 if rate == 8000 else 0.05
    assert Loudness.of(tone((2.0, 0.0), hertz=997.0, rate=rate, channels=1), rate).integrated == pytest.approx(
        -3.01, abs=near
    )
    assert Loudness.of(tone((2.0, 0.0), hertz=997.0, rate=rate), rate).integrated == pytest.approx(0.0, abs=near)


def test_known_answer_of_pyloudnorm(shared: Path) -> None:
    samples, rate = soundfile.read(shared / "audio_edge" / "pyloudnorm_sine_1000.wav", dtype="float32", always_2d=True)
    assert Loudness.of(samples, rate).integrated == pytest.approx(-3.0523438444331137, abs=0.1)


def test_real_audio_agrees_with_pyloudnorm(recording: Samples) -> None:
    theirs = pyloudnorm.Meter(RATE).integrated_loudness(recording.astype(np.float64))
    assert Loudness.of(recording, RATE).integrated == pytest.approx(theirs, abs=0.1)


def test_real_audio_agrees_with_ffmpeg(recording: Samples, ebur128: Ebur128) -> None:
    found = Loudness.of(recording, RATE)
    theirs = ebur128(recording)
    assert found.integrated == pytest.approx(theirs["I"], abs=0.1)
    assert found.momentary[-1] == pytest.approx(theirs["M"], abs=0.1)
    assert found.short_term[-1] == pytest.approx(theirs["S"], abs=0.1)


def test_percentiles_of_the_range_are_of_the_ranks_of_tech_3342() -> None:
    """Of n levels in order, counted from 1, those at round((n - 1) * 0.10 + 1) and round((n - 1) * 0.95 + 1)."""
    found = Loudness(np.logspace(-3.0, -1.53, 50), 5 * RATE, RATE)  # louder by 0.3 LU every 100 ms
    levels = found.short_term
    assert len(levels) == 21
    assert found.range == pytest.approx(levels[round(20 * 0.95)] - levels[round(20 * 0.10)])


def test_the_range_of_a_short_clip_is_that_of_ffmpeg_but_for_its_rank(tone: Tone, ebur128: Ebur128) -> None:
    """Its 10th percentile of n levels is that of rank floor(n * 0.10 + 0.5); but for that the two agree."""
    clip = tone(*[(0.5, -40.0 + 3.0 * step) for step in range(10)])
    levels, theirs = Loudness.of(clip, RATE).short_term, ebur128(clip)["LRA"]
    count = len(levels)
    low, high = levels[math.floor(count * 0.10 + 0.5) - 1], levels[round((count - 1) * 0.95)]
    assert high - low == pytest.approx(theirs, abs=0.1)
    assert Loudness.of(clip, RATE).range < theirs - 0.3


def test_the_range_of_a_minute_of_music_agrees_with_ffmpeg(shared: Path, ebur128: Ebur128) -> None:
    """Long enough that a rank more or less does not matter: ffmpeg takes the lower percentile one rank below the
    rounding of Tech 3342, which in a clip of 5 s, with 24 windows, can be 1 LU.
    """
    name = shared / "audio" / "music" / "librosa_Kevin_MacLeod_-_Vibe_Ace.ogg"
    samples, rate = soundfile.read(name, dtype="float32", always_2d=True)
    music = resampled(np.repeat(samples, 2, axis=1), rate, RATE)
    music *= np.geomspace(0.1, 1.0, len(music), dtype=np.float32)[:, np.newaxis]
    assert Loudness.of(music, RATE).range == pytest.approx(ebur128(music)["LRA"], abs=0.2)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 20_000), max_size=12), st.sampled_from([10, 100]))
def test_the_result_does_not_depend_on_the_blocks(noise: Noise, cuts: list[int], hops: int) -> None:
    clip = noise(90_001)
    meter = Meter(RATE, 2, hops)
    for part in np.split(clip, np.cumsum(cuts).clip(0, len(clip)).astype(int).tolist()):
        meter.feed(part)
    found, whole = meter.loudness(), Loudness.of(clip, RATE, hops)
    assert found.frames == whole.frames == len(clip)
    assert found.integrated == pytest.approx(whole.integrated, abs=1e-6)
    assert found.energies == pytest.approx(whole.energies, rel=1e-9)


def test_parts_join_to_the_whole_across_a_pause(speech: Samples) -> None:
    """With 0.3 s of silence before the seam the filter has rung out, and nothing is lost."""
    quiet = np.zeros((14_400, 2), np.float32)
    first, second = np.concatenate([speech[: 48_000 * 4], quiet]), speech[48_000 * 4 :]
    joined = Loudness.joined([Loudness.of(first, RATE), Loudness.of(second, RATE)])
    whole = Loudness.of(np.concatenate([first, second]), RATE)
    assert joined.frames == whole.frames
    assert joined.energies == pytest.approx(whole.energies, rel=1e-6, abs=1e-18)
    assert joined.integrated == pytest.approx(whole.integrated, abs=1e-9)
    assert joined.range == pytest.approx(whole.range, abs=1e-9)


def test_parts_join_closely_even_in_the_middle_of_a_word(speech: Samples) -> None:
    parts = [Loudness.of(part, RATE) for part in np.split(speech, range(48_000, len(speech), 48_000))]
    whole = Loudness.of(speech, RATE)
    assert Loudness.joined(parts).integrated == pytest.approx(whole.integrated, abs=0.01)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=12), st.integers(0, 479))
def test_hops_of_10_ms_join_to_those_of_100_ms_wherever_the_seams_are(hops: list[int], rest: int) -> None:
    clip = np.random.default_rng(sum(hops)).standard_normal((480 * sum(hops) + rest, 2)).astype(np.float32)
    fine = Loudness.of(clip, RATE, 100)
    seams = np.cumsum([0, *hops])
    parts = [Loudness(fine.energies[a:b], 480 * int(b - a), RATE, 100) for a, b in pairwise(seams)]
    parts[-1] = replace(parts[-1], frames=parts[-1].frames + rest)
    joined, whole = Loudness.joined(iter(parts), hops=10), Loudness.of(clip, RATE)
    assert (joined.frames, joined.hops) == (whole.frames, 10)
    assert joined.energies == pytest.approx(whole.energies, rel=1e-9)


def test_parts_are_joined_one_at_a_time() -> None:
    """Ten hours in hops of 10 ms are 29 MB that nobody holds."""
    alive: list[weakref.ref[object]] = []

    def parts() -> Iterator[Loudness]:
        for _ in range(20):
            assert sum(one() is not None for one in alive) <= 2
            energies = np.ones(1000)
            alive.append(weakref.ref(energies))
            yield Loudness(energies, 480 * 1000, RATE, 100)
            del energies

    assert len(Loudness.joined(parts(), hops=10).energies) == 2000


def test_hops_that_do_not_fit_into_each_other_are_not_joined() -> None:
    part = Loudness.of(np.zeros((1100, 1), np.float32), 11_025, 100)
    with pytest.raises(ValueError, match="100 hops a second cannot be joined to 10 at 11025 Hz"):
        Loudness.joined([part], hops=10)


def test_parts_off_the_grid_or_of_different_kinds_do_not_join() -> None:
    part = Loudness.of(np.zeros((4801, 2), np.float32), RATE)
    with pytest.raises(ValueError, match="seam at frame 4801 is not on a multiple of 4800"):
        Loudness.joined([part, part])
    with pytest.raises(ValueError, match="one rate"):
        Loudness.joined([part, Loudness.of(np.zeros((4801, 2), np.float32), 44_100)])
    with pytest.raises(ValueError, match="at least one"):
        Loudness.joined([])


def test_what_was_stored_is_read_back_to_the_bit(noise: Noise) -> None:
    found = Loudness.of(noise(100_000), RATE)
    again = Loudness.from_bytes(found.to_bytes())
    assert np.array_equal(again.energies, found.energies)
    assert (again.frames, again.rate, again.hops) == (found.frames, found.rate, found.hops)


@pytest.mark.parametrize("data", [b"", b"LUF1", b"RIFF" + bytes(40), b"LUF1" + bytes(21)])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="no stored loudness"):
        Loudness.from_bytes(data)


def _odd() -> Iterator[tuple[str, Samples]]:
    impulse = np.zeros((48_000, 2), np.float32)
    impulse[20_000] = 1.0
    for frames in (0, 1, 479, 480, 19_199, 48_000):
        for value in (0.0, 1e-42, 1e-20, 1.0):
            yield f"{value} x {frames}", np.full((frames, 2), value, np.float32)
    yield "impulse", impulse
    yield "square", np.sign(np.sin(np.arange(48_000) * 0.1))[:, np.newaxis].astype(np.float32)


@pytest.mark.parametrize(("clip"), [pytest.param(clip, id=name) for name, clip in _odd()])
def test_no_measure_is_ever_nan(clip: Samples) -> None:
    found = Loudness.of(clip, RATE)
    levels = [found.integrated, found.max_momentary, found.max_short_term, found.range, clip_loudness(clip, RATE)]
    assert not np.isnan(levels).any()
    assert not np.isnan(found.momentary).any() and not np.isnan(found.short_term).any()


def test_silence_has_no_loudness_and_no_range() -> None:
    found = Loudness.of(np.zeros((480_000, 2), np.float32), RATE)
    assert found.integrated == found.max_momentary == found.max_short_term == -math.inf
    assert found.range == 0.0


def test_less_than_a_window_has_no_programme_loudness(tone: Tone) -> None:
    found = Loudness.of(tone((0.399, -10.0)), RATE)
    assert found.integrated == -math.inf and len(found.momentary) == 0


def test_a_clip_of_speech_is_as_loud_as_its_programme(speech: Samples) -> None:
    assert clip_loudness(speech, RATE) == pytest.approx(Loudness.of(speech, RATE).integrated, abs=0.3)


@pytest.mark.parametrize("around", [0.0, 0.3, 2.0])
@pytest.mark.parametrize("seconds", [0.02, 0.1, 0.4, 1.0])
def test_a_clip_is_as_loud_whatever_silence_is_around_it(seconds: float, around: float, tone: Tone) -> None:
    clip = tone((around, -math.inf), (seconds, -20.0), (around, -math.inf))
    assert clip_loudness(clip, RATE) == pytest.approx(-20.0, abs=0.5)


@pytest.mark.parametrize("rate", [8000, 11_025, 22_050, 44_100])
def test_a_click_has_a_loudness_at_any_rate(rate: int) -> None:
    click = np.zeros((rate, 1), np.float32)
    click[rate // 2] = 1.0
    assert -40.0 < clip_loudness(click, rate) < 0.0


def test_near_silence_is_not_to_be_brought_to_a_level(noise: Noise) -> None:
    assert clip_loudness(noise(48_000, size=1e-5), RATE) == -math.inf
    assert math.isfinite(clip_loudness(noise(48_000, size=1e-3), RATE))


def test_a_hop_is_rounded_to_a_frame() -> None:
    assert [hop_frames(rate) for rate in (48_000, 44_100, 11_025)] == [4800, 4410, 1103]


def test_other_numbers_of_hops_are_refused() -> None:
    with pytest.raises(ValueError, match="10 or 100 hops"):
        Meter(RATE, 2, 50)
