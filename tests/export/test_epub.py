"""The rules of EPUB 3.3 for media overlays, on a book of three chapters."""

import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, is_zipfile

import pytest
import soundfile

from wavagent.audio import Word
from wavagent.errors import OutputError
from wavagent.export import epub
from wavagent.export.certificate import certify
from wavagent.export.coding import Coding
from wavagent.export.profile import PROFILES
from wavagent.programme import Mark, Passage, Placed, Programme, Tags
from wavagent.text import words

Make = Callable[..., Programme]
Place = Callable[..., Placed]

OPF, SMIL, XHTML = "{http://www.idpf.org/2007/opf}", "{http://www.w3.org/ns/SMIL}", "{http://www.w3.org/1999/xhtml}"
TEXT = (
    "One\n\n",
    "It was late & dark. ",
    "“Who?” ",
    "said <Mary>.\n\n",
    "* * *\n\n",
    "Two\n\n",
    "Nobody.\n\n",
    "Thrée",
)


def png() -> bytes:
    """A real picture, of one grey pixel: epubcheck looks into it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixel = chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + pixel
        + chunk(b"IEND", b"")
    )


@pytest.fixture
def book(programme: Make, placed: Place) -> Programme:
    times = [(0.5, 1.0), (1.2, 2.0), (2.0, 2.5), (2.4, 3.0), (3.0, 4.0), (4.0, 4.6), (5.0, 6.0), (6.5, 7.0)]
    cues = tuple(
        placed(start, end, text.strip(), role="pause" if "*" in text else "speech")
        for text, (start, end) in zip(TEXT, times, strict=True)
    )
    marks = (Mark("One", 0.0, 4.0), Mark("Two <&>", 4.0, 6.25), Mark("Thrée", 6.25, 8.0))
    passages = tuple(
        Passage(text, one.cue.id, text.strip() in ("One", "Two")) for text, one in zip(TEXT, cues, strict=True)
    )
    tags = Tags("The Wörld", "A. Author", "Eve", "en-GB", cover=png())
    return programme(8.0, placed=cues, chapters=marks, passages=passages, tags=tags)


@pytest.fixture
def made(book: Programme, tmp_path: Path) -> ZipFile:
    epub.write(book, tmp_path / "book.epub")
    return ZipFile(tmp_path / "book.epub")


def clips(made: ZipFile, number: int) -> list[tuple[str, float, float]]:
    root = ET.fromstring(made.read(f"EPUB/{number:03}.smil"))
    found = []
    for par in root.iter(f"{SMIL}par"):
        text, audio = par.find(f"{SMIL}text"), par.find(f"{SMIL}audio")
        assert text is not None and audio is not None
        begin, end = (float(audio.get(name, "").removesuffix("s")) for name in ("clipBegin", "clipEnd"))
        found.append((text.get("src", ""), begin, end))
    return found


def package(made: ZipFile) -> ET.Element:
    return ET.fromstring(made.read("EPUB/package.opf"))


def metas(made: ZipFile, name: str) -> list[tuple[str | None, str]]:
    return [
        (meta.get("refines"), meta.text or "")
        for meta in package(made).iter(f"{OPF}meta")
        if meta.get("property") == name
    ]


def test_the_mimetype_comes_first_and_is_not_compressed(made: ZipFile, book: Programme) -> None:
    first = made.infolist()[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
    assert made.read("mimetype") == b"application/epub+zip"


def test_the_pages_are_the_text(made: ZipFile) -> None:
    pages = [ET.fromstring(made.read(f"EPUB/{number:03}.xhtml")) for number in (1, 2, 3)]
    bodies = [page.find(f"{XHTML}body") for page in pages]
    assert "".join("".join(body.itertext()) for body in bodies if body is not None) == "".join(TEXT)


def test_clips_follow_each_other_from_start_to_end_of_their_audio(made: ZipFile, tmp_path: Path) -> None:
    for number, seconds in ((1, 4.0), (2, 2.25), (3, 1.75)):
        found = clips(made, number)
        made.extract(f"EPUB/{number:03}.mp3", tmp_path)
        info = soundfile.info(tmp_path / f"EPUB/{number:03}.mp3")
        assert info.frames / info.samplerate == pytest.approx(seconds, abs=0.001)
        assert found[0][1] == 0.0 and found[-1][2] == pytest.approx(seconds, abs=0.0011)
        assert all(begin < end for _, begin, end in found)
        assert all(one[2] == two[1] for one, two in zip(found, found[1:], strict=False))


def test_a_clip_begins_when_its_line_does(made: ZipFile) -> None:
    assert [begin for _, begin, _ in clips(made, 1)] == [0.0, 1.2, 2.0, 2.4]
    assert [begin for _, begin, _ in clips(made, 2)] == [0.0, 1.0]


def test_every_clip_has_its_text_in_reading_order(made: ZipFile) -> None:
    for number in (1, 2, 3):
        page = ET.fromstring(made.read(f"EPUB/{number:03}.xhtml"))
        ids = [span.get("id") for span in page.iter(f"{XHTML}span")]
        wanted = [src.partition("#") for src, _, _ in clips(made, number)]
        assert {name for name, _, _ in wanted} == {f"{number:03}.xhtml"}
        assert [id for id in ids if id in {fragment for _, _, fragment in wanted}] == [part[2] for part in wanted]


def test_the_durations_add_up(made: ZipFile) -> None:
    durations = metas(made, "media:duration")
    total = [float(text.removesuffix("s")) for refines, text in durations if refines is None]
    parts = {refines: float(text.removesuffix("s")) for refines, text in durations if refines is not None}
    assert len(total) == 1 and total[0] == pytest.approx(sum(parts.values()), abs=0.001)
    assert total[0] == pytest.approx(8.0, abs=0.01)
    assert parts.keys() == {"#s001", "#s002", "#s003"}


def test_the_package_names_overlays_narrator_and_classes(made: ZipFile) -> None:
    items = {item.get("id"): item for item in package(made).iter(f"{OPF}item")}
    for number in ("001", "002", "003"):
        assert items[f"t{number}"].get("media-overlay") == f"s{number}"
        assert items[f"s{number}"].get("media-type") == "application/smil+xml"
        assert items[f"a{number}"].get("media-type") == "audio/mpeg"
    assert all(f"EPUB/{item.get('href')}" in made.namelist() for item in items.values())
    assert metas(made, "media:narrator") == [(None, "Eve")]
    css = made.read("EPUB/style.css").decode()
    for name in ("media:active-class", "media:playback-active-class"):
        ((refines, value),) = metas(made, name)
        assert refines is None and f".{value} " in css


def test_the_same_book_is_the_same_file(book: Programme, made: ZipFile, tmp_path: Path) -> None:
    epub.write(book, tmp_path / "again.epub")
    assert (tmp_path / "again.epub").read_bytes() == (tmp_path / "book.epub").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again.epub", "book.epub"]


def test_the_bit_rate_can_be_chosen(book: Programme, tmp_path: Path) -> None:
    sizes = []
    for kbps in (64, 128):
        epub.write(book, tmp_path / "a.epub", Coding(kbps))
        sizes.append(ZipFile(tmp_path / "a.epub").getinfo("EPUB/001.mp3").file_size)
    assert sizes[1] / sizes[0] == pytest.approx(2.0, rel=0.1)


def test_without_text_there_is_no_book(programme: Make, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="no text"):
        epub.write(programme(passages=(Passage(" \n"),)), tmp_path / "a.epub")
    assert not list(tmp_path.iterdir())


def test_a_chapter_without_text_goes_to_its_neighbour(programme: Make, placed: Place, tmp_path: Path) -> None:
    cues = (placed(3.0, 4.0, "a"), placed(7.0, 8.0, "b"))
    marks = (Mark("Music", 0.0, 2.0), Mark("One", 2.0, 5.0), Mark("Noise", 5.0, 6.0), Mark("Two", 6.0, 9.0))
    passages = (Passage("\n", "none"), Passage("a\n", cues[0].cue.id), Passage("b", cues[1].cue.id))
    epub.write(programme(9.0, placed=cues, chapters=marks, passages=passages), tmp_path / "a.epub")
    made = ZipFile(tmp_path / "a.epub")
    assert [clips(made, number)[-1][2] for number in (1, 2)] == [6.0, 3.0]
    assert "EPUB/003.smil" not in made.namelist()


def _epubcheck() -> list[str] | None:
    found = shutil.which("epubcheck")
    if found is None or shutil.which("java") is None:
        return None
    return ["java", "-jar", found] if is_zipfile(found) else [found]


@pytest.mark.skipif(_epubcheck() is None, reason="epubcheck is not installed here")
def test_epubcheck_finds_nothing(made: ZipFile) -> None:
    command = _epubcheck()
    assert command is not None
    done = subprocess.run([*command, str(made.filename)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 errors / 0 warnings" in done.stdout or "No errors or warnings" in done.stdout


def test_word_by_word_every_word_has_its_clip_and_the_text_stays(book: Programme, tmp_path: Path) -> None:
    line = next(one for one in book.placed if one.cue.text.startswith("It was late"))
    times = tuple(Word(0.15 * n, 0.15 * n + 0.1, *span) for n, span in enumerate(words(line.cue.text)))
    spoken = replace(book, placed=tuple(replace(one, words=times) if one is line else one for one in book.placed))
    epub.write(spoken, tmp_path / "a.epub", Coding(by_word=True))
    made = ZipFile(tmp_path / "a.epub")
    page = ET.fromstring(made.read("EPUB/001.xhtml"))
    said = {span.get("id"): span.text for span in page.iter(f"{XHTML}span")}
    found = [(said[src.partition("#")[2]], begin) for src, begin, _ in clips(made, 1)]
    assert found == [
        ("One", 0.0),
        ("It", 1.2),
        ("was", 1.35),
        ("late &", 1.5),
        ("dark.", 1.65),
        ("“Who?”", 2.0),
        ("said <Mary>.", 2.4),
    ]
    test_the_pages_are_the_text(made)
    assert certify(tmp_path / "a.epub", PROFILES["universal"]).measured.rules
    if _epubcheck() is not None:
        test_epubcheck_finds_nothing(made)
