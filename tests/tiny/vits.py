"""VITS with one layer of everything: 0.2 MB."""

import json
from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from transformers import VitsConfig, VitsModel, VitsTokenizer

    torch.manual_seed(0)
    model = VitsModel(
        VitsConfig(
            vocab_size=40,
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            ffn_dim=32,
            flow_size=16,
            spectrogram_bins=33,
            duration_predictor_num_flows=2,
            duration_predictor_filter_channels=16,
            prior_encoder_num_flows=1,
            posterior_encoder_num_wavenet_layers=2,
            prior_encoder_num_wavenet_layers=2,
            upsample_initial_channel=32,
            upsample_rates=[8, 8, 4],
            upsample_kernel_sizes=[16, 16, 8],
            resblock_kernel_sizes=[3],
            resblock_dilation_sizes=[[1, 3]],
            num_speakers=1,
            sampling_rate=16_000,
            depth_separable_num_layers=2,
        )
    )
    model.save_pretrained(folder)
    letters = folder / "vocab.json"
    letters.write_text(json.dumps({letter: id for id, letter in enumerate("_ abcdefghijklmnopqrstuvwxyz'-,.?!")}))
    VitsTokenizer(
        str(letters), pad_token="_", phonemize=False, normalize=True, is_uroman=False, add_blank=True
    ).save_pretrained(folder)
