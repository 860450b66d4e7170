"""ace_step: music and songs in stereo from a description and lyrics, by ACE-Step 1.5, as diffusers runs it."""

from typing import Any

from pydantic import Field

from wavagent.tool import Card, Licence, SongParams, Tool, Weights

from ._expert import Batch, Denoiser

INSTRUMENTAL = "[Instrumental]"
"""The lyrics of what nobody sings."""


class AceStepParams(SongParams):
    """What ACE-Step takes. `lyrics` in `language` (ISO 639-1) are sung; without them it is instrumental."""

    seconds: float = Field(default=24.0, ge=1.0, le=300.0)
    lyrics: str = Field(default="", max_length=6000, description="lines, with [verse] and [chorus] between them")
    language: str = Field(default="en", pattern="^[a-z]{2}$")
    tempo: int | None = Field(default=None, ge=30, le=300, description="beats a minute")
    key: str = Field(default="", description="C major, F# minor, …")
    steps: int = Field(default=8, ge=1, le=200)


class AceStep(Denoiser):
    """Flow matching on the latents of 48 kHz stereo; the turbo weights need eight steps and no guidance."""

    card = Card(
        name="ace_step",
        version="1",
        task="music",
        summary="Music and songs with lyrics in 48 kHz stereo, with ACE-Step 1.5; up to five minutes",
        rate=48_000,
        channels=2,
        longest=300.0,
        sings=True,
        batch=1,  # the model hears the padding of the texts of a batch: it has no mask for them
        pool="gpu",
        memory_mb=14_000,
        dtype="bfloat16",
        deterministic=False,  # the same seed is the same piece on the same device, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="ACE-Step/acestep-v15-xl-turbo-diffusers", megabytes=11_500),),
        attribution=("ACE-Step 1.5, by ACE Studio and StepFun (MIT)",),
        requires=("torch", "transformers", "diffusers"),
        install="pip install 'wavagent[experts]'",
    )
    params = AceStepParams
    pipeline = "AceStepPipeline"
    grain = 1.0

    def denoise(self, pipe: Any, batch: Batch) -> Any:
        return [self._one(pipe, request.params, noise, batch.seconds) for request, noise in batch.each]

    def _one(self, pipe: Any, params: AceStepParams, noise: Any, seconds: float) -> Any:
        return pipe(
            params.what,
            lyrics=params.lyrics or INSTRUMENTAL,
            vocal_language=params.language,
            audio_duration=seconds,
            bpm=params.tempo,
            keyscale=params.key,
            num_inference_steps=params.steps,
            guidance_scale=1.0,
            generator=noise,
            callback=self.alive,
            output_type="np",
        ).audios[0]


TOOL: Tool = AceStep()
