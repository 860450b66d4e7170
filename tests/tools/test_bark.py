"""What is particular about Bark: its presets, which are arrays and nothing that runs, and how its lines end."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.errors import Broken, Unavailable
from wavagent.tool import Request

pytestmark = pytest.mark.usefixtures("models")
bark = importlib.import_module("wavagent.tools.bark")


def line(text: str = "Who is there?", seed: int = 1, **params: Any) -> Request:
    return Request(bark.BarkParams(**{"text": text, "voice": "en_speaker_6", **params}), seed=seed)


@pytest.fixture
def presets(tmp_path: Path) -> Path:
    folder = tmp_path / "speaker_embeddings" / "v2"
    folder.mkdir(parents=True)
    return folder


def test_voices_and_settings_in_one_batch_come_back_in_their_order(tiny: Any) -> None:
    tool = bark.Bark({"": tiny("bark")})
    lines = [line(), line(voice="en_speaker_9"), line(temperature=1.4), line("No.", 2)]
    for together, one in zip(tool(lines), lines, strict=True):
        np.testing.assert_allclose(together.audio.samples, tool([one])[0].audio.samples, atol=1e-4)


def test_lines_of_one_batch_end_each_by_itself(tiny: Any) -> None:
    made = bark.Bark({"": tiny("bark")})([line(seed=seed) for seed in range(1, 9)])
    lengths = [one.audio.frames for one in made]
    assert len(set(lengths)) > 1
    assert min(lengths) == 0  # one of these seeds ends where it begins: a take that the checks refuse, and no error


def test_a_voice_that_was_not_fetched_says_what_to_type(tiny: Any) -> None:
    with pytest.raises(Unavailable, match="--allow-pickle"):
        bark.Bark({"": tiny("bark")})([line(voice="de_speaker_3")])


@pytest.mark.parametrize(
    "array",
    [np.zeros(3, object), np.zeros(3), np.zeros((2, 2, 2), np.int64), np.array("x")],
    ids=["pickled", "fractions", "too deep", "words"],
)
def test_what_is_no_array_of_whole_numbers_is_no_preset(presets: Path, array: Any) -> None:
    np.save(presets / "x.npy", array)
    with pytest.raises(Broken, match="holds no preset"):
        bark._array(presets / "x.npy", 1)


def test_a_damaged_preset_is_named(presets: Path) -> None:
    (presets / "x.npy").write_bytes(b"\x93NUMPY\x01\x00")
    with pytest.raises(Broken, match="x.npy.*fetch it again"):
        bark._array(presets / "x.npy", 1)


def test_nothing_outside_its_folder_is_a_preset(tiny: Any, tmp_path: Path) -> None:
    shutil.copytree(tiny("bark"), tmp_path / "bark")
    with pytest.raises(Unavailable, match="no voice"):
        bark.Bark({"": tmp_path / "bark"})([line(voice="../../x")])
