"""clap: how well a sound fits its description, by LAION's CLAP (Wu et al., 2023), as transformers runs it."""

from collections.abc import Sequence

from wavagent.tool import Card, Licence, Request, Result, ScoreParams, Tool

from ._clap import WEIGHTS, Clap, Loaded


class ClapScore(Clap):
    """The cosine between the clip and the description: 1 the same, 0 nothing in common."""

    card = Card(
        name="clap",
        version="1",
        task="score",
        summary="How well a sound fits its description, with CLAP",
        languages=("en",),
        rate=48_000,
        batch=8,
        pool="gpu",
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
    params = ScoreParams

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        sounds = self.clips(model, requests)
        texts = self.descriptions(model, [request.params.what for request in requests])
        return [Result(data={"score": float(sound @ text)}) for sound, text in zip(sounds, texts, strict=True)]


TOOL: Tool = ClapScore()
