"""MusicGen's decoder with everything in place makes the codes that transformers' `generate` makes of the same noise."""

import gc
import importlib
import weakref
from collections.abc import Sequence
from typing import Any

import pytest

from tests.tiny.loud import louder
from tests.tools import generating, graphs
from wavagent.tool import Request

expert = importlib.import_module("wavagent.tools._expert")
replayed = importlib.import_module("wavagent.tools._expert.replayed")
laid = importlib.import_module("wavagent.tools._musicgen")
decoder = importlib.import_module("wavagent.tools._musicgen.decoder")
musicgen = importlib.import_module("wavagent.tools.musicgen")

pytestmark = pytest.mark.usefixtures("models", "inference")

CALM, STORM, BELL = "calm piano", "a storm of drums, very loud", "x"
USUAL, PLAIN, GREEDY = laid.Sampling(3.0, 1.0, 20), laid.Sampling(1.0, 1.5, 0), laid.Sampling(3.0, 1.0, 1)


@pytest.fixture
def inference() -> Any:
    torch = pytest.importorskip("torch")
    with torch.inference_mode():
        yield


@pytest.fixture(scope="module")
def loaded(tiny: Any) -> Any:
    """Weights so large that what was heard is heard in what comes."""
    torch = pytest.importorskip("torch")
    made = musicgen.Musicgen().load(expert.Place({"": tiny("musicgen")}, "cpu", torch.float32))
    louder(made.model.decoder.model, 8.0)
    louder(made.model.decoder.lm_heads, 60.0)
    return made


@pytest.fixture(autouse=True)
def short_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder, "BLOCK", 8)


def told(loaded: Any, texts: Sequence[str], heard: float = 0.0) -> Any:
    import numpy as np

    sound = [np.random.default_rng(at).normal(0, 0.3, round(heard * loaded.rate)) for at, _ in enumerate(texts)]
    given = {"audio": sound, "sampling_rate": loaded.rate} if heard else {}
    return loaded.processor(text=list(texts), padding=True, return_tensors="pt", **given)


def generated(loaded: Any, given: Any, steps: int, sampling: Any, seeds: Sequence[int]) -> Any:
    rows = expert.Rows(seeds, temperature=sampling.temperature, top=sampling.top)
    return generating.generated(loaded.model, rows, **given, guidance_scale=sampling.guidance, max_new_tokens=steps + 4)


def made(loaded: Any, decoding: Any, given: Any, steps: int, sampling: Any, seeds: Sequence[int]) -> Any:
    return decoding(laid.of_words(loaded.model, given, sampling.guided), steps, sampling, seeds, lambda: None)


@pytest.mark.parametrize("sampling", [USUAL, PLAIN, GREEDY])
@pytest.mark.parametrize("heard", [0.0, 0.3])
def test_the_codes_are_those_of_generate(loaded: Any, sampling: Any, heard: float) -> None:
    given = told(loaded, [CALM, STORM, BELL], heard)
    codes = made(loaded, laid.Decoding(loaded.model.decoder), given, 21, sampling, [1, 2, 3])
    assert codes.tolist() == generated(loaded, given, 21, sampling, [1, 2, 3]).tolist()
    assert codes.shape == (3, 4, round(heard * 50) + 22)


def test_what_is_told_and_what_was_drawn_are_heard_in_the_codes(loaded: Any) -> None:
    decoding = laid.Decoding(loaded.model.decoder)
    calm, storm = (made(loaded, decoding, told(loaded, [text]), 21, GREEDY, [1]) for text in (CALM, STORM))
    assert calm.tolist() != storm.tolist(), "the words"
    assert len(set(calm.flatten().tolist())) > 8, "what came before"


def test_codes_are_the_same_alone_and_in_company(loaded: Any) -> None:
    decoding, texts, seeds = laid.Decoding(loaded.model.decoder), [CALM, STORM, BELL], [1, 2, 3]
    together = made(loaded, decoding, told(loaded, texts), 21, USUAL, seeds)
    for row, text, seed in zip(together, texts, seeds, strict=True):
        (alone,) = made(loaded, decoding, told(loaded, [text]), 21, USUAL, [seed])
        assert row.tolist() == alone.tolist()


@pytest.fixture
def graphed(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """As on a GPU: a step runs once, is captured, and replayed from then on."""
    taken: list[Any] = []

    def captured(step: Any, pool: Any) -> Any:
        taken.append(step)
        return graphs.captured(step, pool)

    monkeypatch.setattr(decoder, "pool_on", lambda device: "pool")
    monkeypatch.setattr(replayed, "_aside", lambda step: step())
    monkeypatch.setattr(replayed, "_captured", captured)
    return taken


@pytest.mark.parametrize(("heard", "blocks"), [(0.0, 4), (0.3, 3)])
def test_replayed_graphs_make_the_same_codes(loaded: Any, graphed: list[Any], heard: float, blocks: int) -> None:
    decoding = laid.Decoding(loaded.model.decoder)
    for texts, seeds in (([CALM, STORM], [1, 2]), ([BELL, "a violin"], [3, 4])):
        given = told(loaded, texts, heard)
        codes = made(loaded, decoding, given, 21, USUAL, seeds)
        assert codes.tolist() == generated(loaded, given, 21, USUAL, seeds).tolist()
    assert len(graphed) == blocks, "the second batch finds the first one's"


def test_other_settings_or_more_clips_are_laid_out_anew_and_fewer_steps_are_not(loaded: Any) -> None:
    decoding = laid.Decoding(loaded.model.decoder)

    def room(texts: Sequence[str], steps: int, sampling: Any) -> Any:
        made(loaded, decoding, told(loaded, texts), steps, sampling, list(range(len(texts))))
        return decoding._decoder

    first = room([CALM, STORM], 40, USUAL)
    assert room([STORM, BELL], 12, USUAL) is first
    assert room([CALM, STORM], 60, USUAL) is not first
    before = room([CALM, STORM], 40, USUAL)
    assert room([CALM], 40, USUAL) is not before
    before = room([CALM], 40, USUAL)
    assert room([CALM], 40, GREEDY) is not before


def test_a_text_may_be_longer_than_its_music(loaded: Any) -> None:
    given = told(loaded, [STORM * 3, CALM])
    codes = made(loaded, laid.Decoding(loaded.model.decoder), given, 5, USUAL, [1, 2])
    assert codes.tolist() == generated(loaded, given, 5, USUAL, [1, 2]).tolist()


def test_what_was_laid_out_before_is_gone_before_the_next(loaded: Any, graphed: list[Any]) -> None:
    decoding = laid.Decoding(loaded.model.decoder)
    gc.disable()  # the device's memory cannot wait for it
    try:
        made(loaded, decoding, told(loaded, [CALM]), 21, USUAL, [1])
        graphed.clear()
        before = weakref.ref(decoding._decoder)
        made(loaded, decoding, told(loaded, [CALM, STORM]), 5, USUAL, [1, 2])
        assert before() is None
    finally:
        gc.enable()


def test_a_run_that_was_stopped_leaves_the_next_one_as_it_is(loaded: Any) -> None:
    decoding, given = laid.Decoding(loaded.model.decoder), told(loaded, [CALM])
    calls: list[int] = []

    def alive() -> None:
        calls.append(0)
        if len(calls) == 13:
            raise KeyboardInterrupt

    whole = made(loaded, decoding, given, 21, USUAL, [1])
    with pytest.raises(KeyboardInterrupt):
        decoding(laid.of_words(loaded.model, given, True), 21, USUAL, [1], alive)
    assert made(loaded, decoding, given, 21, USUAL, [1]).tolist() == whole.tolist()


def test_a_clip_that_was_no_number_is_not_heard_in_the_next(loaded: Any) -> None:
    decoding, given = laid.Decoding(loaded.model.decoder), told(loaded, [CALM])
    whole = made(loaded, decoding, given, 21, USUAL, [1]).tolist()
    for layer in decoding._decoder._kept.layers:
        layer.keys.fill_(float("nan"))
        layer.values.fill_(float("nan"))
    assert made(loaded, decoding, given, 21, USUAL, [1]).tolist() == whole


def test_a_card_in_16_bits_makes_codes_of_the_right_shape(loaded: Any, tiny: Any) -> None:
    import torch

    half = musicgen.Musicgen().load(expert.Place({"": tiny("musicgen")}, "cpu", torch.bfloat16))
    codes = made(half, half.decoding, told(half, [CALM, STORM]), 21, USUAL, [1, 2])
    assert codes.shape == (2, 4, 22)
    assert codes.max() < 64


def test_a_length_between_two_frames_is_met(tiny: Any) -> None:
    request = Request(musicgen.MusicgenParams(what=CALM, seconds=0.509), seed=1)
    (clip,) = musicgen.Musicgen({"": tiny("musicgen")})([request])
    assert clip.audio.frames == round(0.509 * 32_000)
