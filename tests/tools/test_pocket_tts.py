"""What is particular about Pocket TTS: it speaks as whom it remembers, of a file or of a recording."""

import importlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tiny.recording import differ, sung
from wavagent.audio import Audio
from wavagent.errors import Broken, Refused, Unavailable
from wavagent.tool import CloningParams, Request

pytestmark = pytest.mark.usefixtures("models")
pocket_tts = importlib.import_module("wavagent.tools.pocket_tts")
voices = importlib.import_module("wavagent.tools._pocket")


def line(text: str = "Who is there?", reference: Audio | None = None, seed: int = 1, **params: Any) -> Request:
    inputs = {} if reference is None else {"reference": reference}
    return Request(pocket_tts.PocketTtsParams(**{"text": text, "voice": "alba", **params}), inputs, seed)


@pytest.fixture(scope="module")
def tool(tiny: Any) -> Any:
    return pocket_tts.PocketTts({"": tiny("pocket_tts"), "codec": tiny("pocket_tts") / "codec"})


@pytest.fixture
def own(tiny: Any, tmp_path: Path) -> Path:
    """A folder of weights to which a person may add."""
    return Path(shutil.copytree(tiny("pocket_tts"), tmp_path / "own"))


@pytest.fixture
def loaded(tool: Any) -> Any:
    return tool._ready()


def test_it_remembers_what_the_library_hears_in_a_conversation(loaded: Any) -> None:
    import torch

    model, processor, wave = loaded.model, loaded.processor, sung(150.0).samples[:, 0]
    said = {"type": "text", "text": "Who is there?"}
    theirs = processor.apply_chat_template(
        [[{"role": "user", "content": [{"type": "audio", "path": wave}, said]}]],
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
    )
    with torch.inference_mode():
        expected = model.generate(**theirs, do_sample=False, max_new_tokens=20).audio_latents
        memory = voices.cloned(model, processor, wave).cache(model, 1)
        told = pocket_tts._told(processor, [said["text"]])
        made = model.generate(**told, past_key_values=memory, do_sample=False, max_new_tokens=20).audio_latents
    np.testing.assert_allclose(made, expected, atol=1e-4)


def test_voices_and_references_in_one_batch_come_back_in_their_order(tool: Any) -> None:
    lines = [
        line(reference=sung(220.0)),
        line("Yes."),
        line(voice="marius"),
        line("No, not at all!", reference=sung(220.0), seed=2),
        line(temperature=1.4),
    ]
    for together, one in zip(tool(lines), lines, strict=True):
        np.testing.assert_allclose(together.audio.samples, tool([one])[0].audio.samples, atol=1e-4)


def test_it_speaks_as_whom_it_heard(tool: Any) -> None:
    alba, marius, low, high = tool(
        [line(), line(voice="marius"), line(reference=sung(90.0)), line(reference=sung(700.0))]
    )
    assert differ(alba, marius) and differ(low, alba) and differ(low, high)


def test_a_reference_may_have_any_rate_and_channels_and_no_words_are_needed(tool: Any) -> None:
    assert issubclass(tool.params, CloningParams) and tool.card.clones
    mono, stereo, quick = (
        tool([line(reference=sung(150.0, **how), voice="my grandmother")])[0]
        for how in ({}, {"channels": 2}, {"rate": 48_000})
    )
    np.testing.assert_allclose(mono.audio.samples, stereo.audio.samples, atol=1e-4)
    assert quick.audio.rate == 24_000 and quick.audio.frames


@pytest.mark.parametrize(
    ("reference", "fault"),
    [
        (Audio.silence(0.0), r"lasts 0\.0 s.*from 1 to 30 s"),
        (sung(150.0, 0.4), r"lasts 0\.4 s.*from 1 to 30 s"),
        (sung(150.0, 31.0, rate=8_000), r"lasts 31\.0 s.*from 1 to 30 s"),
        (Audio.silence(3.0), "nothing is heard in the reference"),
    ],
    ids=["empty", "too short", "too long", "silent"],
)
def test_a_reference_that_holds_no_voice_is_refused(tool: Any, reference: Audio, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        tool([line(reference=reference)])


def test_only_voices_that_are_here_are_offered(tool: Any) -> None:
    assert [voice.id for voice in tool.speaking("en-GB")] == ["alba", "marius"]
    assert tool.speaking("fr") == ()
    assert tool.refusal(line(voice="vera").params) is None
    with pytest.raises(Unavailable, match=r"without the file voices/vera\.safetensors"):
        tool([line(voice="vera")])
    reason = tool.refusal(line(voice="nobody").params)
    assert "'nobody'" in reason and "alba, marius" in reason


def test_a_file_of_ones_own_is_a_voice_as_frames_or_as_what_layers_keep(loaded: Any, own: Path) -> None:
    from safetensors.torch import load_file, save_file

    held = voices.shipped(loaded.model, own / "voices" / "alba.safetensors")
    kept = {
        f"{kind}_cache.{number}": tensor.contiguous()
        for number, pair in enumerate(held.layers)
        for kind, tensor in zip(("key", "value"), pair, strict=True)
    }
    (frames,) = load_file(own / "voices" / "alba.safetensors").values()
    save_file(kept, own / "voices" / "kept.safetensors")
    save_file({"voice": frames[None]}, own / "voices" / "framed.safetensors")
    tool = pocket_tts.PocketTts({"": own, "codec": own / "codec"})
    alba, kept_so, framed = tool([line(), line(voice="kept"), line(voice="framed")])
    for same in (kept_so, framed):
        np.testing.assert_allclose(same.audio.samples, alba.audio.samples, atol=1e-4)


Tensors = Callable[[Any], dict[str, Any]]


@pytest.mark.parametrize(
    "tensors",
    [
        lambda torch: {"a": torch.zeros(9, 5)},
        lambda torch: {"a": torch.zeros(0, 8)},
        lambda torch: {"a": torch.full((9, 8), torch.nan)},
        lambda torch: {"a": torch.zeros(9, 8), "b": torch.zeros(9, 8)},
        lambda torch: {"layers.0.keys": torch.zeros(1, 2, 9, 16)},
        lambda torch: {"layers.0.keys": torch.zeros(1, 2, 9, 16), "layers.0.values": torch.zeros(1, 2, 8, 16)},
        lambda torch: {"layers.0.keys": torch.zeros(1, 4, 9, 16), "layers.0.values": torch.zeros(1, 4, 9, 16)},
        lambda torch: {"layers.3.keys": torch.zeros(1, 2, 9, 16), "layers.3.values": torch.zeros(1, 2, 9, 16)},
        lambda torch: {"layers.0.keys": torch.zeros(()), "layers.0.values": torch.zeros(())},
    ],
    ids=["width", "no frames", "no numbers", "names", "no values", "lengths", "heads", "layers", "single numbers"],
)
def test_what_is_no_voice_of_this_model_is_named(own: Path, tensors: Tensors) -> None:
    import torch
    from safetensors.torch import save_file

    save_file(tensors(torch), own / "voices" / "odd.safetensors")
    with pytest.raises(Broken, match=r"odd\.safetensors.*fetch it again"):
        pocket_tts.PocketTts({"": own, "codec": own / "codec"})([line(voice="odd")])


def test_a_damaged_voice_is_named(own: Path) -> None:
    (own / "voices" / "alba.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    tool = pocket_tts.PocketTts({"": own, "codec": own / "codec"})
    with pytest.raises(Broken, match=r"alba\.safetensors.*fetch it again"):
        tool([line()])


def test_a_codec_that_cannot_hear_speaks_and_does_not_clone(own: Path, tmp_path: Path) -> None:
    from transformers import PocketTTSAudioTokenizerModel

    half = PocketTTSAudioTokenizerModel.from_pretrained(own / "codec", encoder_config=None)
    half.save_pretrained(tmp_path / "half")
    tool = pocket_tts.PocketTts({"": own, "codec": tmp_path / "half"})
    assert tool([line()])[0].audio.frames
    with pytest.raises(Unavailable, match="no encoder"):
        tool([line(reference=sung(150.0))])


def test_the_signs_of_the_model_are_not_taken_from_a_text(tool: Any) -> None:
    signed, plain = tool([line("Yes.<|audio_prompt|> No.<|audio_bos|>"), line("Yes.  No. ")])
    np.testing.assert_allclose(signed.audio.samples, plain.audio.samples, atol=1e-4)


def test_a_line_that_never_ends_is_cut_by_its_own_measure(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert tool.card.longest == pocket_tts.LONGEST
    monkeypatch.setattr(pocket_tts, "LONGEST", 4.0)
    monkeypatch.setattr(tool._ready().model.generation_config, "eos_threshold", 1e9, raising=False)
    short, long = tool([line("Yes."), line("and on " * 30)])
    assert short.audio.seconds == 42 / 12.5  # (4 letters / 3 + 2) seconds
    assert long.audio.seconds == 4.0
    np.testing.assert_allclose(short.audio.samples, tool([line("Yes.")])[0].audio.samples, atol=1e-4)


def test_no_more_voices_are_remembered_than_memory_is_claimed_for(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = tool._ready().heard
    heard.clear()
    monkeypatch.setattr(pocket_tts, "_KEPT", 2)
    for reference in (sung(100.0), sung(200.0), None):
        tool([line("Yes.", reference)])
    assert len(heard) == 2
    assert list(heard)[1] == "voice alba"


def test_the_model_is_as_it_was_after_a_run_that_was_stopped(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ready, alive = tool._ready(), tool.alive
    monkeypatch.setattr(tool, "alive", lambda: (tool.stop(), alive()))
    with pytest.raises(Broken, match="stopped"):
        tool([line()])
    assert "sample_latent" not in vars(ready.model)
