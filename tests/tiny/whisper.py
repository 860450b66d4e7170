"""Whisper with one layer of everything, which writes letters and spaces: 0.4 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from tokenizers import AddedToken
    from transformers import GenerationConfig, WhisperConfig, WhisperFeatureExtractor, WhisperForConditionalGeneration

    from .words import tokenizer

    torch.manual_seed(0)
    words = tokenizer()
    named = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|de|>", "<|transcribe|>", "<|notimestamps|>"]
    words.add_tokens([AddedToken(name, special=True) for name in named], special_tokens=True)
    ids = {name: words.convert_tokens_to_ids(name) for name in named}
    end = ids["<|endoftext|>"]
    config = WhisperConfig(
        vocab_size=len(words) + 1501,  # and a token for every 20 ms of 30 s, as the real one has
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        pad_token_id=end,
        bos_token_id=end,
        eos_token_id=end,
        decoder_start_token_id=ids["<|startoftranscript|>"],
        max_target_positions=64,
        init_std=0.7,  # with less, every sound would be the same letters
    )
    model = WhisperForConditionalGeneration(config)
    letters = {words.convert_tokens_to_ids(one) for one in "abcdefghijklmnopqrstuvwxyzĠ"}
    model.generation_config = GenerationConfig(
        is_multilingual=True,
        lang_to_id={"<|en|>": ids["<|en|>"], "<|de|>": ids["<|de|>"]},
        task_to_id={"transcribe": ids["<|transcribe|>"]},
        no_timestamps_token_id=ids["<|notimestamps|>"],
        decoder_start_token_id=ids["<|startoftranscript|>"],
        eos_token_id=end,
        pad_token_id=end,
        bos_token_id=end,
        alignment_heads=[[0, 1], [1, 0]],
        suppress_tokens=[token for token in range(config.vocab_size) if token not in letters | {end}],
        begin_suppress_tokens=[end, words.convert_tokens_to_ids("Ġ")],
        max_length=40,
    )
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    WhisperFeatureExtractor().save_pretrained(folder)
