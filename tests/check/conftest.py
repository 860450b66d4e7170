"""Takes for the tests of the checks: eSpeak's own where a voice is needed, noise and sines where a sound will do."""

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.check import Take
from wavagent.tool import Request, accept

RATE = 22_050
LINE = (
    "The thousand injuries of Fortunato I had borne as I best could; but when he ventured upon insult, I vowed revenge."
)


@cache
def spoken(text: str) -> Take:
    tool = importlib.import_module("wavagent.tools.espeak").TOOL
    params = accept(tool, {"text": text, "voice": tool.card.voices[0].id, "language": tool.card.voices[0].language})
    return Take.of(tool([Request(params)])[0].audio, tool, params)


@pytest.fixture
def voiced() -> Callable[..., Take]:
    """`voiced(text)`: what eSpeak makes of it."""
    return lambda text=LINE: spoken(text)


@pytest.fixture
def take() -> Callable[..., Take]:
    """`take(samples, **asked)`: a sound, or with `text` a line."""

    def make(samples: Any, **asked: Any) -> Take:
        task = "speech" if "text" in asked else "sound"
        return Take(Audio.of(samples, RATE), **{"task": task, **asked})

    return make


@pytest.fixture
def hiss() -> Callable[..., Any]:
    """`hiss(seconds, level)`: noise."""
    return lambda seconds, level=0.1: np.random.default_rng(1).normal(0, level, round(seconds * RATE))
