"""The experts at work where a story or an evaluation asks them: with tiny weights, through the normal path."""

import importlib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from wavagent.evaluate import evaluate, pairs
from wavagent.run.executor import Executor
from wavagent.script import Character, Scene, Script, Speech, Voice
from wavagent.settings import Settings
from wavagent.store import Store
from wavagent.studio import Studio
from wavagent.tool import Tool, Toolbox

pytestmark = pytest.mark.usefixtures("models")

stores = itertools.count()


def of(module: str, kind: str, folder: Path) -> Tool:
    made: Tool = getattr(importlib.import_module(f"wavagent.tools.{module}"), kind)({"": folder})
    return made


def shipped(module: str) -> Tool:
    tool: Tool = importlib.import_module(f"wavagent.tools.{module}").TOOL
    return tool


@pytest.fixture
def story() -> Script:
    ann = Character(id="ann", name="Ann", voice=Voice(tool="voice", id="bea"))
    line = Speech(id="e1", who="ann", text="It was a dark night.")
    return Script(title="Night", cast=(*Script().cast, ann), scenes=(Scene(id="s", elements=(line,)),))


def test_with_whisper_ready_every_line_has_its_word_error_rate(tiny: Any, toolbox: Toolbox, story: Script) -> None:
    box = Toolbox.of(*toolbox, shipped("choose"), of("whisper", "Whisper", tiny("whisper")))
    with Studio(Settings(f"memory://judged-{next(stores)}"), box) as studio:
        (taken,) = studio.render(story).takes
    (take,) = taken.takes
    assert take.told is not None
    assert isinstance(take.told["wer"], float) and take.told["heard"]


def test_without_its_weights_whisper_judges_nobody(toolbox: Toolbox, story: Script, nothing_fetched: None) -> None:
    box = Toolbox.of(*toolbox, shipped("choose"), shipped("whisper"))
    with Studio(Settings(f"memory://judged-{next(stores)}"), box) as studio:
        graph = studio.compile(story).graph
    assert all(call.tool != "whisper" for call in graph)


def test_an_evaluation_runs_on_tiny_weights_by_the_normal_path(tiny: Any, tmp_path: Path) -> None:
    rows = ["audio,prompt,text,reference,voice"]
    for number in range(3):
        time = np.arange(16_000) / 16_000
        for kind, pitch in (("made", 200), ("real", 320)):
            noise = np.random.default_rng(number).normal(0, 0.02, 16_000)
            wave = 0.2 * np.sin(2 * np.pi * pitch * (number + 1) * time) + noise
            soundfile.write(tmp_path / f"{kind}-{number}.wav", wave, 16_000)
        rows.append(f"made-{number}.wav,a tone number {number},one two three,real-{number}.wav,real-0.wav")
    (tmp_path / "manifest.csv").write_text("\n".join(rows), encoding="utf-8")
    box = Toolbox.of(
        shipped("recording"),
        of("whisper", "Whisper", tiny("whisper")),
        of("clap", "ClapScore", tiny("clap")),
        of("clap_embed", "ClapEmbed", tiny("clap")),
        of("ast_tags", "AstTags", tiny("ast_tags")),
        of("xvector", "Xvector", tiny("xvector")),
    )
    with Executor(box, Store(f"memory://judged-{next(stores)}")) as executor:
        made = evaluate(pairs(tmp_path), box, executor)
    assert made.failures == {}
    value = {name: np.nan if score.value is None else score.value for name, score in made.scores.items()}
    assert all(np.isfinite(number) for number in value.values()), value
    assert value["FAD"] > 0.0 and value["KL"] > 0.0 and 1.0 <= value["IS"] <= 3.0
    assert -1.0 <= value["CLAP"] <= 1.0 and -1.0 <= value["speaker similarity"] <= 1.0
