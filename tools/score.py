"""score: a composer. It writes a piece from a description and plays it with a General MIDI SoundFont.

It needs no weights, no key and no network: the bank is the one that the `pretty_midi` package installs.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from wavagent.audio import CHANNELS, RATE, Audio
from wavagent.errors import Unavailable
from wavagent.tool import Card, Licence, MusicParams, Request, Result, Tool

from ._composer import brief, piece
from ._composer.brief import FASTEST, SLOWEST, Brief
from ._composer.instruments import INSTRUMENTS

BANK = "TimGM6mb.sf2"
INSTALL = "pip install symusic==0.5.8 pretty_midi"


class ScoreParams(MusicParams):
    """What the composer takes. `what` alone is enough; the rest, where it is given, counts before `what`."""

    seconds: float = Field(default=24.0, ge=0.5, le=600.0)
    mood: str = Field(default="", description="a word for the feeling: calm, tense, joyful, ...")
    tempo: float | None = Field(default=None, ge=SLOWEST, le=FASTEST, description="beats a minute, nearly kept")
    key: str = Field(default="", description="such as 'D minor', 'F#', 'Bb major'")
    instruments: tuple[str, ...] = Field(default=(), description="such as 'piano', 'strings', 'music box'")

    @field_validator("key")
    @classmethod
    def _is_key(cls, value: str) -> str:
        if value and not brief.key(value):
            raise ValueError(f"'{value}' is no key; write one like 'D minor' or 'F# major'")
        return value

    def brief(self) -> Brief:
        return brief.read(self.what, self.mood, self.tempo, self.key, self.instruments)


class Score(Tool):
    """Composes by rules with a seeded generator, and renders with symusic."""

    card = Card(
        name="score",
        version="1",
        task="music",
        summary="Composes instrumental music from a description (mood, style, tempo, key, instruments) and plays it"
        " with TimGM6mb, the General MIDI bank that pretty_midi brings (GPL-2.0; what is played with it is yours)",
        rate=RATE,
        channels=CHANNELS,
        longest=600.0,
        loops=True,
        pool="cpu",
        memory_mb=360,
        speed=60.0,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="GPL-2.0-only", commercial=True),
        attribution=("the sound bank TimGM6mb, by Tim Brechbill and David Bolton (GPL-2.0)",),
        requires=("symusic", "pretty_midi"),
        install=INSTALL,
    )
    params = ScoreParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        """A clip of exactly round(seconds * 48000) frames for each request; `data` says what was composed.

        Raises Unavailable when symusic or the sound bank is not installed.
        """
        return [self._compose(request.params, request.seed or 0) for request in requests]

    def refusal(self, params: Any) -> str | None:
        """Only what no composer of instrumental music can do: words, voices, an instrument nobody has."""
        if reason := brief.impossible(params.what):
            return reason
        for name in params.instruments:
            if not brief.instrument(name):
                return f"no instrument is called '{name}'; there are: {', '.join(INSTRUMENTS)}"
        return None

    def _compose(self, params: ScoreParams, seed: int) -> Result:
        path = _bank()
        asked = params.brief()
        composed = piece.compose(asked, params.seconds, params.loop, seed, params.what)
        try:
            from ._composer.render import Bank, levelled, render

            bank = Bank(path, RATE)
        except ImportError as error:
            raise Unavailable(f"tool 'score' needs {error.name}, which is missing; type: {INSTALL}") from error
        mix = levelled(render(composed, bank, asked.mood.hall, asked.mood.wet))
        return Result(Audio(mix, RATE), data=_told(asked, composed))


def _bank() -> str:
    """Where the sound bank lies. The package is only looked up, never imported: its import is slow."""
    found = importlib.util.find_spec("pretty_midi")
    path = Path(found.origin).with_name(BANK) if found and found.origin else None
    if path is None or not path.is_file():
        raise Unavailable(f"tool 'score' needs the sound bank {BANK} of pretty_midi; type: {INSTALL}")
    return str(path)


def _told(asked: Brief, composed: piece.Piece) -> dict[str, Any]:
    return {
        "mood": asked.mood.name,
        "style": asked.style,
        "tempo": round(composed.tempo, 2),
        "tonic": composed.tonic,
        "scale": composed.scale,
        "meter": composed.meter,
        "bars": len(composed.bars),
        "instruments": {role: player.name for role, player in asked.ensemble.items()},
    }


TOOL = Score()
