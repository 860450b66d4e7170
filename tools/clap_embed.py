"""clap_embed: where a sound lies in the space of LAION's CLAP (Wu et al., 2023)."""

from collections.abc import Sequence

from wavagent.tool import Card, Licence, Params, Request, Result, Tool

from ._clap import WEIGHTS, Clap, Loaded


class ClapEmbed(Clap):
    """The point of a clip, of length 1; the distance between two sets of clips is taken on these."""

    card = Card(
        name="clap_embed",
        version="1",
        task="embed",
        summary="Where a sound lies among others, with CLAP: what the Fréchet audio distance is taken on",
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
    params = Params

    def make(self, model: Loaded, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(data={"embedding": point.tolist()}) for point in self.clips(model, requests)]


TOOL: Tool = ClapEmbed()
