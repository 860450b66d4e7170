"""The example scripts that mix embedded tools and experts, told whole, on tiny weights."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wavagent import Settings, Studio
from wavagent.script.file import read
from wavagent.tool import Request, Result, Toolbox, installed

pytestmark = pytest.mark.usefixtures("models")

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "experts"

EXPERTS: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "the-storm": {"bark": {"": ""}, "dia": {"": "", "codec": "codec"}, "musicgen": {"": ""}, "audioldm2": {"": ""}},
    "the-interview": {"seamless": {"": ""}, "audioldm": {"": ""}},
    "the-ballad": {
        "pocket_tts": {"": "", "codec": "codec"},
        "musicgen_melody": {"": ""},
        "ace_step": {"": ""},
        "stable_audio": {"": ""},
    },
}
"""The experts of each example, and where below the tiny ones the weights of their parts are."""

EMBEDDED = {
    "the-storm": {"espeak", "foley"},
    "the-interview": {"espeak", "score", "recording", "enhance", "edit", "binaural"},
    "the-ballad": {"espeak", "recording"},
}


def hurried(tool: Any) -> Any:
    """`tool`, which takes noise away in two steps instead of a hundred: what it makes is noise in any case."""
    make = tool.make

    def quickly(model: Any, requests: Sequence[Request]) -> Sequence[Result]:
        made: Sequence[Result] = make(
            model, [replace(one, params=one.params.model_copy(update={"steps": 2})) for one in requests]
        )
        return made

    if "steps" in tool.params.model_fields:
        tool.make = quickly
    return tool


def test_every_example_of_experts_is_told() -> None:
    assert {path.name for path in EXAMPLES.iterdir() if path.is_dir()} == EXPERTS.keys()


@pytest.mark.parametrize("name", EXPERTS)
def test_an_example_is_told_by_its_experts_and_by_what_needs_no_weights(name: str, tiny: Any, tmp_path: Path) -> None:
    box = dict(installed().tools)
    for expert, parts in EXPERTS[name].items():
        box[expert] = hurried(type(box[expert])({part: tiny(expert) / folder for part, folder in parts.items()}))  # type: ignore[call-arg]
    studio = Studio(Settings(str(tmp_path / "store")), Toolbox(box))
    rendering = studio.render(read(EXAMPLES / name / "script.json"), EXAMPLES / name)
    calls = rendering.compiled.graph.calls
    assert {call.tool for call in calls.values()} >= EXPERTS[name].keys() | EMBEDDED[name]
    assert calls.keys() == rendering.made.entries.keys()
    assert not rendering.made.failures and not rendering.made.substituted
    delivery = studio.export(rendering, tmp_path / f"{name}.mp3")
    assert delivery.certificate is not None and delivery.certificate.passed


@pytest.mark.parametrize(("name", "code"), [("the-storm", 1), ("the-interview", 1), ("the-ballad", 3)])
def test_without_the_weights_an_example_says_what_to_fetch(name: str, code: int, tmp_path: Path) -> None:
    """And is told without what may be left out, or not at all where words would be lost."""
    home = {name: str(tmp_path / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "WAVAGENT_STORE")}
    command = [sys.executable, "-m", "wavagent", "render", str(EXAMPLES / name), "-o", str(tmp_path / "out.mp3")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **home})
    assert done.returncode == code, done.stderr
    assert any(f"wavagent tools fetch {expert}" in done.stderr for expert in EXPERTS[name])
    assert (tmp_path / "out.mp3").exists() == (code == 3)
