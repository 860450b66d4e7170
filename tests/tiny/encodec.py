"""EnCodec with few filters, and steps of 0.5 and 3 kilobits a second: 0.8 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import EncodecConfig, EncodecModel

    torch.manual_seed(0)
    config = EncodecConfig(
        num_filters=4,
        hidden_size=16,
        codebook_size=64,
        codebook_dim=16,
        num_lstm_layers=1,
        target_bandwidths=[0.45, 2.7],
        normalize=False,
    )
    model = EncodecModel(config)
    for layer in model.quantizer.layers:
        layer.codebook.embed.normal_(std=0.1)  # they begin as zeros, with which every token would sound the same
    model.save_pretrained(folder)
