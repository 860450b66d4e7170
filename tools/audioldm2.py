"""audioldm2: any sound from a description, by AudioLDM 2 (Liu et al., 2023), as diffusers runs it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from wavagent.tool import Card, Licence, Params, SoundParams, Tool, Weights

from ._expert import Batch, Denoiser, Denoising


class AudioLDM2Params(SoundParams, Denoising):
    """What AudioLDM 2 takes: as long as the clips it was trained on."""

    seconds: float | None = Field(default=None, ge=0.2, le=10.24, description="None: 5 seconds")
    steps: int = Field(default=200, ge=1, le=1000)


class AudioLDM2(Denoiser):
    """Latent diffusion, told by CLAP and T5 and by what a GPT-2 makes of both."""

    card = Card(
        name="audioldm2",
        version="1",
        task="sound",
        summary="Any sound from a description, with AudioLDM 2",
        rate=16_000,
        channels=1,
        longest=10.24,
        batch=8,
        pool="gpu",
        memory_mb=6_000,
        dtype="bfloat16",
        deterministic=False,  # the same seed is the same sound on the same device and batch width, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-SA-4.0", commercial=False),
        weights=(Weights(repo="cvssp/audioldm2", megabytes=4_500),),
        attribution=("AudioLDM 2, by Haohe Liu et al. (CC BY-NC-SA 4.0)",),
        requires=("torch", "transformers", "diffusers"),
        install="pip install 'wavagent[experts]'",
    )
    params: ClassVar[type[Params]] = AudioLDM2Params
    pipeline = "AudioLDM2Pipeline"
    grain = 2.56

    def denoise(self, pipe: Any, batch: Batch) -> Any:
        told = [_told(pipe, what, avoid) for what, avoid in zip(batch.whats, batch.avoids, strict=True)]
        return pipe(
            **_stacked(told),
            audio_length_in_s=batch.seconds,
            num_inference_steps=batch.params.steps,
            guidance_scale=batch.params.guidance,
            generator=batch.generators,
            callback=self.alive,
        ).audios


def _told(pipe: Any, what: str, avoid: str) -> tuple[Any, Any, Any]:
    """What the model hears of one request: embeddings, their mask and those of the language model, (2, …) each.

    One at a time, for the language model would hear the padding to the longest of a batch.
    """
    embeddings, mask, generated = pipe.encode_prompt(what, pipe.device, 1, True, negative_prompt=avoid)
    return embeddings, mask, generated


def _stacked(told: Sequence[tuple[Any, Any, Any]]) -> dict[str, Any]:
    """A batch of them, padded at the end with what the mask hides."""
    import torch
    from torch.nn.functional import pad

    longest = max(embeddings.shape[1] for embeddings, _, _ in told)
    embeddings = torch.stack([pad(one, (0, 0, 0, longest - one.shape[1])) for one, _, _ in told], 1)
    masks = torch.stack([pad(mask, (0, longest - mask.shape[1])) for _, mask, _ in told], 1)
    generated = torch.stack([one for _, _, one in told], 1)
    parts = ("prompt_embeds", embeddings), ("attention_mask", masks), ("generated_prompt_embeds", generated)
    return {f"{sign}{name}": value[row] for name, value in parts for row, sign in enumerate(("negative_", ""))}


TOOL: Tool = AudioLDM2()
