"""audiocraft_melody: music from a description, along a melody, by Meta's MusicGen Melody, as its own library runs it:
drums and bass are taken out of the melody before it is heard, and it may be followed for minutes."""

import random
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import numpy as np

from wavagent.audio import Audio
from wavagent.tool import Params, Request, Tool, Weights

from ._audiocraft import Crafted
from ._expert import Place, heard
from .audiocraft_musicgen import AudiocraftMusicgen, AudiocraftMusicgenParams
from .demucs import Demucs


class AudiocraftMelodyParams(AudiocraftMusicgenParams):
    """What MusicGen Melody takes; the clip `melody`, where there is one, is the tune that it follows."""


class AudiocraftMelody(Crafted):
    """MusicGen that hears, before the words, which of the twelve pitch classes is the strongest at every moment."""

    card = AudiocraftMusicgen.card.model_copy(
        update={
            "name": "audiocraft_melody",
            "summary": "Instrumental music from a description, along a melody, with MusicGen Melody by audiocraft",
            "follows": True,
            "memory_mb": 6_000,
            "weights": (
                Weights(
                    repo="facebook/musicgen-melody",
                    megabytes=3_010,
                    part="model",
                    files=("compression_state_dict.bin", "state_dict.bin"),
                ),
                Weights(repo="google-t5/t5-base", megabytes=900, part="text"),
                Weights(repo="adefossez/HTDemucs", megabytes=170, part="stems"),
            ),
            "attribution": (
                "MusicGen Melody, by Meta AI (CC BY-NC 4.0)",
                "T5, by Google (Apache 2.0)",
                "Demucs, by Meta AI (MIT)",
            ),
            "install": "wavagent tools install audiocraft_melody",
        }
    )
    params: ClassVar[type[Params]] = AudiocraftMelodyParams
    kind = "MusicGen"
    fresh = 0.6

    def generate(self, model: Any, requests: Sequence[Request]) -> Any:
        whats = [request.params.what for request in requests]
        if not _sounding(requests[0].inputs.get("melody")):
            return model.generate(whats, progress=True)
        tunes = [_tune(request.inputs["melody"], model) for request in requests]
        with _repeated():
            return model.generate_with_chroma(whats, tunes, model.sample_rate, progress=True)

    def _alike(self, request: Request) -> Hashable:
        """All follow a melody or none does: what is silent would be heard as one."""
        return _sounding(request.inputs.get("melody"))

    @contextmanager
    def _surroundings(self, place: Place) -> Iterator[None]:
        """The model is built with the Demucs that was fetched, where it would fetch one itself."""
        from demucs import pretrained

        stems = Demucs().load(place.of("stems"))
        stems.register_forward_pre_hook(self.alive)
        library: Any = pretrained
        theirs, library.get_model = library.get_model, lambda name: stems
        try:
            yield
        finally:
            library.get_model = theirs


def _sounding(melody: Audio | None) -> bool:
    return melody is not None and melody.frames > 0


def _tune(melody: Audio, model: Any) -> Any:
    """The melody over and over for as long as a window, of shape (1, samples): in a batch all are as long."""
    import torch

    wave = heard(melody, model.sample_rate)
    if model.duration <= model.max_duration:  # else it is repeated for every window, from where that begins
        wave = np.resize(wave, round(model.max_duration * model.sample_rate))
    return torch.from_numpy(wave)[None]


@contextmanager
def _repeated() -> Iterator[None]:
    """In the block Demucs, which shifts what it hears by chance, does so alike each time."""
    before = random.getstate()
    random.seed(0)
    try:
        yield
    finally:
        random.setstate(before)


TOOL: Tool = AudiocraftMelody()
