"""Dia's decoder in place makes the codes that its own makes, step by step, and as replayed graphs."""

import importlib
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest

from tests.tools import graphs

expert = importlib.import_module("wavagent.tools._expert")
replayed = importlib.import_module("wavagent.tools._expert.replayed")
decoder = importlib.import_module("wavagent.tools._dia.decoder")
dia = importlib.import_module("wavagent.tools.dia")

pytestmark = pytest.mark.usefixtures("models", "inference")

TEXTS, STEPS = ("[S1] Who is there?", "[S1] Nobody, said the old man, and shut the door again."), 40


@pytest.fixture
def inference() -> Iterator[None]:
    torch = pytest.importorskip("torch")
    with torch.inference_mode():
        yield


@pytest.fixture(scope="module")
def loaded(tiny: Any) -> Any:
    torch = pytest.importorskip("torch")
    folders = {"": tiny("dia"), "codec": tiny("dia") / "codec"}
    return dia.Dia().load(expert.Place(folders, "cpu", torch.float32))


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "BLOCK", 8)


def codes(loaded: Any, texts: tuple[str, ...], room: Any, top: int = 1, guidance: float = 3.0) -> Any:
    """What is made after half a second of sound; the likeliest of all, so that all of it comes from the decoder."""
    import numpy as np

    sound = np.random.default_rng(1).normal(0, 0.3, 22_050).astype(np.float32)
    told = loaded.processor(text=list(texts), audio=[sound] * len(texts), padding=True, return_tensors="pt")
    rows = expert.Rows(list(range(len(texts))), temperature=1.3, top=top)
    with expert.drawing(loaded.model, rows), room:
        return loaded.model.generate(
            **told,
            do_sample=False,
            temperature=1.0,
            top_k=None,
            top_p=None,
            guidance_scale=guidance,
            max_length=None,
            max_new_tokens=STEPS,
        )


@pytest.fixture
def graphed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    taken: list[Any] = []

    def captured(step: Any, pool: Any) -> Any:
        taken.append(step)
        return graphs.captured(step, pool)

    monkeypatch.setattr(decoder, "pool_on", lambda device: "pool")
    monkeypatch.setattr(replayed, "_aside", lambda step: step())
    monkeypatch.setattr(replayed, "_captured", captured)
    return taken


@pytest.mark.parametrize(("top", "guidance"), [(1, 3.0), (45, 1.0)])
def test_the_codes_are_those_of_the_decoder_itself(loaded: Any, top: int, guidance: float) -> None:
    own = codes(loaded, TEXTS, nullcontext(), top, guidance)
    made = codes(loaded, TEXTS, loaded.decoder.room(STEPS), top, guidance)
    assert made.tolist() == own.tolist()
    assert len(set(own.flatten().tolist())) > 20
    assert own[0].tolist() != own[1].tolist(), "the words are heard"


def test_replayed_graphs_make_the_same_codes(loaded: Any, graphed: list[Any]) -> None:
    in_place = decoder.InPlace(loaded.model.model.decoder)
    for texts in (TEXTS, TEXTS[::-1]):
        own = codes(loaded, texts, nullcontext())
        assert codes(loaded, texts, in_place.room(STEPS)).tolist() == own.tolist()
    blocks = len(graphed)
    assert 4 <= blocks <= STEPS // 8 + 1
    codes(loaded, (TEXTS[0], TEXTS[0]), in_place.room(STEPS))
    assert len(graphed) == blocks, "shorter words find the room of the longer"


def test_a_line_that_was_no_number_is_not_heard_in_the_next(loaded: Any) -> None:
    in_place = decoder.InPlace(loaded.model.model.decoder)
    whole = codes(loaded, TEXTS, in_place.room(STEPS)).tolist()
    for layer in in_place._room._kept.layers:
        layer.keys.fill_(float("nan"))
        layer.values.fill_(float("nan"))
    assert codes(loaded, TEXTS, in_place.room(STEPS)).tolist() == whole


def test_a_decoder_is_its_own_again_after_the_block(loaded: Any) -> None:
    inner = loaded.model.model.decoder
    with pytest.raises(KeyboardInterrupt), loaded.decoder.room(STEPS):
        assert "forward" in vars(inner)
        raise KeyboardInterrupt
    assert "forward" not in vars(inner)
