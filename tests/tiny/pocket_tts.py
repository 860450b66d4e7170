"""Pocket TTS with one layer of everything, its codec, and two voices as they are shipped: 0.4 MB."""

from pathlib import Path
from typing import Any

WIDTH = 8
"""Of a frame of sound as the model has it."""

_TEMPLATE = """\
{%- for message in messages -%}
{%- for item in message['content'] -%}
{%- if item['type'] == 'text' -%}{{ item['text'] }}{%- else -%}{{ '<|audio_prompt_bos|><|audio_prompt|>' }}{%- endif -%}
{%- endfor -%}
{{ '<|audio_bos|>' }}
{%- endfor -%}"""


def build(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file
    from tokenizers.processors import TemplateProcessing
    from transformers import (
        PocketTTSAudioTokenizerConfig,
        PocketTTSAudioTokenizerModel,
        PocketTTSConfig,
        PocketTTSFeatureExtractor,
        PocketTTSForConditionalGeneration,
        PocketTTSProcessor,
        PreTrainedTokenizerFast,
    )

    from .loud import louder
    from .words import tokenizer

    torch.manual_seed(0)
    signs = {
        "audio_prompt_token": "<|audio_prompt|>",
        "audio_latent_token": "<|audio_latent|>",
        "audio_prompt_bos_token": "<|audio_prompt_bos|>",
        "audio_bos_token": "<|audio_bos|>",
    }
    letters = tokenizer().backend_tokenizer
    letters.post_processor = TemplateProcessing(single="$A", special_tokens=[])
    words = PreTrainedTokenizerFast(
        tokenizer_object=letters, pad_token="<pad>", unk_token="<unk>", extra_special_tokens=signs
    )
    ids = {f"{name}_id": words.convert_tokens_to_ids(sign) for name, sign in signs.items()}
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    model = PocketTTSForConditionalGeneration(
        PocketTTSConfig(
            **small,
            **ids,
            vocab_size=len(words),
            pad_token_id=words.pad_token_id,
            latent_dim=WIDTH,
            flow_head_config={
                "hidden_size": 16,
                "num_hidden_layers": 1,
                "latent_dim": WIDTH,
                "condition_dim": 32,
                "frequency_embedding_size": 16,
            },
        )
    )
    model.generation_config.update(do_sample=True, temperature=0.7, return_dict_in_generate=True)
    louder(model, 8.0)
    louder(model.eos_head, 3.0)
    model.eos_head.bias.data[:] = -6.0  # that it ends now and then
    model.save_pretrained(folder)
    codec = PocketTTSAudioTokenizerModel(
        PocketTTSAudioTokenizerConfig(
            **small, num_filters=4, upsample_groups=32, num_key_value_heads=2, latent_dim=WIDTH
        )
    )
    louder(codec, 0.7)
    codec.save_pretrained(folder / "codec")
    PocketTTSProcessor(
        PocketTTSFeatureExtractor(), words, audio_tokenizer=codec, chat_template=_TEMPLATE
    ).save_pretrained(folder)
    (folder / "voices").mkdir()
    frames = torch.randn(9, WIDTH)
    save_file({"audio_prompt_latents": frames}, folder / "voices" / "alba.safetensors")
    save_file(_kept(model, frames.flip(0)), folder / "voices" / "marius.safetensors")


def _kept(model: Any, frames: Any) -> dict[str, Any]:
    """A voice as what the layers keep of it."""
    import torch

    signs = [model.config.audio_prompt_bos_token_id, *[model.config.audio_prompt_token_id] * len(frames)]
    with torch.inference_mode():
        kept = model.model(
            input_ids=torch.tensor([signs]), audio_prompt_latents=frames[None], use_cache=True
        ).past_key_values
    return {
        f"layers.{number}.{kind}": getattr(layer, kind).contiguous()
        for number, layer in enumerate(kept.layers)
        for kind in ("keys", "values")
    }
