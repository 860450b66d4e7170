"""stable_audio_music: music in stereo from a description, by the same Stable Audio Open that makes sounds."""

from pydantic import Field

from wavagent.tool import MusicParams, Tool

from ._expert import Denoising
from .stable_audio import StableAudio


class StableAudioMusicParams(MusicParams, Denoising):
    """What Stable Audio takes."""

    seconds: float = Field(default=24.0, ge=0.5, le=47.0)
    guidance: float = Field(default=7.0, gt=1.0, le=20.0)


class StableAudioMusic(StableAudio):
    """The same model, asked for music."""

    card = StableAudio.card.model_copy(
        update={
            "name": "stable_audio_music",
            "task": "music",
            "summary": "Music in 44.1 kHz stereo from a description, with Stable Audio Open; up to 47 s",
        }
    )
    params = StableAudioMusicParams


TOOL: Tool = StableAudioMusic()
