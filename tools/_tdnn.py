"""Whose voice it is, as SpeechT5 was told of voices: an x-vector (Snyder et al., 2018), by SpeechBrain's net for them.

The net is a stack of convolutions over time, written here as it is in the paper; the parameters keep their published
names.
"""

from typing import Any

from wavagent.errors import Broken

from ._checkpoint import State
from ._expert import Wave

RATE, FRAME, HOP, BANDS = 16_000, 400, 160, 24
"""Hertz; frames of the spectrum's window, and from one to the next; bands of the spectrum."""

LAYERS = ((5, 1), (3, 2), (3, 3), (1, 1), (1, 1))
"""How many moments each layer hears at once, and how far apart."""

DEEPEST = 80.0
"""dB below the loudest, under which nothing is told apart."""

LEAST = 1e-5
"""Added to the deviations, and, five times, to the means, as in training."""


def xvector(state: State, wave: Wave) -> Any:
    """The x-vector of whoever speaks in `wave`, 16 kHz, at least 0.1 s: of shape (n,), length 1. Raises Broken."""
    import torch
    from torch.nn import functional as net

    if missing := {"blocks.0.conv.weight", "blocks.14.norm.running_mean", "blocks.16.w.weight"} - state.keys():
        raise Broken(f"these are not the weights of an x-vector's net: they lack {', '.join(sorted(missing))}")
    x = _bands(torch.from_numpy(wave).to(state["blocks.0.conv.weight"].device))
    x = (x - x.mean(dim=1, keepdim=True))[None]
    for number, (size, apart) in enumerate(LAYERS):
        conv, norm = f"blocks.{3 * number}.conv", f"blocks.{3 * number + 2}.norm"
        x = net.pad(x, (apart * (size - 1) // 2,) * 2, mode="reflect")
        x = net.leaky_relu(net.conv1d(x, state[f"{conv}.weight"], state[f"{conv}.bias"], dilation=apart))
        told = (state[f"{norm}.{name}"] for name in ("running_mean", "running_var", "weight", "bias"))
        x = net.batch_norm(x, *told)
    heard = torch.cat([x.mean(dim=2) + 5 * LEAST, x.std(dim=2) + LEAST], dim=1)
    return net.normalize(net.linear(heard, state["blocks.16.w.weight"], state["blocks.16.w.bias"])[0], dim=0)


def _bands(wave: Any) -> Any:
    """The power in each band at every moment, in dB, of shape (BANDS, moments)."""
    import torch

    window = torch.hamming_window(FRAME, device=wave.device)
    power = torch.stft(wave, FRAME, HOP, window=window, pad_mode="constant", return_complex=True).abs().square()
    decibels = 10 * torch.log10((_filters().to(wave.device) @ power).clamp(min=1e-10))
    return decibels.clamp(min=float(decibels.max()) - DEEPEST)


def _filters() -> Any:
    """Triangles, evenly spaced in mel, that overlap by half; (BANDS, FRAME / 2 + 1)."""
    import math

    import torch

    edges = torch.linspace(0.0, 2595 * math.log10(1 + RATE / 2 / 700), BANDS + 2)
    hertz = 700 * (10 ** (edges / 2595) - 1)
    width = (hertz[1:] - hertz[:-1])[:-1, None]
    slope = (torch.linspace(0, RATE // 2, FRAME // 2 + 1) - hertz[1:-1, None]) / width
    return torch.clamp(torch.minimum(slope + 1.0, 1.0 - slope), min=0.0)
