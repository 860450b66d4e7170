"""Each check sees its fault, and nothing in what is as it should be."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.audio import Audio
from wavagent.check import CHECKS, Fault, Take, faults, faults_in, noted
from wavagent.check.markup import leaks

Voiced = Callable[..., Take]
Make = Callable[..., Take]


def names(take: Take) -> list[str]:
    return [fault.name for fault in faults(take)]


def sounding(take: Take, samples: Any) -> Take:
    return replace(take, audio=Audio.of(samples, take.audio.rate))


@pytest.mark.parametrize(
    "text",
    [
        "The thousand injuries of Fortunato I had borne as I best could; but when he ventured upon insult, I vowed.",
        "Oh!",
        "No, no, no, no!",
        "He ran and ran and ran, over the hills and over the hills, over the hills and far away.",
        "In 1895, at 221 Baker Street, 12 of the 365 men said: 3 < 4 [so he wrote] & left (softly).",
        "Ugh! ugh! ugh!—ugh! ugh! ugh!—ugh! ugh! ugh!",
    ],
)
def test_nothing_is_wrong_with_a_plain_line(voiced: Voiced, text: str) -> None:
    assert names(voiced(text)) == []


# --- silence


def test_a_line_of_silence_is_broken(voiced: Voiced) -> None:
    (fault,) = faults(sounding(voiced(), np.zeros(60_000)))
    assert (fault.name, fault.broken, fault.message) == ("silence", True, "is silent")


def test_a_line_of_which_hardly_anything_is_heard_is_broken(voiced: Voiced) -> None:
    click = np.zeros(120_000)
    click[:500] = 0.3
    (fault,) = faults(sounding(voiced(), click))
    assert (fault.name, fault.broken) == ("silence", True)
    assert fault.message.startswith("is silent but for 0.0")


def test_a_take_without_a_sample_is_silent(voiced: Voiced) -> None:
    (fault,) = faults(sounding(voiced("Who is there?"), np.zeros(0, np.float32)))
    assert (fault.name, fault.broken) == ("silence", True)


def test_a_faint_sound_is_no_silence(take: Make, hiss: Any) -> None:
    assert names(take(hiss(1.0, 0.002))) == []
    assert names(take(hiss(1.0, 0.0001))) == ["silence"]


def test_what_only_works_on_a_clip_may_find_silence_in_it(take: Make) -> None:
    assert names(take(np.zeros(1_000), task="separate")) == []


# --- clipping


def test_peaks_cut_flat_are_clipping(voiced: Voiced) -> None:
    samples = voiced().audio.samples
    assert names(sounding(voiced(), np.clip(samples * (2.0 / np.abs(samples).max()), -1, 1))) == ["clipping"]


@pytest.mark.parametrize("hertz", [30, 50, 440, 3_000])
def test_a_sound_at_full_scale_is_not_clipped(take: Make, hertz: int) -> None:
    time = np.arange(22_050) / 22_050
    assert names(take(np.sin(2 * np.pi * hertz * time))) == []


def test_a_square_wave_below_full_scale_is_not_clipped(take: Make) -> None:
    time = np.arange(22_050) / 22_050
    assert names(take(0.9 * np.sign(np.sin(2 * np.pi * 440 * time)))) == []


# --- truncation and run-on


def test_a_line_that_is_over_too_soon_is_cut(voiced: Voiced) -> None:
    take = voiced()
    (fault,) = faults(sounding(take, take.heard[: take.audio.frames // 4]))
    assert fault.name == "truncation"
    assert "and its text takes about" in fault.message


def test_a_line_that_ends_in_a_vowel_at_full_level_is_cut(voiced: Voiced) -> None:
    take = voiced()
    frames = round(0.01 * take.audio.rate)
    loudest = int(np.argmax(take.levels[: len(take.levels) * 9 // 10]))
    long = max(loudest, int(np.argmax(take.levels[len(take.levels) // 2 :])) + len(take.levels) // 2)
    (fault,) = faults(sounding(take, take.heard[: (long + 1) * frames]))
    assert fault.message == "ends in the middle of a sound"


def test_a_line_that_goes_on_and_on_runs_on(voiced: Voiced) -> None:
    take = voiced()
    more = np.concatenate([take.heard, take.heard[::-1], take.heard[::-1]])
    assert "run-on" in names(sounding(take, more))


@pytest.mark.parametrize("text", ["Сколько лет, сколько зим!", "他身材很高大；青白脸色。", "これは何ですか。", "1895"])
def test_other_scripts_have_their_own_time(take: Make, text: str) -> None:
    from wavagent.check.pace import spoken_seconds

    assert 0.4 < spoken_seconds(text) < 4.0
    assert spoken_seconds(text, pace=2.0) == pytest.approx(spoken_seconds(text) / 2)


# --- repetition


def test_a_phrase_said_twice_is_a_repetition(voiced: Voiced) -> None:
    take = voiced()
    heard, at = take.heard, 2 * take.audio.rate
    again = np.concatenate([heard[: 2 * at], heard[at:]])
    assert names(sounding(take, again)) == ["repetition"]


def test_a_text_that_repeats_itself_may_sound_so(voiced: Voiced) -> None:
    assert names(voiced("I ask you what you can do for him; I ask you what you can do for him today.")) == []


# --- markup


@pytest.mark.parametrize(
    "text",
    [
        'Wait <break time="300ms"/> here.',
        "He said <emphasis>no</emphasis>.",
        "<|en|> Good evening.",
        "Tom &amp; Jerry",
        "[laughs] Well, well.",
        "(emotion: sad) Well, well.",
        "Well {sighs} no.",
    ],
)
def test_markup_in_a_text_is_told(text: str) -> None:
    assert list(leaks(text))


@pytest.mark.parametrize(
    "text",
    [
        "[Illustration] He laughed (softly, as ever).",
        "x < y and y > z",
        "Tom & Jerry; R&B.",
        "He whispered [as I was told] and left.",
        "I <3 you",
        "a <b c",
        "See note [12].",
    ],
)
def test_brackets_in_a_text_are_no_markup(text: str) -> None:
    assert not list(leaks(text))


# --- length


@pytest.mark.parametrize(("asked", "wrong"), [(1.0, []), (1.4, []), (0.7, []), (4.0, ["length"]), (0.3, ["length"])])
def test_a_sound_is_about_as_long_as_asked(take: Make, hiss: Any, asked: float, wrong: list[str]) -> None:
    assert names(take(hiss(1.0), seconds=asked)) == wrong


# --- all


@settings(max_examples=60, deadline=None)
@given(
    samples=st.lists(st.floats(-2, 2, width=32), min_size=1, max_size=400),
    repeat=st.integers(1, 200),
    rate=st.sampled_from([8_000, 22_050, 48_000]),
    text=st.text(max_size=80),
    task=st.sampled_from(["speech", "sound", "music", "enhance"]),
)
def test_no_check_breaks_on_any_clip(samples: list[float], repeat: int, rate: int, text: str, task: Any) -> None:
    take = Take(Audio.of(samples * repeat, rate), task, text, seconds=1.0 if task == "sound" else None)
    for check in CHECKS:
        fault = check(take)
        assert fault is None or fault.message


@given(st.lists(st.builds(Fault, st.text(max_size=9), st.text(max_size=9), st.booleans())))
def test_faults_are_kept_as_they_were_found(found: list[Fault]) -> None:
    data = noted({"text": "x", "wavagent.faults": "a tool's own"}, found)
    assert faults_in(data) == tuple(found)
    assert data["text"] == "x"


def test_what_is_broken_is_looked_at_no_further(voiced: Voiced) -> None:
    spoilt = replace(voiced(), audio=Audio.of(np.zeros(50_000), 22_050))
    spoilt.audio.samples[7] = np.inf
    assert names(spoilt) == ["not finite"]
