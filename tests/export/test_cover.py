from pathlib import Path

import pytest

from wavagent.errors import InputError
from wavagent.export import cover


def test_a_picture_is_read_as_it_is(tmp_path: Path) -> None:
    data = b"\xff\xd8\xff\xe0" + bytes(99)
    (tmp_path / "a.jpg").write_bytes(data)
    assert cover.read_cover(tmp_path / "a.jpg") == data


def test_what_is_no_picture_or_not_there_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.gif").write_bytes(b"GIF89a")
    with pytest.raises(InputError, match=r"a\.gif' is neither a JPEG nor a PNG picture; give another"):
        cover.read_cover(tmp_path / "a.gif")
    with pytest.raises(InputError, match=r"none\.png' cannot be read \(No such file or directory\)"):
        cover.read_cover(tmp_path / "none.png")
    with pytest.raises(InputError, match="cannot be read"):
        cover.read_cover(tmp_path)


def test_a_picture_larger_than_a_book_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cover, "LARGEST", 100)
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(93))
    with pytest.raises(InputError, match="larger than 100 bytes"):
        cover.read_cover(tmp_path / "a.png")
