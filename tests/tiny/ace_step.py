"""ACE-Step with one layer of everything."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from diffusers import (
        AceStepPipeline,
        AceStepTransformer1DModel,
        AutoencoderOobleck,
        FlowMatchEulerDiscreteScheduler,
    )
    from diffusers.pipelines.ace_step import AceStepConditionEncoder
    from transformers import Qwen3Config, Qwen3Model

    from .words import tokenizer

    torch.manual_seed(0)
    size = {
        "hidden_size": 16,
        "intermediate_size": 32,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "sliding_window": 16,
    }
    conditions = AceStepConditionEncoder(
        **size,
        text_hidden_dim=16,
        timbre_hidden_dim=4,
        num_lyric_encoder_hidden_layers=1,
        num_timbre_encoder_hidden_layers=1,
    )
    conditions.silence_latent.normal_()  # it begins as zeros
    AceStepPipeline(
        vae=AutoencoderOobleck(
            encoder_hidden_size=6,
            downsampling_ratios=[8, 12, 20],  # 25 latents a second, as the real one
            decoder_channels=3,
            decoder_input_channels=4,
            audio_channels=2,
            channel_multiples=[1, 2, 2],
            sampling_rate=48_000,
        ),
        text_encoder=Qwen3Model(
            Qwen3Config(
                vocab_size=300,
                hidden_size=16,
                intermediate_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                num_key_value_heads=2,
                head_dim=8,
            )
        ),
        tokenizer=tokenizer(),
        transformer=AceStepTransformer1DModel(
            **size, num_hidden_layers=2, in_channels=12, audio_acoustic_hidden_dim=4, is_turbo=True
        ),
        condition_encoder=conditions,
        scheduler=FlowMatchEulerDiscreteScheduler(num_train_timesteps=1, shift=1.0),
    ).save_pretrained(folder)
