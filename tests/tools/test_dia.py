"""What is particular about Dia: it goes on as whoever it heard, and hears its voice's first words."""

import importlib
from typing import Any

import numpy as np
import pytest

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
