"""audioldm: any sound from a description, by AudioLDM (Liu et al., 2023): smaller and quicker than its successor."""

from typing import Any, ClassVar

from pydantic import Field

from wavagent.tool import Card, Licence, Params, SoundParams, Tool, Weights

from ._expert import Batch, Denoiser, Denoising


class AudioLDMParams(SoundParams, Denoising):
    """What AudioLDM takes: as long as the clips it was trained on."""

    seconds: float | None = Field(default=None, ge=0.2, le=10.24, description="None: 5 seconds")
    steps: int = Field(default=200, ge=1, le=1000)
    guidance: float = Field(default=2.5, gt=1.0, le=20.0)


class AudioLDM(Denoiser):
    """Latent diffusion, told by CLAP alone."""

    card = Card(
        name="audioldm",
        version="1",
        task="sound",
        summary="Any sound from a description, with AudioLDM: smaller than AudioLDM 2",
        rate=16_000,
        channels=1,
        longest=10.24,
        batch=8,
        pool="gpu",
        memory_mb=2_500,
        dtype="bfloat16",
        deterministic=False,  # the same seed is the same sound on the same device and batch width, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-SA-4.0", commercial=False),
        weights=(Weights(repo="cvssp/audioldm-s-full-v2", megabytes=1_700),),
        attribution=("AudioLDM, by Haohe Liu et al. (CC BY-NC-SA 4.0)",),
        requires=("torch", "transformers", "diffusers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = AudioLDMParams
    pipeline = "AudioLDMPipeline"
    grain = 2.56

    def denoise(self, pipe: Any, batch: Batch) -> Any:
        return pipe(
            batch.whats,
            negative_prompt=batch.avoids,
            audio_length_in_s=batch.seconds,
            num_inference_steps=batch.params.steps,
            guidance_scale=batch.params.guidance,
            generator=batch.generators,
            callback=self.alive,
        ).audios


TOOL: Tool = AudioLDM()
