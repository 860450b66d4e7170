"""An expert whose model is one of audiocraft's, which makes tokens of sound one after the other from a description."""

import math
from abc import abstractmethod
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from pydantic import Field

from wavagent.audio import Audio
from wavagent.errors import Unavailable
from wavagent.tool import Params, Request, Result

from .._expert import Expert, Place, Rows, in_batches
from .checkpoint import reading
from .standing_in import stand_in


class Crafting(Params):
    """How tokens are drawn. `guidance` is how closely they keep to the words (classifier-free guidance)."""

    guidance: float = Field(default=3.0, ge=1.0, le=10.0)
    temperature: float = Field(default=1.0, gt=0.0, le=2.0)
    top: int = Field(default=250, ge=0, le=2048, description="of how many of the likeliest tokens is drawn; 0: all")


class Crafted(Expert[Any]):
    """Loads `kind`, a class of `audiocraft.models`, from the part `model`, with the T5 of the part `text`.

    What is longer than the model's window goes on from the end of what was made, as audiocraft does it: of every
    further window the part `fresh` is new, and the rest is heard again.
    """

    kind: ClassVar[str]
    fresh: ClassVar[float]

    def load(self, place: Place) -> Any:
        name = self.card.name
        if not place.of("model").pickle:  # the T5 is none
            raise Unavailable(
                f"tool '{name}' needs weights that are pickles, which can run code when they are loaded; if you trust "
                f"whoever made them: wavagent tools fetch {name} --allow-pickle"
            )
        stand_in()
        from audiocraft import models

        device = "cuda" if place.device == "cuda" else "cpu"
        with reading(place.folders["text"]), self._surroundings(place):
            model = getattr(models, self.kind).get_pretrained(str(place.folders["model"]), device=device)
        if (model.sample_rate, model.audio_channels) != (self.card.rate, self.card.channels):
            raise Unavailable(
                f"the weights of tool '{name}' make {model.audio_channels} channels at {model.sample_rate} Hz, not the "
                f"{self.card.channels} at {self.card.rate} Hz of its card; fetch others"
            )
        model.set_custom_progress_callback(self.alive)
        return model

    def make(self, model: Any, requests: Sequence[Request]) -> Sequence[Result]:
        return in_batches(
            requests, lambda request: self._kind(model, request), lambda alike: self._together(model, alike)
        )

    @abstractmethod
    def generate(self, model: Any, requests: Sequence[Request]) -> Any:
        """Samples of shape (requests, channels, samples), as long as the model was told."""

    @contextmanager
    def _surroundings(self, place: Place) -> Iterator[None]:
        """What else the model needs while it is built."""
        yield

    def _alike(self, request: Request) -> Hashable:
        """What else requests of one batch have in common."""
        return None

    def _kind(self, model: Any, request: Request) -> Hashable:
        """What requests of one batch have in common: as long, and of as many tokens of text, for the model hears the
        padding of the shorter ones."""
        tokenizer = model.lm.condition_provider.conditioners["description"].t5_tokenizer
        settings = request.params.model_dump_json(include={"guidance", "temperature", "top"})
        tokens = len(tokenizer(request.params.what).input_ids)
        return settings, tokens, self._whole(request), self._alike(request)

    def _together(self, model: Any, requests: Sequence[Request]) -> list[Result]:
        params = requests[0].params
        rows = Rows([request.seed or 0 for request in requests], temperature=params.temperature, top=params.top)
        model.set_generation_params(
            duration=self._whole(requests[0]),
            top_k=0,  # all that is drawn is drawn by the rows, each from its own seed
            cfg_coef=params.guidance,
            extend_stride=model.max_duration * self.fresh,
        )
        with _drawing(rows):
            samples = self.generate(model, requests).float().cpu().numpy()
        return [Result(self._cut(row, request)) for row, request in zip(samples, requests, strict=True)]

    def _cut(self, row: Any, request: Request) -> Audio:
        return Audio.of(row.T[: round(self.seconds(request.params) * self.card.rate)], self.card.rate)

    def _whole(self, request: Request) -> int:
        """The seconds that are made: whole ones, so that clips of about the same length can be one batch."""
        return math.ceil(round(self.seconds(request.params), 6))


@contextmanager
def _drawing(rows: Rows) -> Iterator[None]:
    """In the block audiocraft draws with `rows`, which tells the requests of a batch apart."""
    from audiocraft.utils import utils

    def draw(chances: Any, **_: Any) -> Any:
        """One token for each of (requests, codebooks, tokens), shape (requests, codebooks, 1)."""
        return rows(None, chances.log().flatten(0, 1)).argmax(-1).reshape(*chances.shape[:-1], 1)

    theirs, utils.multinomial = utils.multinomial, draw
    try:
        yield
    finally:
        utils.multinomial = theirs
