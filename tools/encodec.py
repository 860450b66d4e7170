"""encodec: a clip through Meta's codec EnCodec (Défossez et al., 2022) and back, as transformers runs it."""

from typing import Any

from wavagent.tool import Card, Licence, Tool, Weights

from ._codec import Codec, Loaded


class Encodec(Codec):
    """1.5 to 24 kilobits a second; the nearest of its own steps is taken."""

    card = Card(
        name="encodec",
        version="1",
        task="recode",
        summary="A clip as a few kilobits a second would give it back, with EnCodec at 24 kHz",
        rate=24_000,
        longest=120.0,
        pool="gpu",
        memory_mb=600,
        dtype="bfloat16",
        speed=10.0,
        seeded=False,
        code_licence=Licence(name="Apache-2.0", commercial=True),
        weights_licence=Licence(name="not stated", commercial=None),
        weights=(Weights(repo="facebook/encodec_24khz", megabytes=95),),
        attribution=("EnCodec, by Meta AI",),
        requires=("torch", "transformers"),
        install="pip install 'wavagent[experts]'",
    )

    def recoded(self, model: Loaded, wave: Any, kbps: float | None) -> tuple[Any, float]:
        steps = [float(step) for step in model.model.config.target_bandwidths]
        took = max(steps) if kbps is None else min(steps, key=lambda step: abs(step - kbps))
        told = model.model.encode(wave, bandwidth=took)
        return model.model.decode(told.audio_codes, told.audio_scales)[0], took


TOOL: Tool = Encodec()
