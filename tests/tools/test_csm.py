"""What is particular about CSM: it goes on with a conversation, in the voice that it heard there."""

import importlib
from typing import Any

import numpy as np
import pytest

from tests.tiny.recording import differ, sung
from wavagent.audio import Audio
from wavagent.errors import Broken, Refused
from wavagent.tool import CloningParams, Request

pytestmark = pytest.mark.usefixtures("models")
csm = importlib.import_module("wavagent.tools.csm")

SAID = "Somebody was here."


def line(text: str = "Who is there?", reference: Audio | None = None, seed: int = 1, **params: Any) -> Request:
    inputs = {} if reference is None else {"reference": reference}
    words = {} if reference is None else {"words": SAID}
    return Request(csm.CsmParams(**{"text": text, "voice": "0", **words, **params}), inputs, seed)


@pytest.fixture(scope="module")
def tool(tiny: Any) -> Any:
    return csm.Csm({"": tiny("csm")})


@pytest.fixture
def fresh(tiny: Any) -> Any:
    """One whose voices have not spoken yet."""
    return csm.Csm({"": tiny("csm")})


def test_every_voice_is_made_up_once_and_heard_before_all_its_lines(
    fresh: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    talks: list[Any] = []
    said = fresh._said

    def listened(loaded: Any, these: Any, *rest: Any) -> Any:
        talks.extend(these)
        return said(loaded, these, *rest)

    monkeypatch.setattr(fresh, "_said", listened)
    one, other, again = fresh([line(), line(voice="1"), line()])
    firsts = [talk for talk in talks if len(talk) == 1]
    assert [(talk[0].speaker, talk[0].words) for talk in firsts] == [("0", csm.FIRST_WORDS), ("1", csm.FIRST_WORDS)]
    assert [[turn.speaker for turn in talk] for talk in talks if len(talk) == 2] == [["0"] * 2, ["1"] * 2, ["0"] * 2]
    assert all(talk[0].wave is not None for talk in talks if len(talk) == 2)
    np.testing.assert_allclose(one.audio.samples, again.audio.samples, atol=1e-4)
    assert differ(one, other)


def test_lines_with_and_without_a_reference_are_one_batch_and_come_back_in_their_order(tool: Any) -> None:
    lines = [line(reference=sung(220.0)), line("Yes."), line(reference=sung(90.0, 2.0), seed=2), line(temperature=1.4)]
    for together, one in zip(tool(lines), lines, strict=True):
        np.testing.assert_allclose(together.audio.samples, tool([one])[0].audio.samples, atol=1e-4)


def test_it_speaks_as_what_it_hears_and_reads(tool: Any) -> None:
    plain, low, high, reworded = tool(
        [line(), line(reference=sung(90.0)), line(reference=sung(700.0)), line(reference=sung(90.0), words="Nobody!")]
    )
    assert differ(low, plain) and differ(low, high) and differ(low, reworded)


def test_a_reference_may_have_any_rate_and_channels(tool: Any) -> None:
    mono, stereo, quick = tool([line(reference=sung(150.0, channels=count)) for count in (1, 2)] + [
        line(reference=sung(150.0, rate=48_000))
    ])  # fmt: skip
    np.testing.assert_allclose(mono.audio.samples, stereo.audio.samples, atol=1e-4)
    assert quick.audio.rate == 24_000


def test_a_reference_may_be_of_a_voice_that_the_card_does_not_know(tool: Any) -> None:
    assert issubclass(tool.params, CloningParams) and tool.card.clones
    (made,) = tool([line(reference=sung(150.0), voice="my grandmother")])
    assert made.audio.frames


@pytest.mark.parametrize(
    ("reference", "words", "fault"),
    [
        (Audio.silence(0.0), SAID, r"lasts 0\.0 s.*from 1 to 60 s"),
        (sung(150.0, 0.4), SAID, r"lasts 0\.4 s.*from 1 to 60 s"),
        (sung(150.0, 61.0, rate=8_000), SAID, r"lasts 61\.0 s.*from 1 to 60 s"),
        (Audio.silence(3.0), SAID, "nothing is heard in the reference"),
        (sung(150.0), "", "give its words"),
        (sung(150.0), " [1] <|AUDIO|> ", "give its words"),
        (sung(150.0), "and then " * 200, r"comes to \d+ tokens, and tool 'csm' takes \d+"),
    ],
    ids=["empty", "too short", "too long", "silent", "no words", "nothing but signs", "too many words"],
)
def test_a_reference_that_it_cannot_go_on_from_is_refused(tool: Any, reference: Audio, words: str, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        tool([line(reference=reference, words=words)])


def test_the_signs_of_the_model_are_not_taken_from_a_text() -> None:
    assert (
        csm._plain("[1]Yes.<|AUDIO|> <|audio_eos|>\n[sic] a < b | c > d <|end_of_text|>") == "Yes. [sic] a < b | c > d"
    )


def test_lines_of_one_batch_end_each_by_itself(tool: Any) -> None:
    made = tool([line(seed=seed) for seed in range(1, 4)])
    assert len({one.audio.frames for one in made}) > 1
    assert all(one.audio.frames % 1920 == 0 for one in made)  # 80 ms


@pytest.fixture
def heard(tool: Any) -> Any:
    """The sound of some frames of codes."""
    import torch

    loaded = tool._ready()

    def heard(codes: Any) -> Audio:
        with torch.inference_mode():
            return tool._heard(loaded, torch.tensor(codes))  # type: ignore[no-any-return]

    return heard


def test_what_comes_after_the_end_is_not_heard(heard: Any) -> None:
    codes = [[3, 1, 2], [5, 0, 7], [0, 0, 4], [6, 6, 6]]
    assert heard(codes).frames == 2 * 1920
    np.testing.assert_array_equal(heard(codes).samples, heard(codes[:2]).samples)
    assert heard(codes[2:]).frames == 0


def test_a_token_that_is_no_code_breaks_nothing(heard: Any) -> None:
    from tests.tiny.csm import CODES

    assert heard([[CODES + 2] * 3, [CODES] * 3]).frames == 2 * 1920


def test_a_voice_that_says_nothing_at_first_is_named(fresh: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "_said", lambda *_: [Audio.silence(0.0, 24_000)])
    with pytest.raises(Broken, match="voice '3'"):
        fresh([line(voice="3")])


def test_the_card_knows_how_long_a_line_can_be(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert csm._LINE / csm.FRAMES <= tool.card.longest
    monkeypatch.setattr(csm, "_LINE", 5)
    made = tool([line(seed=seed) for seed in range(1, 5)])
    assert max(one.audio.seconds for one in made) == 5 / csm.FRAMES
