"""What is particular about SpeechT5: voices that are x-vectors, the published ones and a person's own."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.errors import Broken, Unavailable
from wavagent.tool import Request
from wavagent.weights import use

pytestmark = pytest.mark.usefixtures("models")
speecht5 = importlib.import_module("wavagent.tools.speecht5")


def line(voice: str = "slt") -> Request:
    return Request(speecht5.Speecht5Params(text="Who is there?", voice=voice), seed=1)


@pytest.fixture
def home(tiny: Any, tmp_path: Path) -> Path:
    """Tiny weights whose voices a test may change."""
    return Path(shutil.copytree(tiny("speecht5"), tmp_path / "speecht5"))


@pytest.fixture
def tool(home: Path) -> Any:
    return speecht5.Speecht5({"": home, "vocoder": home / "vocoder", "voices": home / "voices"})


def test_another_voice_is_another_sound(tool: Any) -> None:
    slt, bdl = (made.audio.samples for made in tool([line("slt"), line("bdl")]))
    assert slt.shape != bdl.shape or np.abs(slt - bdl).max() > 1e-6


def test_an_x_vector_of_ones_own_is_a_voice_by_its_name(tool: Any, home: Path) -> None:
    np.save(home / "voices" / "grandma.npy", np.ones((1, 16), np.float64))
    assert tool.card.any_voice
    assert tool([line("grandma")])[0].audio.seconds > 0.0
    with pytest.raises(Unavailable, match="there is no grandpa.npy"):
        tool([line("grandpa")])


@pytest.mark.parametrize("vector", [np.zeros(3, object), np.array([np.nan]), np.array("x")])
def test_what_is_no_row_of_numbers_is_no_voice(tool: Any, home: Path, vector: Any) -> None:
    np.save(home / "voices" / "odd.npy", vector)
    with pytest.raises(Broken, match="holds no x-vector"):
        tool([line("odd")])


def test_it_is_ready_when_model_vocoder_and_voices_are_here(nothing_fetched: None, home: Path) -> None:
    here = speecht5.Speecht5()
    for part, below in (("", ""), ("vocoder", "vocoder")):
        use(here, here.weights_of(part), home / below)
    assert "--part voices --folder DIR" in str(here.lack())
    with pytest.raises(Unavailable, match="--part voices"):
        here([line()])
    before = here.edition
    use(here, here.weights_of("voices"), home / "voices")
    assert here.lack() is None
    assert here.edition != before
    assert here([line()])[0].audio.seconds > 0.0
