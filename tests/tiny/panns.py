"""PANNs' CNN14 with few channels and six classes, under its published names: 0.2 MB."""

from pathlib import Path

CHANNELS = (4, 6, 8, 10, 12, 14)


def build(folder: Path) -> None:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    state = {"logmel_extractor.melW": torch.rand(257, 64) / 64, **_normal("bn0", 64)}
    before = 1
    for block, channels in enumerate(CHANNELS, 1):
        for layer in (1, 2):
            name = f"conv_block{block}"
            state[f"{name}.conv{layer}.weight"] = torch.randn(channels, before, 3, 3) / (9 * before) ** 0.5 * 1.5
            state |= _normal(f"{name}.bn{layer}", channels)
            before = channels
    for name, size in (("fc1", before), ("fc_audioset", 6)):
        state |= {f"{name}.weight": torch.randn(size, before), f"{name}.bias": torch.zeros(size)}
    save_file(state, folder / "model.safetensors")


def _normal(name: str, channels: int) -> dict[str, "object"]:
    import torch

    return {
        f"{name}.running_mean": torch.zeros(channels),
        f"{name}.running_var": torch.ones(channels),
        f"{name}.weight": torch.ones(channels),
        f"{name}.bias": torch.zeros(channels),
    }
