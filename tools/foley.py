"""Sound effects made by calculation: no recordings, no weights, no network.

Physical and spectral models of some hundred and fifty sounds, named by a description in English. It knows what
it knows: a description that names none of its sounds is refused, never answered with noise.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from wavagent.audio import RATE, Audio
from wavagent.errors import Refused
from wavagent.tool import Card, Licence, Params, Request, Result, SoundParams, Tool

from ._foley.catalogue import SOUNDS
from ._foley.language import Match, classify, nearest
from ._foley.perform import natural, perform

__all__ = ["CLASSES", "TEXTURES", "TOOL", "Foley", "Match", "classify"]

CLASSES: Mapping[str, str] = MappingProxyType({name: sound.words for name, sound in SOUNDS.items()})
"""What it knows: each sound's name, and the patterns of words that name it."""

TEXTURES = frozenset(name for name, sound in SOUNDS.items() if sound.texture)
"""The sounds that go on, and can lie under a scene; the others are events."""


class Foley(Tool):
    """Procedural sound effects and ambiences, 48 kHz stereo; the same request gives the same samples."""

    card = Card(
        name="foley",
        version="1",
        task="sound",
        summary=f"{len(SOUNDS)} sounds by procedural synthesis, from rain to a slamming door",
        languages=("en",),
        rate=RATE,
        channels=2,
        loops=True,
        pool="cpu",
        memory_mb=150,
        speed=150.0,
        code_licence=Licence(name="Apache-2.0", commercial=True),
    )
    params = SoundParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        """A clip for each request. Raises Refused for a description that names no sound it knows."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Result:
        params: SoundParams = request.params
        match = classify(params.what)
        if match is None:
            raise Refused(_unknown(params.what))
        samples = perform(match, params.seconds, params.loop, request.seed or 0)
        return Result(Audio(samples, RATE), data={"sounds": list(match.names)})

    def refusal(self, params: Params) -> str | None:
        """Why it will not make `params`: the description names no sound it knows."""
        assert isinstance(params, SoundParams)
        return None if classify(params.what) else _unknown(params.what)

    def seconds(self, params: Params) -> float:
        """How long the clip will last: what is asked, else the usual length of such a sound."""
        assert isinstance(params, SoundParams)
        if params.seconds is not None:
            return params.seconds
        match = classify(params.what)
        return natural(match) if match else 0.0


def _unknown(what: str) -> str:
    shown = ascii(what if len(what) <= 60 else f"{what[:57]}...")
    near = nearest(what)
    hint = (
        f"nearest in spelling: {', '.join(near)}" if near else "it knows rain, wind, birds, footsteps_wood, door_slam"
    )
    return f"foley knows no sound for {shown}; {hint} ({len(SOUNDS)} in all); describe one of them or use another tool"


TOOL = Foley()
