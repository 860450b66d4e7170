"""Fallbacks: what else could make a clip, decided before anything runs, for when its tool fails for good."""

from collections.abc import Iterator, Mapping
from itertools import islice

from wavagent.errors import Refused
from wavagent.graph import Alternative, Param
from wavagent.script.stage import Stage
from wavagent.tool import Task, Tool, VoiceCard, accept

MOST = 2
"""Tools that are tried in place of one that failed."""


def sound_fallbacks(
    stage: Stage, tool: Tool, task: Task, params: Mapping[str, Param], element: str, take: int, own: int | None
) -> tuple[Alternative, ...]:
    """The next tools for `task` that take `params`; one whose clips loop is only replaced by another such tool."""

    def found() -> Iterator[Alternative]:
        for other in _others(stage, tool, task):
            if (other.card.loops or not params.get("loop")) and _takes(stage, other, params):
                yield Alternative(
                    other.card.name, params, stage.seed_of(other, element, take, own), f"the next tool for {task}"
                )

    return tuple(islice(found(), MOST))


def speech_fallbacks(
    stage: Stage, tool: Tool, voice: str, who: str, params: Mapping[str, Param], element: str, take: int
) -> tuple[Alternative, ...]:
    """Voices of other tools like `voice` in language and gender; each of the cast keeps to one of them."""
    like = next((card for card in tool.card.voices if card.id == voice), None)

    def found() -> Iterator[Alternative]:
        for other in _others(stage, tool, "speech"):
            cards = [card for card in other.speaking(stage.language) if _alike(card, like)]
            if not cards:
                continue
            card = cards[list(stage.cast).index(who) % len(cards)]
            values = {**params, **card.settings, "voice": card.id}
            if len(str(params["text"])) <= (other.card.longest_text or 1 << 30) and _takes(stage, other, values):
                seed = stage.seed_of(other, element, take, None)
                yield Alternative(other.card.name, values, seed, f"{card.name} ({card.gender}) speaks the language too")

    return tuple(islice(found(), MOST))


def _others(stage: Stage, tool: Tool, task: Task) -> Iterator[Tool]:
    return (other for other in stage.spare if other.card.task == task and other.card.name != tool.card.name)


def _alike(card: VoiceCard, like: VoiceCard | None) -> bool:
    return like is None or card.gender in (like.gender, "neutral")


def _takes(stage: Stage, tool: Tool, params: Mapping[str, Param]) -> bool:
    """Whether `tool` will do it, with lengths as they are guessed; a stranger's fault is no answer."""
    values = stage.guessed(params)
    seconds = values.get("seconds")
    if isinstance(seconds, float | int) and tool.card.longest is not None and seconds > tool.card.longest:
        return False
    try:
        return tool.refusal(accept(tool, values)) is None
    except Refused:
        return False
