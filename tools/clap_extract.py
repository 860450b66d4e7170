"""clap_extract: what words name out of a recording, or all the rest, by what LAION's CLAP (Wu et al., 2023) hears.

No model was trained for this: every few seconds are taken apart into components by non-negative matrix factorisation,
CLAP says how well each fits the words, and those that fit better than the others are kept, through soft masks. Sounds
of their own pitch or time come apart (a bell from rain); two broad noises, or two voices, do not. What is kept and
what is left sum to the recording.
"""

from collections.abc import Sequence

import numpy as np
from pydantic import JsonValue

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Card, ExtractParams, Licence, Request, Result, Tool

from ._clap import WEIGHTS, Clap, Loaded
from ._extract import Components, decomposed, kept, pieces, shares
from ._spectra import Floats
from .clap_detect import WORDING


class ClapExtract(Clap):
    """Any rate, and any number of channels, through the same masks. It says how well what it parted fits the words:
    `data["fit"]`, of `it` and of the `rest`; where they are close, the sound was not found."""

    card = Card(
        name="clap_extract",
        version="1",
        task="extract",
        summary="A sound that you name out of a recording, or all the rest: components that CLAP finds to fit; "
        "no trained separator, so that what overlaps in pitch and time stays together",
        languages=("en",),
        rate=0,
        channels=2,
        batch=4,
        pool="gpu",
        memory_mb=3_000,
        dtype="bfloat16",
        speed=0.5,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(WEIGHTS,),
        attribution=("CLAP, by LAION (Apache-2.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = ExtractParams

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._one(model, request) for request in requests]

    def fits(self, model: Loaded, what: str, clips: Sequence[Audio]) -> Floats:
        """How well each of `clips` fits the words: its cosine."""
        (text,) = self.descriptions(model, [WORDING.format(what)])
        return np.asarray(self.clips(model, [Request(None, {"audio": clip}) for clip in clips]) @ text, np.float64)

    def _one(self, model: Loaded, request: Request) -> Result:
        if "audio" not in request.inputs:
            raise Refused("tool 'clap_extract' works on the clip 'audio', and was given none")
        audio, what = request.inputs["audio"], request.params.what
        if not audio.samples.any():
            return Result(audio)
        it = Audio(kept(audio, self._shared(model, what, audio)), audio.rate)
        rest = Audio(audio.samples - it.samples, audio.rate)
        fits = self.fits(model, what, [it, rest])
        fit: dict[str, JsonValue] = {"it": float(fits[0]), "rest": float(fits[1])}
        return Result(it if request.params.keep == "it" else rest, data={"fit": fit})

    def _shared(self, model: Loaded, what: str, audio: Audio) -> list[tuple[Components, Floats]]:
        """The components of each piece of the clip, and how much of each to keep."""
        found, fits, powers = [], [], []
        for piece in pieces(audio.frames, audio.rate):
            self.alive()
            samples = audio.samples[piece.first : piece.last]
            made = decomposed(samples, audio.rate)
            waves = made.waves(samples.mean(axis=1, dtype=np.float64), audio.rate)
            found.append(made)
            fits.append(self.fits(model, what, [Audio.of(wave, audio.rate) for wave in waves]))
            powers.append(made.powers * float(np.square(samples, dtype=np.float64).sum()))
        weights = shares(np.concatenate(fits), np.concatenate(powers))
        return list(zip(found, np.split(weights, len(found)), strict=True))


TOOL: Tool = ClapExtract()
