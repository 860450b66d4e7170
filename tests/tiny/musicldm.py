"""MusicLDM with one layer of everything: 0.6 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from diffusers import MusicLDMPipeline

    from . import latent

    torch.manual_seed(0)
    MusicLDMPipeline(
        vae=latent.vae(),
        text_encoder=latent.clap(32),
        tokenizer=latent.roberta(),
        feature_extractor=latent.features(),
        unet=latent.unet(),
        scheduler=latent.scheduler(),
        vocoder=latent.vocoder(),
    ).save_pretrained(folder)
