"""What TTS asks for phonemes. To be imported when TTS can be."""

from typing import Any

from TTS.tts.utils.text import phonemizers
from TTS.tts.utils.text.phonemizers.base import BasePhonemizer

from .phonemes import phonemes


class Bundled(BasePhonemizer):  # type: ignore[misc]  # TTS is not installed where mypy runs
    """eSpeak NG as a wheel brings it, under the name of the program that TTS would start, which need not be there."""

    def __init__(self, language: str, **options: Any) -> None:
        super().__init__(language, **{"keep_puncs": True, **options})

    @staticmethod
    def name() -> str:
        return "espeak"

    @classmethod
    def is_available(cls) -> bool:
        return True

    def version(self) -> str:
        return "1.52"

    @staticmethod
    def supported_languages() -> dict[str, str]:
        return {}

    def is_supported_language(self, language: str) -> bool:
        return True  # it is said when there is something to be said

    def _phonemize(self, text: str, separator: str) -> str:
        return phonemes(text, self.language).replace("_", separator)


def bundled() -> None:
    """From now on TTS has its phonemes of eSpeak NG from here."""
    phonemizers._register_phonemizers()
    phonemizers.PHONEMIZERS[Bundled.name()] = Bundled
