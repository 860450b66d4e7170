"""What every speech model promises, on tiny weights: batches, seeds, an end, memory, wrong input, no pickles."""

import importlib
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from wavagent.errors import Broken, OutOfMemory, Refused, ToolError, Unavailable
from wavagent.tool import Request, accept

pytestmark = pytest.mark.usefixtures("models")


class Kind(NamedTuple):
    """How a tool is tried: where the weights of each part are below the tiny ones, a voice, what keeps lines short."""

    parts: Mapping[str, str]
    voice: str
    settings: Mapping[str, Any] = {}
    steps: bool = True  # can be ended within a line


KINDS = {
    "bark": Kind({"": ""}, "en_speaker_6"),
    "csm": Kind({"": ""}, "0"),
    "dia": Kind({"": "", "codec": "codec"}, "ada"),
    "pocket_tts": Kind({"": "", "codec": "codec"}, "alba"),
    "speecht5": Kind({"": "", "vocoder": "vocoder", "voices": "voices"}, "slt"),
    "vibevoice": Kind({"": ""}, "0", {"steps": 2}),
    "vits": Kind({"eng": ""}, "eng", steps=False),
}


@pytest.fixture(params=KINDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def module(name: str) -> Any:
    return importlib.import_module(f"wavagent.tools.{name}")


@pytest.fixture
def load(name: str, module: Any, tiny: Any) -> Callable[..., Any]:
    def load(folder: Path | None = None) -> Any:
        home = folder or tiny(name)
        return type(module.TOOL)({part: home / below for part, below in KINDS[name].parts.items()})

    return load


@pytest.fixture
def tool(load: Callable[..., Any]) -> Any:
    return load()


@pytest.fixture
def line(name: str, module: Any) -> Callable[..., Request]:
    def line(text: str = "Who is there?", seed: int = 1, **params: Any) -> Request:
        values = {"text": text, "voice": KINDS[name].voice, **KINDS[name].settings, **params}
        return Request(accept(module.TOOL, values), seed=seed)

    return line


def test_a_batch_of_mixed_lengths_gives_each_its_own(tool: Any, line: Callable[..., Request]) -> None:
    short, long = tool([line("Yes."), line("It was a dark and stormy night, and it rained.")])
    for made in (short, long):
        assert (made.audio.rate, made.audio.channels) == (tool.card.rate, tool.card.channels)
        assert 0.0 < made.audio.seconds <= (tool.card.longest or 3600.0)
        assert np.abs(made.audio.samples).max() > 0.0


def test_a_clip_is_the_same_alone_and_in_company(tool: Any, line: Callable[..., Request]) -> None:
    lines = [line("Yes.", 1), line("It was a dark and stormy night.", 2), line("No, not at all!", 3)]
    for together, one in zip(tool(lines), lines, strict=True):
        (alone,) = tool([one])
        np.testing.assert_allclose(together.audio.samples, alone.audio.samples, atol=1e-4)


def test_the_same_seed_is_the_same_clip_and_another_another(tool: Any, line: Callable[..., Request]) -> None:
    one, again, other = (tool([line(seed=seed)])[0].audio.samples for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert one.shape != other.shape or np.abs(one - other).max() > 1e-6


def test_another_text_is_another_clip(tool: Any, line: Callable[..., Request]) -> None:
    one, other = (made.audio.samples for made in tool([line("Yes."), line("Not at all.")]))
    assert one.shape != other.shape or np.abs(one - other).max() > 1e-6


def test_it_can_be_stopped(name: str, tool: Any, line: Callable[..., Request], monkeypatch: pytest.MonkeyPatch) -> None:
    alive, asked = tool.alive, []

    def after_some(*_: Any) -> None:
        asked.append(0)
        if len(asked) == 2:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    lines = [line()] if KINDS[name].steps else [line(), line(), line()]
    with pytest.raises(Broken, match="stopped"):
        tool(lines)
    assert len(asked) == 2


def test_running_out_of_memory_is_said_so(
    name: str, tool: Any, line: Callable[..., Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match=name):
        tool([line()])


def test_after_it_was_unloaded_it_loads_anew(tool: Any, line: Callable[..., Request]) -> None:
    before = tool([line()])[0].audio.samples
    tool.unload()
    np.testing.assert_array_equal(before, tool([line()])[0].audio.samples)


def test_what_it_does_not_take_is_refused(module: Any, name: str) -> None:
    for wrong in ({"text": ""}, {"pace": 9.0}, {"intensity": "much"}, {"unheard_of": 1}):
        with pytest.raises(Refused):
            accept(module.TOOL, {"text": "x", "voice": KINDS[name].voice, **wrong})


def test_a_voice_that_it_does_not_have_is_refused(module: Any, tool: Any) -> None:
    params = accept(module.TOOL, {"text": "Yes.", "voice": "../nobody"})
    assert "'../nobody'" in str(tool.refusal(params))
    with pytest.raises(ToolError, match="nobody"):
        tool([Request(params, seed=1)])


def test_without_weights_it_says_what_to_type(
    name: str, module: Any, line: Callable[..., Request], nothing_fetched: None
) -> None:
    assert f"wavagent tools fetch {name}" in str(module.TOOL.lack())
    with pytest.raises(Unavailable, match=f"wavagent tools fetch {name}"):
        type(module.TOOL)()([line()])


def test_nobody_is_cast_with_it_unless_it_is_preferred(module: Any, tool: Any) -> None:
    assert tool.card.on_request
    assert tool.card.voices
    assert tool.lack() is None
    assert {voice.language for voice in tool.card.voices} <= {*tool.card.languages, "mul"}


def test_pickles_are_not_opened(
    name: str, load: Callable[..., Any], line: Callable[..., Request], tiny: Any, tmp_path: Path
) -> None:
    import torch

    for file in tiny(name).rglob("*"):
        if file.is_file() and file.suffix != ".safetensors":
            copy = tmp_path / file.relative_to(tiny(name))
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    for part in {tmp_path / below for below in KINDS[name].parts.values()}:
        torch.save({}, part / "pytorch_model.bin")
    with pytest.raises(Unavailable, match="safetensors"):
        load(tmp_path)([line()])
