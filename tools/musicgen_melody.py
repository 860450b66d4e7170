"""musicgen_melody: music from a description, along a melody, by Meta's MusicGen Melody, as transformers runs it."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import Field

from wavagent.audio import Audio
from wavagent.tool import Request, Result, Tool, Weights

from ._expert import Expert, Place, in_batches
from ._musicgen import Decoding, Sampling, of_tunes
from .musicgen import FRAMES, Musicgen, MusicgenParams

FFT, HOP = 16_384, 4_096
"""Samples that the pitch classes of a moment are taken from, and between two moments."""


class MusicgenMelodyParams(MusicgenParams):
    """What MusicGen Melody takes; the clip `melody`, where there is one, is the tune that it follows."""

    seconds: float = Field(default=24.0, ge=0.5, le=30.0)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The model with its tokenizer, the filters from frequencies to pitch classes, and how its decoder is laid out."""

    model: Any
    tokenizer: Any
    filters: Any
    device: str
    decoding: Decoding


class MusicgenMelody(Expert[Loaded]):
    """MusicGen that hears, before the words, which of the twelve pitch classes is the strongest at every moment."""

    card = Musicgen.card.model_copy(
        update={
            "name": "musicgen_melody",
            "summary": "Instrumental music from a description, along a melody, with MusicGen Melody; up to 30 s",
            "longest": 30.0,
            "follows": True,
            "memory_mb": 8_000,
            "weights": (Weights(repo="facebook/musicgen-melody", megabytes=6_300),),
            "attribution": ("MusicGen Melody, by Meta AI (CC BY-NC 4.0)",),
        }
    )
    params = MusicgenMelodyParams

    def load(self, place: Place) -> Loaded:
        import torch
        from transformers import AutoTokenizer, MusicgenMelodyForConditionalGeneration
        from transformers.audio_utils import chroma_filter_bank

        model = MusicgenMelodyForConditionalGeneration.from_pretrained(place.folder, dtype=place.dtype, **place.loading)
        tokenizer = AutoTokenizer.from_pretrained(place.folder, local_files_only=True)
        filters = chroma_filter_bank(
            sampling_rate=self.card.rate, num_frequency_bins=FFT, tuning=0, num_chroma=model.config.num_chroma
        )
        model = model.to(place.device).eval()
        return Loaded(model, tokenizer, torch.from_numpy(filters).float(), place.device, Decoding(model.decoder))

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        def alike(request: Request) -> Hashable:
            settings = request.params.model_dump_json(include={"guidance", "temperature", "top"})
            # of as many tokens: the model hears the padding of the shorter ones
            return settings, len(model.tokenizer(request.params.what).input_ids)

        return in_batches(requests, alike, lambda batch: self._together(model, batch))

    def _together(self, model: Loaded, requests: Sequence[Request]) -> list[Result]:
        """Requests with the same settings, as one batch as long as the longest of them."""
        import torch

        params, rate = requests[0].params, self.card.rate
        told = model.tokenizer([request.params.what for request in requests], return_tensors="pt").to(model.device)
        tunes = torch.stack([_tune(request.inputs.get("melody"), model, rate) for request in requests])
        sampling = Sampling(params.guidance, params.temperature, params.top)
        prompt = of_tunes(model.model, told, tunes.to(model.device, model.model.dtype), sampling.guided)
        seconds = [request.params.seconds for request in requests]
        steps, seeds = round(max(seconds) * FRAMES), [request.seed or 0 for request in requests]
        codes = model.decoding(prompt, steps, sampling, seeds, self.alive)
        audio = model.model.audio_encoder.decode(codes[None], [None] * len(requests)).audio_values
        made = audio[:, 0].float().cpu().numpy()
        return [Result(Audio.of(row[: round(length * rate)], rate)) for row, length in zip(made, seconds, strict=True)]


def _tune(melody: Audio | None, model: Loaded, rate: int) -> Any:
    """The strongest pitch class of every moment, one-hot, of shape (moments, 12); repeated to the model's length."""
    import torch

    length, classes = model.model.config.chroma_length, model.model.config.num_chroma
    if melody is None:
        found = torch.zeros(1, dtype=torch.long)  # what the model was trained to take for no melody
    else:
        found = strongest(melody, model.filters, rate)
    repeated = found.repeat(-(-length // len(found)))[:length]
    return torch.nn.functional.one_hot(repeated, classes).float()


def strongest(melody: Audio, filters: Any, rate: int) -> Any:
    """The number of the strongest pitch class, C is 0, at every moment: a short-time Fourier transform, folded."""
    import soxr
    import torch

    mono = melody.samples.mean(axis=1)
    samples = np.ascontiguousarray(soxr.resample(mono, melody.rate, rate), np.float32)
    wave = torch.nn.functional.pad(torch.from_numpy(samples), (0, max(0, FFT - len(samples))))
    window = torch.hann_window(FFT)
    power = torch.stft(wave, FFT, HOP, window=window, center=True, return_complex=True).abs().square()
    return (filters @ power).argmax(0)


TOOL: Tool = MusicgenMelody()
