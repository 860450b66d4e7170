"""musicldm: music from a description, by MusicLDM (Chen et al., 2023), as diffusers runs it."""

from typing import Any

from pydantic import Field

from wavagent.tool import Card, Licence, MusicParams, Tool, Weights

from ._expert import Denoising, Place
from .audioldm import AudioLDM


class MusicLDMParams(MusicParams, Denoising):
    """What MusicLDM takes: as long as the clips it was trained on."""

    seconds: float = Field(default=10.0, ge=0.2, le=10.24)
    steps: int = Field(default=200, ge=1, le=1000)
    guidance: float = Field(default=2.0, gt=1.0, le=20.0)


class MusicLDM(AudioLDM):
    """AudioLDM's architecture, trained on music, with beats mixed up against copying."""

    card = Card(
        name="musicldm",
        version="1",
        task="music",
        summary="Short music from a description, with MusicLDM; beds are repeated",
        rate=16_000,
        channels=1,
        longest=10.24,
        batch=8,
        pool="gpu",
        memory_mb=3_000,
        dtype="bfloat16",
        deterministic=False,  # the same seed is the same piece on the same device and batch width, not beyond
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-SA-4.0", commercial=False),
        weights=(Weights(repo="ucsd-reach/musicldm", megabytes=2_400),),
        attribution=("MusicLDM, by Ke Chen et al. (CC BY-NC-SA 4.0)",),
        requires=("torch", "transformers", "diffusers"),
        install="pip install 'wavagent[experts]'",
    )
    params = MusicLDMParams
    pipeline = "MusicLDMPipeline"

    def load(self, place: Place) -> Any:
        pipe = super().load(place)
        features = pipe.text_encoder.get_text_features

        def pooled(*given: Any, **named: Any) -> Any:
            found = features(*given, **named)
            return getattr(found, "pooler_output", found)  # what the pipeline knows is transformers' before 5

        pipe.text_encoder.get_text_features = pooled
        return pipe


TOOL: Tool = MusicLDM()
