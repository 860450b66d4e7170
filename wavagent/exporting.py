"""Exporting: the half of a studio that writes what was rendered."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TypeVar

from wavagent.audio import Samples
from wavagent.crediting import credited
from wavagent.credits import Credits
from wavagent.errors import OutputError
from wavagent.event import Event, Listener
from wavagent.export import Certificate, Profile, format_for, profile_named, wav
from wavagent.export.coding import PLAIN, Coding
from wavagent.export.excerpt import by_chapter
from wavagent.export.excerpt import sample as beginning
from wavagent.export.place import make_room
from wavagent.mix.deliver import deliver, middle
from wavagent.mix.premaster import Damaged, Premaster, premaster
from wavagent.mix.stem import stems, without_beds
from wavagent.programme import Programme, Tags
from wavagent.quote.bill import writing
from wavagent.rendering import Delivery, Rendering, programme
from wavagent.script import Script
from wavagent.settings import Settings
from wavagent.speeds import Speeds, Timing
from wavagent.store import Store
from wavagent.text import slug
from wavagent.tool import Toolbox

T = TypeVar("T")


class Exporting(ABC):
    """Writes renderings; one that finds that something in the store is gone is rendered again first."""

    settings: Settings
    toolbox: Toolbox
    store: Store
    speeds: Speeds
    _listen: Listener

    @abstractmethod
    def render(self, script: Script, folder: Path | None = None) -> Rendering:
        """Run `script` and mix it, or what of it the store does not have. Raises RunError, StoreError, Cancelled."""

    def export(
        self,
        rendering: Rendering,
        path: Path,
        profile: str | None = None,
        coding: Coding = PLAIN,
        sample: float | None = None,
    ) -> Delivery:
        """Write `rendering` to `path` in the format of its suffix; sound is mastered for `profile` and certified.

        With `sample`, only its beginning, so many seconds at most. Raises OutputError and InputError.
        """
        form, wanted = format_for(path), profile_named(profile or self.settings.profile)
        make_room(path)

        def work(rendering: Rendering) -> Certificate | None:
            if form.kind not in ("audio", "book"):
                told = replace(programme(rendering), credits=self.credits(rendering))
                form.write(told if sample is None else beginning(told, sample), path)
                return None
            mix = self._mix(rendering, wanted)
            told = self._followed(programme(rendering, mix))
            if sample is None:
                return deliver(told, path, form, wanted, coding, mix)
            around = sum(middle(span) for span in (wanted.head, wanted.tail) if span)
            return deliver(beginning(told, max(1.0, sample - around)), path, form, wanted, coding)

        self._listen(Event("export", "start", subject=str(path)))
        began = perf_counter()
        certificate = self._undamaged(rendering, work)
        name, took = writing(form.suffix, wanted.name), perf_counter() - began
        timing = Timing(name, (path.name,), rendering.seconds, began, took)
        if sample is None:
            self.speeds.record([timing])
        self._listen(Event("export", "end", subject=str(path)))
        return Delivery(path, certificate, timing)

    def credits(self, rendering: Rendering) -> Credits:
        """Who and what `rendering` was made with, and under which licences."""
        return credited(rendering.compiled, self.toolbox, rendering.made)

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
                make_room(path)
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
                make_room(path)
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
            again = self.render(rendering.script, rendering.folder)
            return self._undamaged(replace(again, cover=rendering.cover), work)

    def _followed(self, programme: Programme) -> Programme:
        """`programme`, when the listener is told how far it is written."""

        def blocks() -> Iterator[Samples]:
            done = 0
            for block in programme.blocks():
                yield block
                done += len(block)
                self._listen(Event("export", "progress", done / programme.rate, programme.frames / programme.rate))

        return replace(programme, blocks=blocks)

    def _mix(self, rendering: Rendering, profile: Profile) -> Premaster:
        """The pre-master that a profile wants: all of it, or without the beds."""
        if profile.beds:
            return rendering.premaster
        layout, workers = without_beds(rendering.layout), self.settings.workers
        return premaster(layout, rendering.made.entries, self.store, workers=workers, listen=self._listen)
