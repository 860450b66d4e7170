"""Plain words without a model: what the command grammar understood, as an operation or a sentence back."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from wavagent.errors import ScriptError
from wavagent.operations import OPERATIONS, Desk

if TYPE_CHECKING:
    from wavagent.grammar import Focus, Understood


@dataclass(frozen=True)
class Plain:
    """An operation with its parameters, or a `sentence`; and the `focus` of the next turn, as JSON."""

    operation: str = ""
    params: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
    focus: str = ""


def plain(text: str, desk: Desk, focus: str) -> Plain:
    """What `text` asks for. Raises ScriptError."""
    if desk.empty:
        raise ScriptError(
            "there is no story here yet; add a narrative with /add PATH, or have one written by a model (--llm)"
        )
    from wavagent.grammar import understand

    found = understand(text, desk.script, _focus(focus), desk.studio.toolbox)
    after = found.focus.model_dump_json()
    if found.patch is not None:
        return Plain("edit", found.patch.model_dump(mode="json"), focus=after)
    if found.call is not None:
        name, params = called(found.call.name, dict(found.call.params))
        return Plain(name, params, focus=after)
    return Plain(sentence=_back(found), focus=after)


def _focus(kept: str) -> "Focus | None":
    from wavagent.grammar import Focus

    try:
        return Focus.model_validate_json(kept) if kept else None
    except ValidationError:
        return None  # another version kept it


def _back(found: "Understood") -> str:
    if found.question is None:
        return found.sentence
    choices = [f"  {number}. {choice.label}" for number, choice in enumerate(found.question.choices, 1)]
    return "\n".join([found.question.sentence, *choices])


def called(name: str, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The operation of this name, with those of the parameters that it knows."""
    known = OPERATIONS[name].params.model_fields if name in OPERATIONS else {}
    return name, {key: value for key, value in params.items() if key in known and value is not None}
