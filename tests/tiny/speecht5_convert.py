"""SpeechT5 that hears speech and says it, with one layer of everything, its vocoder, two voices, and a net that finds
others: 0.3 MB."""

from pathlib import Path
from typing import Any


def build(folder: Path) -> None:
    import torch
    from transformers import SpeechT5Config, SpeechT5FeatureExtractor, SpeechT5ForSpeechToSpeech

    from .loud import louder
    from .speecht5 import SMALL, vocoder, voices

    torch.manual_seed(0)
    ears = {"conv_dim": [8] * 7, "num_conv_pos_embeddings": 16, "num_conv_pos_embedding_groups": 2}
    model = SpeechT5ForSpeechToSpeech(SpeechT5Config(**SMALL, **ears))
    louder(model, 10.0)
    model.speech_decoder_postnet.prob_out.bias.data[:] = -2.0  # else it ends where it may
    model.save_pretrained(folder)
    SpeechT5FeatureExtractor().save_pretrained(folder)
    vocoder(folder / "vocoder")
    voices(folder / "voices")
    speaker(folder / "speaker")


def net() -> dict[str, Any]:
    """The parameters of the x-vectors' net, by their published names."""
    import torch

    made, heard = {}, 24
    torch.manual_seed(1)
    for number, (size, channels) in enumerate([(5, 8), (3, 8), (3, 8), (1, 8), (1, 12)]):
        made[f"blocks.{3 * number}.conv.weight"] = torch.randn(channels, heard, size)
        made[f"blocks.{3 * number}.conv.bias"] = torch.randn(channels)
        for name in ("weight", "bias", "running_mean", "running_var"):
            made[f"blocks.{3 * number + 2}.norm.{name}"] = torch.rand(channels) + 0.5
        heard = channels
    return made | {"blocks.16.w.weight": torch.randn(16, 2 * heard), "blocks.16.w.bias": torch.randn(16)}


def speaker(folder: Path) -> None:
    from safetensors.torch import save_file

    folder.mkdir()
    save_file(net(), folder / "embedding_model.safetensors")
