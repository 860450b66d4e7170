"""dac: a clip through the Descript Audio Codec (Kumar et al., 2023) and back, as transformers runs it."""

import math
from typing import Any

from wavagent.tool import Card, Licence, Tool, Weights

from ._codec import Codec, Loaded


class Dac(Codec):
    """Up to 8 kilobits a second, in steps of one codebook."""

    card = Card(
        name="dac",
        version="1",
        task="recode",
        summary="A clip as a few kilobits a second would give it back, with DAC at 44.1 kHz",
        rate=44_100,
        longest=120.0,
        pool="gpu",
        memory_mb=1_500,
        dtype="bfloat16",
        speed=5.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="MIT", commercial=True),
        weights=(Weights(repo="descript/dac_44khz", megabytes=310),),
        attribution=("Descript Audio Codec, by Descript (MIT)",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )

    def recoded(self, model: Loaded, wave: Any, kbps: float | None) -> tuple[Any, float]:
        config = model.model.config
        frames = config.sampling_rate / math.prod(config.downsampling_ratios)
        each = frames * math.log2(config.codebook_size) / 1000.0  # kilobits a second of one codebook
        count = config.n_codebooks if kbps is None else min(config.n_codebooks, max(1, round(kbps / each)))
        told = model.model.encode(wave, n_quantizers=count)
        return model.model.decode(told.quantized_representation).audio_values, count * each


TOOL: Tool = Dac()
