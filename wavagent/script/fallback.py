"""Fallbacks: what else could make a clip, decided before anything runs, for when its tool fails for good."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from wavagent.errors import Refused
from wavagent.graph import Alternative, Param
from wavagent.script.character import Character
from wavagent.script.stage import Stage
from wavagent.tool import Task, Tool, accept

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
    stage: Stage, tool: Tool, speaker: Character, params: Mapping[str, Param], element: str, take: int
) -> tuple[Alternative, ...]:
    """Voices of other tools like the speaker's in language and gender; each of the cast keeps to one of them.

    For the voice of a recording, first another tool that clones the very same.
    """

    def found(values: Iterator[tuple[Tool, Mapping[str, Param], str]]) -> Iterator[Alternative]:
        for other, told, why in values:
            asked = {**params, **told}
            if len(str(params["text"])) <= (other.card.longest_text or 1 << 30) and _takes(stage, other, asked):
                yield Alternative(other.card.name, asked, stage.seed_of(other, element, take, None), why)

    cloned = islice(found(_cloning(stage, tool, speaker)), 1)
    return tuple(islice(chain(cloned, found(_speaking(stage, tool, speaker))), MOST))


def _cloning(stage: Stage, tool: Tool, speaker: Character) -> Iterator[tuple[Tool, Mapping[str, Param], str]]:
    """The other tools that can take the speaker's voice from its recording, what they are told, and why they."""
    if speaker.voice is None or speaker.voice.reference is None:
        return
    told = bool(speaker.voice.words.strip())
    for other in stage.cloners:
        if other.card.name == tool.card.name:
            continue
        if (told or not other.card.needs_words) and other.card.knows(stage.language):
            own = next((card.id for card in other.card.voices), speaker.voice.id)  # it knows no other by name
            values = {"voice": own, **speaker.cloned_by(other)}
            yield other, values, f"clones the voice of '{speaker.voice.reference}' too"


def _speaking(stage: Stage, tool: Tool, speaker: Character) -> Iterator[tuple[Tool, Mapping[str, Param], str]]:
    """The other tools with voices like the speaker's own, what they are told, and why they."""
    place, gender = list(stage.cast).index(speaker.id), _gender(tool, speaker)
    for other in _others(stage, tool, "speech"):
        cards = [card for card in other.speaking(stage.language) if not gender or card.gender in (gender, "neutral")]
        if cards:
            card = cards[place % len(cards)]
            yield other, {**card.settings, "voice": card.id}, f"{card.name} ({card.gender}) speaks the language too"


def _gender(tool: Tool, speaker: Character) -> str:
    """The gender of the speaker's voice, by its card, or for that of a recording by what the text says; "": any."""
    assert speaker.voice is not None
    if speaker.voice.reference is None:
        return next((card.gender for card in tool.card.voices if card.id == speaker.voice.id), "")
    trait = speaker.traits.gender
    return trait.value if trait is not None and trait.value in ("male", "female") else ""


def _others(stage: Stage, tool: Tool, task: Task) -> Iterator[Tool]:
    return (other for other in stage.spare if other.card.task == task and other.card.name != tool.card.name)


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
