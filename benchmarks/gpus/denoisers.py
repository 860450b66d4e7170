"""AudioLDM2 and Stable Audio, which make sound out of noise."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.gpus.card import Device
from benchmarks.gpus.model import WORDS, Model, asked, count, t5
from tests.tiny import latent
from tests.tiny.words import tokenizer


def audioldm2(device: Device, small: bool) -> Model:
    from diffusers import AudioLDM2Pipeline, AudioLDM2ProjectionModel, AudioLDM2UNet2DConditionModel, AutoencoderKL
    from transformers import (
        ClapConfig,
        ClapModel,
        GPT2Config,
        GPT2LMHeadModel,
        SpeechT5HifiGan,
        SpeechT5HifiGanConfig,
        T5EncoderModel,
    )

    wide = (8, 16, 24, 40) if small else (128, 256, 384, 640)
    heads = tuple(max(1, channels // 32) for channels in wide)
    language = GPT2LMHeadModel(GPT2Config(n_layer=1) if small else GPT2Config())
    language.config.max_new_tokens = 8
    pipe = AudioLDM2Pipeline(
        vae=AutoencoderKL(
            in_channels=1,
            out_channels=1,
            latent_channels=8,
            norm_num_groups=4 if small else 32,
            layers_per_block=1 if small else 2,
            block_out_channels=(8, 16, 32) if small else (128, 256, 512),
            down_block_types=("DownEncoderBlock2D",) * 3,
            up_block_types=("UpDecoderBlock2D",) * 3,
        ),
        text_encoder=latent.clap(512) if small else ClapModel(ClapConfig()),
        text_encoder_2=T5EncoderModel(t5(1024, 1 if small else 24, 16, 2816)),
        projection_model=AudioLDM2ProjectionModel(
            text_encoder_dim=512, text_encoder_1_dim=1024, langauge_model_dim=768
        ),
        language_model=language,
        tokenizer=latent.roberta(),
        tokenizer_2=latent.t5_tokenizer(),
        feature_extractor=latent.features(),
        unet=AudioLDM2UNet2DConditionModel(
            in_channels=8,
            out_channels=8,
            sample_size=128,
            norm_num_groups=4 if small else 32,
            layers_per_block=1 if small else 2,
            block_out_channels=wide,
            down_block_types=("DownBlock2D", *("CrossAttnDownBlock2D",) * 3),
            up_block_types=(*("CrossAttnUpBlock2D",) * 3, "UpBlock2D"),
            attention_head_dim=heads,
            cross_attention_dim=([None, 768, 1024],) * 4,
        ),
        scheduler=_plain(latent.scheduler),
        vocoder=latent.vocoder(mels=64)
        if small
        else SpeechT5HifiGan(
            SpeechT5HifiGanConfig(
                model_in_dim=64,
                sampling_rate=16_000,
                upsample_initial_channel=1024,
                upsample_rates=[5, 4, 2, 2, 2],
                upsample_kernel_sizes=[16, 16, 8, 4, 4],
                normalize_before=False,
            )
        ),
    )
    return _denoising("audioldm2", pipe, pipe.unet, device, seconds=2.56 if small else 10.24, small=small)


def stable_audio(device: Device, small: bool) -> Model:
    from diffusers import (
        AutoencoderOobleck,
        CosineDPMSolverMultistepScheduler,
        StableAudioDiTModel,
        StableAudioPipeline,
        StableAudioProjectionModel,
    )
    from transformers import T5EncoderModel

    words = tokenizer()
    words.model_max_length = 128
    codec = {"encoder_hidden_size": 4, "decoder_channels": 4, "channel_multiples": [1, 1, 1, 1, 1]} if small else {}
    deep = (
        {"num_layers": 1, "sample_size": 64, "num_attention_heads": 2, "num_key_value_attention_heads": 1}
        if small
        else {}
    )
    pipe = StableAudioPipeline(
        vae=AutoencoderOobleck(**codec),
        text_encoder=T5EncoderModel(t5(768, 1 if small else 12, 12, 3072)),
        projection_model=StableAudioProjectionModel(
            text_encoder_dim=768, conditioning_dim=768, min_value=0, max_value=512
        ),
        tokenizer=words,
        transformer=StableAudioDiTModel(**deep),
        scheduler=_plain(
            lambda: CosineDPMSolverMultistepScheduler(
                solver_order=2, prediction_type="v_prediction", sigma_data=1.0, sigma_schedule="exponential"
            )
        ),
    )
    seconds = 2.0 if small else 47.0
    return _denoising("stable_audio", pipe, pipe.transformer, device, seconds=seconds, small=small)


def _plain(make: Callable[[], Any]) -> Any:
    """A schedule, whose few numbers pipelines want on the CPU and in 32 bits, wherever the models are."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float32)
    try:
        with torch.device("cpu"):
            return make()
    finally:
        torch.set_default_dtype(before)


def _denoising(name: str, pipe: Any, denoiser: Any, device: Device, *, seconds: float, small: bool) -> Model:
    """A tool that denoises, with the steps that it takes by default; its operations are counted on one step."""
    from torch.utils.flop_counter import FlopCounterMode

    pipe.set_progress_bar_config(disable=True)
    kind: Any = type(importlib.import_module(f"wavagent.tools.{name}").TOOL)

    class Built(kind):  # type: ignore[misc]  # as any tool
        def load(self, place: Any) -> Any:
            return pipe.to(device.kind)

    tool = Built({"": Path()})
    steps = 2 if small else tool.params(what=WORDS).steps

    def make(clips: int, length: float, steps: int = steps) -> object:
        return tool(asked(tool.params, clips, length, steps=steps))

    def operations(steps: int) -> int:
        with FlopCounterMode(display=False) as counted:
            make(1, seconds, steps)
        return int(counted.get_total_flops())

    one = operations(3) - operations(2)
    return Model(
        sum(count(part) for part in pipe.components.values() if hasattr(part, "parameters")),
        tool.card.batch,
        seconds,
        make,
        lambda clips, length: count(denoiser) * device.dtype.itemsize * steps,
        lambda clips, length: clips * one * steps * (length / seconds),
    )
