import os
from pathlib import Path

import pytest

from wavagent.errors import OutputError
from wavagent.export.place import replacing, write_text


def test_the_file_appears_whole_and_alone(tmp_path: Path) -> None:
    target = tmp_path / "new" / "story.srt"
    write_text(target, "one\ntwo\n")
    assert target.read_bytes() == b"one\ntwo\n"
    assert os.listdir(target.parent) == ["story.srt"]


@pytest.mark.parametrize("fault", [ValueError("a bug"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_a_failed_write_keeps_the_old_file_and_leaves_nothing(tmp_path: Path, fault: BaseException) -> None:
    target = tmp_path / "story.srt"
    target.write_text("old")
    with pytest.raises((type(fault), OutputError)), replacing(target) as fresh:
        fresh.write_text("half")
        raise fault
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["story.srt"]


def test_a_full_disk_is_one_sentence_without_the_temporary_name(tmp_path: Path) -> None:
    target = tmp_path / "story.srt"
    with pytest.raises(OutputError) as caught, replacing(target) as fresh:
        raise OSError(28, "No space left on device", str(fresh))
    assert (
        str(caught.value) == f"'{target}' cannot be written: no space left on device; free the place or choose another"
    )


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.srt", tmp_path / "link.srt"
    real.write_text("old")
    link.symlink_to(real)
    write_text(link, "new")
    assert link.is_symlink() and real.read_text() == "new"


@pytest.mark.parametrize("target", ["", "/dev/null"])
def test_folders_and_devices_are_not_replaced(tmp_path: Path, target: str) -> None:
    path = Path(target) if target else tmp_path
    with pytest.raises(OutputError, match="is a (folder|device)"):
        write_text(path, "text")


def test_a_folder_inside_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_text(tmp_path / "file" / "story.srt", "text")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="permission denied"):
        write_text(tmp_path / "story.srt", "text")


def test_the_file_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    write_text(tmp_path / "ours", "")
    (tmp_path / "theirs").write_text("")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "theirs").stat().st_mode
