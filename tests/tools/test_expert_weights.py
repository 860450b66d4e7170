"""What every expert does when the weights that it loaded are others now."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.errors import Unavailable
from wavagent.tool import Request, installed
from wavagent.weights import use

pytestmark = pytest.mark.usefixtures("models", "nothing_fetched")
vits = importlib.import_module("wavagent.tools.vits")
expert = importlib.import_module("wavagent.tools._expert")


@pytest.fixture
def own(tiny: Any, tmp_path: Path) -> Path:
    """A person's own folder of weights."""
    return Path(shutil.copytree(tiny("vits"), tmp_path / "own"))


@pytest.fixture
def tool(own: Path) -> Any:
    found = vits.Vits()
    use(found, found.weights_of("eng"), own)
    return found


def said(tool: Any, voice: str = "eng") -> Samples:
    (made,) = tool([Request(vits.VitsParams(text="Who is there?", voice=voice), seed=1)])
    return np.asarray(made.audio.samples)


def train(folder: Path) -> None:
    """Give the model in `folder` other weights, in the same number of bytes."""
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    save_file({name: tensor * 1.5 for name, tensor in load_file(path).items()}, path, {"format": "pt"})


def test_weights_that_were_changed_in_their_folder_are_heard_in_the_next_clip(tool: Any, own: Path) -> None:
    params = vits.VitsParams(text="Who is there?", voice="eng")
    before, edition, model = said(tool), tool.edition_of(params), tool._model
    np.testing.assert_array_equal(said(tool), before)
    assert tool._model is model
    train(own)
    assert tool.edition_of(params) != edition
    after = said(tool)
    assert after.shape != before.shape or np.abs(after - before).max() > 1e-6


def test_another_part_that_is_fetched_meanwhile_is_there_at_once(tool: Any, own: Path) -> None:
    before = said(tool)
    use(tool, tool.weights_of("deu"), own)
    np.testing.assert_array_equal(said(tool, "deu"), before)


def test_weights_that_are_gone_are_named_though_the_model_is_still_loaded(tool: Any, own: Path) -> None:
    said(tool)
    own.rename(own.with_name("moved"))
    with pytest.raises(Unavailable, match=r"own', .*is no folder any more"):
        said(tool)


def test_loading_draws_no_bars(tool: Any, capfd: pytest.CaptureFixture[str]) -> None:
    from transformers.utils import logging

    logging.enable_progress_bar()  # as it is where no other tool was loaded before
    said(tool)
    assert "Loading" not in capfd.readouterr().err


EXPERTS = sorted(tool.card.name for tool in installed() if isinstance(tool, expert.Expert))


@pytest.mark.parametrize("name", EXPERTS)
def test_a_gpu_that_is_quick_with_it_computes_in_what_the_card_says(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    tool: Any = installed()[name]
    assert tool._dtype("cpu") is tool._dtype("mps") is torch.float32
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda: True)
    assert tool._dtype("cuda") is (torch.bfloat16 if tool.card.dtype == "bfloat16" else torch.float32)
    source = Path(importlib.import_module(type(tool).__module__).__file__ or "").read_text(encoding="utf-8")
    assert "place.dtype" not in source or tool.card.dtype != "float32"
