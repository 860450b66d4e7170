from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from wavagent.audio import Samples
from wavagent.dsp.loudness import Loudness
from wavagent.mix.level import LEVELS
from wavagent.mix.place import Layout, place
from wavagent.mix.premaster import Damaged, premaster
from wavagent.mix.stem import stems, without_beds
from wavagent.mix.strip import entering_gain
from wavagent.store import Entry, Store
from wavagent.timeline import Cue, Moment, Timeline

Keep = Callable[..., Entry]
NAMES = {"mary": "Mary", "narrator": "Narrator"}


@pytest.fixture
def entries(keep: Keep) -> dict[str, Entry]:
    return {
        "a": keep("a", 3.0, 300.0),
        "b": keep("b", 2.0, 500.0),
        "m": keep("m", 2.0, 200.0, channels=2),
        "r": keep("r", 2.5, 60.0, rate=48_000),
        "n": keep("n", 0.3, 2000.0, level=0.9),
    }


@pytest.fixture
def layout(entries: dict[str, Entry]) -> Layout:
    end = Moment("b", "end", 1.0)
    cues = (
        Cue("m", "music", Moment(), clip="m", end=end, loop=True, fade_in=0.5, fade_out=0.5, scene="s"),
        Cue("r", "ambience", Moment(offset=0.2), clip="r", end=end, loop=True, scene="s"),
        Cue("a", "speech", Moment(offset=1.0), clip="a", speaker="narrator", space="hall", scene="s"),
        Cue("n", "sound", Moment("a", offset=0.5), clip="n", pan=0.7, scene="s"),
        Cue("b", "speech", Moment("a", "end", 0.5), clip="b", speaker="mary", pan=-0.5, scene="s"),
    )
    return place(Timeline(cues), entries)


def joined(blocks: Callable[[], object]) -> Samples:
    return np.concatenate(list(blocks()))  # type: ignore[call-overload]


def test_stems_are_one_for_each_speaker_and_kind_speech_first(
    layout: Layout, entries: dict[str, Entry], store: Store
) -> None:
    assert [stem.name for stem in stems(layout, entries, store, NAMES)] == [
        "Narrator",
        "Mary",
        "Music",
        "Ambience",
        "Effects",
    ]


def test_stems_are_as_long_as_the_mix_and_sum_to_it(layout: Layout, entries: dict[str, Entry], store: Store) -> None:
    mixed = joined(premaster(layout, entries, store).blocks)
    parts = [joined(stem.blocks) for stem in stems(layout, entries, store, NAMES)]
    assert all(part.shape == mixed.shape for part in parts)
    assert all(np.abs(part).max() > 0.01 for part in parts)
    assert np.abs(sum(part.astype(np.float64) for part in parts) - mixed).max() < 1e-6


def test_beds_duck_in_their_stems(layout: Layout, entries: dict[str, Entry], store: Store) -> None:
    music = next(stem for stem in stems(layout, entries, store, NAMES) if stem.name == "Music")
    sound = joined(music.blocks)
    before, under = sound[30_000:34_000], sound[80_000:180_000]
    assert Loudness.of(under, 48_000).integrated < -30.0
    assert np.abs(before).max() > 4 * np.abs(under).max()


def test_a_clip_that_is_gone_is_named(layout: Layout, entries: dict[str, Entry], store: Store) -> None:
    digest = entries["b"].digest
    store.shelf.write(f"clips/{digest[:2]}/{digest[2:]}.npy", b"nonsense")
    with pytest.raises(Damaged, match="'b'"):
        joined(stems(layout, entries, store, NAMES)[1].blocks)


def test_without_beds_speech_and_sounds_stay_where_they_were(layout: Layout) -> None:
    bare = without_beds(layout)
    assert {one.cue.role for one in bare.placed} == {"speech", "sound"}
    assert set(bare.placed) <= set(layout.placed)
    assert (bare.frames, bare.chapters) == (layout.frames, layout.chapters)


def test_a_clip_enters_at_the_level_of_its_role(layout: Layout, entries: dict[str, Entry], store: Store) -> None:
    cue = next(one.cue for one in layout.placed if one.cue.id == "a")
    loudness = entries["a"].loudness
    assert loudness is not None
    assert entering_gain(loudness, cue) == pytest.approx(LEVELS["speech"] - loudness)
    assert entering_gain(loudness, replace(cue, gain=-3.0)) == pytest.approx(entering_gain(loudness, cue) - 3.0)
