"""audiocraft_musicgen: instrumental music from a description, by Meta's MusicGen (Copet et al., 2023), as its own
library runs it, with weights in the form in which Meta publishes them, or your own that audiocraft trained."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from wavagent.tool import Card, Licence, MusicParams, Params, Request, Tool, Weights

from ._audiocraft import Crafted, Crafting


class AudiocraftMusicgenParams(MusicParams, Crafting):
    """What MusicGen takes; what is longer than 30 s goes on from the end of what was made."""

    seconds: float = Field(default=24.0, ge=0.5, le=300.0)


class AudiocraftMusicgen(Crafted):
    """Token by token, four codebooks of EnCodec at 50 Hz; every request of a batch has its own seed."""

    card = Card(
        name="audiocraft_musicgen",
        version="1",
        task="music",
        summary="Instrumental music from a description, with MusicGen by audiocraft; longer than 30 s by continuation",
        rate=32_000,
        channels=1,
        longest=300.0,
        loops=False,
        batch=8,
        pool="gpu",
        isolated=True,
        environment="audiocraft",
        memory_mb=3_000,
        dtype="float16",
        speed=1.0,
        deterministic=False,  # the same seed is the same piece on the same device and batch width, not beyond
        code_licence=Licence(name="MIT", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-4.0", commercial=False),
        weights=(
            Weights(
                repo="facebook/musicgen-small",
                megabytes=1_080,
                part="model",
                files=("compression_state_dict.bin", "state_dict.bin"),
            ),
            Weights(repo="google-t5/t5-base", megabytes=900, part="text"),
        ),
        attribution=("MusicGen, by Meta AI (CC BY-NC 4.0)", "T5, by Google (Apache 2.0)"),
        requires=("torch", "audiocraft"),
        install="wavagent tools install audiocraft_musicgen",
    )
    params: ClassVar[type[Params]] = AudiocraftMusicgenParams
    kind = "MusicGen"
    fresh = 0.6

    def generate(self, model: Any, requests: Sequence[Request]) -> Any:
        return model.generate([request.params.what for request in requests], progress=True)


TOOL: Tool = AudiocraftMusicgen()
