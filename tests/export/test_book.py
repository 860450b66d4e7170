"""Books read back: those that are written here keep every rule, and each way to break one is noticed."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from wavagent.errors import InputError
from wavagent.export import epub
from wavagent.export.book import read_book, seconds
from wavagent.export.certificate import certify
from wavagent.export.measure import measure
from wavagent.export.profile import PROFILES
from wavagent.programme import Mark, Passage, Placed, Programme

Make = Callable[..., Programme]
Place = Callable[..., Placed]
Files = dict[str, bytes]


@pytest.fixture
def book(programme: Make, placed: Place, tmp_path: Path) -> Path:
    """Two chapters of two lines each."""
    texts = ["One. ", "Two.\n\n", "Three. ", "Four."]
    cues = tuple(placed(at + 0.2, at + 0.9, text.strip()) for at, text in enumerate(texts))
    passages = tuple(Passage(text, one.cue.id) for text, one in zip(texts, cues, strict=True))
    marks = (Mark("A", 0.0, 2.0), Mark("B", 2.0, 4.0))
    epub.write(programme(4.0, rate=48_000, placed=cues, chapters=marks, passages=passages), tmp_path / "a.epub")
    return tmp_path / "a.epub"


def remade(path: Path, change: Callable[[Files], None], packed: int = ZIP_STORED) -> Path:
    """The book with its files changed."""
    with ZipFile(path) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    with ZipFile(path, "w") as new:
        for name, data in files.items():
            new.writestr(name, data, ZIP_DEFLATED if name != "mimetype" else packed)
    return path


def swap(name: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        assert old.encode() in files[name]
        files[name] = files[name].replace(old.encode(), new.encode())

    return change


def missed(path: Path) -> set[str]:
    return {check.name for check in measure(path).rules if not check.passed}


def test_a_book_that_is_written_keeps_every_rule(book: Path) -> None:
    found = measure(book)
    assert [check.name for check in found.rules if not check.passed] == []
    assert len(found.rules) == 8
    assert (found.track.codec, found.track.channels, found.cbr) == ("mp3", 2, True)
    assert found.seconds == pytest.approx(4.0, abs=0.001)
    assert found.track.chapters == pytest.approx((0.0, 2.0), abs=0.001)


def test_a_certificate_of_a_book_has_its_levels_and_its_rules(book: Path) -> None:
    names = [check.name for check in certify(book, PROFILES["universal"]).checks]
    assert {"loudness", "true peak", "channels", "mimetype first, not packed"} <= set(names)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (swap("EPUB/001.smil", 'clipBegin="1.200s"', 'clipBegin="1.100s"'), "clips empty or out of order"),
        (swap("EPUB/001.smil", 'clipEnd="1.200s"', 'clipEnd="0.000s"'), "clips empty or out of order"),
        (swap("EPUB/001.smil", 'clipEnd="2.000s"', 'clipEnd="2.500s"'), "clips past their sound's end"),
        (swap("EPUB/001.smil", 'clipEnd="2.000s"', 'clipEnd="1.800s"'), "sound that no text goes with"),
        (swap("EPUB/002.smil", "#t1", "#t9"), "texts lost or out of order"),
        (swap("EPUB/002.xhtml", 'id="t0"', 'id="t2"'), "texts lost or out of order"),
        (swap("EPUB/package.opf", "4.000s", "6.000s"), "book's length off by"),
        (
            swap("EPUB/package.opf", '<meta property="media:duration">4.000s</meta>', ""),
            "book's length off by",
        ),
        (
            swap("EPUB/package.opf", 'refines="#s001">2.000s', 'refines="#s001">1.500s'),
            "overlays' lengths off by",
        ),
        (swap("EPUB/package.opf", "audio/mpeg", "audio/wav"), "sound files"),
    ],
)
def test_a_broken_rule_is_noticed(book: Path, change: Callable[[Files], None], rule: str) -> None:
    assert rule in missed(remade(book, change))


def test_a_packed_mimetype_is_noticed(book: Path) -> None:
    assert missed(remade(book, lambda files: None, ZIP_DEFLATED)) == {"mimetype first, not packed"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda files: files.pop("META-INF/container.xml"), "speaks of 'META-INF/container.xml', which is not in it"),
        (lambda files: files.pop("EPUB/002.mp3"), "speaks of 'EPUB/002.mp3', which is not in it"),
        (lambda files: files.update({"EPUB/package.opf": b"<package"}), "damaged"),
        (swap("EPUB/001.smil", "<par", "<pair"), "nobody reads aloud|damaged"),
        (swap("EPUB/001.smil", "0.000s", "soon"), "'soon' is no time"),
        (swap("EPUB/001.smil", "001.mp3", "../../../../etc/passwd"), "which is not in it"),
        (lambda files: files.update({"EPUB/001.smil": b'<!DOCTYPE a [<!ENTITY b "c">]><smil/>'}), "declares entities"),
        (lambda files: files.update({"EPUB/002.mp3": bytes(2**22)}), "packed as bombs are"),
        (lambda files: files.update({"EPUB/002.mp3": b"no sound " * 99}), "no audio file|holds no sound"),
    ],
)
def test_what_is_no_whole_book_is_refused_in_one_sentence(
    book: Path, change: Callable[[Files], None], fault: str
) -> None:
    with pytest.raises(InputError, match=fault) as caught:
        measure(remade(book, change))
    assert "\n" not in str(caught.value)


def test_what_is_no_epub_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.epub").write_bytes(b"no zip")
    with pytest.raises(InputError, match="is no EPUB, or damaged"):
        read_book(tmp_path / "a.epub")
    with pytest.raises(InputError, match="there is no file"):
        read_book(tmp_path / "b.epub")
    with pytest.raises(InputError, match="is no EPUB"):
        read_book(tmp_path)


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [("5:34:31.396", 20071.396), ("124:59:36", 449976), ("0:05:01.2", 301.2), ("09:58", 598), ("00:56.78", 56.78)]
    + [("76.2s", 76.2), ("7.75h", 27900), ("13min", 780), ("2345ms", 2.345), ("12.345", 12.345)],
)
def test_times_are_read_as_the_specification_shows_them(clock: str, wanted: float) -> None:
    """The examples of EPUB 3.3, appendix I."""
    assert seconds(clock) == pytest.approx(wanted)


@pytest.mark.parametrize("clock", ["", "soon", "-1s", "1:2:3:4", "1e3s", "5 s"])
def test_what_is_no_time_is_refused(clock: str) -> None:
    with pytest.raises(InputError, match="is no time"):
        seconds(clock)
