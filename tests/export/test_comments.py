"""Vorbis comments, in each of the three kinds of file that have them."""

from collections.abc import Callable
from pathlib import Path

import mutagen
import pytest
from mutagen.flac import FLAC

from wavagent.export.table import FORMATS
from wavagent.programme import Mark, Programme

Make = Callable[..., Programme]


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".opus"])
def test_tags_and_300_chapters_read_back(programme: Make, tmp_path: Path, suffix: str) -> None:
    chapters = tuple(Mark(f"Teil {n} 章", n * 0.01, (n + 1) * 0.01) for n in range(300))
    FORMATS[suffix].write(programme(3.0, chapters=chapters), tmp_path / f"a{suffix}")
    found = mutagen.File(tmp_path / f"a{suffix}")
    assert (found["title"], found["artist"], found["performer"]) == (["The Wörld"], ["A. Author"], ["Eve"])
    assert "computer-generated" in found["description"][0]
    assert found["chapter000"] == ["00:00:00.000"] and found["chapter299"] == ["00:00:02.990"]
    assert [found[f"chapter{n:03}name"][0] for n in range(300)] == [f"Teil {n} 章" for n in range(300)]
    assert found.pictures if isinstance(found, FLAC) else found["metadata_block_picture"]


def test_a_wav_file_names_its_title_and_that_it_is_generated(programme: Make, tmp_path: Path) -> None:
    FORMATS[".wav"].write(programme(0.1), tmp_path / "a.wav")
    data = (tmp_path / "a.wav").read_bytes()
    assert b"INFO" in data and "The Wörld".encode() in data and b"computer-generated" in data
