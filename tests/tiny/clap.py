"""CLAP with one layer for each of its two senses: 0.1 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import ClapConfig, ClapFeatureExtractor, ClapModel

    from .words import tokenizer

    torch.manual_seed(0)
    text = {
        "vocab_size": 300,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 32,
        "projection_dim": 16,
        "max_position_embeddings": 80,
        "pad_token_id": 0,
        "initializer_range": 0.5,
    }
    sound = {
        "spec_size": 256,
        "hidden_size": 32,
        "num_mel_bins": 64,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "window_size": 4,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "patch_embeds_hidden_size": 16,
        "projection_dim": 16,
        "num_hidden_layers": 2,
        "enable_fusion": False,
    }
    model = ClapModel(ClapConfig(text_config=text, audio_config=sound, projection_dim=16))
    for norm in model.audio_model.modules():
        if isinstance(norm, torch.nn.BatchNorm2d):
            norm.running_mean.fill_(-40.0)  # decibels of such sounds as the tests have
            norm.running_var.fill_(200.0)
    model.save_pretrained(folder)
    words = tokenizer()
    words.model_max_length = 64
    words.save_pretrained(folder)
    ClapFeatureExtractor(feature_size=64, truncation="rand_trunc", padding="repeatpad").save_pretrained(folder)
