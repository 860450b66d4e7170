"""deepfilternet: noise out of speech by DeepFilterNet 3 (Schröter et al., 2023), in an environment of its own.

Its library wants numpy before 2 and a torchaudio of years ago, which it only reads files with; that part of it is not
imported. Nothing is downloaded by it: the network is built here, as it was published, and given the weights.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from sys import modules
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from wavagent.audio import Audio, Samples
from wavagent.dsp.resample import resampled
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Card, Licence, Params, Request, Result, Tool, Weights

from ._checkpoint import tensors
from ._expert import Expert, Place

RATE = 48_000

PUBLISHED: Mapping[str, Mapping[str, str]] = {
    "df": {"pad_mode": "output", "df_lookahead": "2"},
    "deepfilternet": {
        "conv_lookahead": "2",
        "conv_ch": "64",
        "convt_depthwise": "False",
        "emb_num_layers": "3",
        "enc_linear_groups": "32",
        "linear_groups": "16",
        "df_num_layers": "2",
        "df_gru_skip": "groupedlinear",
        "df_pathway_kernel_size_t": "5",
    },
}
"""Where the published network is not what the library builds by itself."""

BLOCK = 30.0
"""Seconds that lie in memory together."""

LEAD = 2.0
"""Seconds of the block before that a block hears too: it remembers about one. It takes over in the second half."""


class DeepFilterParams(Params):
    """`amount` is by how many dB noise goes down at the most; None: as far as it can."""

    amount: float | None = Field(default=None, gt=0.0, le=100.0)


@dataclass(frozen=True, slots=True)
class Net:
    """The network, and what makes spectra for it: `state`, whose bands have `widths`; `alpha` is how it forgets."""

    model: Any
    state: Any
    widths: NDArray[Any]
    alpha: float


class DeepFilterNet(Expert[Net]):
    """Any rate and any number of channels, all at once; on the CPU, where it is far quicker than the sound lasts."""

    card: ClassVar[Card] = Card(
        name="deepfilternet",
        version="1",
        task="enhance",
        summary="Noise out of speech, that which comes and goes too, with DeepFilterNet 3",
        rate=0,
        channels=2,
        batch=4,
        isolated=True,
        environment="deepfilternet",
        memory_mb=1_200,
        speed=10.0,
        seeded=False,
        code_licence=Licence(name="MIT OR Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(Weights(repo="fal/DeepFilterNet3", megabytes=9),),
        attribution=("DeepFilterNet, by Hendrik Schröter (MIT or Apache-2.0)",),
        requires=("torch", "df", "libdf"),
        install="wavagent tools install deepfilternet",
    )
    params: ClassVar[type[Params]] = DeepFilterParams

    def load(self, place: Place) -> Net:
        state = tensors(_file(place.folder), place, self.card.name)
        net = network()
        try:
            net.model.load_state_dict({name: tensor.float() for name, tensor in state.items()})
        except RuntimeError as error:
            raise Unavailable(
                f"'{place.folder}' holds the weights of another network than DeepFilterNet 3; fetch those of "
                "fal/DeepFilterNet3, or name the folder that DeepFilterNet3.zip unpacks to"
            ) from error
        return net

    def make(self, model: Net, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(self._clean(model, request)) for request in requests]

    def _clean(self, net: Net, request: Request) -> Audio:
        if "audio" not in request.inputs:
            raise Refused("tool 'deepfilternet' works on the clip 'audio', and was given none")
        audio = request.inputs["audio"]
        if not audio.samples.any():
            return audio
        heard = resampled(audio.samples, audio.rate, RATE)
        block, lead, made = round(BLOCK * RATE), round(LEAD * RATE), np.zeros_like(heard)
        for start in range(0, len(heard), block):
            self.alive()
            first = max(0, start - lead)
            clean = filtered(net, heard[first : start + block], request.params.amount)
            share = np.ones((len(clean), 1), np.float32)
            if start:
                share[:lead, 0] = np.clip(np.linspace(-1.0, 1.0, lead), 0.0, 1.0)
            made[first : start + block] += (clean - made[first : start + block]) * share
        back = resampled(made, RATE, audio.rate)[: audio.frames]
        return Audio(np.pad(back, ((0, audio.frames - len(back)), (0, 0))), audio.rate)


def filtered(net: Net, samples: Samples, amount: float | None) -> Samples:
    """`samples`, (frames, channels) at 48 kHz, without noise; or with as much as `amount` leaves of it."""
    import torch
    from df.utils import as_complex, as_real
    from libdf import erb, erb_norm, unit_norm

    size, hop = net.state.fft_size(), net.state.hop_size()
    waves = np.ascontiguousarray(np.pad(samples, ((0, size), (0, 0))).T)
    spectra = net.state.analysis(waves)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # the arrays of its Rust half are for reading only
        bands = torch.as_tensor(erb_norm(erb(spectra, net.widths), net.alpha)).unsqueeze(1)
        low = as_real(torch.as_tensor(unit_norm(spectra[..., : net.model.nb_df], net.alpha)).unsqueeze(1))
        whole = as_real(torch.as_tensor(spectra).unsqueeze(1))
    clean = as_complex(net.model(whole.clone(), bands, low)[0].squeeze(1)).numpy()
    if amount is not None:
        left = np.float32(10.0 ** (-amount / 20.0))
        clean = spectra * left + clean * (1 - left)
    made = net.state.synthesis(np.ascontiguousarray(clean, np.complex64))
    delay = size - hop  # that of its spectra
    return np.ascontiguousarray(made[:, delay : delay + len(samples)].T, np.float32)


def network() -> Net:
    """DeepFilterNet 3 with weights of no meaning."""
    _without_its_files()
    from df.config import config
    from df.deepfilternet3 import ModelParams, init_model
    from df.utils import get_norm_alpha
    from libdf import DF
    from loguru import logger

    logger.remove()
    config.use_defaults(allow_reload=True)
    for section, options in PUBLISHED.items():
        for option, value in options.items():
            config.set(option, value, str, section)
    told = ModelParams()
    state = DF(
        sr=told.sr,
        fft_size=told.fft_size,
        hop_size=told.hop_size,
        nb_bands=told.nb_erb,
        min_nb_erb_freqs=told.min_nb_freqs,
    )
    return Net(init_model(state).cpu().eval(), state, state.erb_widths(), get_norm_alpha(log=False))


def _without_its_files() -> None:
    """Let `df` be imported without what it begins with: that reads files, with what torchaudio no longer has."""
    spec = find_spec("df")
    if spec is not None and "df" not in modules:
        modules["df"] = module_from_spec(spec)  # found, and not run


def _file(folder: Path) -> Path:
    """The file of weights: a .safetensors, or the checkpoint as it was published. Raises Unavailable."""
    for pattern in ("*.safetensors", "*.ckpt.best", "checkpoints/*.ckpt.best", "checkpoints/*.ckpt"):
        if found := sorted(folder.glob(pattern)):
            return found[-1]
    raise Unavailable(
        f"tool 'deepfilternet' finds no .safetensors and no checkpoints/*.ckpt.best in '{folder}'; fetch the weights "
        "of fal/DeepFilterNet3, or name the folder that DeepFilterNet3.zip unpacks to"
    )


TOOL: Tool = DeepFilterNet()
