"""The Descript Audio Codec with few filters and three codebooks: 0.8 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import DacConfig, DacModel

    torch.manual_seed(0)
    config = DacConfig(
        encoder_hidden_size=4,
        decoder_hidden_size=64,
        downsampling_ratios=[2, 4, 8, 8],
        upsampling_ratios=[8, 8, 4, 2],
        n_codebooks=3,
        codebook_size=64,
        codebook_dim=4,
        sampling_rate=44_100,
    )
    DacModel(config).save_pretrained(folder)
