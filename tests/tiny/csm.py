"""CSM with one layer of everything, and its codec: 1 MB."""

from pathlib import Path
from typing import Any

CODES = 8
"""Of the codec; the model knows three more, as the real one does: they are no sound."""

_TEMPLATE = """\
{%- for message in messages -%}
{%- for item in message['content'] -%}
{%- if item['type'] == 'text' -%}{{ bos_token + '[' + message['role'] + ']' + item['text'] + eos_token }}
{%- else -%}{{ '<|AUDIO|><|audio_eos|>' }}{%- endif -%}
{%- endfor -%}
{%- endfor -%}"""


def build(folder: Path) -> None:
    import torch
    from transformers import CsmConfig, CsmForConditionalGeneration, CsmProcessor, EncodecFeatureExtractor, MimiConfig

    from .loud import louder
    from .words import tokenizer

    torch.manual_seed(0)
    words = tokenizer()
    words.add_special_tokens(
        {"bos_token": "<s>", "additional_special_tokens": ["<|AUDIO|>", "<|audio_eos|>"]}  # as Llama's has them
    )
    audio, over = words.convert_tokens_to_ids(["<|AUDIO|>", "<|audio_eos|>"])
    small = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2}
    codec = MimiConfig(
        **small,
        num_filters=4,
        num_key_value_heads=2,
        head_dim=16,
        codebook_size=CODES,
        codebook_dim=16,
        vector_quantization_hidden_dimension=16,
        num_quantizers=3,
        upsample_groups=32,
    )
    model = CsmForConditionalGeneration(
        CsmConfig(
            **small,
            num_codebooks=3,
            vocab_size=CODES + 3,
            text_vocab_size=len(words),
            num_key_value_heads=2,
            pad_token_id=words.pad_token_id,
            bos_token_id=words.bos_token_id,
            codebook_pad_token_id=CODES + 2,
            codebook_eos_token_id=0,
            audio_token_id=audio,
            audio_eos_token_id=over,
            max_position_embeddings=1024,
            depth_decoder_config={
                **small,
                "num_codebooks": 3,
                "backbone_hidden_size": 32,
                "vocab_size": CODES + 3,
                "num_key_value_heads": 2,
                "max_position_embeddings": 3,
            },
            codec_config=codec.to_dict(),
        )
    )
    model.generation_config.update(max_new_tokens=125, do_sample=True, depth_decoder_do_sample=True)
    louder(model.backbone_model, 20.0)
    louder(model.depth_decoder, 20.0)
    louder(model.lm_head, 15.0)
    _ending(model)
    for quantizer in (
        model.codec_model.quantizer.semantic_residual_vector_quantizer,
        model.codec_model.quantizer.acoustic_residual_vector_quantizer,
    ):
        for layer in quantizer.layers:
            layer.codebook.embed_sum.normal_()
    model.save_pretrained(folder)
    CsmProcessor(EncodecFeatureExtractor(sampling_rate=24_000), words, chat_template=_TEMPLATE).save_pretrained(folder)


def _ending(model: Any) -> None:
    """That it ends one time in ten: where the first code is the sign for it, the second one follows."""
    depth = model.depth_decoder
    depth.model.embed_tokens.weight.data[0] = 50.0
    sign = depth.model.inputs_embeds_projector.weight.data.sum(1)
    depth.codebooks_head.weight.data[0, :, 0] = 10.0 * sign / sign.norm()
