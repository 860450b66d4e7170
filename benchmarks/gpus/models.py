"""The models that are measured: their published sizes, with random weights, which are as fast as any others."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gpus.card import Device
from tests.tiny import latent
from tests.tiny.words import tokenizer
from wavagent.tool import Request

WORDS = "a calm piano in a large hall while the rain falls on the roof"


@dataclass(frozen=True, slots=True)
class Model:
    """A model on the device. `make` makes so many clips of so many seconds at once.

    `read` and `work` are the bytes of weights and the operations that a clip of so many seconds takes; `batch` is how
    many are made at once here. `seconds` is the length that is measured.
    """

    parameters: int
    batch: int
    seconds: float
    make: Callable[[int, float], object]
    read: Callable[[float], float]
    work: Callable[[float], float]
    whole: Any = None


def built(name: str, device: Device, small: bool) -> Model:
    """The model of that name, one of MODELS; of a toy's size where it is to be `small`."""
    import torch

    torch.manual_seed(0)
    with device.building():
        return MODELS[name](device, small)


def _count(*modules: Any) -> int:
    return sum(weights.numel() for module in modules for weights in module.parameters())


def _stepping(module: Any, device: Device, steps: Callable[[float], float], rows: int) -> dict[str, Any]:
    """What a decoder reads and does that makes `steps` tokens, each for `rows` rows of a clip."""
    count, size = _count(module), device.dtype.itemsize
    return {
        "read": lambda seconds: count * size * steps(seconds),
        "work": lambda seconds: 2 * count * rows * steps(seconds),
    }


def _t5(width: int, layers: int, heads: int, inner: int) -> Any:
    from transformers import T5Config

    return T5Config(vocab_size=32_128, d_model=width, d_kv=64, d_ff=inner, num_layers=layers, num_heads=heads)


def _musicgen(layers: int, width: int, heads: int) -> Callable[[Device, bool], Model]:
    def build(device: Device, small: bool) -> Model:
        from transformers import (
            EncodecConfig,
            EncodecFeatureExtractor,
            MusicgenConfig,
            MusicgenDecoderConfig,
            MusicgenForConditionalGeneration,
            MusicgenProcessor,
        )

        musicgen = importlib.import_module("wavagent.tools.musicgen")

        deep, wide, many = (2, 64, 4) if small else (layers, width, heads)
        codec = EncodecConfig(
            sampling_rate=32_000,
            audio_channels=1,
            num_filters=4 if small else 64,
            codebook_size=2048,
            codebook_dim=128,
            upsampling_ratios=[8, 5, 4, 4],
            target_bandwidths=[2.2],
            normalize=False,
            use_causal_conv=False,
        )
        decoder = MusicgenDecoderConfig(
            hidden_size=wide,
            num_hidden_layers=deep,
            num_attention_heads=many,
            ffn_dim=4 * wide,
            activation_function="gelu",
        )
        text = _t5(64, 1, 1, 64) if small else _t5(768, 12, 12, 3072)
        model = MusicgenForConditionalGeneration(
            MusicgenConfig(text_encoder=text.to_dict(), audio_encoder=codec.to_dict(), decoder=decoder.to_dict())
        ).eval()
        model.generation_config.update(decoder_start_token_id=2048, pad_token_id=2048, bos_token_id=2048)

        kind: Any = musicgen.Musicgen

        class Built(kind):  # type: ignore[misc]  # as any tool
            def load(self, place: Any) -> Any:
                processor = MusicgenProcessor(EncodecFeatureExtractor(sampling_rate=32_000), tokenizer())
                return musicgen.Loaded(model, processor, device.kind, 32_000)

        tool = Built({"": Path()})
        return Model(
            _count(model),
            64,
            0.6 if small else 10.0,
            lambda clips, seconds: tool(_asked(musicgen.MusicgenParams, clips, seconds)),
            **_stepping(model.decoder, device, lambda seconds: 50 * seconds + 4, 2),
            whole=model,
        )

    return build


def _asked(params: Any, clips: int, seconds: float, **settings: Any) -> list[Request]:
    return [Request(params(what=WORDS, seconds=seconds, **settings), seed=seed) for seed in range(clips)]


def _bark(device: Device, small: bool) -> Model:
    from transformers import BarkConfig, BarkModel, EncodecConfig
    from transformers.models.bark.configuration_bark import BarkCoarseConfig, BarkFineConfig, BarkSemanticConfig
    from transformers.models.bark.generation_configuration_bark import (
        BarkCoarseGenerationConfig,
        BarkFineGenerationConfig,
        BarkGenerationConfig,
        BarkSemanticGenerationConfig,
    )

    size = {"num_layers": 1 if small else 24, "num_heads": 2 if small else 16, "hidden_size": 16 if small else 1024}
    model = BarkModel(
        BarkConfig(
            semantic_config=BarkSemanticConfig(input_vocab_size=129_600, output_vocab_size=10_048, **size).to_dict(),
            coarse_acoustics_config=BarkCoarseConfig(
                input_vocab_size=12_096, output_vocab_size=12_096, **size
            ).to_dict(),
            fine_acoustics_config=BarkFineConfig(input_vocab_size=1_056, output_vocab_size=1_056, **size).to_dict(),
            codec_config=EncodecConfig(num_filters=4 if small else 32, normalize=False).to_dict(),
        )
    ).eval()

    def make(clips: int, seconds: float) -> object:
        tokens = round(49.9 * seconds)
        meaning = BarkSemanticGenerationConfig(
            max_new_tokens=tokens, min_new_tokens=tokens, eos_token_id=10_000, do_sample=True
        )
        settings = BarkGenerationConfig()
        settings.semantic_config = meaning.to_dict()
        settings.coarse_acoustics_config = BarkCoarseGenerationConfig(do_sample=True).to_dict()
        settings.fine_acoustics_config = BarkFineGenerationConfig().to_dict()
        model.generation_config = settings
        told = tokenizer()([WORDS] * clips, padding="max_length", max_length=256, return_tensors="pt").to(device.kind)
        return model.generate(**told)

    semantic, coarse = _count(model.semantic), _count(model.coarse_acoustics)
    return Model(
        _count(model),
        32,
        1.0 if small else 5.0,
        make,
        lambda seconds: device.dtype.itemsize * seconds * (49.9 * semantic + 150 * coarse),
        lambda seconds: 2 * seconds * (49.9 * semantic + 150 * coarse),
    )


def _dia(device: Device, small: bool) -> Model:
    from transformers import DacConfig, DacModel, DiaConfig, DiaForConditionalGeneration

    tiny = {"hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    tiny |= {"head_dim": 16, "num_key_value_heads": 2}
    crossing = {"cross_num_attention_heads": 2, "cross_num_key_value_heads": 2, "cross_head_dim": 16}
    sizes: Mapping[str, Any] = (
        {"encoder_config": tiny, "decoder_config": {**tiny, **crossing, "cross_hidden_size": 32}} if small else {}
    )
    model = DiaForConditionalGeneration(DiaConfig(**sizes)).eval()
    shape = {"encoder_hidden_size": 4, "decoder_hidden_size": 64} if small else {}
    codec = DacModel(DacConfig(n_codebooks=9, sampling_rate=44_100, **shape)).eval()
    rate = 44_100 / 512

    def make(clips: int, seconds: float) -> object:
        import torch

        text = torch.tensor([list(WORDS.encode())] * clips, device=device.kind)
        codes = model.generate(
            input_ids=text,
            attention_mask=torch.ones_like(text),
            max_new_tokens=round(rate * seconds),
            do_sample=True,
            guidance_scale=3.0,
            logits_processor=[_never(model.config.eos_token_id)],
        )
        return codec.decode(audio_codes=codes.reshape(clips, -1, 9).transpose(1, 2).clamp(max=1023)).audio_values

    # its own part of a step; the encoder reads the text once
    stepping = _stepping(model.model.decoder, device, lambda seconds: rate * seconds, 2)
    return Model(_count(model, codec), 64, 0.3 if small else 5.0, make, **stepping)


def _never(token: int) -> Callable[[Any, Any], Any]:
    """A logits processor: random weights would end at random."""

    def processor(ids: Any, scores: Any) -> Any:
        scores[..., token] = float("-inf")
        return scores

    return processor


def _audioldm2(device: Device, small: bool) -> Model:
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
        text_encoder_2=T5EncoderModel(_t5(1024, 1 if small else 24, 16, 2816)),
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
        scheduler=latent.scheduler(),
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


def _stable_audio(device: Device, small: bool) -> Model:
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
        text_encoder=T5EncoderModel(_t5(768, 1 if small else 12, 12, 3072)),
        projection_model=StableAudioProjectionModel(
            text_encoder_dim=768, conditioning_dim=768, min_value=0, max_value=512
        ),
        tokenizer=words,
        transformer=StableAudioDiTModel(**deep),
        scheduler=CosineDPMSolverMultistepScheduler(
            solver_order=2, prediction_type="v_prediction", sigma_data=1.0, sigma_schedule="exponential"
        ),
    )
    seconds = 2.0 if small else 47.0
    return _denoising("stable_audio", pipe, pipe.transformer, device, seconds=seconds, small=small)


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
        return tool(_asked(tool.params, clips, length, steps=steps))

    def operations(steps: int) -> int:
        with FlopCounterMode(display=False) as counted:
            make(1, seconds, steps)
        return int(counted.get_total_flops())

    one = operations(3) - operations(2)
    return Model(
        sum(_count(part) for part in pipe.components.values() if hasattr(part, "parameters")),
        tool.card.batch,
        seconds,
        make,
        lambda length: _count(denoiser) * device.dtype.itemsize * steps,
        lambda length: one * steps * (length / seconds),
    )


MODELS: Mapping[str, Callable[[Device, bool], Model]] = {
    "musicgen-small": _musicgen(24, 1024, 16),
    "musicgen-medium": _musicgen(48, 1536, 24),
    "musicgen-large": _musicgen(48, 2048, 32),
    "bark": _bark,
    "dia": _dia,
    "audioldm2": _audioldm2,
    "stable-audio": _stable_audio,
}
"""Every model, by name: MusicGen's three sizes, two speakers of codec tokens, and two that denoise."""
