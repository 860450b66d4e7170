"""The store: what goes in comes out, damage is found, and a write is whole or not there at all."""

import errno
import hashlib
import itertools
import json
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import fsspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from pydantic import JsonValue

from wavagent.audio import Audio, Samples, Word
from wavagent.dsp.loudness import clip_loudness
from wavagent.errors import StoreError
from wavagent.store import Entry, Store, key_of, pack, pack_samples, unpack
from wavagent.tool import Result

RATE = 8_000
KEY = "ab" + "0" * 62

counter = itertools.count()


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A store of each kind, empty."""
    return Store(str(tmp_path / "store") if request.param == "file" else f"memory://store-{next(counter)}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


def tone(level: float = 0.25, frames: int = 80) -> Audio:
    return Audio(np.full((frames, 1), level, np.float32), RATE)


def files(folder: Path) -> list[Path]:
    """Every file but the leases."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lease")


def only(folder: Path, kind: str) -> Path:
    (path,) = files(folder / kind)
    return path


def raising(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


# Clips

CLIPS: dict[str, Samples] = {
    "one frame": np.full((1, 1), 0.1, np.float32),
    "stereo": np.array([[0.5, -0.5], [0.25, 1e-9]], np.float32),
    "eight channels": np.linspace(-1, 1, 80, dtype=np.float32).reshape(10, 8),
    "exactly int16": (np.arange(-32768, 32768) / 32768).astype(np.float32)[:, np.newaxis],
    "minus one": np.full((4, 1), -1.0, np.float32),
    "plus one": np.full((4, 1), 1.0, np.float32),
    "over full scale": np.array([[1.5], [-2.0]], np.float32),
    "as loud as floats are": np.array([[3.4e38], [-3.4e38]], np.float32),
    "as quiet as floats are": np.array([[1e-45], [-1e-38]], np.float32),
    "silent": np.zeros((80, 1), np.float32),
    "empty": np.zeros((0, 2), np.float32),
    "a view": np.linspace(0, 1, 40, dtype=np.float32).reshape(10, 4)[::2, ::2],
}


@pytest.mark.parametrize("samples", CLIPS.values(), ids=CLIPS.keys())
def test_a_clip_comes_back_as_it_went_in(store: Store, samples: Samples) -> None:
    entry = store.put(KEY, Result(Audio(samples, 22_050)))
    clip = store.clip(entry)
    assert clip is not None
    assert clip.rate == 22_050
    assert clip.samples.shape == samples.shape
    np.testing.assert_array_equal(clip.samples, samples)


@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(0, 20), st.integers(1, 3)),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    )
)
def test_packing_loses_nothing(samples: Samples) -> None:
    np.testing.assert_array_equal(unpack(pack(Audio(samples, RATE))), samples)


@pytest.mark.parametrize("channels", [1, 2])
def test_packing_loses_nothing_of_a_long_clip(channels: int) -> None:
    samples = np.random.default_rng(1).standard_normal((300_000, channels)).astype(np.float32)
    found = unpack(pack(Audio(samples, RATE)))
    np.testing.assert_array_equal(found, samples)
    found *= np.float32(0.5)  # whoever reads a clip may change it
    np.testing.assert_array_equal(found, samples / 2)


def test_a_clip_of_whole_int16_steps_takes_two_bytes_a_sample() -> None:
    steps = (np.arange(-5_000, 5_000) / 32768).astype(np.float32)[:, np.newaxis]
    assert len(pack(Audio(steps, RATE))) < 2.1 * steps.size
    assert len(pack(Audio(steps + np.float32(1e-6), RATE))) > 4 * steps.size


@pytest.mark.parametrize("data", [b"", b"RIFF", b"PK\x03\x04", pack(tone())[:-1], pack_samples(np.zeros(3))])
def test_only_a_packed_clip_unpacks(data: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(data)


def test_equal_clips_are_kept_once(folder: Path) -> None:
    store = Store(str(folder))
    first, second = store.put(KEY, Result(tone())), store.put("cd" * 32, Result(tone()))
    assert first.digest == second.digest
    assert len(files(folder / "clips")) == 1
    assert len(files(folder / "calls")) == 2


def test_the_same_samples_at_another_rate_are_another_clip(store: Store) -> None:
    samples = tone().samples
    entries = [store.put(key_of(rate=rate), Result(Audio(samples, rate))) for rate in (8_000, 16_000)]
    clips = [store.clip(entry) for entry in entries]
    assert [clip.rate for clip in clips if clip] == [8_000, 16_000]


def test_a_rate_that_is_no_python_int_is_kept_as_one(store: Store) -> None:
    """A tool may take its rate from numpy, or divide: the digest must not depend on that."""
    for rate in (np.int64(RATE), float(RATE)):
        entry = store.put(KEY, Result(Audio(tone().samples, rate)))  # type: ignore[arg-type]
        assert store.clip(entry) is not None
        assert entry.digest == store.put(KEY, Result(tone())).digest


# Entries


def test_an_entry_found_is_the_entry_that_was_put(store: Store) -> None:
    words = (Word(0.0, 1 / 3, 0, 5), Word(1 / 3, 0.7, 6, 11))
    data: dict[str, JsonValue] = {"text": "“naïve”\n\0🎧", "score": [1, 2.5, None, True], "nested": {"a": {}}}
    put = store.put(KEY, Result(tone(), words, data))
    assert store.get(KEY) == put == Entry(put.digest, RATE, 80, 1, words, data)


def test_a_fresh_entry_holds_what_a_cached_one_will(store: Store) -> None:
    """Tools give numpy numbers, lists and tuples: the first run must not see anything that the second does not."""
    words = [Word(np.float32(0.1), np.float64(0.2), np.int64(0), np.int32(3))]  # type: ignore[arg-type]
    put = store.put(KEY, Result(tone(), words, {"pair": (1, 2)}))  # type: ignore[arg-type, dict-item]
    assert put == store.get(KEY)
    assert put.words == (Word(float(np.float32(0.1)), 0.2, 0, 3),)
    assert put.data == {"pair": [1, 2]}


def test_an_entry_knows_its_length() -> None:
    assert Entry("00", 48_000, 24_000, 1).seconds == 0.5


def test_what_was_never_put_is_none(store: Store) -> None:
    assert store.get(KEY) is None
    assert store.clip(Entry("ef" * 32, RATE, 80, 1)) is None
    assert store.get_bytes("mix", KEY) is None
    assert not store.has_bytes("mix", KEY)


def test_putting_again_replaces(store: Store) -> None:
    store.put(KEY, Result(tone(0.25)))
    second = store.put(KEY, Result(tone(0.5)))
    assert store.get(KEY) == second


# Damage


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "first byte flipped": lambda data: flipped(data, 0),
    "a byte in the middle flipped": lambda data: flipped(data, len(data) // 2),
    "last byte flipped": lambda data: flipped(data, len(data) - 1),
    "truncated": lambda data: data[:-7],
    "half of it": lambda data: data[: len(data) // 2],
    "longer": lambda data: data + b"\0",
    "empty": lambda data: b"",
    "something else": lambda data: b"<html>404</html>",
}

damaged = pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())


@damaged
def test_a_damaged_clip_is_none_and_removed_so_that_it_is_made_again(
    folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    store = Store(str(folder))
    entry = store.put(KEY, Result(tone()))
    path = only(folder, "clips")
    path.write_bytes(damage(path.read_bytes()))
    assert store.clip(entry) is None
    assert not path.exists()
    assert store.get(KEY) is None, "its call is not known any more either"
    assert store.clip(store.put(KEY, Result(tone()))) is not None


@damaged
def test_a_damaged_call_is_none_and_removed_so_that_it_is_made_again(
    folder: Path, damage: Callable[[bytes], bytes]
) -> None:
    store = Store(str(folder))
    entry = store.put(KEY, Result(tone(), (Word(0.0, 0.1, 0, 5),)))
    path = only(folder, "calls")
    path.write_bytes(damage(path.read_bytes()))
    assert store.get(KEY) is None
    assert not path.exists()
    assert store.put(KEY, Result(tone(), (Word(0.0, 0.1, 0, 5),))) == entry == store.get(KEY)


def test_no_flipped_bit_of_a_call_goes_unseen(folder: Path) -> None:
    """A digit of a word's time is as much a fault as a broken brace."""
    store = Store(str(folder))
    store.put(KEY, Result(tone(), (Word(0.0, 0.1, 0, 5),)))
    path = only(folder, "calls")
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(flipped(whole, place))
        assert store.get(KEY) is None, place


def test_a_call_whose_clip_is_gone_is_none(folder: Path) -> None:
    store = Store(str(folder))
    entry = store.put(KEY, Result(tone()))
    only(folder, "clips").unlink()
    assert store.get(KEY) is None
    assert store.clip(entry) is None


def test_a_call_in_a_form_of_another_version_is_none(store: Store) -> None:
    for form in ({"digest": "00"}, [1], "text", {"digest": "00", "rate": "x"}):
        store.put_bytes("calls", KEY, json.dumps(form).encode())
        assert store.get(KEY) is None


def test_damage_that_cannot_be_removed_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were it kept quiet, a run would find it damaged, make it again, and find it damaged, for ever."""
    store = Store(str(folder))
    entry = store.put(KEY, Result(tone()))
    path = only(folder, "clips")
    path.write_bytes(b"damaged")
    monkeypatch.setattr("wavagent.shelf.os.remove", raising(OSError(errno.EROFS, "Read-only file system")))
    with pytest.raises(StoreError, match=r"clips/.*damaged and cannot be removed: Read-only file system"):
        store.clip(entry)


def test_damage_that_somebody_else_removed_first_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(folder))
    entry = store.put(KEY, Result(tone()))
    only(folder, "clips").write_bytes(b"damaged")
    monkeypatch.setattr("wavagent.shelf.os.remove", raising(FileNotFoundError()))
    assert store.clip(entry) is None


# Bytes


@given(st.binary(max_size=200))
def test_bytes_come_back_as_they_went_in(data: bytes) -> None:
    store = Store("memory://bytes")
    store.put_bytes("mix", KEY, data)
    assert store.get_bytes("mix", KEY) == data
    assert store.has_bytes("mix", KEY)


def test_a_clip_is_measured_once_when_it_is_kept(store: Store) -> None:
    put = store.put(KEY, Result(tone()))
    found = store.get(KEY)
    assert found is not None
    assert found.loudness == put.loudness == clip_loudness(tone().samples, RATE)


@pytest.mark.parametrize("rate", [8, 3_000])
def test_a_clip_of_hardly_any_rate_can_be_kept(store: Store, rate: int) -> None:
    loudness = store.put(KEY, Result(Audio.of(np.full(4, 0.5), rate))).loudness
    assert loudness is not None and not math.isnan(loudness)


def test_the_loudness_of_silence_is_kept(store: Store) -> None:
    store.put(KEY, Result(Audio.silence(1.0)))
    found = store.get(KEY)
    assert found is not None
    assert found.loudness == -math.inf


def test_an_entry_that_knows_no_loudness_is_read(store: Store) -> None:
    """As an older wavagent kept it: without the field, and behind a sha256."""
    form = store.put(KEY, Result(tone())).to_json()
    del form["loudness"]
    data = json.dumps(form).encode()
    store.shelf.write(f"calls/{KEY[:2]}/{KEY[2:]}.bin", hashlib.sha256(data).digest(), data)
    found = store.get(KEY)
    assert found is not None
    assert found.loudness is None


def test_bytes_of_another_kind_are_other_bytes(store: Store) -> None:
    store.put_bytes("mix", KEY, b"mix")
    assert store.get_bytes("levels", KEY) is None


@damaged
def test_damaged_bytes_are_none_and_removed(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    store = Store(str(folder))
    store.put_bytes("mix", KEY, b"0123456789")
    path = only(folder, "mix")
    path.write_bytes(damage(path.read_bytes()))
    assert store.get_bytes("mix", KEY) is None
    assert not store.has_bytes("mix", KEY)


# Keys


def test_a_key_does_not_depend_on_the_order_of_what_made_it() -> None:
    assert key_of(a=1, b={"x": 1, "y": [1, 2]}) == key_of(b={"y": [1, 2], "x": 1}, a=1)


def test_a_key_is_a_sha256_in_hex() -> None:
    assert key_of(text="é") == hashlib.sha256(rb'{"text":"\u00e9"}').hexdigest()


@pytest.mark.parametrize(
    "other", [{"a": 2}, {"a": "1"}, {"a": 1.0}, {"a": True}, {"a": [1]}, {"a": None}, {"b": 1}, {"a": 1, "b": None}, {}]
)
def test_what_is_made_of_something_else_has_another_key(other: dict[str, Any]) -> None:
    assert key_of(a=1) != key_of(**other)


def test_texts_that_look_alike_have_keys_of_their_own() -> None:
    texts = ["é", "e\u0301", "e", " e", "e\n", "e\0", "\\u00e9", '"', "'", "🎧", "\u200fe"]
    assert len({key_of(text=text) for text in texts}) == len(texts)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), -float("inf")])
def test_a_key_is_not_made_of_what_is_no_number(number: float) -> None:
    with pytest.raises(ValueError):
        key_of(params={"seconds": number})


# Places


@pytest.mark.parametrize(
    "name", ["with space", "größe-故事-🎧", "a::b", "100%20", "what?#[*]", "'quoted\"", "-rf", "$(touch x)", "a\nb"]
)
def test_a_path_is_only_ever_a_path(tmp_path: Path, name: str) -> None:
    store = Store(str(tmp_path / name))
    entry = store.put(KEY, Result(tone()))
    assert store.get(KEY) == entry
    assert store.clip(entry) is not None
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert len(files(tmp_path / name)) == 2


def test_a_relative_path_and_the_home_folder_are_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for url in ("here", "./there", "~/home", f"file://{tmp_path}/url"):
        Store(url).put_bytes("mix", KEY, b"kept")
    kept = [path.relative_to(tmp_path).parts[0] for path in files(tmp_path)]
    assert kept == ["here", "home", "there", "url"]


def test_a_store_is_not_made_before_something_is_kept(folder: Path) -> None:
    assert Store(str(folder)).get(KEY) is None
    assert not folder.exists()


def test_a_store_that_is_emptied_while_it_is_used_is_made_again(folder: Path) -> None:
    store = Store(str(folder))
    store.put(KEY, Result(tone()))
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    assert store.get(KEY) is None
    assert store.put(KEY, Result(tone())) == store.get(KEY)


# Faults


@pytest.mark.parametrize(
    "fault", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()], ids=["I/O", "Ctrl-C"]
)
def test_a_write_that_stops_before_the_rename_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    store = Store(str(folder))
    monkeypatch.setattr("wavagent.shelf.os.replace", raising(fault))
    with pytest.raises((StoreError, KeyboardInterrupt)):
        store.put(KEY, Result(tone()))
    assert files(folder) == []
    monkeypatch.undo()
    assert store.get(KEY) is None
    assert store.clip(store.put(KEY, Result(tone()))) is not None


def test_a_clip_is_kept_before_the_call_that_names_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(folder))
    monkeypatch.setattr(store, "put_bytes", raising(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        store.put(KEY, Result(tone()))
    assert len(files(folder)) == 1
    assert store.get(KEY) is None


def test_a_draft_that_a_killed_process_left_disturbs_nobody(folder: Path) -> None:
    store = Store(str(folder))
    (folder / "tmp").mkdir(parents=True)
    (folder / "tmp" / "0123").write_bytes(b"half a cl")
    assert store.get(KEY) is None
    assert store.put(KEY, Result(tone())) == store.get(KEY)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_no_draft(folder: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    store = Store(str(folder))
    kept = store.put("cd" * 32, Result(tone(0.5)))
    before = files(folder)

    def half(path: str, pieces: Sequence[bytes]) -> None:
        Path(path).write_bytes(pieces[0][: len(pieces[0]) // 2])
        raise OSError(number, "No space left on device")

    monkeypatch.setattr("wavagent.shelf._write_new", half)
    with pytest.raises(StoreError, match=r"disk of the store '.*store' is full; free some space"):
        store.put(KEY, Result(tone()))
    assert files(folder) == before
    assert store.clip(kept) is not None


def test_a_store_that_cannot_be_written_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wavagent.shelf._write_new", raising(OSError(errno.EROFS, "Read-only file system")))
    with pytest.raises(StoreError, match=r"cannot be written: Read-only file system; name another one in WAVAGENT"):
        Store(str(folder)).put(KEY, Result(tone()))


def test_a_store_that_cannot_be_read_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(str(folder))
    store.put(KEY, Result(tone()))
    monkeypatch.setattr(
        "fsspec.implementations.local.LocalFileSystem.cat_file",
        raising(PermissionError(errno.EACCES, "Permission denied")),
    )
    with pytest.raises(StoreError, match=r"store '.*' cannot be read: Permission denied"):
        store.get(KEY)


def test_a_file_where_the_folder_should_be_is_said(folder: Path) -> None:
    folder.write_text("I am a file.")
    with pytest.raises(StoreError, match=r"cannot be written: Not a directory"):
        Store(str(folder)).put(KEY, Result(tone()))
    with pytest.raises(StoreError, match=r"cannot be read: Not a directory"):
        Store(str(folder)).get(KEY)


def test_a_place_that_no_filesystem_reaches_is_said() -> None:
    with pytest.raises(StoreError, match=r"'nowhere://x/y' cannot be reached: .*nowhere"):
        Store("nowhere://x/y").get(KEY)


class Unplugged(fsspec.AbstractFileSystem):  # type: ignore[misc]
    """A remote filesystem whose library has errors of its own."""

    protocol = "unplugged"

    def cat_file(self, *_: object, **__: object) -> bytes:
        raise LookupError("no credentials")

    makedirs = info = cat_file


def test_the_errors_of_a_remote_filesystem_are_the_stores() -> None:
    fsspec.register_implementation("unplugged", Unplugged, clobber=True)
    store = Store("unplugged://bucket")
    with pytest.raises(StoreError, match=r"'unplugged://bucket' cannot be read: no credentials"):
        store.get(KEY)
    with pytest.raises(StoreError, match=r"'unplugged://bucket' cannot be written: no credentials"):
        store.put(KEY, Result(tone()))


# At once


def test_threads_may_keep_the_same_call_at_once(store: Store) -> None:
    barrier = Barrier(8)

    def keep(_: int) -> Entry | None:
        barrier.wait(timeout=10)
        store.put(KEY, Result(tone()))
        return store.get(KEY)

    with ThreadPoolExecutor(8) as threads:
        first, *others = threads.map(keep, range(8))
    assert first is not None
    assert others == [first] * 7


def keep_in_turns(url: str) -> None:
    """Keep the same five calls again and again, and look at each."""
    store = Store(url)
    for turn in range(100):
        entry = store.put(key_of(turn=turn % 5), Result(tone(0.1 + turn % 5, frames=4_000)))
        assert store.get(key_of(turn=turn % 5)) == entry, turn
        assert store.clip(entry) is not None, turn


def test_processes_may_keep_the_same_calls_at_once(folder: Path) -> None:
    """Each writes what the other reads; nobody ever sees half a file, and no draft is left."""
    program = "import runpy, sys; runpy.run_path(sys.argv[1])['keep_in_turns'](sys.argv[2])"
    with subprocess.Popen([sys.executable, "-c", program, __file__, str(folder)], stderr=subprocess.PIPE) as other:
        while not files(folder) and other.poll() is None:
            pass
        keep_in_turns(str(folder))
        _, said = other.communicate(timeout=60)
    assert other.returncode == 0, said
    assert len(files(folder)) == 10
