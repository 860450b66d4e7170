"""What a store holds is counted, and what is damaged in it is found; looking changes nothing."""

import os
from pathlib import Path

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.inventory import inventory, verify
from wavagent.store import Store, key_of
from wavagent.tool import Result


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each kind, with two calls, a segment of a mix and an answer."""
    store = Store(str(tmp_path / "store") if request.param == "file" else f"memory://inventory-{tmp_path.name}")
    for turn in range(2):
        store.put(key_of(turn=turn), Result(Audio(np.full((100, 1), 0.1 + turn, np.float32), 22_050)))
    store.put_bytes("mix", key_of(mix=1), bytes(5_000))
    store.put_bytes("answers", key_of(ask=1), b"yes")
    return store


def paths(store: Store, kind: str = "") -> list[str]:
    return sorted(file.path for file in store.shelf.files() if file.kind == kind or not kind and file.name)


def damage(store: Store, path: str) -> None:
    data = store.shelf.read(path)
    assert data is not None
    system, root = store.shelf._place
    system.pipe_file(f"{root}/{path}", data[:-1] + bytes([data[-1] ^ 1]))


def test_every_kind_is_counted_the_largest_first(store: Store) -> None:
    found = inventory(store, biggest=1)
    assert {kind.kind: kind.files for kind in found.kinds} == {"mix": 1, "clips": 2, "calls": 2, "answers": 1}
    assert found.kinds[0].kind == "mix" and found.kinds[0].size >= 5_000
    assert [kind.size for kind in found.kinds] == sorted((kind.size for kind in found.kinds), reverse=True)
    assert found.files == 6
    assert found.size == sum(file.size for file in store.shelf.files() if file.name)
    assert [file.kind for file in found.biggest] == ["mix"]
    assert all(kind.oldest <= kind.newest for kind in found.kinds)


def test_what_is_not_ours_is_counted_as_something_else(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "notes.txt").write_text("buy milk")
    found = inventory(Store(str(tmp_path / "store")))
    assert [(kind.kind, kind.files, kind.size) for kind in found.kinds] == [("other", 1, 8)]


def test_who_is_at_work_is_counted(tmp_path: Path) -> None:
    one, other = Store(str(tmp_path / "store")), Store(str(tmp_path / "store"))
    assert inventory(one).at_work == 0
    one.put_bytes("mix", "ab" * 32, b"1")
    other.get_bytes("mix", "ab" * 32)
    assert inventory(Store(str(tmp_path / "store"))).at_work == 2


def test_a_sound_store_is_found_sound(store: Store) -> None:
    verdict = verify(store)
    assert (verdict.files, list(verdict.damaged)) == (6, [])
    assert verdict.size == inventory(store).size


@pytest.mark.parametrize("kind", ["clips", "calls", "mix", "answers"])
def test_a_flipped_bit_is_found_named_and_removed_when_asked(store: Store, kind: str) -> None:
    path = paths(store, kind)[-1]
    damage(store, path)
    assert list(verify(store).damaged) == [path]
    assert path in paths(store), "it was only looked at"
    assert list(verify(store, repair=True).damaged) == [path]
    assert path not in paths(store)
    assert list(verify(store).damaged) == []


def test_an_empty_file_is_damaged(store: Store) -> None:
    path = paths(store, "mix")[0]
    system, root = store.shelf._place
    system.pipe_file(f"{root}/{path}", b"")
    assert list(verify(store).damaged) == [path]


def test_a_clip_that_no_call_names_is_checked_at_the_rates_there_are(store: Store) -> None:
    for path in paths(store, "calls"):
        store.shelf.remove(path)
    assert list(verify(store).damaged) == []
    damage(store, paths(store, "clips")[0])
    assert list(verify(store).damaged) == [paths(store, "clips")[0]]


def test_checking_and_counting_is_no_use_of_anything(tmp_path: Path) -> None:
    Store(str(tmp_path)).put_bytes("mix", "ab" * 32, b"1")
    path = tmp_path / "mix" / "ab" / ("ab" * 31 + ".bin")
    os.utime(path, (1_000.0, 1_000.0))
    verify(Store(str(tmp_path)))
    inventory(Store(str(tmp_path)))
    assert path.stat().st_mtime == 1_000.0
    assert os.listdir(tmp_path / "tmp") == []


def test_a_name_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    """A call is data: whoever can write to a shared store cannot make wavagent read or remove a file elsewhere."""
    secret = tmp_path / "secret.npy"
    secret.write_bytes(b"not a clip")
    store = Store(str(tmp_path / "store"))
    form = '{"digest": "aa../../../secret", "rate": 8000, "frames": 1, "channels": 1, "words": [], "data": {}}'
    store.put_bytes("calls", "ab" * 32, form.encode())
    assert store.get("ab" * 32) is None
    assert verify(store, repair=True).damaged == ()
    assert secret.exists()
