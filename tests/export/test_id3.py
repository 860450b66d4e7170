from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from mutagen.id3 import ID3, CTOCFlags

from wavagent.export import id3
from wavagent.programme import Mark, Programme, Tags

Make = Callable[..., Programme]


def written(programme: Programme, path: Path) -> ID3:
    path.write_bytes(b"")
    id3.tag(programme, path)
    return ID3(path)


def marks(count: int, seconds: float) -> tuple[Mark, ...]:
    edges = [seconds * number / count for number in range(count + 1)]
    titles = (f"Chapter {number}: — 章 “é”\n$(x)" for number in range(count))
    return tuple(map(Mark, titles, edges, edges[1:]))


def test_tags_say_who_and_what(programme: Make, tmp_path: Path) -> None:
    tags = written(programme(), tmp_path / "a.mp3")
    assert tags.version == (2, 4, 0)
    said = {name: str(tags[name]) for name in ("TIT2", "TALB", "TPE1", "TCOM", "TCON", "TLAN")}
    assert said == {
        "TIT2": "The Wörld",
        "TALB": "The Wörld",
        "TPE1": "A. Author",
        "TCOM": "Eve",
        "TCON": "Audiobook",
        "TLAN": "eng",
    }
    assert "computer-generated" in str(tags["COMM::eng"])
    assert tags.getall("APIC")[0].mime == "image/jpeg"


def test_what_is_empty_is_left_out(programme: Make, tmp_path: Path) -> None:
    tags = written(programme(tags=Tags(comment=""), chapters=()), tmp_path / "a.mp3")
    assert sorted(tags) == ["TCON", "TLAN"]


@pytest.mark.parametrize("count", [1, 255, 256, 300, 511])
def test_chapters_read_back_in_tables_of_255_at_most(programme: Make, tmp_path: Path, count: int) -> None:
    tags = written(programme(chapters=marks(count, 3.3)), tmp_path / "a.mp3")
    tables = {table.element_id: table for table in tags.getall("CTOC")}
    tops = [table for table in tables.values() if table.flags & CTOCFlags.TOP_LEVEL]
    assert len(tops) == 1 and all(table.flags & CTOCFlags.ORDERED for table in tables.values())
    assert all(len(table.child_element_ids) <= 255 for table in tables.values())
    listed = [
        entry
        for child in tops[0].child_element_ids
        for entry in (tables[child].child_element_ids if child in tables else [child])
    ]
    found = {chapter.element_id: chapter for chapter in tags.getall("CHAP")}
    assert len(listed) == len(set(listed)) == len(found) == count
    ordered = [found[entry] for entry in listed]
    assert [str(chapter.sub_frames["TIT2"]) for chapter in ordered] == [
        f"Chapter {number}: — 章 “é” $(x)" for number in range(count)
    ]
    assert ordered[0].start_time == 0 and ordered[-1].end_time == 3300
    assert all(before.end_time == after.start_time for before, after in zip(ordered, ordered[1:], strict=False))


@pytest.mark.parametrize("version", [3, 4])
def test_chapters_and_titles_of_every_script_read_back_in_either_version(
    programme: Make, tmp_path: Path, version: Literal[3, 4]
) -> None:
    (tmp_path / "a.mp3").write_bytes(b"")
    id3.tag(programme(chapters=marks(300, 3.3), tags=Tags("Zwölf 章 🎧", "Ё")), tmp_path / "a.mp3", version)
    assert id3.version(tmp_path / "a.mp3") == version
    tags = ID3(tmp_path / "a.mp3", translate=False)
    assert (str(tags["TIT2"]), str(tags["TPE1"])) == ("Zwölf 章 🎧", "Ё")
    found = {chapter.element_id: chapter for chapter in tags.getall("CHAP")}
    assert [str(found[f"chp{n}"].sub_frames["TIT2"]) for n in (0, 299)] == [
        f"Chapter {n}: — 章 “é” $(x)" for n in (0, 299)
    ]
    assert len(tags.getall("CTOC")) == 3
    encodings = {int(found["chp0"].sub_frames["TIT2"].encoding), int(tags["TIT2"].encoding)}
    assert encodings == ({1} if version == 3 else {3})


def test_a_file_without_tags_has_no_version(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"ID")
    assert id3.version(tmp_path / "a") is None
