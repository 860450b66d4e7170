import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent import fingerprint
from wavagent.fingerprint import Fingerprints

LONG_AGO = 1_500_000_000


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A model's folder, as it was left long ago."""
    folder = tmp_path / "weights"
    (folder / "voices").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"0123456789")
    (folder / "voices" / "slt.npy").write_bytes(b"slt")
    return folder


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files whose content was read, by name."""
    found: list[str] = []
    digest = fingerprint._digest

    def counted(path: str) -> str:
        found.append(os.path.basename(path))
        return digest(path)

    monkeypatch.setattr(fingerprint, "_digest", counted)
    return found


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every write is long enough ago that another would leave other times."""
    monkeypatch.setattr(fingerprint, "FRESH", 0)


@pytest.fixture
def here(tmp_path: Path) -> Fingerprints:
    return Fingerprints(tmp_path / "data" / "fingerprints.json")


def test_a_copy_elsewhere_is_the_same_and_so_is_what_was_only_touched(here: Fingerprints, weights: Path) -> None:
    before = here.of(weights)
    assert here.of(Path(shutil.copytree(weights, weights.with_name("copy")))) == before
    os.utime(weights / "model.safetensors", (LONG_AGO, LONG_AGO))
    assert here.of(weights) == before
    assert len(before) == 64


def test_an_edit_in_place_is_seen_at_once_even_where_size_and_time_say_nothing(
    here: Fingerprints, weights: Path
) -> None:
    model, seen = weights / "model.safetensors", set()
    for number in range(50):
        model.write_bytes(b"%010d" % number)
        os.utime(model, (LONG_AGO, LONG_AGO))
        seen.add(here.of(weights))
    assert len(seen) == 50


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "model.safetensors").write_bytes(b"012345678"),
        lambda folder: (folder / "model.safetensors").rename(folder / "adapter.safetensors"),
        lambda folder: (folder / "voices" / "slt.npy").rename(folder / "slt.npy"),
        lambda folder: (folder / "voices" / "slt.npy").unlink(),
        lambda folder: (folder / "voices" / "bdl.npy").write_bytes(b""),
        lambda folder: os.replace(shutil.copy(folder / "config.json", folder / "c"), folder / "model.safetensors"),
    ],
)
def test_whatever_changes_what_is_loaded_is_another(here: Fingerprints, weights: Path, change: object) -> None:
    before = here.of(weights)
    change(weights)  # type: ignore[operator]
    assert here.of(weights) != before


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(["a", "b", "a b", "ab"]), st.binary(max_size=2), max_size=3),
        min_size=2,
        max_size=2,
    )
)
def test_two_folders_are_the_same_when_their_files_are(
    tmp_path_factory: pytest.TempPathFactory, two: list[dict[str, bytes]]
) -> None:
    home = tmp_path_factory.mktemp("two")
    found = []
    for number, files in enumerate(two):
        (home / str(number)).mkdir()
        for name, data in files.items():
            (home / str(number) / name).write_bytes(data)
        found.append(Fingerprints(home / "memory").of(home / str(number)))
    assert (found[0] == found[1]) == (two[0] == two[1])


@pytest.mark.usefixtures("settled")
def test_a_file_is_read_once_for_every_process_and_again_when_it_was_written(
    here: Fingerprints, weights: Path, tmp_path: Path, read: list[str]
) -> None:
    before = here.of(weights)
    assert sorted(read) == ["config.json", "model.safetensors", "slt.npy"]
    program = (
        "import sys; from pathlib import Path; from wavagent import fingerprint\n"
        "fingerprint._digest = None\n"
        "print(fingerprint.Fingerprints(Path(sys.argv[1])).of(Path(sys.argv[2])))"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "data" / "fingerprints.json"), str(weights)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == before
    read.clear()
    assert here.of(weights) == before and not read
    (weights / "model.safetensors").write_bytes(b"9876543210")
    assert here.of(weights) != before and read == ["model.safetensors"]


@pytest.mark.parametrize("written", [None, LONG_AGO, 4_000_000_000])
def test_what_was_written_just_now_is_read_again(
    here: Fingerprints, weights: Path, read: list[str], written: int | None
) -> None:
    """For the next write may leave the same times, whatever they are set to."""
    os.utime(weights / "model.safetensors", None if written is None else (written, written))
    here.of(weights)
    here.of(weights)
    assert read.count("model.safetensors") == 2


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("damage", [b"", b"[]", b"\xff", b'{"x": 3}', b'{"x": [[1, 2], "y"]}'])
def test_a_memory_that_is_damaged_or_cannot_be_kept_costs_only_time(
    here: Fingerprints, weights: Path, tmp_path: Path, damage: bytes
) -> None:
    before = here.of(weights)
    memory = tmp_path / "data" / "fingerprints.json"
    memory.write_bytes(damage)
    assert Fingerprints(memory).of(weights) == before
    assert Fingerprints(memory / "below a file").of(weights) == before
    assert os.listdir(tmp_path / "data") == ["fingerprints.json"]


@pytest.mark.usefixtures("settled")
def test_files_that_are_gone_are_forgotten(here: Fingerprints, weights: Path, tmp_path: Path) -> None:
    here.of(weights)
    (weights / "voices" / "slt.npy").unlink()
    (weights / "config.json").write_text("{ }")
    here.of(weights)
    assert "slt.npy" not in (tmp_path / "data" / "fingerprints.json").read_text()


@pytest.mark.usefixtures("settled")
def test_links_are_what_they_lead_to(here: Fingerprints, weights: Path, tmp_path: Path) -> None:
    """The hub's own cache is links to blobs."""
    before = here.of(weights)
    linked, blobs = tmp_path / "linked", tmp_path / "blobs"
    shutil.move(weights, blobs)
    linked.mkdir()
    (linked / "voices").symlink_to(blobs / "voices")
    (linked / "config.json").symlink_to(blobs / "config.json")
    (linked / "model.safetensors").symlink_to("../blobs/model.safetensors")
    assert here.of(linked) == before
    (blobs / "model.safetensors").write_bytes(b"0000000000")
    assert here.of(linked) != before


def test_links_in_circles_or_to_nowhere_pipes_and_hidden_files_hold_nothing(here: Fingerprints, weights: Path) -> None:
    before = here.of(weights)
    (weights / "voices" / "up").symlink_to(weights)
    (weights / "gone").symlink_to("nowhere")
    os.mkfifo(weights / "pipe")
    (weights / ".cache").mkdir()
    (weights / ".cache" / "fetched").write_text("yesterday")
    assert here.of(weights) == before


def test_what_cannot_be_read_is_an_error(
    here: Fingerprints, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(FileNotFoundError):
        here.of(tmp_path / "nowhere")
    with pytest.raises(NotADirectoryError):
        here.of(weights / "config.json")
    (weights / "itself").symlink_to("itself")
    with pytest.raises(OSError, match="symbolic links"):
        here.of(weights)
