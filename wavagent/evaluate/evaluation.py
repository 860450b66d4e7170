"""The figures of an evaluation, clip by clip and for all of them together."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from pydantic import JsonValue

from wavagent.errors import InputError
from wavagent.run.executor import Executor
from wavagent.tool import Toolbox

from .answers import Answers, Job, ask
from .clip import Clip, look
from .divergence import divergence
from .frechet import frechet
from .inception import inception
from .pair import Pair

Better = Literal["less", "more", ""]

PARTS = 10
"""The inception score is published as the mean over so many parts; of fewer than a hundred clips it is one of all."""


@dataclass(frozen=True, slots=True)
class Score:
    """A figure over `clips` clips; `by` says with which model. `lack` says why there is none, and what to type."""

    name: str
    value: float | None
    clips: int = 0
    better: Better = ""
    by: str = ""
    lack: str = ""

    def to_json(self) -> dict[str, JsonValue]:
        told: dict[str, JsonValue] = {"value": self.value, "clips": self.clips, "better": self.better, "by": self.by}
        return {**told, "lack": self.lack} if self.lack else told


@dataclass(frozen=True)
class Evaluation:
    """`scores` over all clips, by name; what was found of each clip, by its id; and what failed, by call."""

    scores: Mapping[str, Score]
    clips: Mapping[str, Clip]
    failures: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, JsonValue]:
        return {
            "scores": {name: score.to_json() for name, score in self.scores.items()},
            "clips": {id: clip.to_json() for id, clip in self.clips.items()},
            "failures": dict(self.failures),
        }


def evaluate(pairs: Sequence[Pair], toolbox: Toolbox, executor: Executor) -> Evaluation:
    """Measure all `pairs` with the experts that are ready; a clip that cannot be read is among the failures.

    Raises InputError when none can be read, StoreError and Cancelled.
    """
    answers = ask(pairs, toolbox, executor)
    clips: dict[str, Clip] = {}
    failures = dict(answers.failures)
    for pair in pairs:
        try:
            clips[pair.id] = look(pair, answers)
        except InputError as error:
            failures[pair.id] = str(error)
    if not clips:
        raise InputError(f"none of {len(pairs)} clips can be read: {next(iter(failures.values()))}")
    scores = {score.name: score for score in _scores(pairs, list(clips.values()), answers)}
    return Evaluation(scores, clips, failures)


def _scores(pairs: Sequence[Pair], clips: Sequence[Clip], answers: Answers) -> Iterator[Score]:
    errors = sum(clip.errors for clip in clips if clip.errors is not None)
    words = sum(clip.words for clip in clips if clip.errors is not None)
    heard = [clip.errors / max(1, clip.words) for clip in clips if clip.errors is not None]
    wanted = {
        "transcript": any(pair.text for pair in pairs),
        "voice": any(pair.voice for pair in pairs),
        "fit": any(pair.prompt for pair in pairs),
        "reference": any(pair.reference for pair in pairs),
    }
    yield _score("WER", heard, "transcript", answers, wanted["transcript"], "less", lambda _: errors / max(1, words))
    alike = [clip.similarity for clip in clips if clip.similarity is not None]
    yield _score("speaker similarity", alike, "voice", answers, wanted["voice"], "more", np.mean)
    fits = [clip.fit for clip in clips if clip.fit is not None]
    yield _score("CLAP", fits, "fit", answers, wanted["fit"], "more", np.mean)
    yield from _against_real_ones(pairs, answers, wanted["reference"])
    every = [told["classes"] for pair in pairs if (told := answers.of(pair, "classes")) is not None]
    parts = PARTS if len(every) >= PARTS * PARTS else 1
    yield _score("IS", every, "classes", answers, True, "more", lambda them: inception(them, parts))
    loud = [clip.loudness for clip in clips if math.isfinite(clip.loudness)]
    yield Score("loudness", float(np.mean(loud)) if loud else None, len(loud), by="LUFS")
    yield Score("length", float(np.mean([clip.seconds for clip in clips])), len(clips), by="seconds")
    paces = [clip.pace for clip in clips if clip.pace is not None]
    if paces:
        yield Score("pace", float(np.mean(paces)), len(paces), by="words a minute")


def _against_real_ones(pairs: Sequence[Pair], answers: Answers, wanted: bool) -> Iterator[Score]:
    made, real = _both(pairs, answers, "place", _points)
    yield _score("FAD", made, "place", answers, wanted, "less", lambda them: frechet(sum(them, []), sum(real, [])), 2)
    classes, real_classes = _both(pairs, answers, "classes", lambda told: told["classes"])
    yield _score("KL", classes, "classes", answers, wanted, "less", lambda them: divergence(real_classes, them))


def _points(told: Mapping[str, Any]) -> list[Any]:
    """Where a clip lies: in one place, or, by what hears a second at a time, in several."""
    found: list[Any] = told["embeddings"] if "embeddings" in told else [told["embedding"]]
    return found


def _score(
    name: str,
    values: Sequence[object],
    job: Job,
    answers: Answers,
    wanted: bool,
    better: Better,
    figure: Callable[..., float],
    least: int = 1,
) -> Score:
    """The figure over `values`, or why there is none."""
    by = answers.experts[job].card.name if job in answers.experts else ""
    if not wanted:
        return Score(name, None, better=better, by=by, lack=_NEEDS[name])
    if job in answers.lacks:
        return Score(name, None, better=better, lack=f"not available: {answers.lacks[job]}")
    if len(values) < least:
        return Score(name, None, len(values), better, by, f"needs {least} clips that could be looked at")
    return Score(name, float(figure(values)), len(values), better, by)


_NEEDS: Mapping[str, str] = {
    "WER": "needs a column 'text': what is said",
    "speaker similarity": "needs a column 'voice': a recording of the speaker",
    "CLAP": "needs a column 'prompt': what was asked for",
    "FAD": "needs real clips: a column 'reference', or --reference",
    "KL": "needs real clips: a column 'reference', or --reference",
}


def _both(
    pairs: Sequence[Pair], answers: Answers, job: Job, found: Callable[[Mapping[str, Any]], Any]
) -> tuple[list[Any], list[Any]]:
    """What was found of the made clips and of their real ones, where both could be looked at."""
    told = [(answers.of(pair, job), answers.of(pair, job, "reference")) for pair in pairs]
    both = [(found(made), found(real)) for made, real in told if made is not None and real is not None]
    return [made for made, _ in both], [real for _, real in both]
