"""audioldm2_music: music from a description, by AudioLDM 2 with the weights that were trained on music."""

from pydantic import Field

from wavagent.tool import MusicParams, Tool, Weights

from ._expert import Denoising
from .audioldm2 import AudioLDM2


class AudioLDM2MusicParams(MusicParams, Denoising):
    """What AudioLDM 2 takes: as long as the clips it was trained on."""

    seconds: float = Field(default=10.0, ge=0.2, le=10.24)
    steps: int = Field(default=200, ge=1, le=1000)


class AudioLDM2Music(AudioLDM2):
    """The same model with other weights."""

    card = AudioLDM2.card.model_copy(
        update={
            "name": "audioldm2_music",
            "task": "music",
            "summary": "Short music from a description, with AudioLDM 2; beds are repeated",
            "weights": (Weights(repo="cvssp/audioldm2-music", megabytes=4_500),),
        }
    )
    params = AudioLDM2MusicParams


TOOL: Tool = AudioLDM2Music()
