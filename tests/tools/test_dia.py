"""What is particular about Dia: it goes on as whoever it heard, and hears its voice's first words.

Or it goes on from a recording, when it is told what is said there.
"""

import importlib
import re
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import ToolError
from wavagent.tool import Request

pytestmark = pytest.mark.usefixtures("models")
dia = importlib.import_module("wavagent.tools.dia")


def line(text: str = "Who is there?", voice: str = "ada", **params: Any) -> Request:
    return Request(dia.DiaParams(text=text, voice=voice, **params), seed=1)


@pytest.fixture
def tool(tiny: Any) -> Any:
    return dia.Dia({"": tiny("dia"), "codec": tiny("dia") / "codec"})


def test_every_voice_says_its_first_words_once(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[Any, ...]] = []
    going_on = tool._going_on

    def listened(loaded: Any, texts: Any, *rest: Any) -> Any:
        said.append(tuple(texts))
        return going_on(loaded, texts, *rest)

    monkeypatch.setattr(tool, "_going_on", listened)
    ada, ben, again = tool([line(), line(voice="ben"), line()])
    first = (f"[S1] {dia.FIRST_WORDS}",)
    assert said.count(first) == 2
    assert sorted(len(texts) for texts in said if texts != first) == [1, 2]
    assert all(text.startswith(first[0]) for texts in said for text in texts)
    np.testing.assert_allclose(ada.audio.samples, again.audio.samples, atol=1e-4)
    assert ada.audio.samples.shape != ben.audio.samples.shape or np.abs(ada.audio.samples - ben.audio.samples).max()


def test_a_line_has_one_speaker_whatever_tags_are_in_it() -> None:
    assert dia._line("Yes. [S2] No! [s1]\n(laughs)") == "[S1] Yes. No! (laughs)"


def test_what_differs_in_its_settings_is_not_one_batch(tool: Any) -> None:
    calm, wild = tool([line(), line(guidance=1.0, temperature=2.0)])
    (alone,) = tool([line(guidance=1.0, temperature=2.0)])
    np.testing.assert_allclose(wild.audio.samples, alone.audio.samples, atol=1e-4)
    assert calm.audio.samples.shape != wild.audio.samples.shape or np.abs(calm.audio.samples - wild.audio.samples).max()


def recording(hertz: float = 220.0, seconds: float = 0.25, rate: int = 48_000, channels: int = 2) -> Audio:
    time = np.arange(round(seconds * rate)) / rate
    return Audio.of(np.repeat(0.3 * np.sin(2 * np.pi * hertz * time)[:, None], channels, axis=1), rate)


def cloned(reference: Audio, words: str = "Hello there.", text: str = "Who is there?", seed: int = 1) -> Request:
    return Request(dia.DiaParams(text=text, voice="anna", words=words), {"reference": reference}, seed)


def test_a_recording_is_gone_on_from_with_its_own_words(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[Any, ...]] = []
    going_on = tool._going_on

    def listened(loaded: Any, texts: Any, seeds: Any, params: Any, begun: Any) -> Any:
        heard.append((list(texts), begun))
        return going_on(loaded, texts, seeds, params, begun)

    monkeypatch.setattr(tool, "_going_on", listened)
    (clip,) = tool([cloned(recording())])
    ((texts, begun),) = heard
    assert texts == ["[S1] Hello there. Who is there?"]
    assert begun.shape == (round(0.25 * 44_100),), "one channel at dia's rate"
    assert clip.audio.rate == 44_100 and clip.audio.frames


def test_a_clone_follows_from_the_recording_its_words_and_the_seed(tool: Any) -> None:
    same, other, said, seeded = (
        cloned(recording()),
        cloned(recording(330.0)),
        cloned(recording(), "Good night."),
        cloned(recording(), seed=2),
    )
    (first,) = tool([same])
    for request, alike in ((same, True), (other, False), (said, False), (seeded, False)):
        (clip,) = tool([request])
        shape = clip.audio.samples.shape == first.audio.samples.shape
        assert (shape and np.allclose(clip.audio.samples, first.audio.samples, atol=1e-4)) == alike


def test_clones_and_voices_of_one_batch_are_as_if_alone(tool: Any) -> None:
    batch = [
        line(),
        cloned(recording()),
        line(voice="ben"),
        cloned(recording(330.0), text="Come in, whoever you are."),
        cloned(recording(), text="Nobody came."),
    ]
    together = tool(batch)
    for request, clip in zip(batch, together, strict=True):
        (alone,) = tool([request])
        np.testing.assert_allclose(clip.audio.samples, alone.audio.samples, atol=1e-4)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (cloned(recording(), words=" "), "give its `words`"),
        (Request(dia.DiaParams(text="Hi.", voice="ada"), {"reference": recording()}, 1), "give its `words`"),
        (cloned(recording(seconds=0.6)), "the reference lasts 0.6 s, and tool 'dia' clones a voice from 0.1 to 0.4 s"),
        (cloned(Audio.silence(0.0)), "the reference lasts 0.0 s"),
        (cloned(Audio.silence(0.3)), "nothing is heard in the reference"),
        (Request(dia.DiaParams(text="Hi.", voice="anna", words="Hello."), seed=1), "was given no recording of it"),
    ],
)
def test_what_cannot_be_gone_on_from_is_refused(tool: Any, request_: Request, said: str) -> None:
    with pytest.raises(ToolError, match=re.escape(said)):
        tool([request_])


def test_a_clone_without_its_words_is_refused_before_anything_runs(tool: Any) -> None:
    assert tool.card.clones and tool.card.needs_words
    assert "`words`" in tool.refusal(dia.DiaParams(text="Hi.", voice="anna"))
    assert "401 characters" in tool.refusal(dia.DiaParams(text="Hi.", voice="anna", words="x" * 401))
    assert tool.refusal(dia.DiaParams(text="Hi.", voice="anna", words="Hello.")) is None
    assert tool.refusal(dia.DiaParams(text="Hi.", voice="ada")) is None
