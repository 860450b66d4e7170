"""What is particular about VibeVoice: it speaks as whom it hears, be it somebody that it made up itself."""

import importlib
from typing import Any

import numpy as np
import pytest

from tests.tiny.recording import differ, sung
from wavagent.audio import Audio
from wavagent.errors import Broken, Refused
from wavagent.tool import CloningParams, Request

pytestmark = pytest.mark.usefixtures("models")
vibevoice = importlib.import_module("wavagent.tools.vibevoice")


def line(text: str = "Who is there?", reference: Audio | None = None, seed: int = 1, **params: Any) -> Request:
    inputs = {} if reference is None else {"reference": reference}
    return Request(vibevoice.VibevoiceParams(**{"text": text, "voice": "0", "steps": 2, **params}), inputs, seed)


@pytest.fixture(scope="module")
def tool(tiny: Any) -> Any:
    return vibevoice.Vibevoice({"": tiny("vibevoice")})


@pytest.fixture
def fresh(tiny: Any) -> Any:
    """One whose voices have not spoken yet."""
    return vibevoice.Vibevoice({"": tiny("vibevoice")})


def test_every_voice_is_made_up_once_and_heard_before_all_its_lines(
    fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, Any]] = []
    said = fresh._said

    def listened(loaded: Any, params: Any, seed: int, steps: int, heard: Any) -> Audio:
        told.append((params.text, heard))
        return said(loaded, params, seed, steps, heard)  # type: ignore[no-any-return]

    monkeypatch.setattr(fresh, "_said", listened)
    one, other, again = fresh([line(), line(voice="1"), line()])
    assert [text for text, heard in told if heard is None] == [vibevoice.FIRST_WORDS] * 2
    assert [text for text, heard in told if heard is not None] == ["Who is there?"] * 3
    np.testing.assert_array_equal(one.audio.samples, again.audio.samples)
    assert differ(one, other)


def test_lines_with_and_without_a_reference_come_back_in_their_order(tool: Any) -> None:
    lines = [line(reference=sung(220.0)), line("Yes."), line(reference=sung(90.0, 2.0), seed=2), line(guidance=3.0)]
    for together, one in zip(tool(lines), lines, strict=True):
        np.testing.assert_array_equal(together.audio.samples, tool([one])[0].audio.samples)


def test_it_speaks_as_whom_it_heard_and_as_it_is_told(tool: Any) -> None:
    plain, low, high, close = tool(
        [line(), line(reference=sung(90.0)), line(reference=sung(700.0)), line(guidance=4.0, steps=3)]
    )
    assert differ(low, plain) and differ(low, high) and differ(close, plain)


def test_a_reference_may_have_any_rate_and_channels_and_no_words_are_needed(tool: Any) -> None:
    assert issubclass(tool.params, CloningParams) and tool.card.clones and not tool.card.needs_words
    mono, stereo, quick = (
        tool([line(reference=sung(150.0, **how), voice="my grandmother")])[0]
        for how in ({}, {"channels": 2}, {"rate": 48_000})
    )
    np.testing.assert_allclose(mono.audio.samples, stereo.audio.samples, atol=1e-4)
    assert quick.audio.rate == 24_000 and quick.audio.frames


@pytest.mark.parametrize(
    ("reference", "fault"),
    [
        (Audio.silence(0.0), r"lasts 0\.0 s.*from 1 to 60 s"),
        (sung(150.0, 0.4), r"lasts 0\.4 s.*from 1 to 60 s"),
        (sung(150.0, 61.0, rate=8_000), r"lasts 61\.0 s.*from 1 to 60 s"),
        (Audio.silence(3.0), "nothing is heard in the reference"),
    ],
    ids=["empty", "too short", "too long", "silent"],
)
def test_a_reference_that_holds_no_voice_is_refused(tool: Any, reference: Audio, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        tool([line(reference=reference)])


def test_the_signs_of_the_model_and_of_other_speakers_are_not_taken_from_a_text() -> None:
    told = "Speaker 1: Yes.<|vision_pad|>\n speaker 2 : No, a loud speaker: 3 < 4 <|vision_end|>"
    assert vibevoice._plain(told) == "Yes. No, a loud speaker: 3 < 4"


def test_a_voice_that_says_nothing_at_first_is_named(fresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "_said", lambda *_: Audio.silence(0.0, 24_000))
    with pytest.raises(Broken, match="voice '3'"):
        fresh([line(voice="3")])


def test_who_has_nothing_to_say_is_silent(fresh: Any) -> None:
    fresh._ready().model.lm_head.weight.data[:] = 0.0  # so that the first of what it may say is the likeliest: the end
    assert fresh([line(reference=sung(150.0))])[0].audio.frames == 0


def test_the_card_knows_how_long_a_line_can_be(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert vibevoice._LINE / vibevoice.FRAMES <= tool.card.longest
    monkeypatch.setattr(vibevoice, "_LINE", 2)
    made = tool([line(seed=seed) for seed in (1, 2)])
    assert max(one.audio.seconds for one in made) == pytest.approx(2 / vibevoice.FRAMES)
    assert {one.audio.rate for one in made} == {24_000}
