"""Dia with one layer of everything, and its codec: 3 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import (
        DacConfig,
        DacModel,
        DiaConfig,
        DiaFeatureExtractor,
        DiaForConditionalGeneration,
        DiaTokenizer,
    )

    from .loud import louder

    torch.manual_seed(0)
    small = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "head_dim": 16}
    model = DiaForConditionalGeneration(
        DiaConfig(
            encoder_config={
                **small,
                "vocab_size": 256,
                "num_key_value_heads": 2,
                "intermediate_size": 32,
                "max_position_embeddings": 256,
            },
            decoder_config={
                **small,
                "vocab_size": 1028,
                "num_key_value_heads": 1,
                "cross_num_attention_heads": 2,
                "cross_num_key_value_heads": 2,
                "cross_head_dim": 16,
                "cross_hidden_size": 32,
                "intermediate_size": 32,
                "max_position_embeddings": 96,
                "num_channels": 9,
            },
        )
    )
    louder(model, 10.0)
    model.save_pretrained(folder)
    DiaFeatureExtractor(sampling_rate=44_100).save_pretrained(folder)
    DiaTokenizer().save_pretrained(folder)
    codec = DacModel(
        DacConfig(
            encoder_hidden_size=4,
            decoder_hidden_size=64,
            n_codebooks=9,
            codebook_size=1024,
            codebook_dim=4,
            sampling_rate=44_100,
        )
    )
    louder(codec.quantizer, 30.0)
    louder(codec.decoder, 3.0)
    codec.save_pretrained(folder / "codec")
