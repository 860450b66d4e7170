"""The compiler: a script becomes a graph of calls and a timeline of cues. It makes every choice; nothing runs here."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from wavagent.graph import Call, Graph
from wavagent.passes import PASSES, Choice, Draft, Finding, takes_a_turn
from wavagent.script import Element, Scene, Script, Speech
from wavagent.script.stage import Lowered, Stage
from wavagent.text import has_words, one_line
from wavagent.timeline import Chapter, Cue, Moment, Timeline
from wavagent.tool import Task, Tool, Toolbox

HEAD = 0.5
"""Seconds of silence before the story: ACX wants 0.5 to 1."""

TAIL = 2.0
"""Seconds of silence after it: ACX wants 1 to 5."""

LINGER = 1.0
"""Seconds that a bed goes on after its scene's last word."""

REPLACEABLE: frozenset[Task] = frozenset({"speech", "sound", "music"})
"""The tasks whose tools can do each other's work, when one fails."""


@dataclass(frozen=True)
class Compiled:
    """A script made ready to run: as the passes left it, its graph, its timeline, what was found and what chosen."""

    script: Script
    graph: Graph
    timeline: Timeline
    findings: tuple[Finding, ...] = ()
    choices: tuple[Choice, ...] = ()


def compile_script(script: Script, toolbox: Toolbox, *, folder: Path = Path(), commercial: bool = False) -> Compiled:
    """Compile `script`, of the project in `folder`, for the tools of `toolbox`. Raises ScriptError and UnknownTool."""
    draft = Draft(script, toolbox, commercial=commercial)
    for each in PASSES:
        draft = each(draft)
    calls = list(_voices(draft.script, folder))
    cues: list[Cue] = []
    for lowered in _lowered(draft.script, toolbox.commercial if commercial else toolbox, folder):
        calls.extend(lowered.calls)
        cues.append(lowered.cue)
    timeline = Timeline(
        tuple(cues), _chapters(draft.script), HEAD, TAIL, script.title, {c.id: c.name for c in script.cast}
    )
    return Compiled(draft.script, Graph.of(*calls), timeline, draft.findings, draft.choices)


def _lowered(script: Script, toolbox: Toolbox, folder: Path) -> Iterator[Lowered]:
    stage = Stage(
        toolbox=toolbox,
        cast={character.id: character for character in script.cast},
        spoken={line.id: (line.text, _said(line)) for line in script.lines},
        language=script.language,
        seed=script.seed,
        folder=folder,
        scene="",
        space="dry",
        turn=Moment(offset=HEAD),
        first=Moment(offset=HEAD),
        last=Moment(offset=HEAD),
        spare=tuple(
            tool for tool in toolbox if tool.card.task in REPLACEABLE and toolbox.may_choose(tool) and not tool.lack()
        ),
        cloners=tuple(_cloners(script, toolbox)),
    )
    for scene in script.scenes:
        stage = yield from _scene(scene, stage)


def _cloners(script: Script, toolbox: Toolbox) -> Iterator[Tool]:
    """Who may take another's place with the voice of a recording, which the script asks for in any case: all that are
    here, but for those that cost money or send the recording away unless they are preferred."""
    if any(character.voice is not None and character.voice.reference for character in script.cast):
        for tool in toolbox:
            kept = tool.card.pool != "http" and tool.card.price is None
            if tool.card.clones and (kept or toolbox.may_choose(tool)) and not tool.lack():
                yield tool


def _voices(script: Script, folder: Path) -> Iterator[Call]:
    """The calls that lines share: those that read the recordings whose voices are heard."""
    speaking = {line.who for line in script.lines if has_words(_said(line))}
    for character in script.cast:
        if character.id in speaking:
            yield from character.lower(folder)


def _said(line: Speech) -> str:
    return line.spoken if line.spoken is not None else one_line(line.text)


def _scene(scene: Scene, before: Stage) -> Generator[Lowered, None, Stage]:
    """Lower a scene; the value is the stage as it leaves it."""
    turns = [element for element in scene.elements if takes_a_turn(element)]
    ends = Moment(turns[-1].id, "end") if turns else before.turn
    stage = replace(
        before,
        scene=scene.id,
        space=scene.space,
        first=Moment(turns[0].id) if turns else before.turn,
        last=replace(ends, offset=ends.offset + LINGER),
    )
    foreground, pauses = _foreground(turns, stage)
    stage = replace(stage, foreground=foreground, pauses=pauses)
    for element in scene.elements:
        pause, after = _pauses(element)
        turn = replace(stage.turn, offset=stage.turn.offset + pause)
        yield element.lower(replace(stage, turn=turn))
        if takes_a_turn(element):
            stage = replace(stage, turn=Moment(element.id, "end", after))
    return stage


def _pauses(element: Element) -> tuple[float, float]:
    """Seconds of silence before and after `element` in its turn."""
    if not isinstance(element, Speech):
        return 0.0, 0.0
    return element.pause_before or 0.0, element.pause_after or 0.0


def _foreground(turns: list[Element], stage: Stage) -> tuple[tuple[Call, ...], float]:
    """The calls that make what is heard in a scene's turns, and the seconds of silence between."""
    calls, silence = [], 0.0
    for element in turns:
        lowered = element.lower(stage)
        if lowered.calls:
            calls.append(lowered.calls[-1])
        else:
            silence += lowered.cue.seconds or 0.0
        silence += sum(_pauses(element))
    return tuple(calls), silence


def _chapters(script: Script) -> tuple[Chapter, ...]:
    """A chapter for every scene with a heading, from its first turn."""
    chapters = []
    for scene in script.scenes:
        turns = [element.id for element in scene.elements if takes_a_turn(element)]
        if turns and scene.heading and scene.chapter:
            chapters.append(Chapter(one_line(scene.heading), turns[0]))
    return tuple(chapters)
