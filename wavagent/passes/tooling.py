"""Choose a tool for every sound and bed; one that no tool can make is left out, and said so."""

from collections.abc import Iterator

from wavagent.errors import Refused
from wavagent.passes.draft import Draft, Finding
from wavagent.script import Ambience, Element, Music, Sound
from wavagent.text import one_line, shown
from wavagent.tool import Task, Tool, Toolbox, accept


def tooling(draft: Draft) -> Draft:
    """`draft` with a tool on every sound and bed that some tool can make."""
    findings: list[Finding] = []

    def change(element: Element) -> Iterator[Element]:
        if not isinstance(element, Sound | Music | Ambience):
            yield element
            return
        tool, why = _choose(draft, element)
        if tool is None:
            findings.append(Finding(element.id, f"{element.kind} '{shown(element.what)}' is left out: {why}"))
        yield element.model_copy(update={"tool": tool})

    changed = draft.with_elements(change)
    return changed.with_script(changed.script, *findings)


def _choose(draft: Draft, element: Sound | Music | Ambience) -> tuple[str | None, str]:
    """The first tool that will do it, or why none will."""
    task: Task = "music" if isinstance(element, Music) else "sound"
    reasons = []
    for tool in _candidates(draft.toolbox, task, element.tool):
        reason = _obstacle(tool, element, draft.commercial)
        if reason is None:
            return tool.card.name, ""
        reasons.append(reason)
    return None, reasons[0] if reasons else f"no tool makes {task}"


def _candidates(toolbox: Toolbox, task: Task, wanted: str | None) -> tuple[Tool, ...]:
    return (toolbox[wanted],) if wanted else toolbox.doing(task)


def _obstacle(tool: Tool, element: Sound | Music | Ambience, commercial: bool) -> str | None:
    """What keeps `tool` from making `element`, or None."""
    card = tool.card
    if missing := tool.missing():
        return f"tool '{card.name}' needs {', '.join(missing)}: {card.install}"
    if commercial and not card.commercial:
        return f"tool '{card.name}' may not be used commercially"
    values: dict[str, object] = {"what": one_line(element.what)}
    if isinstance(element, Sound):
        values["seconds"] = element.seconds
    try:
        return tool.refusal(accept(tool, values))
    except Refused as refused:
        return str(refused)
