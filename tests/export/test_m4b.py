from collections.abc import Callable
from pathlib import Path

import av
import pytest
from mutagen.mp4 import MP4, MP4Cover

from wavagent.errors import OutputError
from wavagent.export import m4b
from wavagent.programme import Mark, Programme, Tags

Make = Callable[..., Programme]


def test_tags_and_cover_read_back(programme: Make, tmp_path: Path) -> None:
    m4b.write(programme(), tmp_path / "a.m4b")
    tags = MP4(tmp_path / "a.m4b").tags
    assert tags is not None
    said = {name: tags[name] for name in ("©nam", "©alb", "©ART", "aART", "©wrt", "©gen", "stik")}
    assert said == {
        "©nam": ["The Wörld"],
        "©alb": ["The Wörld"],
        "©ART": ["A. Author"],
        "aART": ["A. Author"],
        "©wrt": ["Eve"],
        "©gen": ["Audiobook"],
        "stik": [2],
    }
    assert "computer-generated" in tags["desc"][0] and "computer-generated" in tags["©cmt"][0]
    assert tags["covr"][0].imageformat == MP4Cover.FORMAT_JPEG


@pytest.mark.parametrize(("name", "brand"), [("a.m4b", b"M4B "), ("a.m4a", b"M4A "), ("A.M4B", b"M4B ")])
def test_the_index_stands_before_the_sound(programme: Make, tmp_path: Path, name: str, brand: bytes) -> None:
    m4b.write(programme(), tmp_path / name)
    data = (tmp_path / name).read_bytes()
    assert data[4:12] == b"ftyp" + brand
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_300_chapters_read_back_from_the_text_track_and_255_of_them_by_mutagen(programme: Make, tmp_path: Path) -> None:
    edges = [number * 0.011 for number in range(301)]
    chapters = tuple(map(Mark, (f"{number}; #=\\ 章\nü" for number in range(300)), edges, edges[1:]))
    m4b.write(programme(3.3, chapters=chapters), tmp_path / "a.m4b")
    with av.open(str(tmp_path / "a.m4b")) as file:
        track = file.chapters()
    titles = [f"{number}; #=\\ 章 ü" for number in range(300)]
    assert [chapter["metadata"]["title"] for chapter in track] == titles
    starts = [float(chapter["start"] * (chapter["time_base"] or 0)) for chapter in track]
    assert starts == pytest.approx(edges[:-1], abs=0.001)
    nero = MP4(tmp_path / "a.m4b").chapters
    assert nero is not None
    assert [chapter.title for chapter in nero] == titles[:255]
    assert [chapter.start for chapter in nero] == pytest.approx(edges[:255], abs=0.001)


def test_a_cover_that_is_no_picture_is_refused(programme: Make, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="neither a JPEG nor a PNG"):
        m4b.write(programme(tags=Tags(cover=b"GIF89a")), tmp_path / "a.m4b")
    assert not list(tmp_path.iterdir())
