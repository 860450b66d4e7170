"""Signals and recordings that the tests of sound processing share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import av.filter
import numpy as np
import pytest
import soundfile

from wavagent.audio import Samples
from wavagent.dsp.resample import resampled

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data"

Tone = Callable[..., Samples]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference material beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("the reference recordings (../shared/data) are not here")
    return SHARED


@pytest.fixture(scope="session")
def tone() -> Tone:
    """Steps of a sine, each (seconds, peak dBFS), the same in all channels."""

    def make(*steps: tuple[float, float], hertz: float = 1000.0, rate: int = 48_000, channels: int = 2) -> Samples:
        sizes = [np.full(round(seconds * rate), 10.0 ** (db / 20.0)) for seconds, db in steps]
        size = np.concatenate(sizes)
        wave = size * np.sin(2 * np.pi * hertz / rate * np.arange(len(size)))
        return np.repeat(wave[:, np.newaxis], channels, axis=1).astype(np.float32)

    return make


@pytest.fixture(scope="session")
def noise() -> Callable[..., Samples]:
    """White noise of a given size (standard deviation), the same for the same seed."""

    def make(frames: int, channels: int = 2, size: float = 0.1, seed: int = 1) -> Samples:
        values: Any = np.random.default_rng(seed).standard_normal((frames, channels)) * size
        return np.asarray(values, dtype=np.float32)

    return make


@pytest.fixture(
    scope="session",
    params=[
        "speech/jfk.flac",
        "speech/vctk_p286_011.wav",
        "speech/librosa_198-209-0000.ogg",
        "music/librosa_Kevin_MacLeod_-_Vibe_Ace.ogg",
        "music/librosa_sorohanro_-_solo-trumpet-06.ogg",
    ],
)
def recording(request: pytest.FixtureRequest, shared: Path) -> Samples:
    """Real speech and music, up to 15 s, stereo at 48 kHz."""
    samples, rate = soundfile.read(shared / "audio" / request.param, dtype="float32", always_2d=True)
    stereo = np.repeat(samples[: 15 * rate, :1], 2, axis=1)
    return resampled(stereo, rate, 48_000)


@pytest.fixture(scope="session")
def speech(shared: Path) -> Samples:
    """Eleven seconds of a real voice, stereo at 48 kHz."""
    samples, rate = soundfile.read(shared / "audio" / "speech" / "jfk.flac", dtype="float32", always_2d=True)
    return resampled(np.ascontiguousarray(samples[:, :2]), rate, 48_000)


@pytest.fixture(scope="session")
def ebur128() -> Callable[[Samples], dict[str, float]]:
    """What ffmpeg's filter of that name says of stereo samples at 48 kHz: I, M, S, LRA, and linear true_peak."""
    if "ebur128" not in av.filter.filters_available:
        pytest.skip("this ffmpeg has no ebur128 filter")
    return _ebur128


def _ebur128(samples: Samples) -> dict[str, float]:
    graph = av.filter.Graph()
    source = graph.add_abuffer(format="flt", sample_rate=48_000, layout="stereo", time_base=None)
    meter, sink = graph.add("ebur128", "metadata=1:peak=true"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    found: dict[str, float] = {}
    for start in range(0, len(samples) // 4800 * 4800, 4800):
        block = np.ascontiguousarray(samples[start : start + 4800]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(block, format="flt", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, start
        graph.push(frame)
        for key, value in _metadata(graph).items():
            found[key.removeprefix("lavfi.r128.")] = float(value)
    return found


def _metadata(graph: Any) -> dict[str, str]:
    try:
        return dict(graph.pull().metadata)
    except (BlockingIOError, EOFError):
        return {}
