"""wavagent's own mixer: `python -m benchmarks.mixes.ours FOLDER [WORKERS [sum]]`; `sum` only places and sums."""

import json
import sys
from pathlib import Path

from benchmarks.mixes.session import CEILING, TARGET, Part, Session, read
from wavagent.audio import Audio
from wavagent.dsp.gain import linear
from wavagent.dsp.truepeak import TruePeak
from wavagent.mix.desk import Desk
from wavagent.mix.master import gain_for, mastered
from wavagent.mix.place import Layout, place
from wavagent.mix.premaster import ducking, loader, premaster
from wavagent.mix.rack import Rack
from wavagent.mix.segment import segments
from wavagent.store import Entry, Store
from wavagent.timeline import Cue, Moment, Timeline

STORE = "store"
MIXED = ("mix", "levels")
"""What a mix leaves in the store; without it everything is mixed again."""


def main() -> None:
    folder = Path(sys.argv[1])
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    store = Store(str(folder / STORE))
    layout, entries = _placed(folder, store)
    if sys.argv[3:] == ["sum"]:
        _sum(layout, entries, store)
        print(json.dumps({"lufs": None, "true_peak": None}))
        return
    mix = premaster(layout, entries, store, workers=workers)
    gain = gain_for(mix, TARGET, CEILING)
    meter = TruePeak(2, floor=linear(CEILING))  # proves that nothing is above; what is below needs no proof
    for block in mastered(mix, gain, CEILING):
        meter.feed(block)
    print(json.dumps({"lufs": mix.loudness.integrated, "true_peak": meter.peak}))


def keep(folder: Path) -> None:
    """Keep the clips of a session in a store, as the tools that made them would have."""
    import soundfile

    from wavagent.tool import Result

    store = Store(str(folder / STORE))
    for key, file in _keys(read(folder)).items():
        samples, rate = soundfile.read(folder / file, dtype="float32", always_2d=True)
        store.put(key, Result(Audio.of(samples, rate)))


def _placed(folder: Path, store: Store) -> tuple[Layout, dict[str, Entry]]:
    """What the mixer is given: where every cue is, and the clips."""
    session = read(folder)
    entries = _entries(session, store)
    cues = tuple(_cue(number, part) for number, part in enumerate(session.parts))
    return place(Timeline(cues, tail=1.0), entries), entries


def _sum(layout: Layout, entries: dict[str, Entry], store: Store) -> None:
    ducks = ducking(layout)
    desk = Desk(Rack(loader(entries, store)), ducks)
    for segment in segments(layout, entries, ducks):
        desk.mix(segment)


def _keys(session: Session) -> dict[str, str]:
    """The file of each clip, by the key of the call that would have made it."""
    return {f"{number:064x}": file for number, file in enumerate(sorted({part.file for part in session.parts}))}


def _entries(session: Session, store: Store) -> dict[str, Entry]:
    found = {file: store.get(key) for key, file in _keys(session).items()}
    return {file: entry for file, entry in found.items() if entry is not None}


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
