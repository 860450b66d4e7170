import importlib
import threading
from typing import Any

import numpy as np
import pytest

from tests.tiny.loud import louder
from tests.tools.generating import generated
from wavagent.audio import Audio
from wavagent.errors import Broken, OutOfMemory, Refused, Unavailable
from wavagent.tool import Request, accept

melodic = importlib.import_module("wavagent.tools.musicgen_melody")

pytestmark = pytest.mark.usefixtures("models")


@pytest.fixture
def tool(tiny: Any) -> Any:
    return melodic.MusicgenMelody({"": tiny("musicgen_melody")})


def tone(hertz: float, seconds: float = 2.0, rate: int = 44_100) -> Audio:
    return Audio.of(0.3 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate), rate)


def wanted(what: str, seconds: float, seed: int, melody: Audio | None = None, **settings: Any) -> Request:
    inputs = {} if melody is None else {"melody": melody}
    return Request(melodic.MusicgenMelodyParams(what=what, seconds=seconds, **settings), inputs, seed)


CALM, STORM = wanted("calm piano", 0.6, 1), wanted("a storm of drums, very loud", 0.5, 2, tone(440))


def far(one: Any, other: Any) -> float:
    return float(np.abs(one.audio.samples - other.audio.samples).max())


def test_a_batch_of_mixed_lengths_gives_each_its_own_in_order(tool: Any) -> None:
    requests = [CALM, STORM, wanted("calm flute", 0.5, 1)]
    made = tool(requests)
    assert {(one.audio.rate, one.audio.channels) for one in made} == {(tool.card.rate, tool.card.channels)}
    assert [one.audio.seconds for one in made] == [0.6, 0.5, 0.5]
    for together, request in zip(made, requests, strict=True):
        assert far(together, tool([request])[0]) < 1e-5, "the same alone and in company"


def test_seed_and_melody_and_settings_are_heard(tool: Any) -> None:
    (plain,) = tool([CALM])
    for other in (
        wanted("calm piano", 0.6, 3),
        wanted("calm piano", 0.6, 1, tone(440)),
        wanted("calm piano", 0.6, 1, temperature=2.0),
    ):
        assert far(plain, tool([other])[0]) > 1e-3
    assert far(*tool([wanted("calm piano", 0.6, 1, tone(440)), wanted("calm piano", 0.6, 1, tone(523.25))])) > 1e-3


def test_words_may_be_more_than_there_are_places_in_the_model_at_first(tool: Any) -> None:
    (long,) = tool([wanted("calm piano " * 190, 0.5, 1, guidance=1.0)])
    assert long.audio.seconds == 0.5


@pytest.mark.parametrize("guidance", [3.0, 1.0])
def test_the_codes_are_those_of_generate(tiny: Any, guidance: float) -> None:
    import torch

    expert, laid = (importlib.import_module(f"wavagent.tools.{name}") for name in ("_expert", "_musicgen"))
    loaded = melodic.MusicgenMelody().load(expert.Place({"": tiny("musicgen_melody")}, "cpu", torch.float32))
    louder(loaded.model.decoder.model, 8.0)
    louder(loaded.model.decoder.lm_heads, 60.0)
    told = loaded.tokenizer(["calm piano", "loud drums"], return_tensors="pt")
    tunes = torch.stack([melodic._tune(melody, loaded, 32_000) for melody in (None, tone(440))])
    rows = expert.Rows([1, 2], top=1)
    given = {**told, "input_features": tunes, "guidance_scale": guidance, "max_new_tokens": 24}
    with torch.inference_mode():
        theirs = generated(loaded.model, rows, **given)
        prompt = laid.of_tunes(loaded.model, told, tunes, guidance > 1.0)
        made = loaded.decoding(prompt, 20, laid.Sampling(guidance, 1.0, 1), [1, 2], lambda: None)
    assert made.tolist() == theirs.tolist()
    assert made[0].tolist() != made[1].tolist()


@pytest.mark.parametrize(("hertz", "pitch"), [(261.63, 0), (440.0, 9), (880.0, 9), (466.16, 10), (493.88, 11)])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_the_strongest_pitch_class_of_a_tone_is_its_own(hertz: float, pitch: int, rate: int) -> None:
    import torch
    from transformers.audio_utils import chroma_filter_bank

    filters = chroma_filter_bank(sampling_rate=32_000, num_frequency_bins=melodic.FFT, tuning=0, num_chroma=12)
    found = melodic.strongest(tone(hertz, rate=rate), torch.from_numpy(filters).float(), 32_000)
    assert set(found.tolist()) == {pitch}


@pytest.mark.parametrize("melody", [Audio.silence(0.0), Audio.silence(0.01), Audio.silence(40.0, 8_000, 2)])
def test_a_melody_without_sound_or_end_is_taken(tool: Any, melody: Audio) -> None:
    assert tool([wanted("calm piano", 0.5, 1, melody)])[0].audio.seconds == 0.5


def test_it_is_stopped_between_two_steps(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    alive, steps = tool.alive, [0]

    def after_some() -> None:
        steps[0] += 1
        if steps[0] == 5:
            thread = threading.Thread(target=tool.stop)
            thread.start()
            thread.join()
        alive()

    monkeypatch.setattr(tool, "alive", after_some)
    with pytest.raises(Broken, match="stopped"):
        tool([CALM])
    assert steps == [5]


def test_running_out_of_memory_is_said_so(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")

    monkeypatch.setattr(tool, "make", full)
    with pytest.raises(OutOfMemory, match="musicgen_melody"):
        tool([CALM])


def test_after_it_was_unloaded_it_loads_anew(tool: Any) -> None:
    before = tool([CALM])
    tool.unload()
    np.testing.assert_array_equal(before[0].audio.samples, tool([CALM])[0].audio.samples)


def test_what_it_does_not_take_is_refused() -> None:
    for wrong in ({"what": ""}, {"what": "x", "seconds": 30.1}):
        with pytest.raises(Refused):
            accept(melodic.TOOL, wrong)


def test_without_weights_it_says_what_to_type(nothing_fetched: None) -> None:
    assert "wavagent tools fetch musicgen_melody" in str(melodic.TOOL.lack())
    with pytest.raises(Unavailable, match="facebook/musicgen-melody"):
        melodic.TOOL([CALM])
