"""The library itself, made ready to be imported in its own environment."""

import logging

from .._torchaudio import uncompiled


def prepared() -> None:
    """From now on TTS can be imported."""
    uncompiled()
    logging.getLogger("TTS").setLevel(logging.ERROR)  # it quotes every line, and a person's text is nobody's log


def device_for(device: str) -> str:
    """Where a model of TTS runs: its vocoders are more than Apple's GPUs take at once."""
    return device if device == "cuda" else "cpu"
