import importlib
import threading
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, accept

seamless = importlib.import_module("wavagent.tools.seamless")

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def tool(tiny: Any) -> Any:
    return seamless.Seamless({"": tiny("seamless")})


def spoken(seconds: float, seed: int, language: str = "fr") -> Request:
    rng = np.random.default_rng(seed)
    wave = 0.2 * np.sin(2 * np.pi * 130 * seed * np.arange(round(seconds * 22_050)) / 22_050)
    return Request(
        seamless.TranslateParams(language=language),
        {"audio": Audio.of(wave + rng.normal(0, 0.02, len(wave)), 22_050)},
    )


def written(text: str, language: str = "fr", voice: int = 0) -> Request:
    return Request(seamless.TranslateParams(language=language, text=text, voice=voice))


def test_speech_and_text_are_said_in_another_language(tool: Any) -> None:
    long, short, text = tool([spoken(1.5, 1), spoken(0.6, 2), written("It was a dark night.")])
    for result in (long, short, text):
        assert (result.audio.rate, result.audio.channels) == (tool.card.rate, tool.card.channels)
        assert result.audio.seconds > 0 and result.data["text"]
    assert len({result.data["text"] for result in (long, short, text)}) == 3


def test_a_clip_is_the_same_alone_and_in_company(tool: Any) -> None:
    together = tool([spoken(1.5, 1), spoken(0.6, 2)])
    for one, alone in zip(together, [*tool([spoken(1.5, 1)]), *tool([spoken(0.6, 2)])], strict=True):
        assert one.data["text"] == alone.data["text"]
        np.testing.assert_allclose(one.audio.samples, alone.audio.samples, atol=1e-5)


def test_the_language_and_the_voice_are_told_to_the_model(tool: Any) -> None:
    french, english = tool([written("A dark night."), written("A dark night.", "en-GB")])
    assert french.data["text"] != english.data["text"]
    other = tool([written("A dark night.", voice=1)])[0]
    assert other.data["text"] == french.data["text"]
    assert not np.allclose(other.audio.samples, french.audio.samples, atol=1e-6)


def test_a_long_clip_keeps_its_timing(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seamless, "WINDOW", 2.0)
    monkeypatch.setattr(seamless, "SEARCH", 1.0)
    first = spoken(1.4, 1).inputs["audio"].samples
    wave = np.concatenate([first, np.zeros((22_050, 1), np.float32), first[: len(first) // 2]])
    (result,) = tool([Request(seamless.TranslateParams(language="fr"), {"audio": Audio(wave, 22_050)})])
    parts = result.data["parts"]
    assert len(parts) == 2
    assert parts[0]["start"] == 0.0 and 1.4 <= parts[1]["start"] <= 2.5
    assert parts[1]["end"] == result.audio.seconds


def test_nothing_and_silence_are_refused(tool: Any) -> None:
    with pytest.raises(Refused, match="given neither"):
        tool([Request(seamless.TranslateParams(language="fr"))])
    with pytest.raises(Refused, match="heard nothing"):
        tool([Request(seamless.TranslateParams(language="fr"), {"audio": Audio.silence(1.0, 16_000)})])


def test_a_language_it_does_not_speak_is_refused_before_it_is_loaded() -> None:
    assert "does not speak 'tlh'" in str(seamless.TOOL.refusal(seamless.TranslateParams(language="tlh")))
    assert seamless.TOOL.refusal(seamless.TranslateParams(language="pt-BR")) is None
    with pytest.raises(Refused, match="language"):
        accept(seamless.TOOL, {})


def test_it_is_stopped_between_two_tokens(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, []

    def after_some(*_: Any) -> None:
        steps.append(0)
        if len(steps) == 4:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([written("A dark night.")])
    assert len(steps) == 4


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match="seamless"):
        tool([written("A dark night.")])


def test_after_it_was_unloaded_it_loads_anew(tool: Any) -> None:
    before = tool([written("A dark night.")])[0]
    tool.unload()
    np.testing.assert_array_equal(before.audio.samples, tool([written("A dark night.")])[0].audio.samples)


def test_without_weights_it_says_what_to_type(nothing_fetched: None) -> None:
    assert "wavagent tools fetch seamless" in str(seamless.TOOL.lack())
    with pytest.raises(Unavailable, match="facebook/seamless-m4t-v2-large.*9,240 MB.*CC-BY-NC-4.0"):
        seamless.TOOL([written("A dark night.")])


def test_pickles_are_not_opened(tiny: Any, tmp_path: Any) -> None:
    import torch

    for file in tiny("seamless").iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        seamless.Seamless({"": tmp_path})([written("A dark night.")])
