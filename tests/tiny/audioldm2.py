"""AudioLDM 2 with one layer of everything: 0.9 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from diffusers import AudioLDM2Pipeline, AudioLDM2ProjectionModel, AudioLDM2UNet2DConditionModel
    from transformers import GPT2Config, GPT2LMHeadModel

    from . import latent

    torch.manual_seed(0)
    language = GPT2LMHeadModel(GPT2Config(n_embd=16, n_head=2, n_layer=1, vocab_size=300, n_positions=99))
    language.config.max_new_tokens = 8
    AudioLDM2Pipeline(
        vae=latent.vae(),
        text_encoder=latent.clap(16),
        text_encoder_2=latent.t5(32),
        projection_model=AudioLDM2ProjectionModel(text_encoder_dim=16, text_encoder_1_dim=32, langauge_model_dim=16),
        language_model=language,
        tokenizer=latent.roberta(),
        tokenizer_2=latent.t5_tokenizer(),
        feature_extractor=latent.features(),
        unet=AudioLDM2UNet2DConditionModel(
            block_out_channels=(8, 16),
            layers_per_block=1,
            norm_num_groups=4,
            sample_size=8,
            in_channels=4,
            out_channels=4,
            down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
            cross_attention_dim=([None, 16, 32], [None, 16, 32]),
            attention_head_dim=8,
        ),
        scheduler=latent.scheduler(),
        vocoder=latent.vocoder(),
    ).save_pretrained(folder)
