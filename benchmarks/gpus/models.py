"""The models that are measured: their published sizes, with random weights, which are as fast as any others."""

from collections.abc import Callable, Mapping

from benchmarks.gpus.card import Device
from benchmarks.gpus.denoisers import audioldm2, stable_audio
from benchmarks.gpus.model import Model
from benchmarks.gpus.musicgen import musicgen
from benchmarks.gpus.speakers import bark, dia

MODELS: Mapping[str, Callable[[Device, bool], Model]] = {
    "musicgen-small": musicgen(24, 1024, 16),
    "dia": dia,
    "audioldm2": audioldm2,
    "musicgen-medium": musicgen(48, 1536, 24),
    "musicgen-large": musicgen(48, 2048, 32),
    "bark": bark,
    "stable-audio": stable_audio,
}
"""Every model, by name, those of a story first: MusicGen in three sizes, two that speak, and two that denoise."""


def built(name: str, device: Device, small: bool) -> Model:
    """The model of that name, one of MODELS; of a toy's size where it is to be `small`."""
    import torch

    torch.manual_seed(0)
    with device.building():
        return MODELS[name](device, small)
