"""The longest clip that a card promises: it is had whole, and one second more is refused."""

import importlib
import math
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Request, accept

pytestmark = pytest.mark.usefixtures("models")


def tiny_tool(name: str, tiny: Any) -> Any:
    return type(importlib.import_module(f"wavagent.tools.{name}").TOOL)({"": tiny(name)})


def heard(tool: Any, seconds: float, **settings: Any) -> Any:
    """What the tool makes of `seconds` of noise that is loud to its last moment."""
    noise = np.random.default_rng(1).normal(0, 0.1, round(seconds * tool.card.rate))
    (result,) = tool([Request(accept(tool, settings), {"audio": Audio.of(noise, tool.card.rate)}, 1)])
    return result


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("musicgen_melody", {}),
        ("audioldm", {"steps": 1}),
        ("audioldm2", {"steps": 1}),
        ("musicldm", {"steps": 1}),
    ],
)
def test_the_longest_clip_is_made_whole_and_no_longer_one(tiny: Any, name: str, settings: dict[str, Any]) -> None:
    tool = tiny_tool(name, tiny)
    asked = {"what": "calm piano", **settings}
    (made,) = tool([Request(accept(tool, {**asked, "seconds": tool.card.longest}), seed=1)])
    assert len(made.audio.samples) == round(tool.card.longest * tool.card.rate)
    assert np.abs(made.audio.samples[-tool.card.rate // 10 :]).max() > 1e-6, "there is sound to its end"
    with pytest.raises(Refused, match="seconds"):
        accept(tool, {**asked, "seconds": tool.card.longest + 1.0})


@pytest.mark.parametrize("name", ["dac", "encodec"])
def test_a_codec_gives_back_its_cards_longest_clip_whole_and_takes_no_longer_one(tiny: Any, name: str) -> None:
    shipped = tiny_tool(name, tiny)

    class Short(type(shipped)):  # type: ignore[misc]  # two minutes are many seconds of work, even for a tiny model
        card = shipped.card.model_copy(update={"longest": 1.5})

    tool = Short({"": tiny(name)})
    made = heard(tool, 1.5).audio
    assert len(made.samples) == math.ceil(1.5 * tool.card.rate)
    assert np.abs(made.samples[-tool.card.rate // 10 :]).max() > 1e-6
    with pytest.raises(Refused, match=r"up to 1\.5 s, and this one has 2\.5 s"):
        heard(tool, 2.5)


def test_the_longest_clip_is_aligned_and_no_longer_one(tiny: Any) -> None:
    tool = tiny_tool("align", tiny)
    words = heard(tool, tool.card.longest, text="It was a dark night").words
    assert len(words) == 5
    assert 0.0 <= words[0].start and words[-1].end <= tool.card.longest
    with pytest.raises(Refused, match="600 s at most, and this one has 601 s"):
        heard(tool, tool.card.longest + 1.0, text="It was a dark night")
