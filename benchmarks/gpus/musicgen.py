"""MusicGen in its published sizes."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.gpus.card import Device
from benchmarks.gpus.model import WORDS, Model, asked, count, stepping, t5
from tests.tiny.words import tokenizer


def musicgen(layers: int, width: int, heads: int) -> Callable[[Device, bool], Model]:
    def build(device: Device, small: bool) -> Model:
        from transformers import (
            EncodecConfig,
            EncodecFeatureExtractor,
            MusicgenConfig,
            MusicgenDecoderConfig,
            MusicgenForConditionalGeneration,
            MusicgenProcessor,
        )

        tools = importlib.import_module("wavagent.tools.musicgen")

        deep, wide, many = (2, 64, 4) if small else (layers, width, heads)
        codec = EncodecConfig(
            sampling_rate=32_000,
            audio_channels=1,
            num_filters=4 if small else 64,
            codebook_size=2048,
            codebook_dim=128,
            upsampling_ratios=[8, 5, 4, 4],
            target_bandwidths=[2.2],
            normalize=False,
            use_causal_conv=False,
        )
        decoder = MusicgenDecoderConfig(
            hidden_size=wide,
            num_hidden_layers=deep,
            num_attention_heads=many,
            ffn_dim=4 * wide,
            activation_function="gelu",
        )
        text = t5(64, 1, 1, 64) if small else t5(768, 12, 12, 3072)
        model = MusicgenForConditionalGeneration(
            MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
        ).eval()
        model.generation_config.update(decoder_start_token_id=2048, pad_token_id=2048, bos_token_id=2048)

        laid = importlib.import_module("wavagent.tools._musicgen")
        words, decoding = tokenizer(), laid.Decoding(model.decoder)
        kind: Any = tools.Musicgen

        class Built(kind):  # type: ignore[misc]  # as any tool
            def load(self, place: Any) -> Any:
                processor = MusicgenProcessor(EncodecFeatureExtractor(sampling_rate=32_000), words)
                return tools.Loaded(model, processor, device.kind, 32_000, decoding)

        def told(clips: int) -> Any:
            return words([WORDS] * clips, return_tensors="pt").to(device.kind)

        def naive(seconds: float) -> object:
            steps = round(50 * seconds) + 4
            return model.generate(**told(1), do_sample=True, guidance_scale=3.0, max_new_tokens=steps)

        def decode(clips: int, seconds: float) -> object:
            sampling = laid.Sampling(3.0, 1.0, 250)
            prompt = laid.of_words(model, told(clips), True)
            return decoding(prompt, round(50 * seconds), sampling, range(clips), lambda: None)

        tool, inner = Built({"": Path()}), model.decoder.model.decoder
        # a step does not read what only looks up a token, or was done once for the words
        unread = [inner.embed_tokens, *(part for layer in inner.layers for part in _once(layer.encoder_attn))]
        return Model(
            count(model),
            tool.card.batch,
            0.6 if small else 10.0,
            lambda clips, seconds: tool(asked(tools.MusicgenParams, clips, seconds)),
            **stepping(
                count(model.decoder) - count(*unread),
                device,
                lambda seconds: 50 * seconds + 4,
                rows=2,
                kept=2 * deep * wide,
            ),
            naive=naive,
            decode=decode,
        )

    return build


def _once(attention: Any) -> tuple[Any, Any]:
    """What makes the keys and the values of the words."""
    return attention.k_proj, attention.v_proj
