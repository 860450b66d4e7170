"""VibeVoice with one layer of everything, and its tokenizers of sound: 1 MB."""

from pathlib import Path
from typing import Any

GOING_ON = 0.25
"""How much speaks for another frame: more, and the lines get longer."""

_TEMPLATE = """\
{{ ' Voice input:\\n' }}
{%- for message in messages -%}
{%- for item in message['content'] if item['type'] == 'audio' -%}
{{ ' Speaker ' + message['role'] + ':<|vision_start|><|vision_pad|><|vision_end|>\\n' }}
{%- endfor -%}
{%- endfor -%}
{{ ' Text input:\\n' }}
{%- for message in messages -%}
{%- for item in message['content'] if item['type'] == 'text' -%}
{{ ' Speaker ' + message['role'] + ':' + item['text'] + '\\n' }}
{%- endfor -%}
{%- endfor -%}
{{ ' Speech output:\\n<|vision_start|>' }}"""


def build(folder: Path) -> None:
    import torch
    from tokenizers.processors import TemplateProcessing
    from transformers import (
        PreTrainedTokenizerFast,
        VibeVoiceAcousticTokenizerFeatureExtractor,
        VibeVoiceConfig,
        VibeVoiceForConditionalGeneration,
        VibeVoiceProcessor,
    )

    from .loud import louder
    from .words import tokenizer

    torch.manual_seed(0)
    letters = tokenizer().backend_tokenizer
    letters.post_processor = TemplateProcessing(single="$A", special_tokens=[])
    words = PreTrainedTokenizerFast(
        tokenizer_object=letters,
        pad_token="<pad>",
        eos_token="</s>",
        unk_token="<unk>",
        additional_special_tokens=["<|vision_start|>", "<|vision_end|>", "<|vision_pad|>"],
    )
    begin, end, frame = words.convert_tokens_to_ids(["<|vision_start|>", "<|vision_end|>", "<|vision_pad|>"])
    sound = {"hidden_size": 8, "num_filters": 1, "depths": [1] * 4, "downsampling_ratios": [8, 20, 20]}
    model = VibeVoiceForConditionalGeneration(
        VibeVoiceConfig(
            audio_config={"model_type": "vibevoice_acoustic_tokenizer", **sound},
            semantic_model_config={"model_type": "vibevoice_acoustic_tokenizer_encoder", **sound},
            text_config={
                "model_type": "qwen2",
                "vocab_size": len(words),
                "hidden_size": 32,
                "intermediate_size": 32,
                "num_hidden_layers": 1,
                "num_attention_heads": 2,
                "num_key_value_heads": 2,
                "max_position_embeddings": 4096,
            },
            diffusion_head_config={"num_hidden_layers": 1, "intermediate_size": 32, "frequency_embedding_size": 16},
            pad_token_id=words.pad_token_id,
            eos_token_id=words.eos_token_id,
            audio_bos_token_id=begin,
            audio_eos_token_id=end,
            audio_token_id=frame,
        )
    )
    louder(model.model, 5.0)
    louder(model.model.audio_tower.decoder, 3.0)
    louder(model.model.audio_tower.encoder, 10.0)
    _ending(model, begin, end, frame)
    model.generation_config.update(guidance_scale=1.3, eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id)
    model.save_pretrained(folder)
    VibeVoiceProcessor(VibeVoiceAcousticTokenizerFeatureExtractor(), words, chat_template=_TEMPLATE).save_pretrained(
        folder
    )


def _ending(model: Any, begin: int, end: int, frame: int) -> None:
    """That it goes on or ends, and says nothing else: what is between two others is never the largest.

    The first number of whatever it hears and reads is the same, and speaks for going on.
    """
    inner, rows = model.model, model.lm_head.weight.data
    inner.language_model.embed_tokens.weight.data[:, 0] = 4.0
    inner.multi_modal_projector.linear_2.bias.data[0] = inner.semantic_connector.linear_2.bias.data[0] = 2.0
    rows *= 20.0
    rows[frame, 0] = GOING_ON
    rows[begin] = rows[end] = (rows[model.config.eos_token_id] + rows[frame]) / 2
