import shutil
from collections import namedtuple
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from wavagent.errors import InputError, Unavailable
from wavagent.hub import Listing, cached, download


def holding(*paths: str) -> Listing:
    return Listing("someone/model", "0" * 40, dict.fromkeys(paths, 1_000_000))


def test_data_is_needed_and_pickles_are_not() -> None:
    found = holding("config.json", "model.safetensors", "pytorch_model.bin", "tf_model.h5", "README.md")
    assert found.needed(pickle=False) == ("README.md", "config.json", "model.safetensors")


def test_a_file_that_a_tool_knows_for_data_is_no_pickle_whatever_its_name() -> None:
    found = holding("config.json", "model.bin", "other.bin", "vocabulary.json")
    assert found.needed(pickle=False, known=("model.bin",)) == ("config.json", "model.bin", "vocabulary.json")
    assert holding("voices/one.npy").needed(pickle=False, known=("*.npy",)) == ("voices/one.npy",)
    with pytest.raises(InputError, match=r"only as pickles \(model.bin, other.bin\)"):
        found.needed(pickle=False)


def test_allowed_pickles_come_only_where_nothing_better_is() -> None:
    found = holding("unet/a.safetensors", "unet/a.bin", "vae/b.bin", "voices/one.npz")
    assert found.needed(pickle=True) == ("unet/a.safetensors", "vae/b.bin", "voices/one.npz")


def test_second_copies_stay_where_they_are() -> None:
    found = holding(
        "model_index.json", "whole.safetensors", "whole.ckpt", "unet/a.safetensors", "unet/a.fp16.safetensors"
    )
    assert found.needed(pickle=True) == ("model_index.json", "unet/a.safetensors")


@pytest.mark.parametrize("paths", [(), ("README.md",), ("model.onnx", "config.json")])
def test_a_repository_without_weights_is_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="holds no weights"):
        holding(*paths).needed(pickle=True)


def test_pickles_alone_are_refused_by_their_names() -> None:
    with pytest.raises(InputError, match=r"only as pickles \(a.bin, b.bin, c.bin, …\).*--allow-pickle"):
        holding("a.bin", "b.bin", "c.bin", "d.bin").needed(pickle=False)


def test_a_tool_may_want_only_some_of_the_files() -> None:
    found = holding("config.json", "model.safetensors", "state_dict.bin")
    assert found.only(()) is found
    assert found.only(("state_dict.bin",)).needed(pickle=True) == ("state_dict.bin",)
    with pytest.raises(InputError, match=r"only as pickles \(state_dict.bin\)"):
        found.only(("state_dict.bin",)).needed(pickle=False)
    with pytest.raises(InputError, match="someone/model holds no voices.pt, only config.json, model.safetensors"):
        found.only(("voices.pt",))


def test_a_disk_too_small_is_said_before_anything_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("huggingface_hub", reason="the experts' libraries are not installed")
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 9, 500_000))
    with pytest.raises(Unavailable, match=r"takes 1 MB, and .* only 0 MB are free: make room"):
        download(holding("model.safetensors"), ["model.safetensors"])


def test_what_was_never_fetched_is_not_there(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = pytest.importorskip("huggingface_hub", reason="the experts' libraries are not installed")
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(Unavailable, match="someone/model"):
        cached("someone/model", "0" * 40, ("model.safetensors",))


def test_what_was_fetched_is_asked_of_the_hubs_client_once_and_looked_for_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = pytest.importorskip("huggingface_hub", reason="the experts' libraries are not installed")
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path))
    kept = tmp_path / "models--someone--model" / "snapshots" / ("1" * 40) / "model.safetensors"
    kept.parent.mkdir(parents=True)
    kept.touch()
    asking = Mock(wraps=hub.snapshot_download)
    monkeypatch.setattr(hub, "snapshot_download", asking)
    for _ in range(3):
        assert cached("someone/model", "1" * 40, (kept.name,)) == cached("someone/model", "1" * 40, ()) == kept.parent
    assert asking.call_count == 2
    kept.unlink()
    with pytest.raises(Unavailable, match="someone/model lacks model.safetensors"):
        cached("someone/model", "1" * 40, (kept.name,))
    kept.parent.rmdir()
    with pytest.raises(Unavailable, match="someone/model is not in .* any more"):
        cached("someone/model", "1" * 40, ())
    monkeypatch.setattr(hub.constants, "HF_HUB_CACHE", str(tmp_path / "elsewhere"))
    with pytest.raises(Unavailable):
        cached("someone/model", "1" * 40, ())
