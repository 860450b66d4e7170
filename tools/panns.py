"""panns: which of AudioSet's classes a clip is of, by PANNs' CNN14 at 16 kHz (Kong et al., 2020).

It is what the KL divergence and the inception score of generated sounds are published on, after AudioLDM's evaluation.
The net is a stack of convolutions, written here as it is in the paper; the parameters keep their published names.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from wavagent.errors import Broken, Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._checkpoint import State, parameters
from ._expert import Expert, Place, Wave, chunks, heard

RATE, FRAME, HOP = 16_000, 512, 160
"""Hertz; frames of the spectrum's window, and from one to the next."""

LEAST, MOST = 1.0, 60.0
"""Seconds that a shorter clip is lengthened to, for the net halves time five times; and those that it hears at once, so
that an hour takes no more room than a minute."""

BLOCKS = 6

NAMES = {"logmel_extractor.melW", "bn0.weight", "fc1.weight", "fc_audioset.weight"} | {
    f"conv_block{block}.conv2.weight" for block in range(1, BLOCKS + 1)
}
"""Of the parameters, as many as tell CNN14 from PANNs' other nets."""


class Panns(Expert[State]):
    """One clip at a time, as a whole: the net takes the mean and the most over all its time."""

    card = Card(
        name="panns",
        version="1",
        task="embed",
        summary="What a sound is of, with PANNs' CNN14: what KL and inception score are published on",
        rate=RATE,
        batch=8,
        pool="gpu",
        memory_mb=900,
        speed=20.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-4.0", commercial=True),
        weights=(Weights(page="https://zenodo.org/records/3987831/files/Cnn14_16k_mAP=0.438.pth", megabytes=359),),
        attribution=("PANNs, by Qiuqiang Kong et al. (CC-BY-4.0)",),
        requires=("torch", "safetensors"),
        install="pip install 'wavagent[experts]'",
    )
    params = Params

    def load(self, place: Place) -> State:
        state = parameters(place, self.card.name)
        if missing := NAMES - state.keys():
            raise Broken(f"the weights of tool 'panns' are not CNN14's: they lack {', '.join(sorted(missing)[:4])}")
        if (bins := len(state["logmel_extractor.melW"])) != FRAME // 2 + 1:
            raise Broken(
                f"the weights of tool 'panns' hear {bins} frequencies, and those of CNN14 at 16 kHz {FRAME // 2 + 1}: "
                "there are others on the same page; take the file Cnn14_16k_mAP=0.438.pth"
            )
        return state

    def make(self, model: State, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(data=self._told(model, _wave(request))) for request in requests]

    def _told(self, state: State, wave: Wave) -> dict[str, JsonValue]:
        """`classes`, a distribution over all classes (softmax), and `embedding`, what the last layer but one holds."""
        import torch
        from torch.nn import functional as net

        x = torch.cat([self._found(state, piece) for _, piece in chunks(wave, RATE, MOST, LEAST)], dim=2)
        x = x.amax(dim=2) + x.mean(dim=2)
        x = net.relu(net.linear(x, state["fc1.weight"], state["fc1.bias"]))
        logits = net.linear(x, state["fc_audioset.weight"], state["fc_audioset.bias"])
        return {"classes": logits[0].double().softmax(dim=0).tolist(), "embedding": x[0].float().tolist()}

    def _found(self, state: State, wave: Wave) -> Any:
        """What the convolutions find in a piece, of shape (1, features, time)."""
        import torch
        from torch.nn import functional as net

        x = _log_mel(state, torch.from_numpy(wave))
        x = _normal(state, "bn0", x.transpose(1, 3)).transpose(1, 3)
        for block in range(1, BLOCKS + 1):
            self.alive()
            for layer in (1, 2):
                x = net.conv2d(x, state[f"conv_block{block}.conv{layer}.weight"], padding=1)
                x = net.relu(_normal(state, f"conv_block{block}.bn{layer}", x))
            x = net.avg_pool2d(x, 2) if block < BLOCKS else x
        return x.mean(dim=3)


def _wave(request: Request) -> Wave:
    if "audio" not in request.inputs:
        raise Refused("tool 'panns' listens to the clip 'audio', and was given none")
    return heard(request.inputs["audio"], RATE)


def _log_mel(state: State, wave: Any) -> Any:
    """Decibels of shape (1, 1, time, bands); the bands come with the parameters."""
    import torch

    bands = state["logmel_extractor.melW"]
    spectrum = torch.stft(
        wave.to(bands.device),
        FRAME,
        HOP,
        window=torch.hann_window(FRAME, device=bands.device),
        pad_mode="reflect",
        return_complex=True,
    )
    power = (spectrum.real**2 + spectrum.imag**2).T @ bands.float()
    return (10.0 * torch.log10(power.clamp(min=1e-10)))[None, None].to(bands.dtype)


def _normal(state: State, name: str, x: Any) -> Any:
    """Batch normalisation with the statistics of the training."""
    from torch.nn import functional as net

    parts = (state[f"{name}.{part}"] for part in ("running_mean", "running_var", "weight", "bias"))
    return net.batch_norm(x, *parts)


TOOL: Tool = Panns()
