"""Choose a tool for every sound and bed; one that no tool can make is left out, and said so.

Music with a melody or lyrics is made without them where no tool here can follow or sing them, and that is said, too.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from wavagent.errors import Refused
from wavagent.passes.draft import Choice, Draft, Finding
from wavagent.script import Ambience, Element, Music, Sound
from wavagent.text import one_line, shown
from wavagent.tool import Task, Tool, Toolbox, accept

Lack = Callable[[Tool], str | None]


def tooling(draft: Draft) -> Draft:
    """`draft` with a tool on every sound and bed that some tool can make."""
    lack = cache(lambda tool: tool.lack())  # of each tool once: a long story has hundreds of beds
    findings: list[Finding] = []
    choices: list[Choice] = []

    def change(element: Element) -> Iterator[Element]:
        if not isinstance(element, Sound | Music | Ambience):
            yield element
            return
        choice = _choose(draft, element, lack)
        choices.append(choice)
        if not choice.tool:
            why = choice.reason
            findings.append(Finding(element.id, f"{element.kind} '{shown(element.what)}' is left out: {why}"))
        elif isinstance(element, Music):
            findings.extend(_unheard(draft, element, choice))
        yield element.model_copy(update={"tool": choice.tool or None})

    changed = draft.with_elements(change).with_choices(*choices)
    return changed.with_script(changed.script, *findings)


def _choose(draft: Draft, element: Sound | Music | Ambience, lacking: Lack) -> Choice:
    """The first tool that will do it, or why none will."""
    task: Task = "music" if isinstance(element, Music) else "sound"
    candidates = _candidates(draft.toolbox, task, element.tool)
    if isinstance(element, Music):  # first those that leave out the least of it
        candidates = sorted(candidates, key=lambda tool: len(tuple(element.unheard(tool.card))))
    passed_over: list[tuple[str, str]] = []
    for place, tool in enumerate(candidates):
        obstacle = _obstacle(tool, element, draft, lacking)
        if obstacle is None:
            name = tool.card.name
            why = "the script names it" if element.tool else f"the first tool for {task} that will make it"
            later = [(other.card.name, f"'{name}' comes before it") for other in candidates[place + 1 :]]
            return Choice(element.id, name, why, passed_over=(*passed_over, *later))
        passed_over.append((tool.card.name, obstacle))
    # What a tool that is ready says of it tells more than what another would need.
    own = [why for name, why in passed_over if lacking(draft.toolbox[name]) is None] or [why for _, why in passed_over]
    return Choice(element.id, "", own[0] if own else f"no tool makes {task}", passed_over=tuple(passed_over))


def _candidates(toolbox: Toolbox, task: Task, wanted: str | None) -> Sequence[Tool]:
    return (toolbox[wanted],) if wanted else toolbox.doing(task)


def _unheard(draft: Draft, music: Music, choice: Choice) -> Iterator[Finding]:
    """What of `music` the chosen tool leaves out, and why no other was chosen."""
    passed_over = dict(choice.passed_over)
    for what in music.unheard(draft.toolbox[choice.tool].card):
        able = [tool for tool in draft.toolbox.doing("music") if what not in music.unheard(tool.card)]
        whys = [passed_over[tool.card.name] for tool in able if tool.card.name in passed_over]
        why = f"no tool here {'follows one' if what == 'melody' else 'sings'}"
        if music.tool:
            why = f"the script names '{choice.tool}', which {'follows none' if what == 'melody' else 'does not sing'}"
        yield Finding(music.id, f"music '{shown(music.what)}' is made without its {what}: {next(iter(whys), why)}")


def _obstacle(tool: Tool, element: Sound | Music | Ambience, draft: Draft, lacking: Lack) -> str | None:
    """What keeps `tool` from making `element`, or None."""
    card = tool.card
    if lack := lacking(tool):
        return f"tool '{card.name}' {lack}"
    if draft.commercial and not card.commercial:
        return f"tool '{card.name}' may not be used commercially: {card.bar}"
    values: dict[str, object] = {"what": one_line(element.what)}
    if isinstance(element, Sound):
        values["seconds"] = element.seconds
    if isinstance(element, Music):
        values |= element.told(card, draft.script.language)
    try:
        return tool.refusal(accept(tool, values))
    except Refused as refused:
        return str(refused)
