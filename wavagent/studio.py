"""The studio: the stages in their order. Every face (command line, Python, chat, web) offers these operations."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from time import perf_counter
from types import TracebackType
from typing import Self, TypeVar

from wavagent import length
from wavagent.audio import RATE, Samples
from wavagent.chart.chart import Chart, after, estimated
from wavagent.compiler import Compiled, compile_script
from wavagent.errors import Cancelled, InputError, StoreError
from wavagent.event import Event, Listener, silent
from wavagent.explain import Explanation, Records, explain
from wavagent.export import FORMATS, PROFILES, format_for, profile_named, wav
from wavagent.export.place import make_room
from wavagent.exporting import Exporting
from wavagent.gather import gathered
from wavagent.graph import Graph
from wavagent.llm import Cached, Model
from wavagent.mix.level import SPEECH
from wavagent.mix.master import mastered
from wavagent.mix.opening import Opening
from wavagent.mix.place import place
from wavagent.mix.premaster import Damaged, Premaster, premaster
from wavagent.outlook import Outlook
from wavagent.passes import Draft
from wavagent.passes.casting import casting
from wavagent.planning.director import direct
from wavagent.planning.llm import Note, Planned, adapt, cast, write
from wavagent.preview import Expected, Preview, Range, expected, preview
from wavagent.programme import Programme
from wavagent.quote.bill import MIX, Output, Quote, quote
from wavagent.quote.foresight import Foresight, foresee
from wavagent.reading import Document, read
from wavagent.rendering import Delivery, Rendering, programme
from wavagent.run.ahead import ahead
from wavagent.run.budget import Budget
from wavagent.run.crew import Crew
from wavagent.run.executor import Executor, Made
from wavagent.script import Scene, Script, Speech
from wavagent.script.patch import revision
from wavagent.script.sample import sample
from wavagent.settings import Settings
from wavagent.shortfall import with_shortfall
from wavagent.speeds import Speeds, Timed, Timing, untimed
from wavagent.store import Store
from wavagent.takes import Take, Taken, several, sounding, taken
from wavagent.text import slug
from wavagent.tool import Pool, Toolbox, installed

T = TypeVar("T")

KEPT = 4
"""Compiled scripts that are kept: an edit is shown, quoted, compared and heard, each time of the same two."""


class Studio(Exporting):
    """The operations, on one set of tools and one store.

    It keeps its workers and loaded models until it is closed, or nobody has it any more; it is a context manager.
    """

    def __init__(self, settings: Settings, toolbox: Toolbox | None = None, listen: Listener = silent) -> None:
        self.settings = settings
        self.toolbox = (toolbox if toolbox is not None else installed()).preferring(*settings.prefer)
        self.store = Store(settings.store)
        self.speeds = Speeds(settings.speeds)
        self._listen = listen
        self._lock = Lock()
        self._hired: Executor | None = None
        self._compiled: dict[Hashable, Compiled] = {}
        self._seen: Foresight | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the workers and let go of the models; what is asked of the studio after that hires others."""
        with self._lock:
            executor, self._hired = self._hired, None
        if executor is not None:
            executor.close()

    def beside(self, settings: Settings, listen: Listener) -> "Studio":
        """This studio, told to another listener, with other settings: the tools, workers and models are the same.

        It is for one of several threads; only this one is to be closed.
        """
        other = Studio(settings, self.toolbox, listen)
        other.store, other._hired = self.store, self.executor
        return other

    @property
    def executor(self) -> Executor:
        """What runs the graphs of this studio, all of them."""
        with self._lock:
            if self._hired is None:
                self._hired = self._hire()
            return self._hired

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

    def audition(self, script: Script, folder: Path, say: str = "", project: Path | None = None) -> list[Path]:
        """Have every voice of the cast say one sentence, `say` or one of the character's own, into a file each.

        Recordings that voices are taken from are in `project`.

        Raises what `render` and `export` raise.
        """
        cast, files = self.cast(script).script.cast, []
        for number, character in enumerate(cast, 1):
            line = Speech(id="line", who=character.id, text=say or sample(script, character.id))
            one = Script(
                title=character.name, language=script.language, cast=cast, scenes=(Scene(id="s", elements=(line,)),)
            )
            files.append(folder / f"{number:02}-{slug(character.name)}.wav")
            self.export(self.render(one, project), files[-1])
        return files

    def seconds(self, script: Script) -> float:
        """About how long `script` will last, by the tools' own rates. Raises ScriptError."""
        compiled = compile_script(script, self.toolbox, commercial=self.settings.commercial)
        return length.seconds(compiled, self.toolbox)

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
        wanted = gathered(script, folder)
        ready = tuple(tool.lack() for tool in self.toolbox)
        key = (revision(wanted), folder, self.settings.commercial, self.settings.takes, ready)
        compiled = self._compiled.get(key) or self._compile(wanted, folder)
        self._compiled = dict([*self._compiled.items(), (key, compiled)][-KEPT:])
        for finding in compiled.findings:
            self._listen(Event("compile", "warning", message=finding.message, subject=finding.element))
        return compiled

    def _compile(self, script: Script, folder: Path) -> Compiled:
        compiled = compile_script(script, self.toolbox, folder=folder, commercial=self.settings.commercial)
        box = self.toolbox.commercial if self.settings.commercial else self.toolbox
        return replace(compiled, graph=several(compiled.graph, compiled.script, box, self.settings.takes))

    def render(self, script: Script, folder: Path | None = None) -> Rendering:
        """Run `script` and mix it, or what of it the store does not have. Raises RunError, StoreError, Cancelled."""
        asked = self.compile(script, folder)
        timings: list[Timing] = []
        while True:
            made = self._run(asked.graph, timings.append)
            self._doubt(taken(asked.graph, asked.script, made.entries))
            compiled = with_shortfall(asked, made)
            layout = place(compiled.timeline, made.entries)
            began = perf_counter()
            try:
                mix = premaster(layout, made.entries, self.store, workers=self.settings.workers, listen=self._listen)
            except Damaged:
                continue  # the damaged clip is gone now, so the next run makes it
            timings += _mixed(mix, began)
            self.speeds.record(timings)
            return Rendering(compiled, made, layout, mix, folder or Path(), timings=tuple(timings))

    def foresee(self, graph: Graph) -> Foresight:
        """What a run of `graph` would do, as far as this studio has not seen it before. Nothing runs."""
        self._seen = foresee(graph, self.toolbox, self.store, self._seen)
        return self._seen

    def outlook(self, script: Script, folder: Path | None = None) -> Outlook:
        """When everything in `script` will sound, as far as is known. Nothing runs. Raises what `compile` raises."""
        compiled = self.compile(script, folder)
        return Outlook.of(compiled, self.foresee(compiled.graph))

    def preview(self, script: Script, wanted: Range, folder: Path | None = None) -> Preview:
        """A stretch of `script` as it will sound; only what sounds there is made and mixed.

        Raises InputError when nothing is there, and what `render` raises.
        """
        profile, workers = profile_named(self.settings.profile), self.settings.workers

        def run(graph: Graph) -> Made:
            return self._run(graph, untimed)

        while True:
            outlook = self.outlook(script, folder)
            try:
                return preview(outlook, wanted, run, self.store, profile, workers, self._listen)
            except Damaged:
                self._seen = None  # what was found before is gone, and is made anew

    def foreseen(self, script: Script, wanted: Range, folder: Path | None = None) -> Expected:
        """What `preview` would take. Nothing runs. Raises InputError, and what `compile` raises."""
        return expected(self.outlook(script, folder), wanted, self.speeds.read(), self._depths)

    def takes(self, script: Script, folder: Path | None = None, element: str | None = None) -> list[Taken]:
        """The takes of `element`, or of all of `script` that there can be several of; what is not there yet is made.

        Raises InputError when there are none of it, and what `render` raises.
        """
        compiled = self.compile(script, folder)
        wanted = sounding(compiled.script, compiled.graph)
        if element is not None:
            wanted = [id for id in wanted if id == element]
            if not wanted:
                raise InputError(f"there are no takes of '{element}'; name a line, a sound or a bed of the script")
        graph = compiled.graph.within(wanted)
        made = self._run(graph, untimed)
        return [one for one in taken(graph, compiled.script, made.entries) if one.element in wanted]

    def export_take(self, take: Take, path: Path) -> Path:
        """Write `take` to the bit, as it came from its tool, as float WAV. Raises OutputError, and StoreError."""
        clip = self.store.clip(take.entry)
        if clip is None:
            raise StoreError(f"the clip of take {take.number} is gone from the store; run the same command again")
        make_room(path)
        samples = clip.samples
        wav.write_float(Programme(clip.frames, lambda: iter([samples]), rate=clip.rate, channels=clip.channels), path)
        return path

    def _doubt(self, takes: Sequence[Taken]) -> None:
        """Tell what is doubtful about the takes that are heard."""
        for one in takes:
            for fault in one.chosen.faults:
                self._listen(Event("run", "warning", message=f"the take {fault.message}", subject=one.element))

    def _run(self, graph: Graph, timed: Timed) -> Made:
        wanted = self.settings
        budget = Budget(wanted.max_minutes, wanted.max_cost)
        return self.executor.run(graph, budget=budget, fail_fast=wanted.fail_fast, listen=self._listen, timed=timed)

    def quote(
        self,
        script: Script,
        folder: Path | None = None,
        suffixes: Sequence[str] = (".mp3", ".srt", ".vtt"),
        profile: str | None = None,
    ) -> Quote:
        """What it will take to render `script` and to write a file of each of `suffixes`. Nothing runs.

        Raises what `compile` raises, StoreError, OutputError and InputError.
        """
        wanted, forms = profile_named(profile or self.settings.profile), [format_for(Path(f"x{s}")) for s in suffixes]
        outputs = [Output(form.suffix, wanted.name, form.kind in ("audio", "book")) for form in forms]
        compiled = self.compile(script, folder)
        foresight = self.foresee(compiled.graph)
        return quote(compiled, self.toolbox, self.store, self.speeds, self._depths, outputs, foresight)

    def stream(self, script: Script, folder: Path | None = None, profile: str | None = None) -> Iterator[Samples]:
        """`script` as it sounds, from its start, while what comes later is still being made: blocks of shape (n, 2).

        Mastered by the level of speech, for the loudness of the whole is known only at its end: within some 2 LU of
        what `export` writes. Raises what `render` raises.
        """
        compiled = self.compile(script, folder)
        wanted = profile_named(profile or self.settings.profile)
        with ahead(self.executor, compiled.graph) as made:
            sound = Opening(compiled.timeline, made, self.store, left_out=made.left_out)
            yield from mastered(sound, wanted.target - SPEECH, wanted.ceiling)

    def chart(self, script: Script, folder: Path | None = None, timings: Sequence[Timing] = ()) -> Chart:
        """What is made when: by the `timings` of the last run where nothing is left to do, else as it is expected.

        Nothing runs. Raises what `quote` raises.
        """
        found, compiled = self.quote(script, folder), self.compile(script, folder)
        if timings and found.kept == found.calls:
            return after(compiled, self.toolbox, timings, found)
        return estimated(compiled, found)

    def explain(
        self, script: Script, subject: str, folder: Path | None = None, records: Records | None = None
    ) -> Explanation:
        """Why a tool was chosen for `subject`, an element or character, and why it runs again. Nothing runs.

        `records` are those of the last run. Raises what `compile` raises, and ScriptError when there is no such thing.
        """
        compiled = self.compile(script, folder)
        return explain(subject, compiled, foresee(compiled.graph, self.toolbox, self.store), records)

    @property
    def _depths(self) -> Mapping[Pool, int]:
        return {"cpu": self.settings.workers, "gpu": 1, "http": 4}

    def _hire(self) -> Executor:
        return Executor(
            self.toolbox,
            self.store,
            depths=self._depths,
            offline=self.settings.offline,
            listen=self._listen,
            crew=self._crew(),
        )

    def _crew(self) -> Crew | None:
        """Who does the work; None: this machine."""
        if not self.settings.engine:
            return None
        from wavagent.run.cluster import Cluster

        return Cluster(self.settings.engine, self.store, self.settings.offline, self._listen)


def _mixed(mix: Premaster, began: float) -> list[Timing]:
    """How long mixing took since `began`, if anything had to be mixed."""
    segments = mix.mixed
    frames = sum(segment.stop - segment.start for segment in segments)
    keys = tuple(segment.key for segment in segments)
    return [Timing(MIX, keys, frames / RATE, began, perf_counter() - began)] if segments else []


__all__ = ["FORMATS", "PROFILES", "Delivery", "Rendering", "Studio", "programme"]
