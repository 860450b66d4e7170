"""Qwen2-Audio with one layer for each of its senses: 0.4 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from tokenizers import AddedToken
    from transformers import (
        GenerationConfig,
        Qwen2AudioConfig,
        Qwen2AudioForConditionalGeneration,
        Qwen2AudioProcessor,
        WhisperFeatureExtractor,
    )

    from .words import tokenizer

    torch.manual_seed(0)
    words = tokenizer()
    named = ["<|AUDIO|>", "<|audio_bos|>", "<|audio_eos|>", "<|im_start|>", "<|im_end|>"]
    words.add_tokens([AddedToken(name, special=True) for name in named], special_tokens=True)
    ids = {name: words.convert_tokens_to_ids(name) for name in named}
    hearing = {
        "num_mel_bins": 128,
        "d_model": 16,
        "encoder_layers": 1,
        "encoder_attention_heads": 2,
        "encoder_ffn_dim": 32,
        "max_source_positions": 1500,
        "initializer_range": 0.5,
        "init_std": 0.5,
    }
    writing = {
        "model_type": "qwen2",
        "vocab_size": 300,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "intermediate_size": 64,
        "initializer_range": 0.5,  # with less, every sound would have the same answer
    }
    config = Qwen2AudioConfig(audio_config=hearing, text_config=writing, audio_token_id=ids["<|AUDIO|>"])
    model = Qwen2AudioForConditionalGeneration(config)
    letters = {words.convert_tokens_to_ids(one) for one in "abcdefghijklmnopqrstuvwxyzĠ"}
    model.generation_config = GenerationConfig(
        eos_token_id=ids["<|im_end|>"],
        pad_token_id=0,
        suppress_tokens=[token for token in range(300) if token not in letters | {ids["<|im_end|>"]}],
    )
    model.save_pretrained(folder)
    Qwen2AudioProcessor(WhisperFeatureExtractor(feature_size=128), words).save_pretrained(folder)
