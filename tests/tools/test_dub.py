"""A dub from end to end, on tiny weights: voice and background apart, the voice translated, timed, and laid over."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from wavagent.compiler import compile_script
from wavagent.gather import gathered
from wavagent.run.executor import Executor
from wavagent.script import Recording, Scene, Script
from wavagent.script.step import Dub
from wavagent.store import Store
from wavagent.tool import Toolbox, installed

pytest.importorskip("demucs", reason="the experts' libraries are not installed")

pytestmark = pytest.mark.usefixtures("models")


def test_a_dub_lasts_as_long_as_its_original_and_is_kept(tiny: Any, tmp_path: Path) -> None:
    voice = 0.2 * np.sin(2 * np.pi * 200 * np.arange(2 * 16_000) / 16_000)
    soundfile.write(tmp_path / "a.wav", voice, 16_000)
    demucs = importlib.import_module("wavagent.tools.demucs").Demucs({"": tiny("demucs")})
    seamless = importlib.import_module("wavagent.tools.seamless").Seamless({"": tiny("seamless")})
    box = Toolbox.of(installed()["recording"], installed()["edit"], demucs, seamless)
    recording = Recording(id="r", file="a.wav", chain=(Dub(do="dub", language="fr", behind=True),))
    script = gathered(Script(scenes=(Scene(id="s", elements=(recording,)),)), tmp_path)
    graph, store = compile_script(script, box, folder=tmp_path).graph, Store(str(tmp_path / "store"))
    executor = Executor(box, store)
    made = executor.run(graph)
    lengths = {}
    for call, entry in made.entries.items():
        clip = store.clip(entry)
        assert clip is not None
        lengths[call] = clip.seconds
    for call in ("r.1.voice", "r.1.rest", "r.1.timed", "r.1"):
        assert lengths[call] == pytest.approx(2.0, abs=0.01)
    assert not executor.run(graph).ran
