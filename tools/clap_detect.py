"""clap_detect: which of the sounds that were named is heard, and when, by LAION's CLAP (Wu et al., 2023)."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from wavagent.tool import Card, Licence, Request, Result, Tool

from ._clap import WEIGHTS, Clap, Loaded
from ._tags import TagParams, tags

WORDING = "This is a sound of {}."
"""How a label is put into a sentence: the model was trained on captions."""


class ClapDetectParams(TagParams):
    """What it takes: the sounds to tell apart, in words of anybody's own; the likelihoods add up to 1."""

    labels: tuple[str, ...] = Field(min_length=2, max_length=1000)


class ClapDetect(Clap):
    """No list of classes: any sound that can be named."""

    card = Card(
        name="clap_detect",
        version="1",
        task="detect",
        summary="Which of the sounds that you name is heard, and when, with CLAP",
        languages=("en",),
        rate=48_000,
        batch=8,
        pool="gpu",
        on_request=True,  # it wants labels
        memory_mb=1_500,
        dtype="bfloat16",
        speed=20.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="Apache-2.0", commercial=True),
        weights=(WEIGHTS,),
        attribution=("CLAP, by LAION (Apache-2.0)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )
    params = ClapDetectParams

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [self._one(model, request) for request in requests]

    def _one(self, model: Loaded, request: Request) -> Result:
        labels = request.params.labels
        windows = self.windows(request)
        sounds = self.sounds(model, [wave for _, wave in windows])
        texts = self.descriptions(model, [WORDING.format(label) for label in labels])
        logits = sounds @ texts.T * float(model.model.logit_scale_a.exp())
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        seconds = request.inputs["audio"].seconds
        return Result(data=tags(labels, list(likely), [start for start, _ in windows], seconds, request.params))


TOOL: Tool = ClapDetect()
