"""SpeechT5 with one layer of everything, its vocoder, and two voices: 0.2 MB."""

from pathlib import Path
from typing import Any

SMALL: dict[str, Any] = {
    "vocab_size": 300,
    "hidden_size": 16,
    "encoder_layers": 1,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 32,
    "decoder_ffn_dim": 32,
    "positional_dropout": 0.0,
    "speech_decoder_prenet_units": 16,
    "speech_decoder_postnet_units": 16,
    "speech_decoder_postnet_layers": 2,
    "speaker_embedding_dim": 16,
    "num_mel_bins": 80,
}


def build(folder: Path) -> None:
    import torch
    from transformers import SpeechT5Config, SpeechT5ForTextToSpeech

    from .loud import louder
    from .words import tokenizer

    torch.manual_seed(0)
    model = SpeechT5ForTextToSpeech(SpeechT5Config(**SMALL))
    louder(model, 10.0)
    model.speech_decoder_postnet.prob_out.bias.data[:] = -2.0  # else it ends where it begins
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    vocoder(folder / "vocoder")
    voices(folder / "voices")


def vocoder(folder: Path) -> None:
    from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

    from .loud import louder

    config = SpeechT5HifiGanConfig(
        model_in_dim=80,
        upsample_initial_channel=16,
        upsample_rates=[4, 4, 4, 4],
        upsample_kernel_sizes=[8, 8, 8, 8],
        resblock_kernel_sizes=[3],
        resblock_dilation_sizes=[[1]],
    )
    model = SpeechT5HifiGan(config)
    louder(model, 20.0)
    model.save_pretrained(folder)


def voices(folder: Path) -> None:
    import numpy as np

    folder.mkdir()
    chance = np.random.default_rng(0)
    for name in ("cmu_us_slt_arctic-wav-arctic_a0508", "cmu_us_bdl_arctic-wav-arctic_a0009"):
        np.save(folder / f"{name}.npy", chance.standard_normal(16).astype(np.float32))
