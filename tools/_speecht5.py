"""The voices of SpeechT5: x-vectors, 512 numbers that say how somebody sounds, each in a .npy file.

Those of CMU ARCTIC are published. A folder with files of one's own, of whatever names, offers those as well: `NAME.npy`
is the voice NAME.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wavagent.errors import Broken, Unavailable
from wavagent.tool import Gender, VoiceCard, Weights
from wavagent.weights import folder_of, pin_of

from ._expert import Expert
from ._expert.expert import Model

_SPEAKERS: Mapping[str, tuple[str, Gender]] = {
    "awb": ("Scottish man", "male"),
    "bdl": ("American man", "male"),
    "clb": ("American woman", "female"),
    "jmk": ("Canadian man", "male"),
    "ksp": ("Indian man", "male"),
    "rms": ("American man", "male"),
    "slt": ("American woman", "female"),
}
"""The speakers of CMU ARCTIC whose x-vectors are published."""

VOICES = tuple(
    VoiceCard(id=id, name=f"{id}, {who}", language="en", gender=gender) for id, (who, gender) in _SPEAKERS.items()
)

VOCODER = Weights(repo="microsoft/speecht5_hifigan", megabytes=55, part="vocoder")

_XVECTORS = Weights(repo="Matthijs/cmu-arctic-xvectors", megabytes=20, part="voices", plain=("*.npy",))

_NO_VOICES = (
    "needs the x-vectors of its voices: unpack spkrec-xvect.zip of "
    "https://huggingface.co/datasets/Matthijs/cmu-arctic-xvectors and type: "
    "wavagent tools fetch {name} --part voices --folder DIR"
)


class Voiced(Expert[Model]):
    """An expert that needs, beside its weights, a folder of x-vectors: its part `voices`."""

    def lack(self) -> str | None:
        if self._folders is not None:
            return None
        if lack := super().lack():
            return lack
        return None if self.voices is not None else _NO_VOICES.format(name=self.card.name)

    def weights_of(self, part: str) -> Weights | None:
        return _XVECTORS if part == "voices" else super().weights_of(part)

    def chosen(self) -> Sequence[Weights]:
        if lack := self.lack():
            raise Unavailable(f"tool '{self.card.name}' {lack}")
        return (*self.card.weights, _XVECTORS)

    @property
    def edition(self) -> str:
        pins = [pin_of(self.card.name, weights.part) for weights in (*self.card.weights, _XVECTORS)]
        return " ".join(pin.edition for pin in pins if pin is not None)

    @property
    def voices(self) -> Path | None:
        """The folder of its x-vectors; None when it is not here."""
        if self._folders is not None:
            return self._folders["voices"]
        try:
            return folder_of(self, _XVECTORS)
        except Unavailable:
            return None


def named(voice: str) -> bool:
    """Whether `voice` can be the name of an x-vector."""
    return voice.replace("-", "_").isidentifier()


def file_of(folder: Path, voice: str) -> Path | None:
    """The x-vector of a voice: NAME.npy, or the first of a speaker's that are published together."""
    if not named(voice):
        return None
    return next(iter([*folder.rglob(f"{voice}.npy"), *sorted(folder.rglob(f"cmu_us_{voice}_*.npy"))]), None)


def vector(tool: str, folder: Path, voice: str) -> NDArray[np.float32]:
    """The x-vector of a voice, of shape (n,). Raises Unavailable and Broken."""
    path = file_of(folder, voice)
    if path is None:
        where = f": there is no {voice}.npy in {folder}" if named(voice) else ""
        raise Unavailable(f"{tool} has no voice '{voice}'{where}")
    try:
        found: Any = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise Broken(f"'{path}' holds no x-vector ({error}); it is a .npy file of 512 numbers") from error
    if not isinstance(found, np.ndarray) or found.dtype.kind != "f" or not np.isfinite(found).all():
        raise Broken(f"'{path}' holds no x-vector; it is a .npy file of 512 numbers")
    return np.asarray(found, np.float32).reshape(-1)
