"""DeepFilterNet: its own part of the work without its library, and the library's in its environment where that is."""

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

deepfilternet = importlib.import_module("wavagent.tools.deepfilternet")
TOOL = deepfilternet.TOOL


def clip(seconds: float, rate: int = 48_000, channels: int = 1, seed: int = 0) -> Audio:
    return Audio.of(np.random.default_rng(seed).standard_normal((round(seconds * rate), channels)) * 0.1, rate)


def wanted(audio: Audio, **settings: Any) -> Request:
    return Request(accept(TOOL, settings), {"audio": audio})


class Halving(deepfilternet.DeepFilterNet):  # type: ignore[misc, name-defined]  # mypy cannot see that tools/ is wavagent.tools
    """A network that is not there, and that leaves half of everything."""

    def __init__(self) -> None:
        super().__init__({"": Path()})

    def missing(self) -> tuple[str, ...]:
        return ()

    def load(self, place: Any) -> None:
        return None


@pytest.fixture
def halving(monkeypatch: pytest.MonkeyPatch, models: None) -> Halving:
    monkeypatch.setattr(deepfilternet, "filtered", lambda net, samples, amount: samples / 2)
    return Halving()


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (44_100, 2), (48_000, 6), (192_000, 1)])
@pytest.mark.parametrize("frames", [1, 44_101])
def test_any_clip_comes_back_as_long_and_at_its_own_rate(
    halving: Halving, rate: int, channels: int, frames: int
) -> None:
    audio = clip(frames / rate, rate, channels)
    (made,) = halving([wanted(audio)])
    assert (made.audio.rate, made.audio.samples.shape) == (rate, (frames, channels))


def test_blocks_join_without_a_seam(halving: Halving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deepfilternet, "BLOCK", 0.3)
    monkeypatch.setattr(deepfilternet, "LEAD", 0.1)
    audio = clip(1.0)
    np.testing.assert_allclose(halving([wanted(audio)])[0].audio.samples, audio.samples / 2, atol=1e-6)


def test_a_block_takes_over_once_it_has_settled(halving: Halving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deepfilternet, "BLOCK", 0.3)
    monkeypatch.setattr(deepfilternet, "LEAD", 0.1)

    def unsettled(net: Any, samples: Any, amount: Any) -> Any:
        made = samples.copy()
        made[:2_400] = 9.0  # 50 ms
        return made

    monkeypatch.setattr(deepfilternet, "filtered", unsettled)
    audio = clip(1.0)
    made = halving([wanted(audio)])[0].audio.samples
    np.testing.assert_allclose(made[2_400:], audio.samples[2_400:], atol=1e-6)


def test_it_is_stopped_between_two_blocks(halving: Halving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deepfilternet, "BLOCK", 0.3)

    def stopped(net: Any, samples: Any, amount: Any) -> Any:
        thread = threading.Thread(target=halving.stop)
        thread.start()
        thread.join()
        return samples

    monkeypatch.setattr(deepfilternet, "filtered", stopped)
    with pytest.raises(Broken, match="stopped"):
        halving([wanted(clip(1.0))])


def test_running_out_of_memory_is_said_so(halving: Halving, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 20 bytes")

    monkeypatch.setattr(deepfilternet, "filtered", full)
    with pytest.raises(OutOfMemory, match="deepfilternet"):
        halving([wanted(clip(0.1))])


def test_silence_and_nothing_stay_so(halving: Halving) -> None:
    empty, quiet = halving([wanted(Audio.silence(0.0)), wanted(Audio.silence(0.3))])
    assert empty.audio.frames == 0 and not quiet.audio.samples.any()


def test_what_it_does_not_take_is_refused(halving: Halving) -> None:
    for wrong in ({"amount": 0.0}, {"amount": -3.0}, {"model": "x"}):
        with pytest.raises(Refused):
            accept(TOOL, wrong)
    with pytest.raises(Refused, match="works on the clip 'audio'"):
        halving([Request(accept(TOOL, {}))])


def test_without_its_environment_it_says_what_to_type() -> None:
    assert "wavagent tools install deepfilternet" in str(TOOL.lack())
    assert Toolbox.of(TOOL).commercial.tools


def place(folder: Path, *, pickle: bool = False) -> Any:
    return importlib.import_module("wavagent.tools._expert").Place(
        {"": folder}, "cpu", None, frozenset([""] if pickle else [])
    )


def test_a_folder_without_weights_is_no_good(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"finds no \.safetensors and no checkpoints"):
        TOOL.load(place(tmp_path))


def test_a_checkpoint_is_a_pickle_and_opened_only_when_it_is_allowed(tmp_path: Path, models: None) -> None:
    (tmp_path / "checkpoints").mkdir()
    (tmp_path / "checkpoints" / "model_120.ckpt.best").write_bytes(b"cos\nsystem\n(S'exit 3'\ntR.")
    with pytest.raises(Unavailable, match="--allow-pickle"):
        TOOL.load(place(tmp_path))
    with pytest.raises(Broken, match="holds no model's parameters"):  # opened for tensors alone
        TOOL.load(place(tmp_path, pickle=True))


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with working(TOOL, "deepfilternet", tmp_path_factory.mktemp("deepfilternet")) as worker:
        yield worker


def test_in_its_environment_a_batch_of_mixed_lengths_gives_each_its_own(worker: Worker) -> None:
    clips = [clip(0.5), clip(1.2, 16_000, 2, seed=1), clip(0.001)]
    together = worker([wanted(one) for one in clips])
    for one, made in zip(clips, together, strict=True):
        assert (made.audio.rate, made.audio.samples.shape) == (one.rate, one.samples.shape)
    assert np.abs(together[0].audio.samples - clips[0].samples).max() > 1e-3
    np.testing.assert_array_equal(together[1].audio.samples, worker([wanted(clips[1])])[0].audio.samples)


def test_in_its_environment_what_it_leaves_is_where_it_was(worker: Worker) -> None:
    """Next to nothing is taken out: the spectra go there and back without a delay."""
    audio = clip(1.0, channels=2)
    (made,) = worker([wanted(audio, amount=0.01)])
    np.testing.assert_allclose(made.audio.samples, audio.samples, atol=5e-3)


def test_in_its_environment_other_weights_are_refused(worker: Worker, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import save_file

    from wavagent.weights import use

    save_file({"enc.weight": torch.zeros(2)}, tmp_path / "model.safetensors")
    use(TOOL, TOOL.card.weights[0], tmp_path)
    with pytest.raises(Unavailable, match="another network than DeepFilterNet 3"):
        worker([wanted(clip(0.1))])
