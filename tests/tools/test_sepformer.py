"""SepFormer: its own part of the work without its library, and the library's in its environment where that is."""

import importlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tiny.apart import working
from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.run.worker import Worker
from wavagent.tool import Request, Toolbox, accept

sepformer = importlib.import_module("wavagent.tools.sepformer")
speakers = importlib.import_module("wavagent.tools._speakers")
TOOL = sepformer.TOOL
RATE = 8_000


def voices(seconds: float) -> Any:
    """Two of them, (2, frames): noise that comes and goes, the first of them at once, the second after a second."""
    time = np.arange(round(seconds * RATE)) / RATE
    random = np.random.default_rng(0).standard_normal((2, len(time))) * 0.1
    envelopes = np.stack([np.sin(2.0 * time + 1.0) ** 2, np.where(time < 1.0, 0.0, np.cos(3.0 * time) ** 2)])
    return random * envelopes


def mixture(seconds: float = 3.0) -> Audio:
    return Audio.of(voices(seconds).sum(axis=0), RATE)


def wanted(audio: Audio, keep: int = 1) -> Request:
    return Request(accept(TOOL, {"keep": keep}), {"audio": audio})


class Knowing(sepformer.SepFormer):  # type: ignore[misc, name-defined]  # mypy cannot see that tools/ is wavagent.tools
    """A network that knows who is who, and says it in another order, loudness and sign every time."""

    def __init__(self, truth: Any) -> None:
        super().__init__({"": Path()})
        self._truth, self.asked = truth, 0

    def missing(self) -> tuple[str, ...]:
        return ()

    def load(self, place: Any) -> Any:
        return sepformer.Net(None, None, None, 2)

    def _parted(self, net: Any, wave: Any) -> Any:
        self.alive()
        mixed = self._truth.sum(axis=0).astype(np.float32)
        at = next(at for at in range(0, len(mixed), 100) if np.array_equal(mixed[at : at + len(wave)], wave))
        self.asked += 1
        found = self._truth[:, at : at + len(wave)] * np.array([[3.0], [-0.5]])
        return speakers.levelled(wave, found[:: 1 if self.asked % 2 else -1])


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch, models: None) -> None:
    monkeypatch.setattr(speakers, "STRETCH", 1.0)
    monkeypatch.setattr(speakers, "SHARED", 0.4)


@pytest.mark.parametrize("seconds", [0.9, 1.6, 4.7])
def test_who_is_heard_first_is_the_first_through_every_stretch(short: None, seconds: float) -> None:
    truth = voices(seconds)
    tool = Knowing(truth)
    one, two = tool([wanted(mixture(seconds)), wanted(mixture(seconds), 2)])
    np.testing.assert_allclose(one.audio.samples[:, 0], truth[0], atol=1e-5)
    np.testing.assert_allclose(two.audio.samples[:, 0], truth[1], atol=1e-5)
    assert (one.audio.rate, one.audio.channels) == (TOOL.card.rate, 1)


def test_nobody_is_made_up_who_is_not_there(models: None) -> None:
    with pytest.raises(Refused, match="tell 2 speakers apart, so that there is no number 3"):
        Knowing(voices(1.0))([wanted(mixture(1.0), 3)])
    for wrong in ({}, {"keep": 0}, {"keep": 4}, {"keep": "speech"}):
        with pytest.raises(Refused):
            accept(TOOL, wrong)
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        Knowing(voices(1.0))([Request(accept(TOOL, {"keep": 1}))])


def test_silence_and_nothing_stay_so(models: None) -> None:
    tool = Knowing(voices(1.0))
    empty, quiet = tool([wanted(Audio.silence(0.0)), wanted(Audio.silence(0.5, 44_100, 2))])
    assert empty.audio.frames == 0 and not quiet.audio.samples.any()


def test_a_voice_that_never_speaks_comes_last() -> None:
    made = speakers.in_order(np.stack([np.zeros(1000), np.ones(1000)]), RATE)
    np.testing.assert_array_equal(made[0], 1.0)
    assert speakers.in_order(np.zeros((2, 5)), RATE).shape == (2, 5)


@pytest.mark.parametrize("seconds", [0.0, 1.0, 23.9, 24.0, 24.1, 42.0, 43.0, 100.0])
def test_stretches_cover_a_clip_and_share_their_ends(seconds: float) -> None:
    wave = np.zeros(round(seconds * 100), np.float32)
    found = speakers.stretches(wave, 100)
    ends = [first + len(part) for first, part in found]
    assert ends[-1] == len(wave) and found[0][0] == 0
    assert all(end - first >= 600 for end, (first, _) in zip(ends, found[1:], strict=False))


def test_it_is_stopped_between_two_stretches(short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = Knowing(voices(3.0))
    levelled = speakers.levelled

    def stopped(wave: Any, found: Any) -> Any:
        thread = threading.Thread(target=tool.stop)
        thread.start()
        thread.join()
        return levelled(wave, found)

    monkeypatch.setattr(speakers, "levelled", stopped)
    with pytest.raises(Broken, match="stopped"):
        tool([wanted(mixture())])
    assert tool.asked == 1


def test_running_out_of_memory_is_said_so(models: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(Knowing, "_parted", full)
    with pytest.raises(OutOfMemory, match="sepformer"):
        Knowing(voices(1.0))([wanted(mixture(1.0))])


def test_without_its_environment_it_says_what_to_type() -> None:
    assert "wavagent tools install sepformer" in str(TOOL.lack())
    assert Toolbox.of(TOOL).commercial.tools


def place(folder: Path, *, pickle: bool = False) -> Any:
    return importlib.import_module("wavagent.tools._expert").Place(
        {"": folder}, "cpu", None, frozenset([""] if pickle else [])
    )


def test_its_pickles_are_opened_only_when_they_are_allowed(tmp_path: Path, models: None) -> None:
    with pytest.raises(Unavailable, match=r"finds no encoder\.ckpt"):
        TOOL.load(place(tmp_path))
    (tmp_path / "hyperparams.yaml").write_text("seed: !apply:os.system ['exit 3']")  # never read
    for part in sepformer.PARTS:
        (tmp_path / f"{part}.ckpt").write_bytes(b"cos\nsystem\n(S'exit 3'\ntR.")
    with pytest.raises(Unavailable, match="--allow-pickle"):
        TOOL.load(place(tmp_path))
    with pytest.raises(Broken, match="holds no model's parameters"):  # opened for tensors alone
        TOOL.load(place(tmp_path, pickle=True))


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with working(TOOL, "sepformer", tmp_path_factory.mktemp("sepformer"), pickle=True) as worker:
        yield worker


def test_in_its_environment_a_batch_of_mixed_lengths_gives_each_its_own(worker: Worker) -> None:
    clips = [mixture(0.5), Audio.of(np.repeat(voices(1.2).T, 2, axis=0), 16_000), mixture(0.01)]
    together = worker([wanted(one, 2) for one in clips])
    for one, made in zip(clips, together, strict=True):
        assert (made.audio.rate, made.audio.channels) == (TOOL.card.rate, TOOL.card.channels)
        assert made.audio.seconds == pytest.approx(one.seconds, abs=1e-3)
    np.testing.assert_array_equal(together[1].audio.samples, worker([wanted(clips[1], 2)])[0].audio.samples)


def test_in_its_environment_the_two_are_not_the_same(worker: Worker) -> None:
    one, two = (made.audio.samples for made in worker([wanted(mixture(1.0), keep) for keep in (1, 2)]))
    assert np.abs(one - two).max() > 1e-3


def test_in_its_environment_other_weights_are_refused(worker: Worker, tmp_path: Path) -> None:
    import torch

    from wavagent.weights import use

    for part in sepformer.PARTS:
        torch.save({"weight": torch.zeros(2)}, tmp_path / f"{part}.ckpt")
    use(TOOL, TOOL.card.weights[0], tmp_path, pickle=True)
    with pytest.raises(Unavailable, match="no weights of a SepFormer"):
        worker([wanted(mixture(0.1))])
