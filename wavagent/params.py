"""What tools take: of every tool for a task, the same. A tool's own parameters are a subclass, in its file."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from wavagent.card import Frozen


class Params(Frozen):
    """What a tool takes. A tool's own parameters subclass this or one of the task's below."""


class SpeechParams(Params):
    """What every speech tool takes: `text` to say in `voice`, one of the card's, in `language` (BCP 47)."""

    text: str = Field(min_length=1)
    voice: str
    language: str = "en"
    pace: float = Field(default=1.0, ge=0.5, le=2.0, description="times the voice's own speed")
    emotion: str = ""
    intensity: float = Field(default=0.5, ge=0.0, le=1.0)


class CloningParams(SpeechParams):
    """What a speech tool takes that clones a voice: `words`, what is said in the clip `reference`; "" if unknown."""

    words: str = ""


class SoundParams(Params):
    """What every sound tool takes: a description, a length in seconds, and whether the clip must loop."""

    what: str = Field(min_length=1)
    seconds: float | None = Field(default=None, gt=0.0, description="None: as long as such a sound lasts")
    loop: bool = False


class MusicParams(Params):
    """What every music tool takes: a description, a length in seconds, and whether the clip must loop."""

    what: str = Field(min_length=1)
    seconds: float = Field(default=24.0, gt=0.0)
    loop: bool = False


class SongParams(MusicParams):
    """What a music tool takes that sings: `lyrics` in `language` (BCP 47, primary); "" is instrumental."""

    lyrics: str = ""
    language: str = "en"


class TranscribeParams(Params):
    """What every transcriber takes beside the clip `audio`: its language (BCP 47). It says `data["text"]`."""

    language: str = "en"


class ScoreParams(Params):
    """What every judge takes beside the clip `audio`: a description. It says how well they agree, the more the better,
    as `data["score"]`."""

    what: str = Field(min_length=1)


class SeparateParams(Params):
    """What every separator takes beside the clip `audio`: whether to keep its speech or singing, or all the rest."""

    keep: Literal["speech", "music"]


class SpeakersParams(Params):
    """What every tool that tells speakers apart takes beside the clip `audio`: which of them to keep; 1 is whoever is
    heard first."""

    keep: int = Field(ge=1, le=3)


class ExtractParams(Params):
    """What every tool that extracts by words takes beside the clip `audio`: what to keep, or to leave out."""

    what: str = Field(min_length=1)
    keep: Literal["it", "rest"] = "it"


class InpaintParams(Params):
    """What every tool that fills gaps takes beside the clip `audio`: the stretch to fill, in seconds."""

    start: float = Field(ge=0.0)
    end: float = Field(gt=0.0)


class BinauralParams(Params):
    """What every binaural tool takes beside the clip `audio`: degrees to the right, and upwards."""

    azimuth: float = Field(default=0.0, ge=-180.0, le=180.0)
    elevation: float = Field(default=0.0, ge=-90.0, le=90.0)


class ConvertParams(Params):
    """What every voice converter takes beside the clip `audio`: the `voice`, one of the card's, that says it again.

    "" is the voice that is heard in the clip `reference`.
    """

    voice: str = ""


TAKES: Mapping[str, type[Params]] = {
    "speech": SpeechParams,
    "music": MusicParams,
    "sound": SoundParams,
    "transcribe": TranscribeParams,
    "score": ScoreParams,
    "separate": SeparateParams,
    "separate_speakers": SpeakersParams,
    "extract": ExtractParams,
    "inpaint": InpaintParams,
    "binaural": BinauralParams,
    "convert_voice": ConvertParams,
}
"""What every tool for a task takes; those of other tasks take what they say."""
