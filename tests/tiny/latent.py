"""What the latent diffusion models of sound share: codec, vocoder, scheduler, CLAP, and their own tokenizers."""

from typing import Any

MELS = 16


def vae() -> Any:
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=[8, 16],
        in_channels=1,
        out_channels=1,
        down_block_types=["DownEncoderBlock2D"] * 2,
        up_block_types=["UpDecoderBlock2D"] * 2,
        latent_channels=4,
        norm_num_groups=4,
    )


def vocoder(mels: int = MELS) -> Any:
    from transformers import SpeechT5HifiGan, SpeechT5HifiGanConfig

    made = SpeechT5HifiGan(
        SpeechT5HifiGanConfig(
            model_in_dim=mels,
            sampling_rate=16_000,
            upsample_initial_channel=16,
            upsample_rates=[5, 4, 4, 2],  # 160 samples a frame, as the real one
            upsample_kernel_sizes=[10, 8, 8, 4],
            resblock_kernel_sizes=[3],
            resblock_dilation_sizes=[[1, 3]],
            normalize_before=False,
        )
    )
    for weights in made.parameters():
        weights.data.mul_(20)  # they begin so small that every sound would be silence
    return made


def scheduler() -> Any:
    from diffusers import DDIMScheduler

    return DDIMScheduler(
        beta_start=0.0015, beta_end=0.0195, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False
    )


def unet() -> Any:
    """The UNet of AudioLDM and MusicLDM, told by one vector of 32 numbers."""
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        block_out_channels=(8, 16),
        layers_per_block=1,
        norm_num_groups=4,
        sample_size=8,
        in_channels=4,
        out_channels=4,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        cross_attention_dim=(8, 16),
        attention_head_dim=8,
        class_embed_type="simple_projection",
        projection_class_embeddings_input_dim=32,
        class_embeddings_concat=True,
    )


def clap_text(size: int) -> Any:
    from transformers import ClapTextConfig

    return ClapTextConfig(
        vocab_size=300,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=32,
        projection_dim=size,
        max_position_embeddings=100,
    )


def clap(size: int) -> Any:
    from transformers import ClapConfig, ClapModel

    hearing = {
        "spec_size": 256,
        "hidden_size": 32,
        "num_mel_bins": 64,
        "patch_size": 4,
        "patch_stride": [4, 4],
        "window_size": 4,
        "depths": [1, 1],
        "num_attention_heads": [2, 2],
        "patch_embeds_hidden_size": 16,
        "projection_dim": size,
        "num_hidden_layers": 2,
        "enable_fusion": False,
    }
    return ClapModel(ClapConfig(text_config=clap_text(size).to_dict(), audio_config=hearing, projection_dim=size))


def features() -> Any:
    from transformers import ClapFeatureExtractor

    return ClapFeatureExtractor(feature_size=64)


def roberta() -> Any:
    from tokenizers import pre_tokenizers
    from transformers import RobertaTokenizer

    tokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    return RobertaTokenizer(vocab={token: id for id, token in enumerate(tokens)}, merges=[], model_max_length=77)


def t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    letters = [(chr(code), -3.0) for code in range(33, 127)]
    special = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", -10.0), ("▁", -2.0)]
    return T5Tokenizer(vocab=[*special, *letters], extra_ids=0, model_max_length=77)


def t5(size: int) -> Any:
    from transformers import T5Config, T5EncoderModel

    return T5EncoderModel(T5Config(vocab_size=300, d_model=size, d_kv=8, d_ff=32, num_heads=2, num_layers=1))
