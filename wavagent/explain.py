"""Explaining an element: why this tool makes it, with what, and why it runs again.

What every call of a run was made of is kept with the project; the difference from it is the reason.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from wavagent.compiler import Compiled
from wavagent.errors import ScriptError, ToolError
from wavagent.graph import Length, Ref
from wavagent.passes import Choice
from wavagent.quote.foresight import Foreseen, Foresight
from wavagent.run.call import Ready, ready
from wavagent.run.executor import Made
from wavagent.script import Element, Script, Speech
from wavagent.text import shown
from wavagent.tool import Toolbox


class Record(BaseModel):
    """What a call was made of: `inputs` are the digests of the clips it worked on, by name.

    `substitute` is the tool that made it when its own failed.
    """

    model_config = ConfigDict(frozen=True)

    tool: str
    version: str
    edition: str = ""
    params: dict[str, JsonValue]
    inputs: dict[str, str] = {}
    seed: int | None = None
    key: str
    substitute: str = ""


Records = Mapping[str, Record]
"""Records by call."""

_RECORDS = TypeAdapter(dict[str, Record])


def recorded(compiled: Compiled, toolbox: Toolbox, made: Made) -> dict[str, Record]:
    """What each call of a run was made of, where it was made."""
    found = {}
    for call in compiled.graph:
        other = made.substituted.get(call.id)
        with suppress(ToolError):  # its own tool refused it
            if call.id in made.entries and call.possible(made.entries):
                record = _record(ready(call, toolbox[call.tool], made.entries))
                found[call.id] = record.model_copy(update={"substitute": other.tool if other else ""})
    return found


def records_in(values: object) -> Records | None:
    """The records in a project's lock file; None where there are none, or somebody wrote over them."""
    try:
        return _RECORDS.validate_python(values)
    except ValidationError:
        return None


def _record(asked: Ready) -> Record:
    card = asked.tool.card
    inputs = {name: entry.digest for name, entry in asked.inputs.items()}
    params = asked.params.model_dump(mode="json")
    return Record(
        tool=card.name,
        version=card.version,
        edition=asked.edition,
        params=params,
        inputs=inputs,
        seed=asked.call.seed,
        key=asked.key,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """One call of an element as it would run now, and `why`: what makes it run, or what keeps it."""

    call: Foreseen
    why: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        one = self.call
        record = _record(one.ready) if one.ready is not None else None
        return {
            "call": one.call.id,
            "tool": one.tool.card.name,
            "version": one.tool.card.version,
            "params": record.params if record else None,
            "inputs": record.inputs if record else None,
            "seed": one.call.seed,
            "key": one.ready.key if one.ready is not None and one.state != "unknown" else None,
            "state": one.state,
            "why": list(self.why),
            "otherwise": [{"tool": other.tool, "reason": other.reason} for other in one.call.otherwise],
        }


@dataclass(frozen=True)
class Explanation:
    """What an element or character is, which tool was chosen for it, its calls, and what was found."""

    subject: str
    what: str
    choice: Choice | None
    steps: tuple[Step, ...]
    findings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        choice = self.choice
        return {
            "subject": self.subject,
            "what": self.what,
            "tool": choice.tool if choice else None,
            "voice": choice.voice if choice else None,
            "reason": choice.reason if choice else None,
            "passed_over": [{"candidate": name, "reason": why} for name, why in choice.passed_over] if choice else [],
            "calls": [step.to_json() for step in self.steps],
            "findings": list(self.findings),
        }

    @property
    def sentences(self) -> Iterator[str]:
        """The explanation in words, a line each."""
        yield f"{self.subject}: {self.what}"
        if self.choice is not None:
            yield from _chosen(self.choice)
        yield from (f"  note: {finding}" for finding in self.findings)
        for step in self.steps:
            yield from _told(step)


def explain(subject: str, compiled: Compiled, foresight: Foresight, records: Records | None) -> Explanation:
    """Explain the element or character `subject`. `records` are those of the last run; None: nothing is known of one.

    Raises ScriptError, with the nearest ids, when there is no such thing.
    """
    script = compiled.script
    elements = [one for one in script.elements if one.id == subject or _is_part(one.id, subject, script)]
    people = [one for one in script.cast if one.id == subject]
    if not elements and not people:
        raise ScriptError(_nobody(subject, script))
    what = "; ".join([*(f"{one.name}, of the cast" for one in people), *map(_described, elements)])
    speaker = next((one.who for one in elements if isinstance(one, Speech)), subject)
    choice = next((one for one in reversed(compiled.choices) if one.subject in (subject, speaker)), None)
    ids = {one.id for one in elements}
    voices = {one.sample for one in people}
    calls = [one for one in foresight if one.call.element in ids or one.call.id in voices]
    steps = tuple(Step(one, tuple(_why(one, foresight, records))) for one in calls)
    findings = tuple(one.message for one in compiled.findings if one.element in {subject, *ids})
    return Explanation(subject, what, choice, steps, findings)


def _is_part(id: str, subject: str, script: Script) -> bool:
    """Whether an element is a part of a line that was too long for its tool."""
    start, _, number = id.rpartition(".")
    return start == subject and number.isdigit() and all(one.id != subject for one in script.elements)


def _described(element: Element) -> str:
    said = getattr(element, "text", None) or getattr(element, "what", None) or getattr(element, "file", "")
    who = f" by {element.who}" if isinstance(element, Speech) else ""
    return f"{element.kind}{who}" + (f" “{shown(said)}”" if said else "")


def _nobody(subject: str, script: Script) -> str:
    ids = [*(one.id for one in script.elements), *(one.id for one in script.cast)]
    near = get_close_matches(subject, ids, 3) or ids[:3]
    return f"the script has no element or character '{shown(subject)}'; there are {', '.join(near)}, … (script.md)"


def _chosen(choice: Choice) -> Iterator[str]:
    who = f"{choice.tool} {choice.voice}".strip()
    yield f"  {who or 'no tool'}: {choice.reason}"
    yield from (f"  not {name}: {why}" for name, why in choice.passed_over)


def _told(step: Step) -> Iterator[str]:
    one = step.call
    card = one.tool.card
    yield f"  call {one.call.id} of {card.name} {card.version}, {_STATES[one.state]}"
    yield from (f"    {why}" for why in step.why)
    if one.ready is not None:
        given = one.ready.params.model_dump(mode="json", exclude_defaults=True)
        yield from (f"    {name} = {shown(str(value), 100)}" for name, value in given.items())
        yield f"    seed = {one.call.seed if one.call.seed is not None else 'none: it listens to none'}"
        yield f"    key = {one.ready.key if one.state != 'unknown' else 'not known before its clips are made'}"
    yield from (f"    should it fail: {other.tool}" for other in one.call.otherwise)


_STATES = {
    "kept": "in the store",
    "twin": "made by another call",
    "to run": "will run",
    "unknown": "will run",
    "refused": "cannot run",
}


def _why(one: Foreseen, foresight: Foresight, records: Records | None) -> Iterator[str]:
    """Why a call runs, or does not, in sentences."""
    if one.ready is None:
        yield one.fault
        return
    before = (records or {}).get(one.call.id)
    changes = list(_changes(before, _record(one.ready), one, foresight)) if before else []
    if one.state in ("kept", "twin"):
        yield "nothing has to run: " + (
            "its clip is in the store" if one.state == "kept" else "its twin makes the clip"
        )
    elif records is None:
        yield "no run of this project is recorded"
    elif before is None:
        yield "it was not there in the last run"
    elif before.substitute and not changes:
        yield f"in the last run tool '{shown(before.substitute)}' made it, for '{before.tool}' failed"
    elif not changes:
        yield "nothing of it changed since the last run: its clip is gone from the store, or this is another store"
    yield from changes


def _changes(before: Record, now: Record, one: Foreseen, foresight: Foresight) -> Iterator[str]:
    """What is different since the last run."""
    if before.tool != now.tool:
        yield f"another tool makes it: {shown(before.tool)} -> {now.tool}"
    elif before.version != now.version:
        yield f"tool '{now.tool}' is another: version {shown(before.version)} -> {now.version}"
    elif before.edition != now.edition:
        yield f"tool '{now.tool}' has other weights: {shown(before.edition) or 'its own'} -> {now.edition or 'its own'}"
    if before.seed != now.seed:
        yield f"its seed changed: {before.seed} -> {now.seed}"
    for name in dict.fromkeys((*before.params, *now.params)):
        old, new = before.params.get(name), now.params.get(name)
        if old != new and (before.tool == now.tool or name in before.params):
            yield f"its {name} changed: {_contrast(old, new)}" + _because(name, one, foresight)
    for name, digest in now.inputs.items():
        if before.inputs.get(name) != digest or one.state == "unknown":
            yield f"its input '{name}' changed" + _because(name, one, foresight)


def _because(name: str, one: Foreseen, foresight: Foresight) -> str:
    """Which calls a parameter follows from, as far as they run again."""
    value = one.call.params.get(name)
    calls: Sequence[str] = value.of if isinstance(value, Length) else (value.call,) if isinstance(value, Ref) else ()
    running = [call for call in calls if foresight.calls[call].runs]
    if not calls:
        return ""
    some = ", ".join(running[:3]) + (f" and {len(running) - 3} more" if len(running) > 3 else "")
    return f": it follows from {some}, to run again" if running else f": it follows from {', '.join(calls[:3])}"


def _contrast(old: JsonValue, new: JsonValue) -> str:
    """Two values side by side; of two long texts, the stretch in which they differ."""
    if not (isinstance(old, str) and isinstance(new, str)):
        return f"{shown(str(old))} -> {shown(str(new))}"
    start = next((at for at, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    start = max(0, start - 20) if max(len(old), len(new)) > 60 else 0
    lead = "…" if start else ""
    return f"“{lead}{shown(old[start:])}” -> “{lead}{shown(new[start:])}”"
