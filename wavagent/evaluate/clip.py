"""What is found of one clip: what was heard in it, how it fits, how loud and how long it is."""

import math
from dataclasses import asdict, dataclass

import numpy as np
from pydantic import JsonValue

from wavagent.check.normal import normal
from wavagent.check.transcript import hear
from wavagent.dsp.gain import decibels
from wavagent.export import measure

from .answers import Answers
from .pair import Pair


@dataclass(frozen=True, slots=True)
class Clip:
    """`errors` of `words` words, the cosines `similarity` of the voice and `fit` of the description; None: not asked.

    `loudness` in LUFS and `peak` in dBTP, -inf for silence; `head` and `tail` are seconds of silence at its ends.
    """

    seconds: float
    loudness: float
    peak: float
    head: float
    tail: float
    words: int = 0
    errors: int | None = None
    transcript: str | None = None
    similarity: float | None = None
    fit: float | None = None

    @property
    def pace(self) -> float | None:
        """Words a minute, without the silence at the ends; None where nothing is said."""
        spoken = self.seconds - self.head - self.tail
        return 60.0 * self.words / spoken if self.words and spoken > 0 else None

    def to_json(self) -> dict[str, JsonValue]:
        told = {name: value for name, value in asdict(self).items() if value is not None}
        return {
            name: (round(value, 4) if math.isfinite(value) else None) if isinstance(value, float) else value
            for name, value in told.items()
        }


def look(pair: Pair, answers: Answers) -> Clip:
    """Measure the clip of a pair, with what the experts said of it. Raises InputError when it cannot be decoded."""
    found = measure(pair.audio)
    transcript = answers.of(pair, "transcript")
    text = None if transcript is None else str(transcript.get("text", ""))
    heard = None if text is None else hear([pair.text], text, pair.language)
    fit = answers.of(pair, "fit")
    return Clip(
        found.seconds,
        found.loudness.integrated,
        decibels(found.true_peak),
        found.head,
        found.tail,
        len(normal(pair.text, pair.language)) if pair.text else 0,
        None if heard is None else heard.errors,
        text,
        _similarity(pair, answers),
        None if fit is None else float(str(fit["score"])),
    )


def _similarity(pair: Pair, answers: Answers) -> float | None:
    """The cosine between the voice of the clip and the one that was wanted."""
    made, wanted = answers.of(pair, "voice"), answers.of(pair, "voice", "voice")
    if made is None or wanted is None:
        return None
    one, other = (np.asarray(told["embedding"], np.float64) for told in (made, wanted))
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-12))
