"""stable_audio: sounds and music in stereo from a description, by Stable Audio Open (Evans et al., 2024)."""

from typing import Any, ClassVar

from pydantic import Field

from wavagent.tool import Card, Licence, Params, SoundParams, Tool, Weights

from ._expert import Batch, Denoiser, Denoising


class StableAudioParams(SoundParams, Denoising):
    """What Stable Audio takes. It always makes its whole window, so that a short clip costs as much as a long one."""

    seconds: float | None = Field(default=None, ge=0.5, le=47.0, description="None: 5 seconds")
    guidance: float = Field(default=7.0, gt=1.0, le=20.0)


class StableAudio(Denoiser):
    """A transformer that denoises the latents of 44.1 kHz stereo and is told how long the sound is to be."""

    card = Card(
        name="stable_audio",
        version="1",
        task="sound",
        summary="Sounds in 44.1 kHz stereo from a description, with Stable Audio Open",
        rate=44_100,
        channels=2,
        longest=47.0,
        batch=4,
        pool="gpu",
        memory_mb=8_000,
        dtype="bfloat16",
        deterministic=False,  # the same seed is the same sound on the same device and batch width, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        # It depends on who asks: free up to a revenue that the licence names.
        weights_licence=Licence(name="LicenseRef-Stability-AI-Community", commercial=None),
        weights=(Weights(repo="stabilityai/stable-audio-open-1.0", megabytes=5_300),),
        attribution=("Stable Audio Open, by Stability AI (Stability AI Community License)",),
        requires=("torch", "transformers", "diffusers", "torchsde"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = StableAudioParams
    pipeline = "StableAudioPipeline"
    grain = 1.0

    def denoise(self, pipe: Any, batch: Batch) -> Any:
        return pipe(
            batch.whats,
            negative_prompt=batch.avoids,
            audio_end_in_s=batch.seconds,
            num_inference_steps=batch.params.steps,
            guidance_scale=batch.params.guidance,
            generator=batch.generators,
            callback=self.alive,
            output_type="np",
        ).audios


TOOL: Tool = StableAudio()
