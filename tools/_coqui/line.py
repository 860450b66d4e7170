"""How a line is said by a model of TTS: in pieces, from one seed, in a voice of the model or in that of a recording."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from wavagent.audio import Audio
from wavagent.errors import Refused, Unavailable
from wavagent.tool import Request, Result, SpeechParams
from wavagent.weights import pin_of

from .._expert import Expert, Place, Wave, drawn, reference
from .language import nearest
from .pieces import pieces

SHORTEST, LONGEST = 2.0, 600.0
"""Seconds of a reference; of a long one only the beginning is heard."""

PAUSE = 0.15
"""Seconds between two pieces of a line."""

LEAVE = (
    "needs leave to open its weights, which are pickles, and those can run code when they are loaded; if you trust "
    "whoever made them"
)

Model = TypeVar("Model")


class Synthesizer(ABC):
    """A model that speaks: on `device`, at `rate` hertz, in `languages` as it calls them; it hears at `hears` hertz."""

    device: str
    rate: int
    hears: int
    languages: Sequence[str]

    def called(self, language: str) -> str | None:
        """What it calls `language` (BCP 47); None: it does not speak it."""
        return nearest(language, self.languages)

    @abstractmethod
    def limit(self, language: str) -> int:
        """Characters that it says well at once."""

    @abstractmethod
    def who(self, voice: str, heard: Wave | None) -> Any:
        """Whose voice it is to speak with: that of what was `heard`, else its own `voice`. Raises Refused."""

    @abstractmethod
    def say(self, text: str, who: Any, language: str, params: Any) -> Wave:
        """The sound of a piece."""


class Coqui(Expert[Model]):
    """A batch is done line by line: what the library makes of several at once depends on the company."""

    @abstractmethod
    def synthesizer(self, model: Model, params: Any) -> Synthesizer:
        """What says a line with `params`."""

    def speaker(self, voice: str) -> str:
        """What the model calls `voice`."""
        return voice

    def make(self, model: Model, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._said(model, request) for request in requests]

    def refusal(self, params: SpeechParams) -> str | None:
        if nearest(params.language, self.card.languages) is None:
            return f"does not speak '{params.language}'; it speaks {', '.join(self.card.languages)}"
        return None

    def seconds(self, params: SpeechParams) -> float:
        return max(0.5, len(params.text) / 15.0) / params.pace

    def lack(self) -> str | None:
        if self._folders is not None:
            return None
        if lack := super().lack():
            return f"{lack} --allow-pickle" if "wavagent tools fetch" in lack else lack  # there is nothing but pickles
        forbidden = [self.forbidden(weights.part) for weights in self.chosen()]
        return forbidden[0] if forbidden and all(forbidden) else None

    def allowed(self, place: Place, part: str = "") -> None:
        """Raises Unavailable when nobody allowed that the pickles of a part are opened."""
        if part not in place.pickles:
            raise Unavailable(f"tool '{self.card.name}' {self.forbidden(part) or LEAVE}")

    def forbidden(self, part: str) -> str | None:
        """What the weights of a part lack to be opened, and what to type."""
        pin = pin_of(self.card.name, part)
        if pin is None or pin.pickle:
            return None
        chosen = f" --folder {pin.folder}" if pin.folder else ""
        named = f" --part {part}" if part else ""
        return f"{LEAVE}: wavagent tools fetch {self.card.name}{named}{chosen} --allow-pickle"

    def _said(self, model: Model, request: Request) -> Result:
        self.alive()
        if reason := self.refusal(request.params):
            raise Refused(f"tool '{self.card.name}' {reason}")
        synthesizer = self.synthesizer(model, request.params)
        params: SpeechParams = request.params
        language = synthesizer.called(params.language)
        if language is None:
            raise Refused(f"this voice of tool '{self.card.name}' does not speak '{params.language}'")
        heard = reference(request, self.card.name, synthesizer.hears, SHORTEST, LONGEST) if self.card.clones else None
        who = synthesizer.who(self.speaker(params.voice), heard)
        said: list[Wave] = []
        with drawn(request.seed or 0, synthesizer.device):
            for piece in pieces(params.text, synthesizer.limit(language)):
                self.alive()
                said.append(synthesizer.say(piece, who, language, params))
        return Result(Audio.of(_joined(said, synthesizer.rate), synthesizer.rate))


def _joined(waves: Sequence[Wave], rate: int) -> Wave:
    """The pieces one after the other."""
    pause = np.zeros(round(PAUSE * rate), np.float32)
    with_pauses = [part for wave in waves for part in (pause, wave)][1:]
    return np.concatenate(with_pauses) if with_pauses else pause
