"""What a pass takes and gives: a script on its way to the graph, and what was found on the way."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from wavagent.script import Element, Script
from wavagent.tool import Toolbox


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the user should know of an element; `degraded` when it is not what was asked for, or not there."""

    element: str
    message: str
    degraded: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """Which tool (and voice) an element or character was given, and why; `passed_over` are the others, each with why.

    `tool` is empty when nobody could be chosen.
    """

    subject: str
    tool: str
    reason: str
    voice: str = ""
    passed_over: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Draft:
    """A script between two passes, the tools it may use, what was found, and what was chosen so far."""

    script: Script
    toolbox: Toolbox
    findings: tuple[Finding, ...] = ()
    choices: tuple[Choice, ...] = ()
    commercial: bool = False  # only tools whose code and weights may be used commercially

    def with_script(self, script: Script, *findings: Finding) -> "Draft":
        return replace(self, script=script, findings=(*self.findings, *findings))

    def with_choices(self, *choices: Choice) -> "Draft":
        return replace(self, choices=(*self.choices, *choices))

    def with_elements(self, change: Callable[[Element], Iterable[Element]], *findings: Finding) -> "Draft":
        """The draft with every element replaced by what `change` makes of it."""
        scenes = tuple(
            scene.model_copy(update={"elements": tuple(new for old in scene.elements for new in change(old))})
            for scene in self.script.scenes
        )
        return self.with_script(self.script.model_copy(update={"scenes": scenes}), *findings)


Pass = Callable[[Draft], Draft]
