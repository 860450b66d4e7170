"""The tools of Coqui's TTS where it is installed, in worker processes, on tiny weights.

WAVAGENT_TEST_ENVIRONMENTS names the folder of environments in which `wavagent tools install xtts` made that of TTS;
without it these tests are skipped.
"""

import importlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.environment import Environment
from wavagent.errors import Broken, Refused, ToolError, Unavailable
from wavagent.run import lend
from wavagent.run.worker import Worker
from wavagent.tool import Request, Result, Tool, accept
from wavagent.weights import use

TINY = Path(__file__).resolve().parents[1] / "tiny"

WEIGHTS = (
    ("xtts", "", "xtts"),
    ("yourtts", "", "yourtts"),
    ("coqui_vits", "de-thorsten", "one"),
    ("coqui_vits", "en-vctk", "many"),
)
"""Of which tool, for which part, built as what."""

VOICES = {"xtts": "Ana Florence", "yourtts": "female-en-5", "coqui_vits": "en-vctk/p225"}

Say = Callable[..., list[Result]]


def tool_of(name: str) -> Tool:
    tool: Tool = importlib.import_module(f"wavagent.tools.{name}").TOOL
    return tool


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The data of a person who installed the environment."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "wavagent").mkdir()
    (folder / "wavagent" / "environments").symlink_to(os.environ.get("WAVAGENT_TEST_ENVIRONMENTS", folder / "none"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(folder))
        patch.setenv("OMP_NUM_THREADS", "1")  # the models are tiny
        environment = Environment.of(tool_of("xtts"))
        assert environment is not None
        if obstacle := environment.obstacle:
            pytest.skip(f"where WAVAGENT_TEST_ENVIRONMENTS points, xtts {obstacle}")
        yield folder


@pytest.fixture(scope="module")
def tiny(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all tiny models, built in the environment."""
    home = tmp_path_factory.mktemp("coqui")
    environment = Environment.of(tool_of("xtts"))
    assert environment is not None
    lent: Mapping[str, str | None] = {
        **lend.lent("wavagent.tools.xtts"),
        "tests": None,
        "tests.tiny": str(TINY / "__init__.py"),
        "tests.tiny.coqui": str(TINY / "coqui.py"),
    }
    kinds = [word for kind in ("one", "many", "yourtts", "xtts") for word in (kind, str(home / kind))]
    command = [str(environment.python), "-I", lend.__file__, json.dumps(lent), "tests.tiny.coqui", *kinds]
    built = subprocess.run(command, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return home


@pytest.fixture(scope="module")
def fetched(data: Path, tiny: Path) -> Path:
    """The same, and every tool knows where its weights are."""
    for name, part, kind in WEIGHTS:
        tool = tool_of(name)
        weights = importlib.import_module(f"wavagent.tools.{name}").TOOL.weights_of(part)
        use(tool, weights, tiny / kind, pickle=True)
    return tiny


@pytest.fixture(scope="module", params=VOICES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def say(fetched: Path, name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Say]:
    """What the tool's worker makes of requests."""
    worker = Worker(tool_of(name), offline=True, logs=tmp_path_factory.mktemp("logs"))

    def say(*requests: Request) -> list[Result]:
        return worker(requests)

    yield say
    worker.close()


def line(name: str, text: str = "Yes.", seed: int = 1, reference: Audio | None = None, **params: Any) -> Request:
    values = {"text": text, "voice": VOICES[name], **params}
    return Request(accept(tool_of(name), values), {"reference": reference} if reference else {}, seed)


def noise(seed: int, seconds: float = 3.0) -> Audio:
    """A recording of nobody in particular, in stereo."""
    return Audio.of(0.3 * np.random.default_rng(seed).standard_normal((round(24_000 * seconds), 2)), 24_000)


def samples(*results: Result) -> list[Any]:
    return [result.audio.samples for result in results]


def differ(one: Any, other: Any) -> bool:
    return bool(one.shape != other.shape or np.abs(one - other).max() > 1e-6)


def test_a_batch_of_mixed_lengths_comes_out_as_each_alone_and_as_its_card_says(name: str, say: Say) -> None:
    lines = [line(name), line(name, "It was a dark and stormy night, said Dr. Smith. And it rained!", 2)]
    together = say(*lines)
    for result, request in zip(together, lines, strict=True):
        card = tool_of(name).card
        assert (result.audio.rate, result.audio.channels) == (card.rate, card.channels)
        assert np.abs(result.audio.samples).max() > 1e-3
        np.testing.assert_array_equal(result.audio.samples, say(request)[0].audio.samples)


def test_the_same_seed_is_the_same_clip_and_another_another(name: str, say: Say) -> None:
    one, again, other = samples(*say(line(name, seed=1), line(name, seed=1), line(name, seed=2)))
    np.testing.assert_array_equal(one, again)
    assert differ(one, other)


def test_a_long_line_is_said_in_pieces(name: str, say: Say) -> None:
    short, long = say(line(name, "It was a dark night."), line(name, "It was a dark night. " * 30))
    assert long.audio.seconds > 2 * short.audio.seconds


@pytest.mark.parametrize("name", ["xtts", "yourtts"], indirect=True)
def test_it_speaks_as_whoever_it_hears(name: str, say: Say) -> None:
    own, ada, again, ben = samples(
        *say(line(name), *(line(name, voice="somebody", reference=noise(seed)) for seed in (1, 1, 2)))
    )
    np.testing.assert_array_equal(ada, again)
    assert differ(ada, ben) and differ(ada, own)
    with pytest.raises(Refused, match="the reference lasts 0.1 s"):
        say(line(name, voice="somebody", reference=noise(1, 0.1)))


def test_a_voice_that_it_does_not_have_is_refused(name: str, say: Say) -> None:
    with pytest.raises(ToolError, match="nobody"):
        say(line(name, voice="nobody"))
    assert say(line(name)), "and it goes on"


def test_it_says_it_slower_when_it_is_to(say: Say, name: str) -> None:
    quick, slow = say(line(name, "It was a dark night.", pace=2.0), line(name, "It was a dark night.", pace=0.5))
    assert slow.audio.seconds > quick.audio.seconds


LANGUAGES = {
    "xtts": {
        "de-AT": "Ja, 12 Mal.",
        "zh-CN": "你好，世界。",
        "ja": "こんにちは。",
        "ko": "안녕하세요.",
        "pt-BR": "Sim.",
    },
    "yourtts": {"fr": "Oui.", "pt-PT": "Sim."},
    "coqui_vits": {"en-GB": "Yes."},
}


def test_it_speaks_the_languages_of_its_card(name: str, say: Say) -> None:
    made = say(*(line(name, text, language=tag) for tag, text in LANGUAGES[name].items()))
    assert all(result.audio.seconds > 0.0 for result in made)


def test_a_speaker_is_found_under_its_name_without_white_space(fetched: Path, tmp_path: Path) -> None:
    worker = Worker(tool_of("coqui_vits"), logs=tmp_path)
    try:
        mine, ed, p225 = samples(
            *worker(
                [
                    line("coqui_vits", voice="de-thorsten", language="de"),
                    line("coqui_vits", voice="en-vctk/ED"),
                    line("coqui_vits", voice="en-vctk/p225"),
                ]
            )
        )
        assert differ(ed, p225) and differ(mine, ed)
        with pytest.raises(Refused, match="knows no letter of the text"):
            worker([line("coqui_vits", "你好", voice="de-thorsten", language="de")])
    finally:
        worker.close()


HALTED = """
import importlib, importlib.util, json, sys
spec = importlib.util.spec_from_file_location("lend", sys.argv[1])
lend = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lend)
sys.meta_path.insert(0, lend.Lent(json.loads(sys.argv[2])))
xtts = importlib.import_module("wavagent.tools.xtts")
tool, asked = xtts.Xtts(), []

def alive():
    asked.append(0)
    if len(asked) == 5:
        tool.stop()
    type(tool).alive(tool)

tool.alive = alive
from wavagent.tool import Request
try:
    tool([Request(xtts.XttsParams(text="It was a dark night.", voice="Ana Florence"), seed=1)])
except Exception as error:
    print(type(error).__name__, str(error), len(asked))
"""


def test_it_ends_between_two_tokens_when_it_is_stopped(fetched: Path) -> None:
    environment = Environment.of(tool_of("xtts"))
    assert environment is not None
    command = [str(environment.python), "-I", "-c", HALTED, lend.__file__, json.dumps(lend.lent("wavagent.tools.xtts"))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout == "Broken tool 'xtts' was stopped 5\n", done.stderr


def test_a_run_that_is_stopped_ends_it(fetched: Path, tmp_path: Path) -> None:
    worker = Worker(tool_of("xtts"), logs=tmp_path)
    worker([line("xtts")])
    closing = threading.Thread(target=worker.close)
    with pytest.raises(Broken):
        closing.start()
        worker([line("xtts", "It was a dark night. " * 90)])
    closing.join()


def test_nothing_is_loaded_that_nobody_allowed(fetched: Path, data: Path, tmp_path: Path) -> None:
    tool = tool_of("xtts")
    home = Path(shutil.copytree(fetched / "xtts", tmp_path / "home"))
    (home / "model.safetensors").touch()  # which the library does not know
    use(tool, tool.card.weights[0], home)
    try:
        with pytest.raises(Unavailable, match="which are pickles.*--folder .*--allow-pickle"):
            Worker(tool, logs=tmp_path)([line("xtts")])
    finally:
        use(tool, tool.card.weights[0], fetched / "xtts", pickle=True)


EVIL = """
import sys, torch
class Evil:
    def __reduce__(self):
        return exec, (f"open({sys.argv[2]!r}, 'w')",)
torch.save({"model": Evil()}, sys.argv[1])
"""


@pytest.mark.parametrize(
    ("kind", "file"), [("xtts", "model.pth"), ("one", "model_file.pth"), ("xtts", "speakers_xtts.pth")]
)
def test_weights_with_code_in_them_run_none_even_if_they_were_allowed(
    fetched: Path, tmp_path: Path, kind: str, file: str
) -> None:
    home = Path(shutil.copytree(fetched / kind, tmp_path / "evil"))
    environment = Environment.of(tool_of("xtts"))
    assert environment is not None
    told = [str(environment.python), "-I", "-c", EVIL, str(home / file), str(tmp_path / "ran")]
    subprocess.run(told, check=True, capture_output=True)
    tool, part = (tool_of("xtts"), "") if kind == "xtts" else (tool_of("coqui_vits"), "evil")
    weights = importlib.import_module(f"wavagent.tools.{tool.card.name}").TOOL.weights_of(part)
    use(tool, weights, home, pickle=True)
    worker = Worker(tool, logs=tmp_path)
    try:
        with pytest.raises(Broken, match="hold more than weights, and were not opened"):
            worker([line(tool.card.name, voice=part or VOICES["xtts"])])
    finally:
        worker.close()
        use(tool, weights, fetched / kind, pickle=True)
    assert not (tmp_path / "ran").exists()
