"""Choose a tool for every step of a recording's chain that needs an expert. Nothing of a recording is left out."""

from collections.abc import Iterator

from pydantic import JsonValue

from wavagent.errors import Refused, ScriptError
from wavagent.passes.draft import Choice, Draft
from wavagent.script import Element, Recording
from wavagent.script.step import Link, Operation
from wavagent.tool import Task, Tool, accept

WORK: dict[Task, str] = {
    "enhance": "takes noise out of a recording",
    "separate": "parts speech from music",
    "separate_speakers": "tells people apart who speak at once",
    "extract": "finds a sound in a recording by words",
    "inpaint": "fills a gap in a recording",
    "upsample": "gives a recording its treble back",
    "binaural": "places a recording around a listener",
    "convert_voice": "gives a recording another voice",
    "translate": "says a recording in another language",
    "sound": "makes sounds",
}
"""What a tool for a task does, in words."""


def chaining(draft: Draft) -> Draft:
    """`draft` with a tool for each task of each step. Raises ScriptError, with all that is to be installed."""
    choices: list[Choice] = []
    lacking: list[str] = []

    def change(element: Element) -> Iterator[Element]:
        if not isinstance(element, Recording) or not element.chain:
            yield element
            return
        chain = []
        for number, step in enumerate(element.chain, 1):
            chosen: dict[str, Choice] = {}
            for role in step.needed():
                try:
                    chosen[role] = _choose(draft, element, step, role, number)
                except ScriptError as error:  # what the next steps lack is wanted in one telling
                    lacking.append(str(error))
            choices.extend(chosen.values())
            chain.append(step.model_copy(update={role: choice.tool for role, choice in chosen.items()}))
        yield element.model_copy(update={"chain": tuple(chain)})

    chained = draft.with_elements(change)
    if lacking:
        raise ScriptError("; ".join(lacking))
    return chained.with_choices(*choices)


def _choose(draft: Draft, recording: Recording, step: Link, role: str, number: int) -> Choice:
    """The first tool that will do the part `role` of a step. Raises ScriptError."""
    task, named = step.needed()[role], getattr(step, role)
    candidates = (draft.toolbox[named],) if named else draft.toolbox.doing(task)
    passed_over: list[tuple[str, str]] = []
    for tool in candidates:
        obstacle = _obstacle(tool, step.asked(role), draft.commercial)
        if obstacle is None:
            why = "the script names it" if named else f"the first tool that {WORK[task]}"
            return Choice(f"{recording.id}.{number}", tool.card.name, why, passed_over=tuple(passed_over))
        passed_over.append((tool.card.name, obstacle))
    found = "; ".join(f"tool '{name}' {why}" for name, why in passed_over) or "none is installed"
    what = "tool" if isinstance(step, Operation) else step.do
    raise ScriptError(f"recording '{recording.id}', step {number} ({what}): no tool here {WORK[task]}: {found}")


def _obstacle(tool: Tool, params: dict[str, JsonValue], commercial: bool) -> str | None:
    """What keeps `tool` from it, or None."""
    if lack := tool.lack():
        return lack
    if commercial and tool.card.bar:
        return f"may not be used commercially: {tool.card.bar}"
    try:
        why = tool.refusal(accept(tool, params))
    except Refused as refused:
        why = str(refused)
    return f"will not: {why}" if why else None
