import importlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import soundfile

from wavagent.audio import Word
from wavagent.errors import InputError, RunError, Unavailable
from wavagent.listen import tell
from wavagent.run.executor import Executor
from wavagent.store import Store
from wavagent.tool import Card, Licence, Params, Result, Tool, Toolbox, TranscribeParams

stores = itertools.count()


class Clerk(Tool):
    """Says how long the clip is, in the language it was asked for; or that it is not ready."""

    card: ClassVar[Card] = Card(
        name="clerk",
        version="1",
        task="transcribe",
        summary="writes down",
        rate=0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params: ClassVar[type[Params]] = TranscribeParams

    def __init__(self, lack: str | None = None) -> None:
        self._lack = lack

    def lack(self) -> str | None:
        return self._lack

    def __call__(self, requests: Any) -> Any:
        return [
            Result(words=(Word(0.0, 1.0, 0, 2),), data={"text": f"{one.params.language} {one.inputs['audio'].seconds}"})
            for one in requests
        ]


@pytest.fixture
def told() -> Iterator[Callable[..., Any]]:
    """`told(file, *tools)`: what a transcriber among the tools tells of it."""
    executors: list[Executor] = []

    def run(file: Path, *tools: Tool) -> Any:
        box = Toolbox.of(importlib.import_module("wavagent.tools.recording").TOOL, *tools)
        executors.append(Executor(box, Store(f"memory://listen-{next(stores)}")))
        return tell(file, "transcribe", {"language": "de"}, box, executors[-1])

    yield run
    for executor in executors:
        executor.close()


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "tone.wav", 0.2 * np.sin(np.arange(24_000) * 0.1), 48_000)
    return tmp_path / "tone.wav"


def test_a_tool_tells_of_a_file(told: Any, tone: Path) -> None:
    entry = told(tone, Clerk())
    assert entry.data["text"] == "de 0.5" and entry.words[0].end == 1.0


def test_the_first_that_is_ready_is_asked(told: Any, tone: Path) -> None:
    class Other(Clerk):
        card = Clerk.card.model_copy(update={"name": "other"})

    assert told(tone, Clerk("needs its weights"), Other()).data["text"] == "de 0.5"


def test_without_a_tool_it_says_what_to_type(told: Any, tone: Path) -> None:
    with pytest.raises(Unavailable, match="tool 'clerk' needs its weights: wavagent tools fetch clerk"):
        told(tone, Clerk("needs its weights: wavagent tools fetch clerk"))
    with pytest.raises(Unavailable, match="pip install"):
        told(tone)


def test_a_file_that_is_none_or_no_sound_is_named(told: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gone.wav"):
        told(tmp_path / "gone.wav", Clerk())
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(RunError, match="text.wav"):
        told(tmp_path / "text.wav", Clerk())
