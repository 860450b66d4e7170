"""AudioLDM with one layer of everything: 0.5 MB."""

from pathlib import Path


def build(folder: Path) -> None:
    import torch
    from diffusers import AudioLDMPipeline
    from transformers import ClapTextModelWithProjection

    from . import latent

    torch.manual_seed(0)
    AudioLDMPipeline(
        vae=latent.vae(),
        text_encoder=ClapTextModelWithProjection(latent.clap_text(32)),
        tokenizer=latent.roberta(),
        unet=latent.unet(),
        scheduler=latent.scheduler(),
        vocoder=latent.vocoder(),
    ).save_pretrained(folder)
