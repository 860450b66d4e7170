"""Crediting: from what a story was compiled to, and what was made of it, to its credits."""

import importlib.metadata
from collections.abc import Iterator, Mapping
from dataclasses import replace

from wavagent.compiler import Compiled
from wavagent.credits import Credit, Credits, RecordingCredit, VoiceCredit
from wavagent.graph import Call, Ref
from wavagent.passes.rights import obstacles
from wavagent.programme import DISCLOSURE
from wavagent.run.executor import Made
from wavagent.script import Character, Material, Music, Recording, Voice
from wavagent.script.material import materials
from wavagent.script.part import within
from wavagent.script.step import Convert
from wavagent.text import shown
from wavagent.tool import Card, Toolbox


def credited(compiled: Compiled, toolbox: Toolbox, made: Made | None = None) -> Credits:
    """The credits of `compiled`: as it is asked for, or as it was `made`, substitutes included. Raises UnknownTool."""
    script = compiled.script
    tools = tuple(_tools(compiled, toolbox, _makers(compiled, made)))
    bars = [f"tool '{one.tool}' may not be used commercially: {one.bar}" for one in tools if one.bar]
    return Credits(
        script.title,
        script.author,
        script.source.name if script.source else "",
        script.source.sha256 if script.source else "",
        DISCLOSURE,
        tuple(_voices(compiled, made)),
        tuple(_recordings(compiled)),
        tools,
        (*bars, *obstacles(script, toolbox)),
    )


def _makers(compiled: Compiled, made: Made | None) -> dict[str, list[str]]:
    """The calls that each tool made, or is to make."""
    calls: dict[str, list[str]] = {}
    for call in compiled.graph:
        if made is None or call.id in made.entries:
            other = made.substituted.get(call.id) if made is not None else None
            calls.setdefault(other.tool if other else call.tool, []).append(call.id)
    return calls


def _tools(compiled: Compiled, toolbox: Toolbox, makers: Mapping[str, list[str]]) -> Iterator[Credit]:
    behind = {cue.id: _behind(cue.clip, compiled) for cue in compiled.timeline if cue.clip is not None}
    for name, calls in makers.items():
        own = set(calls)
        clips = tuple(cue for cue, needed in behind.items() if not own.isdisjoint(needed))
        yield _credit(toolbox[name].card, tuple(calls), clips)


def _behind(clip: str, compiled: Compiled) -> set[str]:
    """The calls that a clip is made by: its own, and those whose clips that one works on."""
    found: set[str] = set()
    waiting = [clip]
    while waiting:
        if (id := waiting.pop()) not in found and id in compiled.graph.calls:
            found.add(id)
            waiting.extend(ref.call for ref in compiled.graph[id].params.values() if isinstance(ref, Ref))
    return found


def _credit(card: Card, calls: tuple[str, ...], clips: tuple[str, ...]) -> Credit:
    return Credit(
        card.name,
        card.version,
        card.task,
        card.code_licence.name,
        card.weights_licence.name if card.weights_licence else "",
        card.bar or "",
        card.attribution,
        tuple(filter(None, map(_library, card.requires))),
        calls,
        clips,
    )


def _library(module: str) -> str:
    """The package of a module, with its version and licence; empty when it is not installed here."""
    try:
        found = importlib.metadata.distribution(module)
    except importlib.metadata.PackageNotFoundError:
        names = importlib.metadata.packages_distributions().get(module, [])
        if not names:
            return ""
        found = importlib.metadata.distribution(names[0])
    licence = _licence(found.metadata.json)
    return f"{found.name} {found.version}" + (f" ({licence})" if licence else "")


def _licence(metadata: Mapping[str, str | list[str]]) -> str:
    """What a package says of its licence, where it says so in a word or a few."""
    classifiers = [one for one in metadata.get("classifier", ()) if one.startswith("License ::")]
    said = str(metadata.get("license_expression") or metadata.get("license") or "").strip()
    if "\n" in said or not said:
        said = classifiers[0].rpartition(" :: ")[2] if classifiers else ""
    return shown(said)


def _voices(compiled: Compiled, made: Made | None) -> Iterator[VoiceCredit]:
    """The voice that each character was given, if it is heard, and those that spoke in its place."""
    others = made.substituted if made is not None else {}
    for character in compiled.script.cast:
        lines = [line.id for line in compiled.script.lines if line.who == character.id]
        if character.voice is None or not lines:
            continue
        found = [_voice(character, character.voice)] if any(id not in others for id in lines) else []
        found += [_other(character, character.voice, others[id].call) for id in lines if id in others]
        yield from dict.fromkeys(found)


def _voice(character: Character, voice: Voice) -> VoiceCredit:
    consent = f"{voice.consent.person}, {voice.consent.date}" if voice.consent else ""
    return VoiceCredit(character.name, voice.tool, voice.id, voice.reference or "", consent)


def _other(character: Character, voice: Voice, call: Call) -> VoiceCredit:
    """Whose voice is heard in place of `voice`: the same recording's, by another tool, or another."""
    if "reference" in call.params:
        return replace(_voice(character, voice), tool=call.tool)
    return VoiceCredit(character.name, call.tool, str(call.params["voice"]))


def _recordings(compiled: Compiled) -> Iterator[RecordingCredit]:
    """The person's own files: recordings, and of what else there is what some call is made with."""
    used = {call.params.get("sha256") for call in compiled.graph}
    found: dict[str, RecordingCredit] = {}
    allowed = {step.consent.sha256: step.consent.person for step in within(compiled.script, Convert) if step.consent}
    for element in compiled.script.elements:
        named: list[Recording | Material] = [element] if isinstance(element, Recording) else []
        if isinstance(element, Recording | Music):
            named += [one for one in materials(element) if one.sha256 in used]
        for one in named:
            found[one.file] = RecordingCredit(
                one.file, one.sha256 or "", one.licence, one.credit or allowed.get(one.sha256 or "", "")
            )
    yield from found.values()
