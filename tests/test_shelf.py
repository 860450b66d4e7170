"""The shelf: files are whole or not there, and it is known when each was last used."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wavagent.errors import StoreError
from wavagent.shelf import File, Shelf

PATH = "mix/ab/cd.bin"


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(str(tmp_path / "store"))


def age(shelf: Shelf, path: str, seconds: float) -> None:
    """Make a file look as if it was used so long before now."""
    target = f"{shelf.folder}/{path}"
    os.utime(target, (os.stat(target).st_mtime - seconds,) * 2)


def test_a_file_is_listed_with_its_size_kind_and_name(shelf: Shelf) -> None:
    shelf.write(PATH, b"01", b"234")
    (file,) = [file for file in shelf.files() if not file.path.startswith("tmp/")]
    assert (file.path, file.size, file.kind, file.name) == (PATH, 5, "mix", "abcd")


@pytest.mark.parametrize("path", ["tmp/ab/cd.bin", "README", "mix/abcd.bin", "mix/ab/cd.txt", "mix/ab/.bin"])
def test_what_the_store_did_not_put_there_has_no_name(path: str) -> None:
    assert File(path, 1, 0.0).name == ""


def test_there_is_nothing_on_a_shelf_that_is_not_there(shelf: Shelf) -> None:
    assert list(shelf.files()) == []
    assert not os.path.exists(str(shelf.folder))


def test_using_a_file_is_noted_and_looking_at_it_is_not(shelf: Shelf) -> None:
    shelf.write(PATH, b"1")
    for use in (shelf.touch, shelf.use):
        age(shelf, PATH, 1000.0)
        before = os.stat(f"{shelf.folder}/{PATH}").st_mtime
        list(shelf.files())
        shelf.exists(PATH)
        shelf.read(PATH)
        assert os.stat(f"{shelf.folder}/{PATH}").st_mtime == before
        use(PATH)
        assert os.stat(f"{shelf.folder}/{PATH}").st_mtime > before + 900.0


def test_a_use_is_noted_once_in_a_run(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.write(PATH, b"1")
    age(shelf, PATH, 1000.0)
    utime, noted = os.utime, list[str]()

    def noting(path: str) -> None:
        noted.append(path)
        utime(path)

    monkeypatch.setattr("wavagent.shelf.os.utime", noting)
    for _ in range(5):
        shelf.touch(PATH)
    assert len(noted) == 1


def test_a_file_that_was_used_since_it_was_listed_stays(shelf: Shelf) -> None:
    shelf.write(PATH, b"1")
    age(shelf, PATH, 1000.0)
    (file,) = [file for file in shelf.files() if file.kind == "mix"]
    shelf.touch(PATH)
    assert not shelf.drop(file)
    assert shelf.exists(PATH)
    (file,) = [file for file in shelf.files() if file.kind == "mix"]
    assert shelf.drop(file)
    assert not shelf.exists(PATH)
    assert shelf.drop(file), "gone is gone"


def test_a_folder_that_cannot_be_looked_into_is_said_and_not_taken_for_an_empty_one(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clips would seem to be unreferenced because the calls that name them cannot be seen."""
    shelf.write(PATH, b"1")
    scandir = os.scandir

    def locked(path: str) -> Any:
        if path.endswith("mix"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("os.scandir", locked)
    with pytest.raises(StoreError, match="cannot be listed: Permission denied"):
        list(shelf.files())


def test_another_process_takes_a_lease_of_its_own(shelf: Shelf) -> None:
    shelf.write(PATH, b"1")
    again = pickle.loads(pickle.dumps(shelf))
    again.write(PATH, b"2")
    assert shelf.read(PATH) == b"2"
    assert len(os.listdir(f"{shelf.folder}/tmp")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
def test_a_temporary_file_bears_the_name_of_its_process_s_lease(shelf: Shelf) -> None:
    program = (
        "import os; from wavagent.shelf import Shelf\n"
        "os.replace = lambda *_: os.kill(os.getpid(), 9)\n"
        f"Shelf({shelf.url!r}).write({PATH!r}, b'whole')"
    )
    done = subprocess.run([sys.executable, "-c", program])
    assert done.returncode == -9
    lease, draft = sorted(os.listdir(f"{shelf.folder}/tmp"), key=len)
    assert draft.startswith(lease.removesuffix(".lease") + "-")
    assert shelf.read(PATH) is None


def test_a_folder_that_vanishes_while_a_file_is_written_is_made_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, emptied = os.replace, list[str]()

    def emptying(draft: str, target: str) -> None:
        if len(emptied) < 2:
            emptied.append(draft)
            os.remove(draft)
        replace(draft, target)

    monkeypatch.setattr("wavagent.shelf.os.replace", emptying)
    shelf.write(PATH, b"whole")
    assert shelf.read(PATH) == b"whole"


def test_a_folder_that_vanishes_for_ever_is_said(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("wavagent.shelf.os.replace", gone)
    with pytest.raises(StoreError, match="cannot be written: No such file"):
        shelf.write(PATH, b"whole")
    assert [path.suffix for path in Path(f"{shelf.folder}/tmp").iterdir()] == [".lease"]
