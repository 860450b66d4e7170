"""The tool without its library: a module that says what faster-whisper would, in the same shapes."""

import importlib
import sys
import threading
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, TranscribeParams

home = importlib.import_module("wavagent.tools.faster_whisper")

pytestmark = pytest.mark.usefixtures("models")

CLIP = {"audio": Audio.of(0.2 * np.sin(np.arange(44_100) * 0.1), 22_050)}

asked: list[dict[str, Any]] = []


class WhisperModel:
    """Says "It was, dark." and "A night" in two segments."""

    def __init__(self, folder: str, **settings: Any) -> None:
        self.settings = settings

    def transcribe(self, wave: Any, **settings: Any) -> Any:
        assert wave.dtype == np.float32 and wave.ndim == 1
        asked.append({**settings, "frames": len(wave), "loaded": self.settings})
        return self._segments(), SimpleNamespace(language="en")

    def _segments(self) -> Iterator[Any]:
        for words in (
            [(" It", 0.0, 0.2), (" was,", 0.2, 0.5), (" dark.", 0.6, 0.9)],
            [(" A", 1.0, 1.1), (" night", 1.1, 9.0)],
        ):
            yield SimpleNamespace(words=[SimpleNamespace(word=w, start=s, end=e) for w, s, e in words])


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    module = ModuleType("faster_whisper")
    module.WhisperModel = WhisperModel  # type: ignore[attr-defined]
    module.__spec__ = importlib.machinery.ModuleSpec("faster_whisper", None)
    monkeypatch.setitem(sys.modules, "faster_whisper", module)
    asked.clear()
    return home.FasterWhisper({"": tmp_path})


def request(language: str = "en", audio: Audio = CLIP["audio"]) -> Request:
    return Request(TranscribeParams(language=language), {"audio": audio})


def test_words_have_their_places_in_the_text_and_end_with_the_clip(tool: Any) -> None:
    (result,) = tool([request("en-GB")])
    text = result.data["text"]
    assert text == "It was, dark. A night"
    assert [text[word.first : word.last] for word in result.words] == text.split()
    assert (result.words[1].start, result.words[-1].end) == (0.2, 2.0)


def test_it_hears_16_khz_in_the_language_and_draws_no_lots(tool: Any) -> None:
    tool([request("de-AT")])
    (told,) = asked
    assert (told["language"], told["frames"], told["temperature"]) == ("de", 32_000, 0.0)
    assert told["word_timestamps"] and told["loaded"]["local_files_only"]


def test_silence_is_nothing_and_an_unknown_language_is_refused(tool: Any) -> None:
    assert tool([request(audio=Audio.silence(1.0, 16_000))])[0].data["text"] == ""
    with pytest.raises(Refused, match="no language 'tlh'"):
        tool([request("tlh")])
    with pytest.raises(Refused, match="given none"):
        tool([Request(TranscribeParams())])
    assert asked == []


def test_it_is_stopped_between_two_segments(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, []

    def after_one() -> None:
        steps.append(0)
        if len(steps) == 2:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_one)
    with pytest.raises(Broken, match="stopped"):
        tool([request()])
    assert len(steps) == 2


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise RuntimeError("CUDA failed with error out of memory")

    monkeypatch.setattr(WhisperModel, "transcribe", full)
    with pytest.raises(OutOfMemory, match="faster_whisper"):
        tool([request()])


def test_without_its_library_or_weights_it_says_what_to_type(tool: Any, nothing_fetched: None) -> None:
    assert "wavagent tools fetch faster_whisper" in str(home.TOOL.lack())
    with pytest.raises(Unavailable, match="Systran/faster-whisper-large-v3.*3,090 MB.*MIT"):
        home.TOOL([request()])


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(home.FasterWhisper, "missing", lambda self: ("faster_whisper",))
    with pytest.raises(Unavailable, match=r"pip install 'wavagent\[experts,faster-whisper\]'"):
        home.FasterWhisper({"": tmp_path})([request()])
