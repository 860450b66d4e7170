"""Timelines and stores for the mixer's tests: clips are tones, so that what sounds can be told from its pitch."""

from collections.abc import Callable

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.store import Entry, Store
from wavagent.tool import Result

Keep = Callable[..., Entry]


def tone(seconds: float, pitch: float = 440.0, *, rate: int = 24_000, level: float = 0.3, channels: int = 1) -> Audio:
    time = np.arange(round(seconds * rate)) / rate
    wave = (level * np.sin(2 * np.pi * pitch * time)).astype(np.float32)
    return Audio(np.repeat(wave[:, np.newaxis], channels, axis=1), rate)


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(str(tmp_path_factory.mktemp("store")))


@pytest.fixture
def keep(store: Store) -> Keep:
    """Keep a tone in the store under a name; the entry."""

    def keep(name: str, seconds: float, pitch: float = 440.0, **how: object) -> Entry:
        return store.put((name.encode().hex() + "0" * 64)[:64], Result(tone(seconds, pitch, **how)))  # type: ignore[arg-type]

    return keep
