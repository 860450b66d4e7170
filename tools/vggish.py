"""vggish: where each second of a sound lies in the space of VGGish (Hershey et al., 2017).

It is what the Fréchet audio distance was defined on (Kilgour et al., 2019): the last layer before its rectifier,
without the later whitening. The parameters keep the names of the published PyTorch port.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavagent.errors import Broken, Refused
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._checkpoint import State, parameters
from ._expert import Expert, Place, heard

RATE, FRAME, HOP, SPECTRUM = 16_000, 400, 160, 512
"""Hertz; frames of the spectrum's window, from one to the next, and of its transform."""

BANDS, LOW, HIGH = 64, 125.0, 7500.0
"""Bands of the mel scale, between so many hertz."""

EXAMPLE = 96
"""Spectra that the net sees at once: 0.96 s."""

TOGETHER = 64
"""Examples in a batch."""

CONVOLUTIONS = {0: True, 3: True, 6: False, 8: True, 11: False, 13: True}
"""By their places in the published net, and whether a pooling follows."""

LINEAR = (0, 2, 4)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The parameters, and the bands of the mel scale, of shape (frequencies, bands)."""

    state: State
    bands: NDArray[np.float64]


class Vggish(Expert[Loaded]):
    """A clip has a point for each 0.96 s of it; what is left over at its end is not heard."""

    card = Card(
        name="vggish",
        version="1",
        task="embed",
        summary="Where each second of a sound lies, with VGGish: what the Fréchet audio distance is published on",
        rate=RATE,
        batch=8,
        pool="gpu",
        memory_mb=800,
        speed=20.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(
            Weights(
                page="https://github.com/harritaylor/torchvggish/releases/download/v0.1/vggish-10086976.pth",
                megabytes=289,
            ),
        ),
        attribution=("VGGish, by Google (Apache-2.0), ported to PyTorch by Harri Taylor",),
        requires=("torch", "transformers", "safetensors"),
        install="pip install 'wavagent[experts]'",
    )
    params = Params

    def load(self, place: Place) -> Loaded:
        from transformers.audio_utils import mel_filter_bank

        state = parameters(place, self.card.name)
        wanted = {*(f"features.{place}.weight" for place in CONVOLUTIONS), *(f"embeddings.{n}.weight" for n in LINEAR)}
        if missing := wanted - state.keys():
            raise Broken(f"the weights of tool 'vggish' are not VGGish's: they lack {', '.join(sorted(missing))}")
        bands = mel_filter_bank(
            SPECTRUM // 2 + 1, BANDS, LOW, HIGH, RATE, mel_scale="kaldi", triangularize_in_mel_space=True
        )
        return Loaded(state, bands)

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        each = [_examples(request, model.bands) for request in requests]
        points = self._points(model.state, np.concatenate(each))
        ends = np.cumsum([len(examples) for examples in each])[:-1]
        return [Result(data={"embeddings": found.tolist()}) for found in np.split(points, ends)]

    def _points(self, state: State, examples: NDArray[np.float32]) -> NDArray[np.float32]:
        import torch

        made = []
        for first in range(0, len(examples), TOGETHER):
            self.alive()
            made.append(_net(state, torch.from_numpy(examples[first : first + TOGETHER])).float().cpu().numpy())
        points: NDArray[np.float32] = np.concatenate(made)
        return points


def _examples(request: Request, bands: NDArray[np.float64]) -> NDArray[np.float32]:
    """Logarithms of spectra, of shape (examples, 96, 64); a clip shorter than one is lengthened with silence."""
    from transformers.audio_utils import spectrogram, window_function

    if "audio" not in request.inputs:
        raise Refused("tool 'vggish' listens to the clip 'audio', and was given none")
    wave = heard(request.inputs["audio"], RATE)
    wave = np.pad(wave, (0, max(0, FRAME + (EXAMPLE - 1) * HOP - len(wave))))
    spectra = spectrogram(
        wave, window_function(FRAME, "hann"), FRAME, HOP, SPECTRUM, power=1.0, center=False, mel_filters=bands
    ).T
    count = len(spectra) // EXAMPLE
    found: NDArray[np.float32] = np.log(spectra[: count * EXAMPLE] + 0.01).astype(np.float32)
    return found.reshape(count, EXAMPLE, BANDS)


def _net(state: State, examples: Any) -> Any:
    """A point for each example."""
    from torch.nn import functional as net

    first = state["features.0.weight"]
    x = examples[:, None].to(first.device, first.dtype)
    for place, pooled in CONVOLUTIONS.items():
        x = net.relu(net.conv2d(x, state[f"features.{place}.weight"], state[f"features.{place}.bias"], padding=1))
        x = net.max_pool2d(x, 2) if pooled else x
    x = x.permute(0, 2, 3, 1).flatten(1)  # as the original has it: channels last
    for number in LINEAR:
        x = net.linear(x, state[f"embeddings.{number}.weight"], state[f"embeddings.{number}.bias"])
        x = net.relu(x) if number != LINEAR[-1] else x
    return x


TOOL: Tool = Vggish()
