"""wavagent's own mixer: `python -m benchmarks.mixes.ours FOLDER [WORKERS]`."""

import json
import sys
from pathlib import Path

import soundfile

from benchmarks.mixes.session import CEILING, TARGET, Part, read
from wavagent.audio import Audio
from wavagent.dsp.gain import linear
from wavagent.dsp.truepeak import TruePeak
from wavagent.mix.master import gain_for, mastered
from wavagent.mix.place import place
from wavagent.mix.premaster import premaster
from wavagent.store import Entry, Store
from wavagent.timeline import Cue, Moment, Timeline
from wavagent.tool import Result


def main() -> None:
    folder = Path(sys.argv[1])
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    session = read(folder)
    store = Store(str(folder / f"store-{workers}"))
    entries = _entries(folder, [part.file for part in session.parts], store)
    cues = tuple(_cue(number, part) for number, part in enumerate(session.parts))
    layout = place(Timeline(cues, tail=1.0), entries)
    mix = premaster(layout, entries, store, workers=workers)
    gain = gain_for(mix, TARGET, CEILING)
    meter = TruePeak(2, floor=linear(CEILING))  # proves that nothing is above; what is below needs no proof
    for block in mastered(mix, gain, CEILING):
        meter.feed(block)
    print(json.dumps({"lufs": mix.loudness.integrated, "true_peak": meter.peak}))


def _entries(folder: Path, files: list[str], store: Store) -> dict[str, Entry]:
    """The clips in the store, as the tools would have left them there."""
    entries = {}
    for number, file in enumerate(sorted(set(files))):
        key = f"{number:064x}"
        entry = store.get(key)
        if entry is None:
            samples, rate = soundfile.read(folder / file, dtype="float32", always_2d=True)
            entry = store.put(key, Result(Audio.of(samples, rate)))
        entries[file] = entry
    return entries


def _cue(number: int, part: Part) -> Cue:
    bed = part.role != "speech"
    return Cue(
        f"c{number}",
        part.role,  # type: ignore[arg-type]
        Moment(offset=part.start),
        clip=part.file,
        end=Moment(offset=part.end) if bed else None,
        loop=bed,
        fade_in=2.0 if bed else 0.0,
        fade_out=2.0 if bed else 0.0,
    )


if __name__ == "__main__":
    main()
