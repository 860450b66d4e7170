"""AudioGen and MusicGen as they run: in their environment, by their own library, on tiny weights in its own form."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.environment import Environment
from wavagent.errors import InputError, Unavailable
from wavagent.run import lend
from wavagent.run.worker import Worker
from wavagent.tool import Request, Result, accept, installed
from wavagent.weights import use

BUILD = 600.0
"""Seconds that the tiny weights may take: audiocraft alone takes a quarter of a minute to import."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The Python of the environment, in the data of a person who has nothing else."""
    data = tmp_path_factory.mktemp("data") / "wavagent"
    data.mkdir()
    (data / "environments").symlink_to(os.environ.get("WAVAGENT_TEST_ENVIRONMENTS", data / "none"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(data.parent))
        patch.setenv("OMP_NUM_THREADS", "1")  # of models this small, a second thread is slower
        environment = Environment.of(installed()["audiogen"])
        assert environment is not None
        if obstacle := environment.obstacle:
            pytest.skip(f"where WAVAGENT_TEST_ENVIRONMENTS points, audiogen {obstacle}")
        yield environment.python


@pytest.fixture(scope="module")
def weights(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of all parts, built in the environment, which is lent the tests' builders."""
    folder = tmp_path_factory.mktemp("audiocraft")
    lent = {
        **lend.lent("wavagent.tools"),
        "tests": None,
        "tests.tiny": str(Path(__file__).parents[1] / "tiny" / "__init__.py"),
    }
    command = [str(python), "-I", lend.__file__, json.dumps(lent), "tests.tiny.audiocraft", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def run(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., list[Result]]]:
    """What the worker of a tool makes of requests."""
    workers: dict[str, Worker] = {}

    def ask(name: str, *requests: Request) -> list[Result]:
        if name not in workers:
            allow(name, weights)
            workers[name] = Worker(installed()[name], offline=True, logs=tmp_path_factory.mktemp("logs"))
        return workers[name](requests)

    yield ask
    for worker in workers.values():
        worker.close()


def allow(name: str, weights: Path, *, pickle: bool = True) -> None:
    for part in installed()[name].card.weights:
        use(installed()[name], part, weights / (name if part.part == "model" else part.part), pickle=pickle)


def wanted(name: str, what: str, seconds: float, seed: int, melody: Audio | None = None, **settings: Any) -> Request:
    inputs = {} if melody is None else {"melody": melody}
    return Request(accept(installed()[name], {"what": what, "seconds": seconds, **settings}), inputs, seed)


def far(one: Result, other: Result) -> float:
    return float(np.abs(one.audio.samples - other.audio.samples).max())


@pytest.mark.parametrize("name", ["audiogen", "audiocraft_musicgen"])
def test_a_batch_of_mixed_lengths_is_what_each_is_alone(run: Callable[..., list[Result]], name: str) -> None:
    card = installed()[name].card
    requests = [
        wanted(name, "rain on a roof", 0.7, 1),
        wanted(name, "a dog", 2.0, 2),
        wanted(name, "rain on a reef", 0.9, 3),
    ]
    made = run(name, *requests)
    assert [one.audio.seconds for one in made] == [0.7, 2.0, 0.9]
    assert {(one.audio.rate, one.audio.channels) for one in made} == {(card.rate, card.channels)}
    for together, request in zip(made, requests, strict=True):
        assert far(together, run(name, request)[0]) < 1e-5


def test_words_seed_and_settings_are_heard(run: Callable[..., list[Result]]) -> None:
    plain, *others = run(
        "audiogen",
        wanted("audiogen", "rain", 0.7, 1),
        wanted("audiogen", "wind", 0.7, 1),
        wanted("audiogen", "rain", 0.7, 2),
        wanted("audiogen", "rain", 0.7, 1, guidance=9.0),
    )
    for other in others:
        assert far(plain, other) > 1e-3


def test_what_is_longer_than_the_window_goes_on_from_it_as_long_as_the_card_says(
    run: Callable[..., list[Result]],
) -> None:
    longest = installed()["audiogen"].card.longest
    assert longest is not None
    (window,), (longer,) = (run("audiogen", wanted("audiogen", "rain", length, 1)) for length in (3.0, longest))
    assert longer.audio.seconds == longest
    same = round(2.8 * longer.audio.rate)  # the codec hears a little ahead
    np.testing.assert_allclose(longer.audio.samples[:same], window.audio.samples[:same], atol=1e-5)
    assert np.abs(longer.audio.samples[-16_000:]).max() > 1e-3


def test_a_melody_is_heard_and_is_the_same_in_company(run: Callable[..., list[Result]]) -> None:
    name = "audiocraft_melody"
    tone = Audio.of(0.3 * np.sin(2 * np.pi * 440 * np.arange(22_050) / 44_100), 44_100)
    along, plain = wanted(name, "rain", 0.6, 1, tone), wanted(name, "rain", 0.6, 1)
    made = run(name, along, plain, wanted(name, "wind", 0.8, 2, Audio.silence(0.5)))
    assert [one.audio.seconds for one in made] == [0.6, 0.6, 0.8]
    assert far(made[0], made[1]) > 1e-3
    assert far(made[0], run(name, along)[0]) < 1e-5


def test_pickles_that_nobody_allowed_and_other_models_are_refused(
    run: Callable[..., list[Result]], weights: Path, tmp_path: Path
) -> None:
    tool, request = installed()["audiogen"], wanted("audiogen", "rain", 0.6, 1)
    worker = Worker(tool, offline=True, logs=tmp_path)
    try:
        with pytest.raises(InputError, match="only as pickles .*--allow-pickle"):
            allow("audiogen", weights, pickle=False)
        allow("audiogen", weights)
        part = tool.weights_of("model")
        assert part is not None
        use(tool, part, weights / "audiocraft_musicgen", pickle=True)
        with pytest.raises(Unavailable, match="1 channels at 32000 Hz, not the 1 at 16000 Hz of its card"):
            worker([request])
    finally:
        worker.close()
        allow("audiogen", weights)
