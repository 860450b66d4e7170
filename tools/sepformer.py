"""sepformer: one of the people who speak at once, by SepFormer (Subakan et al., 2021), in an environment of its own.

SpeechBrain's own loader builds whatever a YAML file from the hub names, which is as good as running it. Here the
network is built as it was published, in the sizes that its weights have, and the weights are read for tensors alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from wavagent.audio import Audio
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Card, Licence, Params, Request, Result, SpeakersParams, Tool, Weights

from ._checkpoint import State, tensors
from ._expert import Expert, Place, Wave, heard
from ._speakers import in_order, joined, levelled, stretches
from ._spectra import Floats
from ._torchaudio import uncompiled

RATE = 8_000

PARTS = ("encoder", "masknet", "decoder")
"""The network's parts, and the names of their files."""

HEADS = 8
"""Of attention: the one size that cannot be read off the weights."""

FIXED = ".pos_enc.pe"
"""The end of the names of what was not learnt."""

LEAST = 400
"""Frames that the network can be given."""

CHUNK = 250
"""Steps of the encoder that the network looks at together."""


@dataclass(frozen=True, slots=True)
class Net:
    """The network, part by part; it tells `speakers` apart."""

    encoder: Any
    masknet: Any
    decoder: Any
    speakers: int


class SepFormer(Expert[Net]):
    """One channel at 8 kHz, as on the telephone: it was trained on that. Long recordings go through it stretch by
    stretch; who is who in the next one is told by what the two have in common, which fails where nobody speaks there.
    """

    card: ClassVar[Card] = Card(
        name="sepformer",
        version="1",
        task="separate_speakers",
        summary="One of two people who speak at once, with SepFormer: in telephone quality, 8 kHz",
        rate=RATE,
        batch=4,
        pool="gpu",
        isolated=True,
        environment="speechbrain",
        memory_mb=3_000,
        speed=0.3,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(Weights(repo="speechbrain/sepformer-libri2mix", megabytes=113),),
        attribution=("SepFormer, by SpeechBrain (Apache-2.0)",),
        requires=("torch", "speechbrain"),
        install="wavagent tools install sepformer",
    )
    params: ClassVar[type[Params]] = SpeakersParams

    def load(self, place: Place) -> Net:
        states = {part: tensors(_file(place.folder, part), place, self.card.name) for part in PARTS}
        try:
            net = network(states)
        except (KeyError, RuntimeError, ValueError) as error:
            raise Unavailable(
                f"'{place.folder}' holds no weights of a SepFormer that is known here; fetch those of "
                "speechbrain/sepformer-libri2mix or sepformer-wsj02mix"
            ) from error
        for part in (net.encoder, net.masknet, net.decoder):
            part.to(place.device).eval()
        return net

    def make(self, model: Net, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(self._kept(model, request)) for request in requests]

    def _kept(self, net: Net, request: Request) -> Audio:
        if "audio" not in request.inputs:
            raise Refused("tool 'sepformer' works on the clip 'audio', and was given none")
        if request.params.keep > net.speakers:
            raise Refused(
                f"the weights of 'sepformer' tell {net.speakers} speakers apart, so that there is no number "
                f"{request.params.keep}; fetch others: wavagent tools fetch sepformer --repo "
                "speechbrain/sepformer-libri3mix --allow-pickle"
            )
        wave = heard(request.inputs["audio"], RATE)
        if not wave.any():
            return Audio.of(wave, RATE)
        voices = joined([(first, self._parted(net, part)) for first, part in stretches(wave, RATE)], len(wave))
        return Audio.of(in_order(voices, RATE)[request.params.keep - 1], RATE)

    def _parted(self, net: Net, wave: Wave) -> Floats:
        """Every speaker's part of `wave`, (speakers, frames), as loud as it is there."""
        import torch

        self.alive()
        mixture = torch.from_numpy(np.pad(wave, (0, max(0, LEAST - len(wave)))))[None].to(net.decoder.weight.device)
        coded = net.encoder(mixture)
        voices = [net.decoder(coded * mask) for mask in net.masknet(coded)]
        made = np.stack([voice.float().cpu().numpy().reshape(-1)[: len(wave)] for voice in voices])
        return levelled(wave, np.pad(made, ((0, 0), (0, len(wave) - made.shape[1]))))


def network(states: Mapping[str, State]) -> Net:
    """The network with these parameters, by its parts. Raises KeyError, RuntimeError and ValueError when they are
    those of another one."""
    uncompiled()
    from speechbrain.lobes.models.dual_path import Decoder, Dual_Path_Model, Encoder, SBTransformerBlock

    mask, (filters, _, length) = states["masknet"], states["encoder"]["conv1d.weight"].shape
    wide, width = mask["conv2d.weight"].shape[:2]
    layers = "dual_mdl.0.intra_mdl.mdl.layers"

    def block() -> Any:
        return SBTransformerBlock(
            num_layers=_count(mask, layers),
            d_model=width,
            nhead=HEADS,
            d_ffn=mask[f"{layers}.0.pos_ffn.ffn.0.weight"].shape[0],
            dropout=0.0,
            use_positional_encoding=True,
            norm_before=True,
        )

    masknet = Dual_Path_Model(
        filters,
        width,
        block(),
        block(),
        num_layers=_count(mask, "dual_mdl"),
        K=CHUNK,
        num_spks=wide // width,
        linear_layer_after_inter_intra=False,
    )
    encoder = Encoder(kernel_size=length, out_channels=filters)
    decoder = Decoder(filters, 1, kernel_size=length, stride=length // 2, bias=False)
    for part, module in (("masknet", masknet), ("encoder", encoder), ("decoder", decoder)):
        _fill(module, states[part])
    return Net(encoder, masknet, decoder, wide // width)


def _fill(module: Any, state: State) -> None:
    """Raises RuntimeError when a shape differs, and ValueError when a name does."""
    told = {name: tensor.float() for name, tensor in state.items() if not name.endswith(FIXED)}
    missing, strange = module.load_state_dict(told, strict=False)
    if wrong := [*strange, *(name for name in missing if not name.endswith(FIXED))]:
        raise ValueError(f"other parameters than SepFormer's: {', '.join(wrong[:3])}")


def _file(folder: Path, part: str) -> Path:
    """Raises Unavailable when the weights of a part are not there."""
    for path in (folder / f"{part}.safetensors", folder / f"{part}.ckpt"):
        if path.is_file():
            return path
    raise Unavailable(
        f"tool 'sepformer' finds no {part}.ckpt in '{folder}'; fetch the weights of speechbrain/sepformer-libri2mix: "
        "wavagent tools fetch sepformer --allow-pickle"
    )


def _count(state: State, prefix: str) -> int:
    """How many layers there are under `prefix`."""
    numbers = {name[len(prefix) + 1 :].partition(".")[0] for name in state if name.startswith(f"{prefix}.")}
    if not numbers:
        raise KeyError(prefix)
    return len(numbers)


TOOL: Tool = SepFormer()
