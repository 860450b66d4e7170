"""Bark with one layer of everything, and the presets of one voice: 15 MB, for it keeps its vocabularies."""

import json
from pathlib import Path

TOKENS = 24
"""Of meaning, at most: half a second."""


def build(folder: Path) -> None:
    import torch
    from transformers import BarkConfig, BarkModel, EncodecConfig
    from transformers.models.bark.configuration_bark import BarkCoarseConfig, BarkFineConfig, BarkSemanticConfig
    from transformers.models.bark.generation_configuration_bark import (
        BarkCoarseGenerationConfig,
        BarkFineGenerationConfig,
        BarkGenerationConfig,
        BarkSemanticGenerationConfig,
    )

    from .loud import louder
    from .words import tokenizer

    torch.manual_seed(0)
    small = {"num_layers": 1, "num_heads": 2, "hidden_size": 16, "block_size": 1024}
    codec = EncodecConfig(
        num_filters=4,
        hidden_size=16,
        codebook_size=1024,
        codebook_dim=16,
        num_lstm_layers=1,
        target_bandwidths=[6.0],
        sampling_rate=24_000,
        normalize=False,
    )
    model = BarkModel(
        BarkConfig(
            semantic_config=BarkSemanticConfig(input_vocab_size=129_600, output_vocab_size=10_048, **small).to_dict(),
            coarse_acoustics_config=BarkCoarseConfig(
                input_vocab_size=12_096, output_vocab_size=12_096, **small
            ).to_dict(),
            fine_acoustics_config=BarkFineConfig(
                input_vocab_size=1_056, output_vocab_size=1_056, n_codes_total=8, n_codes_given=1, **small
            ).to_dict(),
            codec_config=codec.to_dict(),
        )
    )
    for layer in model.codec_model.quantizer.layers:
        layer.codebook.embed.normal_()  # they begin as zeros, with which every token would sound the same
    louder(model.semantic, 15.0)
    louder(model.semantic.layers, 4.0)
    louder(model.semantic.lm_head, 3.0)
    louder(model.coarse_acoustics, 60.0)
    model.semantic.layernorm_final.bias.data[:] = 1.0
    model.semantic.lm_head.weight.data[10_000] = 18.0 / 16  # that it ends, one time in ten
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    settings = BarkGenerationConfig.from_sub_model_configs(
        BarkSemanticGenerationConfig(max_new_tokens=TOKENS, eos_token_id=10_000, do_sample=True),
        BarkCoarseGenerationConfig(do_sample=True),
        BarkFineGenerationConfig(temperature=0.5),
    )
    (folder / "generation_config.json").write_text(json.dumps(settings.to_dict()))
    _preset(folder / "speaker_embeddings" / "v2", "en_speaker_6")
    _preset(folder / "speaker_embeddings" / "v2", "en_speaker_9")


def _preset(folder: Path, voice: str) -> None:
    import numpy as np

    folder.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(len(list(folder.iterdir())))
    np.save(folder / f"{voice}_semantic_prompt.npy", chance.integers(0, 10_000, 60))
    np.save(folder / f"{voice}_coarse_prompt.npy", chance.integers(0, 1024, (2, 90)))
    np.save(folder / f"{voice}_fine_prompt.npy", chance.integers(0, 1024, (8, 90)))
