"""Making: what it will take, the rendering, a stretch to hear, files in any format, and whether they meet the rules."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import Field, JsonValue, model_validator

from wavagent.errors import InputError
from wavagent.export import FORMATS, format_for, profile_named
from wavagent.export.certificate import certify
from wavagent.export.clock import short
from wavagent.export.place import make_room
from wavagent.operations.bill import billed, sentence
from wavagent.operations.desk import Desk
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.operations.telling import Nothing
from wavagent.preview import Preview, Range
from wavagent.project import records_of
from wavagent.script.part import Id, Part
from wavagent.studio import Rendering
from wavagent.text import shown, slug

LONGEST = 600.0
"""Seconds of the longest stretch that is heard as a preview."""


class Quoted(Part):
    formats: tuple[str, ...] = Field(default=("mp3",), max_length=12, description="Files to write: mp3, m4b, srt, …")
    profile: str = Field(default="", description="A delivery specification: universal, apple, spotify, acx, …")


class Subject(Part):
    subject: Id = Field(description="The id of an element or a character.")


class Stretch(Part):
    """A stretch: some elements, a scene, or seconds."""

    elements: tuple[Id, ...] = Field(default=(), max_length=200)
    scene: Id | None = None
    start: float | None = Field(default=None, ge=0.0, description="From this second of the story.")
    end: float | None = Field(default=None, ge=0.0, description="To this second.")

    @model_validator(mode="after")
    def _one_way(self) -> "Stretch":
        if self.end is not None and self.end <= (self.start or 0.0):
            raise ValueError("`end` is after `start`")
        if (bool(self.elements) + (self.scene is not None) + (self.start is not None or self.end is not None)) > 1:
            raise ValueError("say the stretch by `elements`, by `scene`, or by `start` and `end`; not by two of them")
        return self


class Wanted(Part):
    format: str = Field(description="mp3, m4b, wav, flac, opus, srt, vtt, epub, …; never a path.")
    profile: str = Field(default="", description="A delivery specification: universal, apple, spotify, acx, …")


class Checked(Part):
    file: str = Field(default="", description="The name of an exported file; without it, the last one with sound.")
    profile: str = ""


class One(Part):
    element: Id = Field(description="A line, a sound or a bed.")


def _quote(desk: Desk, wish: Quoted) -> Answer:
    suffixes = [_suffix(name) for name in wish.formats]
    found = desk.studio.quote(desk.script, desk.folder, suffixes, wish.profile or None)
    about = [f"{short(found.seconds)} of story: {sentence(billed(found))}"]
    about += [f"{item.card.name}: {item.calls} calls, {item.kept} of them in the store" for item in found.items]
    about += [f"cannot be made: {fault}" for fault in found.faults]
    about += [f"not for commercial use: {one}" for one in found.obstacles]
    return Answer(tuple(about), found.to_json())


def _explain(desk: Desk, wish: Subject) -> Answer:
    found = desk.studio.explain(desk.script, wish.subject, desk.folder, records_of(desk.folder))
    return Answer(tuple(found.sentences), found.to_json())


def _render(desk: Desk, wish: Nothing) -> Answer:
    return rendered(desk.rendering())


def rendered(made: Rendering) -> Answer:
    """What a rendering made."""
    said = f"{short(made.seconds)} of sound: {len(made.made.ran)} clips made, {len(made.made.cached)} in the store"
    findings = [f"{one.element}: {one.message}" for one in made.compiled.findings]
    data: JsonValue = {
        "seconds": round(made.seconds, 3),
        "calls": len(made.compiled.graph),
        "ran": list(made.made.ran),
        "cached": len(made.made.cached),
        "mixed": len(made.premaster.mixed),
        "findings": list(findings),
    }
    return Answer((said, *findings), data)


def _would_render(desk: Desk, wish: Nothing) -> Proposal:
    found = billed(desk.studio.quote(desk.script, desk.folder, ()))
    length = found["length"]
    assert isinstance(length, float)
    return Proposal(operation="render", params={}, says=(f"makes the story, {short(length)} long",), bill=found)


def _range(desk: Desk, wish: Stretch) -> Range:
    """Raises InputError."""
    script = desk.script
    if wish.scene is not None:
        scene = next((one for one in script.scenes if one.id == wish.scene), None)
        if scene is None or not scene.elements:
            raise InputError(f"nothing is heard of a scene '{shown(wish.scene)}'; name another")
        return Range(elements=tuple(one.id for one in scene.elements))
    if wish.elements:
        return Range(elements=wish.elements)
    start = wish.start or 0.0
    return Range(start, wish.end if wish.end is not None else start + LONGEST)


def _preview(desk: Desk, wish: Stretch) -> Answer:
    found = desk.studio.preview(desk.script, _bounded(desk, _range(desk, wish)), desk.folder)
    path = desk.folder / "out" / "preview.wav"
    write_preview(found, path)
    said = f"{short(found.start)} to {short(found.end)} of the story"
    data: JsonValue = {
        "start": round(found.start, 3),
        "end": round(found.end, 3),
        "ran": list(found.ran),
        "mixed": found.mixed,
        "file": path.name,
    }
    return Answer((said,), data, (path,))


def write_preview(found: Preview, path: Path) -> None:
    """Write a stretch as WAV. Raises OutputError."""
    form = format_for(path)
    make_room(path)
    form.write(found.programme, path)


def _bounded(desk: Desk, wanted: Range) -> Range:
    """A stretch that is not longer than a preview may be: by seconds."""
    if wanted.elements:
        start, stop = wanted.frames(desk.studio.outlook(desk.script, desk.folder).layout)
        if (stop - start) / 48_000 <= LONGEST:
            return wanted
        return Range(start / 48_000, start / 48_000 + LONGEST)
    end = wanted.start + LONGEST if wanted.end is None else min(wanted.end, wanted.start + LONGEST)
    return replace(wanted, end=end)


def _would_preview(desk: Desk, wish: Stretch) -> Proposal:
    wanted = _bounded(desk, _range(desk, wish))
    found = desk.studio.foreseen(desk.script, wanted, desk.folder)
    data: dict[str, JsonValue] = {
        "calls": found.calls,
        "to_make": found.to_make,
        "took": round(found.took, 2),
        "cost": round(found.money, 6),
        "length": round(found.end - found.start, 1),
        "faults": [],
    }
    says = (f"plays {short(found.start)} to {short(found.end)}",)
    return Proposal(operation="preview", params=wish.model_dump(mode="json"), says=says, bill=data)


def _takes(desk: Desk, wish: One) -> Answer:
    found = desk.studio.takes(desk.script, desk.folder, wish.element)
    said = [
        f"{one.element} take {take.number}: {take.seconds:.2f} s" + (", heard" if take == one.chosen else "")
        for one in found
        for take in one.takes
    ]
    return Answer(tuple(said), [one.to_json() for one in found])


def _would_take(desk: Desk, wish: One) -> Proposal:
    found = desk.studio.foreseen(desk.script, Range(elements=(wish.element,)), desk.folder)
    bill: dict[str, JsonValue] = {
        "calls": 1,
        "to_make": found.to_make,
        "took": round(found.took, 2),
        "cost": found.money,
    }
    says = (f"lists the takes of {wish.element}, and makes those that are not there",)
    return Proposal(operation="takes", params=wish.model_dump(mode="json"), says=says, bill=bill)


def _suffix(name: str) -> str:
    """The suffix of a format, which is a name of the table and never a path. Raises InputError."""
    suffix = f".{name.strip().lower().removeprefix('.')}"
    if suffix not in FORMATS:
        known = ", ".join(one.removeprefix(".") for one in FORMATS)
        raise InputError(f"'{shown(name)}' is no format; there are {known}")
    return suffix


def _target(desk: Desk, wish: Wanted) -> Path:
    profile_named(wish.profile or desk.studio.settings.profile)
    return desk.folder / "out" / f"{slug(desk.script.title, 'story')}{_suffix(wish.format)}"


def _export(desk: Desk, wish: Wanted) -> Answer:
    path = _target(desk, wish)
    made = desk.studio.export(desk.rendering(), path, wish.profile or None)
    found = made.certificate
    verdict = [] if found is None else [f"{found.profile}: {'passed' if found.passed else 'not passed'}"]
    data: JsonValue = {"file": path.name, "certificate": found.to_json() if found else None}
    return Answer((f"{path}", *verdict), data, (path,))


def _would_export(desk: Desk, wish: Wanted) -> Proposal:
    path = _target(desk, wish)
    found = billed(desk.studio.quote(desk.script, desk.folder, (path.suffix,), wish.profile or None))
    found["to_make"] = max(1, int(str(found["to_make"])))  # a file is written, whatever is in the store
    says = (f"writes out/{path.name}" + (f" for {wish.profile}" if wish.profile else ""),)
    return Proposal(operation="export", params=wish.model_dump(mode="json"), says=says, bill=found)


def _certify(desk: Desk, wish: Checked) -> Answer:
    found = certify(_exported(desk, wish.file), profile_named(wish.profile or desk.studio.settings.profile))
    return Answer(tuple(str(found).splitlines()), found.to_json())


def _exported(desk: Desk, name: str) -> Path:
    """An exported file with sound, by its name. Raises InputError."""
    place = desk.folder / "out"
    endings = tuple(form.suffix for form in FORMATS.values() if form.kind in ("audio", "book"))
    there = {one.name: one for one in sorted(place.iterdir()) if one.is_file()} if place.is_dir() else {}
    sounding = [one for one in there.values() if one.name.endswith(endings) and one.name != "preview.wav"]
    if name and name not in there:
        raise InputError(f"no file '{shown(name)}' was exported; there are {', '.join(there) or 'none'}")
    if not name and not sounding:
        raise InputError("nothing was exported yet; export the story first")
    return there[name] if name else max(sounding, key=lambda one: one.stat().st_mtime)


MAKING: tuple[Operation[Any], ...] = (
    Operation("quote", "What making the story takes: clips, time, money, memory, licences.", Quoted, _quote),
    Operation("explain", "Why an element is made by its tool, and why it runs again.", Subject, _explain),
    Operation("render", "Make the story, or what of it is not made.", Nothing, _render, _would_render, costs=True),
    Operation(
        "preview",
        "Let the person hear a stretch: elements, a scene, or seconds. Only what sounds there is made.",
        Stretch,
        _preview,
        _would_preview,
        costs=True,
    ),
    Operation("takes", "The takes of a line, a sound or a bed.", One, _takes, _would_take, costs=True),
    Operation(
        "export",
        "Write the story as a file into the project's folder `out`.",
        Wanted,
        _export,
        _would_export,
        costs=True,
    ),
    Operation("certify", "Measure an exported file and hold it against a delivery specification.", Checked, _certify),
)
