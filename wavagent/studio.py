"""The studio: the stages in their order. Every face (command line, Python, chat, web) offers these operations."""

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from wavagent.audio import Samples
from wavagent.compiler import Compiled, compile_script
from wavagent.errors import InputError, OutputError, ScriptError
from wavagent.event import Event, Listener, silent
from wavagent.export import FORMATS, PROFILES, Certificate, Format, Profile, certify, format_for, profile_named
from wavagent.mix.master import gain_for, mastered
from wavagent.mix.place import Layout, place
from wavagent.mix.premaster import Damaged, Premaster, premaster
from wavagent.plan.director import direct
from wavagent.programme import Programme, Tags
from wavagent.reading import Document, read
from wavagent.run.executor import Executor, Made
from wavagent.script import NARRATOR, Recording, Script
from wavagent.settings import Settings
from wavagent.store import Store
from wavagent.tool import Toolbox, installed

TRIES = 3
"""Times that a file is made again with another gain or ceiling before a missed certificate is reported as it is."""


@dataclass(frozen=True)
class Rendering:
    """A script that has been run and mixed: everything an export needs."""

    compiled: Compiled
    made: Made
    layout: Layout
    premaster: Premaster
    folder: Path = field(default_factory=Path)

    @property
    def script(self) -> Script:
        return self.compiled.script

    @property
    def seconds(self) -> float:
        return self.layout.frames / 48_000


@dataclass(frozen=True, slots=True)
class Delivery:
    """A file that was written, and for sound the certificate measured on it."""

    path: Path
    certificate: Certificate | None = None


class Studio:
    """The operations, on one set of tools and one store."""

    def __init__(self, settings: Settings, toolbox: Toolbox | None = None, listen: Listener = silent) -> None:
        self.settings = settings
        self.toolbox = toolbox if toolbox is not None else installed()
        self.store = Store(settings.store)
        self._listen = listen

    def read(self, path: Path) -> Document:
        """The narrative in a file. Raises InputError."""
        self._listen(Event("read", "start", subject=str(path)))
        document = read(path)
        for note in document.notes:
            self._listen(Event("read", "warning", message=note, subject=document.name))
        return document

    def plan(self, document: Document) -> Script:
        """A script of every word of `document`, by rules. Raises PlanError."""
        self._listen(Event("plan", "start", 0, len(document.text)))
        script = direct(document, seed=self.settings.seed)
        self._listen(Event("plan", "end", len(document.text), len(document.text)))
        return script

    def compile(self, script: Script, folder: Path | None = None) -> Compiled:
        """The graph and timeline of `script`, whose recordings are in `folder`. Raises ScriptError, UnknownTool."""
        folder = (folder or Path()).resolve()
        compiled = compile_script(
            _gathered(script, folder), self.toolbox, folder=folder, commercial=self.settings.commercial
        )
        for finding in compiled.findings:
            self._listen(Event("compile", "warning", message=finding.message, subject=finding.element))
        return compiled

    def render(self, script: Script, folder: Path | None = None) -> Rendering:
        """Run `script` and mix it, or what of it the store does not have. Raises RunError, StoreError, Cancelled."""
        compiled = self.compile(script, folder)
        executor = Executor(
            self.toolbox,
            self.store,
            depths={"cpu": self.settings.workers, "gpu": 1, "http": 4},
            offline=self.settings.offline,
            listen=self._listen,
        )
        while True:
            made = executor.run(compiled.graph)
            layout = place(compiled.timeline, made.entries)
            try:
                mix = premaster(layout, made.entries, self.store, workers=self.settings.workers, listen=self._listen)
            except Damaged:
                continue  # the damaged clip is gone now, so the next run makes it
            return Rendering(compiled, made, layout, mix, folder or Path())

    def export(self, rendering: Rendering, path: Path, profile: str | None = None) -> Delivery:
        """Write `rendering` to `path` in the format of its suffix; sound is mastered for `profile` and certified.

        Raises OutputError and InputError.
        """
        form = format_for(path)
        _make_room(path)
        self._listen(Event("export", "start", subject=str(path)))
        if form.kind != "audio":
            form.write(programme(rendering), path)
            return Delivery(path)
        try:
            certificate = self._deliver(rendering, path, form, profile_named(profile or self.settings.profile))
        except Damaged:
            rendering = self.render(rendering.script, rendering.folder)
            return self.export(rendering, path, profile)
        self._listen(Event("export", "end", subject=str(path)))
        return Delivery(path, certificate)

    def _deliver(self, rendering: Rendering, path: Path, form: Format, profile: Profile) -> Certificate:
        """Master, encode, decode and measure; what gain and ceiling can mend is mended and measured again."""
        master = Mastering.first(rendering.premaster, form, profile)
        while True:
            form.write(programme(rendering, master), path)
            certificate = certify(path, profile)
            following = master.mended(certificate, profile)
            if following is None or following.tries > TRIES:
                return certificate
            master = following


@dataclass(frozen=True, slots=True)
class Mastering:
    """The gain in dB and the ceiling in dBTP of a master, and how often it was tried."""

    gain: float = 0.0
    ceiling: float = -1.5
    tries: int = 1

    @classmethod
    def first(cls, mix: Premaster, form: Format, profile: Profile) -> "Mastering":
        ceiling = min(form.ceiling, profile.ceiling)
        return cls(round(gain_for(mix, profile.target, ceiling) - form.gain, 2), ceiling)

    def mended(self, certificate: Certificate, profile: Profile) -> "Mastering | None":
        """What to try next, or None when the file meets the profile or no gain or ceiling would help."""
        off = profile.target - certificate.loudness if math.isfinite(certificate.loudness) else 0.0
        over = certificate.true_peak - profile.true_peak
        if abs(off) <= profile.aim and over <= 0.0:
            return None
        return replace(
            self,
            gain=round(self.gain + off, 2),
            ceiling=round(self.ceiling - max(0.0, over + 0.1), 2) if over > 0.0 else self.ceiling,
            tries=self.tries + 1,
        )


def programme(rendering: Rendering, master: Mastering | None = None) -> Programme:
    """`rendering` as the exports see it."""
    script, layout = rendering.script, rendering.layout

    def blocks() -> Iterator[Samples]:
        if master is None:
            return rendering.premaster.blocks()
        return mastered(rendering.premaster, master.gain, master.ceiling)

    voice = script.character(NARRATOR).voice if any(c.id == NARRATOR for c in script.cast) else None
    tags = Tags(script.title, script.author, f"{voice.tool} ({voice.id})" if voice else "", script.language)
    names = dict(rendering.compiled.timeline.names)
    return Programme(layout.frames, blocks, layout.placed, layout.chapters, tags, names)


def _make_room(path: Path) -> None:
    """Make the folder of `path`. Raises OutputError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise OutputError(f"'{path}' cannot be written ({reason}); choose another place with -o") from error


def _gathered(script: Script, folder: Path) -> Script:
    """`script` with the sha256 of every recording's file. Raises ScriptError and InputError."""

    def gather(recording: Recording) -> Recording:
        path = (folder / recording.file).resolve()
        if not path.is_relative_to(folder):
            raise ScriptError(f"recording '{recording.id}' leads out of the project: '{recording.file}'; copy it in")
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"recording '{recording.id}': '{recording.file}' cannot be read ({reason})") from error
        return recording.model_copy(update={"sha256": digest})

    scenes = tuple(
        scene.model_copy(
            update={"elements": tuple(gather(e) if isinstance(e, Recording) else e for e in scene.elements)}
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})


__all__ = ["FORMATS", "PROFILES", "Delivery", "Mastering", "Rendering", "Studio", "programme"]
