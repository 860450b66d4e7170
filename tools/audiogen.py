"""audiogen: any sound from a description, by Meta's AudioGen (Kreuk et al., 2022), as audiocraft runs it."""

from collections.abc import Sequence
from typing import Any, ClassVar

from pydantic import Field

from wavagent.tool import Card, Licence, Params, Request, SoundParams, Tool, Weights

from ._audiocraft import Crafted, Crafting


class AudiogenParams(SoundParams, Crafting):
    """What AudioGen takes; what is longer than 10 s goes on from the end of what was made."""

    seconds: float | None = Field(default=None, ge=0.5, le=60.0, description="None: 5 seconds")


class Audiogen(Crafted):
    """Token by token, four codebooks of EnCodec at 50 Hz; every request of a batch has its own seed."""

    card = Card(
        name="audiogen",
        version="1",
        task="sound",
        summary="Any sound from a description, with AudioGen; longer than 10 s by continuation",
        rate=16_000,
        channels=1,
        longest=60.0,
        loops=False,
        batch=8,
        pool="gpu",
        isolated=True,
        environment="audiocraft",
        memory_mb=7_000,
        dtype="float16",
        speed=1.0,
        deterministic=False,  # the same seed is the same sound on the same device and batch width, not beyond
        code_licence=Licence(name="MIT", commercial=True),
        weights_licence=Licence(name="CC-BY-NC-4.0", commercial=False),
        weights=(
            Weights(
                repo="facebook/audiogen-medium",
                megabytes=3_920,
                part="model",
                files=("compression_state_dict.bin", "state_dict.bin"),
            ),
            Weights(repo="google-t5/t5-large", megabytes=2_960, part="text"),
        ),
        attribution=("AudioGen, by Meta AI (CC BY-NC 4.0)", "T5, by Google (Apache 2.0)"),
        requires=("torch", "audiocraft"),
        install="wavagent tools install audiogen",
    )
    params: ClassVar[type[Params]] = AudiogenParams
    kind = "AudioGen"
    fresh = 0.2

    def generate(self, model: Any, requests: Sequence[Request]) -> Any:
        return model.generate([request.params.what for request in requests], progress=True)


TOOL: Tool = Audiogen()
