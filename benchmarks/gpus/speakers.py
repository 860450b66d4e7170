"""Bark and Dia, which speak token by token of a codec."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.gpus.card import Device
from benchmarks.gpus.model import WORDS, Model, count, stepping
from tests.tiny.words import tokenizer
from wavagent.tool import Request


def bark(device: Device, small: bool) -> Model:
    from transformers import BarkConfig, BarkModel, EncodecConfig
    from transformers.models.bark.configuration_bark import BarkCoarseConfig, BarkFineConfig, BarkSemanticConfig
    from transformers.models.bark.generation_configuration_bark import (
        BarkCoarseGenerationConfig,
        BarkFineGenerationConfig,
        BarkGenerationConfig,
        BarkSemanticGenerationConfig,
    )

    size = {"num_layers": 1 if small else 24, "num_heads": 2 if small else 16, "hidden_size": 16 if small else 1024}
    model = BarkModel(
        BarkConfig(
            semantic_config=BarkSemanticConfig(input_vocab_size=129_600, output_vocab_size=10_048, **size).to_dict(),
            coarse_acoustics_config=BarkCoarseConfig(
                input_vocab_size=12_096, output_vocab_size=12_096, **size
            ).to_dict(),
            fine_acoustics_config=BarkFineConfig(input_vocab_size=1_056, output_vocab_size=1_056, **size).to_dict(),
            codec_config=EncodecConfig(num_filters=4 if small else 32, normalize=False).to_dict(),
        )
    ).eval()

    tools = importlib.import_module("wavagent.tools.bark")
    settings = BarkGenerationConfig()
    settings.coarse_acoustics_config = BarkCoarseGenerationConfig().to_dict()
    settings.fine_acoustics_config = BarkFineGenerationConfig().to_dict()
    folder, words = _presets(), tokenizer()

    class Built(tools.Bark):  # type: ignore[misc,name-defined]  # as any tool
        def load(self, place: Any) -> Any:
            model.generation_config = settings
            return tools.Loaded(model, words, Path(folder.name), tools._stages(settings))

    def make(clips: int, seconds: float) -> object:
        tokens = round(49.9 * seconds)
        meaning = BarkSemanticGenerationConfig(max_new_tokens=tokens, min_new_tokens=tokens, eos_token_id=10_000)
        settings.semantic_config = meaning.to_dict()
        asked = tools.BarkParams(text=WORDS, voice="en_speaker_6")
        return Built({"": Path(folder.name)})([Request(asked, seed=seed) for seed in range(clips)])

    weights = 49.9 * count(model.semantic) + 150 * count(model.coarse_acoustics)
    return Model(
        count(model),
        tools.Bark.card.batch,
        1.0 if small else 5.0,
        make,
        lambda clips, seconds: device.dtype.itemsize * seconds * weights,
        lambda clips, seconds: 2 * clips * seconds * weights,
    )


def _presets() -> Any:
    """A folder with a voice in it, of noise; it is gone with what is returned."""
    import numpy as np

    folder, draw = TemporaryDirectory(), np.random.default_rng(1)
    voices = Path(folder.name) / "speaker_embeddings" / "v2"
    voices.mkdir(parents=True)
    for part, shape, codes in (("semantic", 256, 10_000), ("coarse", (2, 384), 1024), ("fine", (8, 384), 1024)):
        np.save(voices / f"en_speaker_6_{part}_prompt.npy", draw.integers(0, codes, shape))
    return folder


class Ending:
    """A hook on the logits: the model, which with random weights would end at random, ends after so many steps."""

    def __init__(self, token: int) -> None:
        self._token, self._left = token, 0

    def after(self, steps: int) -> None:
        self._left = steps

    def __call__(self, layer: Any, heard: Any, logits: Any) -> None:
        self._left -= 1
        logits[..., self._token] = 1e4 if self._left < 0 else -1e4


def dia(device: Device, small: bool) -> Model:
    import numpy as np
    from transformers import (
        DacConfig,
        DacModel,
        DiaConfig,
        DiaFeatureExtractor,
        DiaForConditionalGeneration,
        DiaProcessor,
        DiaTokenizer,
    )

    tools = importlib.import_module("wavagent.tools.dia")
    tiny = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    tiny |= {"head_dim": 16, "num_key_value_heads": 2}
    crossing = {"cross_num_attention_heads": 2, "cross_num_key_value_heads": 2, "cross_head_dim": 16}
    sizes: Mapping[str, Any] = (
        {"encoder_config": tiny, "decoder_config": {**tiny, **crossing, "cross_hidden_size": 32}} if small else {}
    )
    model = DiaForConditionalGeneration(DiaConfig(**sizes)).eval()
    inner = model.config.decoder_config
    ending = Ending(inner.eos_token_id)
    model.logits_dense.register_forward_hook(ending)
    shape = {"encoder_hidden_size": 4, "decoder_hidden_size": 64} if small else {}
    codec = DacModel(DacConfig(n_codebooks=9, sampling_rate=44_100, **shape)).float().eval()
    processor = DiaProcessor(DiaFeatureExtractor(sampling_rate=44_100), DiaTokenizer(), audio_tokenizer=codec)
    begun = np.random.default_rng(1).normal(0, 0.1, round((0.5 if small else 6.0) * 44_100)).astype(np.float32)

    class Built(tools.Dia):  # type: ignore[misc,name-defined]  # as any tool
        def load(self, place: Any) -> Any:
            return tools.Loaded(model, processor, decoder, {"ada": begun})

    tool, decoder = Built({"": Path(), "codec": Path()}), tools.InPlace(model.model.decoder)

    def steps(seconds: float) -> int:
        return max(20, round(float(tools.FRAMES) * seconds))  # no fewer than its books are apart

    def make(clips: int, seconds: float) -> object:
        ending.after(steps(seconds))
        asked = tools.DiaParams(text=WORDS, voice="ada")
        return tool([Request(asked, seed=seed) for seed in range(clips)])

    def naive(seconds: float) -> object:
        told = processor(text=[f"{tools.FIRST_WORDS} {WORDS}"], audio=[begun], padding=True, return_tensors="pt")
        before = processor.get_audio_prompt_len(told["decoder_attention_mask"])
        ending.after(steps(seconds))
        codes = model.generate(
            **told.to(device.kind), max_new_tokens=steps(seconds) + 40, do_sample=True, guidance_scale=3.0
        )
        return processor.batch_decode(codes, audio_prompt_len=before)

    return Model(
        count(model, codec),
        tool.card.batch,
        0.3 if small else 5.0,
        make,
        **stepping(
            # its own part of a step; the encoder reads the text once
            count(model.model.decoder.layers, model.logits_dense),
            device,
            steps,
            rows=2,
            kept=2 * inner.num_hidden_layers * inner.num_key_value_heads * inner.head_dim,
            before=round(len(begun) / 512),
        ),
        naive=naive,
    )
