"""The studio: the stages in their order. Every face (command line, Python, chat, web) offers these operations."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from wavagent.audio import RATE, Samples
from wavagent.compiler import Compiled, compile_script
from wavagent.errors import Cancelled, InputError, OutputError, ScriptError
from wavagent.event import Event, Listener, silent
from wavagent.export import FORMATS, PROFILES, Certificate, Profile, format_for, profile_named, wav
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.excerpt import by_chapter
from wavagent.llm import Cached, Model
from wavagent.mix.deliver import deliver, finish
from wavagent.mix.level import SPEECH
from wavagent.mix.master import mastered
from wavagent.mix.opening import Opening
from wavagent.mix.place import Layout, place
from wavagent.mix.premaster import Damaged, Premaster, premaster
from wavagent.mix.stem import opened, stems, without_beds
from wavagent.passes import Draft, takes_a_turn
from wavagent.passes.casting import casting
from wavagent.planning.director import direct
from wavagent.planning.llm import Note, Planned, adapt, cast, write
from wavagent.programme import Passage, Programme, Tags
from wavagent.reading import Document, read
from wavagent.run.ahead import ahead
from wavagent.run.executor import Executor, Made
from wavagent.script import NARRATOR, Pause, Recording, Scene, Script, Speech
from wavagent.settings import Settings
from wavagent.store import Store
from wavagent.text import has_words, one_line, slug
from wavagent.tool import Toolbox, accept, installed

T = TypeVar("T")


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
        return self.layout.frames / RATE


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

    def adapt(self, document: Document, model: Model) -> Planned:
        """A script of every word of `document`, with `model`'s labels; nothing is asked twice. Raises PlanError."""
        kept, seed = Cached(model, self.store), self.settings.seed
        return self._told(lambda: adapt(document, kept, seed=seed, listen=self._listen))

    def write(self, idea: str, minutes: float, model: Model, language: str = "en") -> Planned:
        """A new story about `idea`, by `model`, about as long as is asked for. Raises InputError and PlanError."""
        kept = Cached(model, self.store)
        seed, listen = self.settings.seed, self._listen
        return self._told(lambda: write(idea, minutes, kept, self.seconds, language=language, seed=seed, listen=listen))

    def cast(self, script: Script, model: Model | None = None) -> Planned:
        """`script` with a voice for everybody: `model`'s choice for those not locked, and by rules for the rest.

        Raises ScriptError when nobody speaks its language, and PlanError.
        """
        commercial = self.settings.commercial
        made = Planned(script)
        if model is not None:
            kept = Cached(model, self.store)
            made = self._told(lambda: cast(script, self.toolbox, kept, commercial=commercial))
        draft = casting(Draft(made.script, self.toolbox, commercial=commercial))
        return Planned(draft.script, (*made.notes, *(Note(one.element, one.message) for one in draft.findings)))

    def audition(self, script: Script, folder: Path, say: str = "") -> list[Path]:
        """Have every voice of the cast say one sentence, `say` or one of the character's own, into a file each.

        Raises what `render` and `export` raise.
        """
        cast, files = self.cast(script).script.cast, []
        for number, character in enumerate(cast, 1):
            line = Speech(id="line", who=character.id, text=say or _sample(script, character.id))
            one = Script(
                title=character.name, language=script.language, cast=cast, scenes=(Scene(id="s", elements=(line,)),)
            )
            files.append(folder / f"{number:02}-{slug(character.name)}.wav")
            self.export(self.render(one), files[-1])
        return files

    def seconds(self, script: Script) -> float:
        """About how long `script` will last, by the tools' own rates. Raises ScriptError."""
        compiled = compile_script(script, self.toolbox, commercial=self.settings.commercial)
        return compiled.timeline.head + compiled.timeline.tail + sum(_turns(compiled, self.toolbox))

    def _told(self, plan: Callable[[], Planned]) -> Planned:
        """What `plan` makes, when its notes were told to the listener. Raises Cancelled on Ctrl-C."""
        try:
            made = plan()
        except KeyboardInterrupt:
            raise Cancelled("stopped; every answer is kept, so the same command goes on from here") from None
        for note in made.notes:
            self._listen(Event("plan", "warning", message=note.message, subject=note.subject))
        self._listen(Event("plan", "end", 1, 1))
        return made

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
        executor = self._executor()
        while True:
            made = executor.run(compiled.graph)
            layout = place(compiled.timeline, made.entries)
            try:
                mix = premaster(layout, made.entries, self.store, workers=self.settings.workers, listen=self._listen)
            except Damaged:
                continue  # the damaged clip is gone now, so the next run makes it
            return Rendering(compiled, made, layout, mix, folder or Path())

    def stream(self, script: Script, folder: Path | None = None, profile: str | None = None) -> Iterator[Samples]:
        """`script` as it sounds, from its start, while what comes later is still being made: blocks of shape (n, 2).

        Mastered by the level of speech, for the loudness of the whole is known only at its end: within some 2 LU of
        what `export` writes. Raises what `render` raises.
        """
        compiled = self.compile(script, folder)
        wanted = profile_named(profile or self.settings.profile)
        with ahead(self._executor(), compiled.graph) as made:
            sound = Opening(compiled.timeline, made, self.store)
            yield from mastered(sound, wanted.target - SPEECH, wanted.ceiling)

    def _executor(self) -> Executor:
        return Executor(
            self.toolbox,
            self.store,
            depths={"cpu": self.settings.workers, "gpu": 1, "http": 4},
            offline=self.settings.offline,
            listen=self._listen,
        )

    def export(self, rendering: Rendering, path: Path, profile: str | None = None, coding: Coding = PLAIN) -> Delivery:
        """Write `rendering` to `path` in the format of its suffix; sound is mastered for `profile` and certified.

        Raises OutputError and InputError.
        """
        form, wanted = format_for(path), profile_named(profile or self.settings.profile)
        _make_room(path)

        def work(rendering: Rendering) -> Certificate | None:
            if form.kind not in ("audio", "book"):
                form.write(programme(rendering), path)
                return None
            mix = self._mix(rendering, wanted)
            told = programme(rendering, mix)
            if form.kind == "book":
                finish(told, path, form, wanted, coding, mix)
                return None
            return deliver(told, path, form, wanted, coding, mix)

        self._listen(Event("export", "start", subject=str(path)))
        certificate = self._undamaged(rendering, work)
        self._listen(Event("export", "end", subject=str(path)))
        return Delivery(path, certificate)

    def export_chapters(
        self, rendering: Rendering, folder: Path, suffix: str, profile: str | None = None, coding: Coding = PLAIN
    ) -> list[Delivery]:
        """Write every chapter to a file of its own in `folder`, each mastered and certified: 01-the-knock.mp3.

        Raises OutputError and InputError.
        """
        form, wanted = format_for(Path(f"chapter{suffix}")), profile_named(profile or self.settings.profile)
        if form.kind != "audio":
            raise OutputError(f"'{suffix}' is no sound; a file for every chapter can be .mp3, .m4a, .flac, …")

        def work(rendering: Rendering) -> list[Delivery]:
            made = []
            parts = list(by_chapter(programme(rendering, self._mix(rendering, wanted))))
            for number, part in enumerate(parts, 1):
                path = folder / f"{number:0{max(2, len(str(len(parts))))}}-{slug(part.tags.title)}{suffix}"
                _make_room(path)
                self._listen(Event("export", "progress", number - 1, len(parts), subject=str(path)))
                made.append(Delivery(path, deliver(part, path, form, wanted, coding)))
            return made

        self._listen(Event("export", "start", subject=str(folder)))
        made = self._undamaged(rendering, work)
        self._listen(Event("export", "end", subject=str(folder)))
        return made

    def export_stems(self, rendering: Rendering, folder: Path) -> list[Delivery]:
        """Write the stems to `folder`, before mastering, as float WAV of one length: their sum is the pre-master.

        Raises OutputError.
        """

        def work(rendering: Rendering) -> list[Delivery]:
            whole, made = programme(rendering), []
            for number, stem in enumerate(stems(rendering.layout, rendering.made.entries, self.store, whole.names), 1):
                path = folder / f"{number:02}-{slug(stem.name)}.wav"
                _make_room(path)
                tags = Tags(stem.name, album=whole.tags.title)
                wav.write_float(Programme(whole.frames, stem.blocks, tags=tags), path)
                made.append(Delivery(path))
            return made

        return self._undamaged(rendering, work)

    def _undamaged(self, rendering: Rendering, work: Callable[[Rendering], T]) -> T:
        """`work` on `rendering`; where it finds that something in the store is gone, that is made again first."""
        try:
            return work(rendering)
        except Damaged:
            return self._undamaged(self.render(rendering.script, rendering.folder), work)

    def _mix(self, rendering: Rendering, profile: Profile) -> Premaster:
        """The pre-master that a profile wants: all of it, or without the beds."""
        if profile.beds:
            return rendering.premaster
        layout, workers = without_beds(rendering.layout), self.settings.workers
        return premaster(layout, rendering.made.entries, self.store, workers=workers, listen=self._listen)


def _turns(compiled: Compiled, toolbox: Toolbox) -> Iterator[float]:
    """About the seconds of every turn in the foreground, its pauses included."""
    for element in compiled.script.elements:
        if not takes_a_turn(element):
            continue
        cue = compiled.timeline.by_id[element.id]
        if isinstance(element, Speech):
            yield (element.pause_before or 0.0) + (element.pause_after or 0.0)
        if cue.clip is None:
            yield cue.seconds or 0.0
        elif not isinstance(element, Recording):  # its length is in its file, which is not read here
            call = compiled.graph[cue.clip]
            tool = toolbox[call.tool]
            yield tool.seconds(accept(tool, call.params))


def _sample(script: Script, who: str) -> str:
    """A line of `who` that is neither a word nor a speech."""
    lines = [one_line(line.text) for line in script.lines if line.who == who and has_words(line.text)]
    return min(lines, key=lambda line: abs(len(line) - 70), default="This is how I sound.")[:200]


def programme(rendering: Rendering, mix: Premaster | None = None) -> Programme:
    """`rendering`, or another `mix` of it, as the exports see it: before mastering."""
    script, layout, sound = rendering.script, rendering.layout, mix or rendering.premaster
    voice = script.character(NARRATOR).voice if any(c.id == NARRATOR for c in script.cast) else None
    tags = Tags(script.title, script.author, f"{voice.tool} ({voice.id})" if voice else "", script.language)
    names = dict(rendering.compiled.timeline.names)
    plain = Programme(
        layout.frames,
        sound.blocks,
        layout.placed,
        layout.chapters,
        tags,
        names,
        passages=tuple(_passages(script)),
        since=sound.since,
    )
    return opened(plain, layout, rendering.made.entries, rendering.premaster.store)


def _passages(script: Script) -> Iterator[Passage]:
    for element in script.elements:
        if isinstance(element, Speech | Pause) and element.text:
            heading = isinstance(element, Speech) and element.mode == "heading"
            yield Passage(element.text, element.id, heading)


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


__all__ = ["FORMATS", "PROFILES", "Delivery", "Rendering", "Studio", "programme"]
