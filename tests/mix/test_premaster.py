from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest

from wavagent.audio import RATE, Samples
from wavagent.dsp.loudness import Loudness, clip_loudness
from wavagent.mix.level import LEVELS
from wavagent.mix.place import place
from wavagent.mix.premaster import Damaged, Premaster, premaster
from wavagent.store import Entry, Store
from wavagent.timeline import Cue, Moment, Timeline

Keep = Callable[..., Entry]


def line(number: int, **rest: object) -> Cue:
    start = Moment(f"l{number - 1}", "end", 0.3) if number else Moment(offset=0.5)
    return Cue(f"l{number}", "speech", start, clip=f"l{number}", scene="s", **rest)  # type: ignore[arg-type]


@pytest.fixture
def entries(keep: Keep) -> dict[str, Entry]:
    lines = {f"l{n}": keep(f"l{n}", 1.0 + n / 10, 300.0 + 20 * n, rate=22_050) for n in range(24)}
    return {**lines, "rain": keep("rain", 2.0, 50.0, rate=48_000, channels=2), "bang": keep("bang", 0.2, 2000.0)}


@pytest.fixture
def timeline() -> Timeline:
    lines = tuple(line(n) for n in range(24))
    rain = Cue(
        "rain",
        "ambience",
        Moment("l0"),
        clip="rain",
        end=Moment("l23", "end", 1.0),
        loop=True,
        fade_in=1.0,
        fade_out=1.0,
    )
    bang = Cue("bang", "sound", Moment("l3", "end", -0.1), clip="bang", pan=-1.0)
    return Timeline((*lines, rain, bang))


def mix(timeline: Timeline, entries: dict[str, Entry], store: Store, workers: int = 1) -> Premaster:
    return premaster(place(timeline, entries), entries, store, workers=workers)


def samples(mixed: Premaster) -> Samples:
    return np.concatenate(list(mixed.blocks()))


def test_the_mix_has_the_length_of_the_layout(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    mixed = mix(timeline, entries, store)
    assert len(samples(mixed)) == mixed.frames == place(timeline, entries).frames
    assert len(mixed.segments) > 2


def test_one_and_two_workers_give_the_same_bits(
    timeline: Timeline, entries: dict[str, Entry], store: Store, tmp_path_factory: pytest.TempPathFactory
) -> None:
    one = samples(mix(timeline, entries, store))
    for segment in mix(timeline, entries, store).segments:
        store.shelf.remove(f"mix/{segment.key[:2]}/{segment.key[2:]}.bin")
    assert np.array_equal(one, samples(mix(timeline, entries, store, workers=2)))


def test_what_was_mixed_is_not_mixed_again(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    first = mix(timeline, entries, store)
    again = mix(timeline, entries, store)
    assert len(first.mixed) == len(first.segments)
    assert not again.mixed
    assert np.array_equal(samples(first), samples(again))


def test_an_edit_of_the_same_length_mixes_one_segment(
    timeline: Timeline, entries: dict[str, Entry], store: Store, keep: Keep
) -> None:
    mix(timeline, entries, store)
    edited = {**entries, "l9": keep("edited", entries["l9"].seconds, 555.0, rate=22_050)}
    assert len(mix(timeline, edited, store).mixed) == 1


def test_after_a_longer_line_lines_without_a_bed_are_found_again(
    timeline: Timeline, entries: dict[str, Entry], store: Store, keep: Keep
) -> None:
    bare = Timeline(tuple(cue for cue in timeline.cues if cue.role == "speech"))
    mix(bare, entries, store)
    edited = {**entries, "l9": keep("edited", entries["l9"].seconds + 0.777, 555.0, rate=22_050)}
    assert len(mix(bare, edited, store).mixed) <= 2


def test_cutting_into_segments_changes_nothing(
    timeline: Timeline,
    entries: dict[str, Entry],
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    whole = samples(mix(timeline, entries, store))
    monkeypatch.setattr("wavagent.mix.segment.PICK", 1)
    other = premaster(place(timeline, entries), entries, store)
    assert len(other.segments) >= 25
    assert np.array_equal(whole, samples(other))


def test_the_loudness_of_the_segments_is_that_of_the_whole(
    timeline: Timeline, entries: dict[str, Entry], store: Store
) -> None:
    mixed = mix(timeline, entries, store)
    assert mixed.loudness.integrated == pytest.approx(Loudness.of(samples(mixed), RATE).integrated, abs=0.05)


def test_every_line_has_the_loudness_of_its_role(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    bare = Timeline(tuple(cue for cue in timeline.cues if cue.role == "speech"))
    sound = samples(mix(bare, entries, store))
    for placed in place(bare, entries).placed:
        found = Loudness.of(sound[placed.start : placed.end], RATE).integrated
        assert found == pytest.approx(LEVELS["speech"], abs=0.3)


def test_a_bed_is_15_lu_under_whoever_speaks(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    bed = replace(
        timeline, cues=tuple(replace(c, gain=-40.0) if c.role == "speech" else c for c in timeline if c.id != "bang")
    )
    layout = place(timeline, entries)
    sound = samples(mix(bed, entries, store))
    for placed in (p for p in layout.placed if p.cue.role == "speech"):
        spoken = LEVELS["speech"] - Loudness.of(sound[placed.start : placed.end], RATE).integrated
        assert spoken >= 15.0


def test_there_is_no_step_at_any_edge(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    apart = replace(timeline, cues=tuple(cue for cue in timeline if cue.id != "bang"))
    sound = samples(mix(apart, entries, store))
    for placed in place(apart, entries).placed:
        for edge in (placed.start, placed.end):
            around = sound[max(0, edge - 2) : edge + 2]
            assert np.abs(np.diff(around, axis=0)).max() < 0.01  # -40 dBFS


def test_a_sound_panned_left_is_left(entries: dict[str, Entry], store: Store) -> None:
    left = Timeline((Cue("bang", "sound", Moment(offset=1.0), clip="bang", pan=-1.0),))
    sound = samples(mix(left, entries, store))
    assert np.abs(sound[:, 1]).max() < 1e-4 < np.abs(sound[:, 0]).max()


def test_a_damaged_clip_is_named_and_gone(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    digest = entries["l5"].digest
    store.shelf.write(f"clips/{digest[:2]}/{digest[2:]}.npy", b"nonsense")
    with pytest.raises(Damaged, match="l5"):
        mix(timeline, entries, store)
    assert store.clip(entries["l5"]) is None


def test_a_damaged_segment_is_mixed_again(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    mixed = mix(timeline, entries, store)
    key = mixed.segments[1].key
    store.shelf.write(f"mix/{key[:2]}/{key[2:]}.bin", b"nonsense" * 8)
    with pytest.raises(Damaged):
        samples(mixed)
    assert [segment.key for segment in mix(timeline, entries, store).mixed] == [key]


def test_a_segment_is_never_longer_than_15_seconds(entries: dict[str, Entry], store: Store, keep: Keep) -> None:
    long = {"l0": keep("long", 100.0, rate=8000)}
    mixed = mix(Timeline((line(0),)), long, store)
    assert max(segment.stop - segment.start for segment in mixed.segments) <= 15 * RATE


def test_silence_stays_silent(entries: dict[str, Entry], store: Store, keep: Keep) -> None:
    quiet = {"l0": keep("quiet", 2.0, level=0.0)}
    mixed = mix(Timeline((line(0),)), quiet, store)
    assert mixed.peak == 0.0
    assert mixed.loudness.integrated == -np.inf


def test_a_clip_that_is_no_loop_is_repeated_without_a_step(store: Store, keep: Keep) -> None:
    broken = {"bed": keep("bed", 2.1234, 333.3, rate=48_000, channels=2)}  # its end does not run into its beginning
    bed = Cue("bed", "music", Moment(), clip="bed", end=Moment(offset=12.0), loop=True)

    def step(cue: Cue) -> float:
        middle = samples(mix(Timeline((cue,)), broken, store))[RATE : 11 * RATE]
        return float(np.abs(np.diff(middle, n=2, axis=0)).max())

    assert step(replace(bed, seam=0.5)) < 0.1 * step(bed)


def test_a_clip_that_was_measured_when_it_was_kept_is_not_measured_again(
    timeline: Timeline, entries: dict[str, Entry], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured: list[int] = []

    def counting(samples: Samples, rate: int) -> float:
        measured.append(rate)
        return clip_loudness(samples, rate)

    monkeypatch.setattr("wavagent.mix.premaster.clip_loudness", counting)
    new = samples(mix(timeline, entries, store))
    assert not measured
    for segment in mix(timeline, entries, store).segments:
        store.shelf.remove(f"mix/{segment.key[:2]}/{segment.key[2:]}.bin")
    older = {name: replace(entry, loudness=None) for name, entry in entries.items()}
    assert np.array_equal(samples(mix(timeline, older, store)), new)
    assert measured


def test_damaged_levels_are_found_and_measured_again(
    timeline: Timeline, entries: dict[str, Entry], store: Store
) -> None:
    mixed = mix(timeline, entries, store)
    key = mixed.segments[2].key
    store.shelf.write(f"levels/{key[:2]}/{key[2:]}.bin", b"nonsense" * 8)
    with pytest.raises(Damaged):
        _ = mixed.loudness
    again = mix(timeline, entries, store)
    assert [segment.key for segment in again.mixed] == [key]
    assert np.isfinite(again.loudness.integrated) and again.peak > 0.0


def test_loudness_takes_ten_numbers_a_second(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    """Segments are metered in hops of 10 ms; kept like that, ten hours would be 29 MB."""
    mixed = mix(timeline, entries, store)
    assert len(mixed.loudness.energies) == mixed.frames // (RATE // 10)
    assert mixed.loudness.frames == mixed.frames


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_fails_stops_the_others(
    timeline: Timeline, entries: dict[str, Entry], store: Store, workers: int
) -> None:
    digest = entries["l0"].digest
    store.shelf.write(f"clips/{digest[:2]}/{digest[2:]}.npy", b"nonsense")
    with pytest.raises(Damaged, match="l0"):
        mix(timeline, entries, store, workers=workers)
    kept = [file for file in store.shelf.files() if file.kind == "mix"]
    assert len(kept) <= workers


def test_a_mix_kept_with_a_sha256_is_still_read(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    before = samples(mix(timeline, entries, store))
    for segment in mix(timeline, entries, store).segments:
        for kind in ("mix", "levels"):
            data = store.get_bytes(kind, segment.key)
            assert data is not None
            store.shelf.write(f"{kind}/{segment.key[:2]}/{segment.key[2:]}.bin", sha256(data).digest(), data)
    again = mix(timeline, entries, store)
    assert not again.mixed
    assert np.array_equal(samples(again), before)


def test_one_bit_of_damage_in_a_segment_is_found(timeline: Timeline, entries: dict[str, Entry], store: Store) -> None:
    mixed = mix(timeline, entries, store)
    key = mixed.segments[1].key
    whole = store.shelf.read(f"mix/{key[:2]}/{key[2:]}.bin")
    assert whole is not None
    for at in (0, 15, 16, 31, 32, len(whole) // 2, len(whole) - 1):
        damaged = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        store.shelf.write(f"mix/{key[:2]}/{key[2:]}.bin", damaged)
        assert store.view("mix", key) is None, at
