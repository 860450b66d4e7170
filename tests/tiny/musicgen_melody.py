"""MusicGen Melody with one layer of everything: 0.8 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import (
        EncodecConfig,
        GenerationConfig,
        MusicgenMelodyConfig,
        MusicgenMelodyDecoderConfig,
        MusicgenMelodyForConditionalGeneration,
        T5Config,
    )

    from .words import tokenizer

    torch.manual_seed(0)
    codec = EncodecConfig(
        num_filters=4,
        hidden_size=16,
        codebook_size=64,
        codebook_dim=16,
        num_lstm_layers=1,
        upsampling_ratios=[8, 5, 4, 4],
        target_bandwidths=[1.2],
        sampling_rate=32_000,
        normalize=False,
    )
    decoder = MusicgenMelodyDecoderConfig(
        vocab_size=64,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=4,
        ffn_dim=32,
        num_codebooks=4,
        pad_token_id=64,
        bos_token_id=64,
    )
    text = T5Config(vocab_size=300, d_model=16, d_kv=4, d_ff=32, num_layers=1, num_heads=4)
    model = MusicgenMelodyForConditionalGeneration(
        MusicgenMelodyConfig(
            text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict(), chroma_length=30
        )
    )
    for layer in model.audio_encoder.quantizer.layers:
        layer.codebook.embed.normal_()  # they begin as zeros, with which every token would sound the same
    for name, weights in model.decoder.named_parameters():
        if "self_attn" in name or "lm_heads" in name:
            weights.data.mul_(20)  # so small at first that neither words nor melody would be heard
    model.audio_enc_to_dec_proj.weight.data.normal_()
    model.generation_config = GenerationConfig(
        decoder_start_token_id=64, pad_token_id=64, bos_token_id=64, guidance_scale=3.0, do_sample=True, max_length=1500
    )
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
