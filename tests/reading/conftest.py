import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path

import pytest

from wavagent.reading import Document

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
Book = Callable[..., bytes]
Checked = Callable[[Document], Document]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The evaluation data beside the repository; tests that need it skip where it is not."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the evaluation data is not beside the repository")
    return folder


@pytest.fixture(scope="session")
def book() -> Book:
    """Builds an EPUB 3 of pages given as name=body; `files` are added or replace the usual ones."""

    def build(files: Mapping[str, str | bytes] | None = None, nav: str = "", **pages: str) -> bytes:
        items = "".join(f'<item id="{p}" href="{p}.xhtml" media-type="application/xhtml+xml"/>' for p in pages)
        spine = "".join(f'<itemref idref="{page}"/>' for page in pages)
        contents: dict[str, str | bytes] = {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OPS/book.opf": (
                '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
                "<metadata><dc:title>The Book</dc:title><dc:creator>A. Writer</dc:creator>"
                "<dc:language>en-GB</dc:language></metadata><manifest>"
                f'<item id="toc" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>{items}'
                f"</manifest><spine>{spine}</spine></package>"
            ),
            "OPS/nav.xhtml": _page(f'<nav epub:type="toc">{nav}</nav>'),
            **{f"OPS/{name}.xhtml": _page(body) for name, body in pages.items()},
            **(files or {}),
        }
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in contents.items():
                archive.writestr(path, content)
        return packed.getvalue()

    return build


def _page(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title></head><body>{body}</body></html>'
    )


@pytest.fixture(scope="session")
def checked() -> Checked:
    """Asserts what every document promises, and returns it."""

    def check(document: Document) -> Document:
        text, size = document.text, len(document.text)
        assert text.strip() and document.title.strip() and len(document.sha256) == 64
        assert "\r" not in text and not any(mark in text for mark in "\0\x07\x1b")
        assert document.language.isalpha() and document.language.islower()
        last = 0
        for paragraph in document.paragraphs:
            assert last <= paragraph.start < paragraph.end <= size
            assert not text[last : paragraph.start].strip()
            words = text[paragraph.start : paragraph.end]
            assert words == words.strip()
            last = paragraph.end
        assert not text[last:].strip()
        for heading in document.headings:
            assert 0 <= heading.start <= heading.end <= size and 1 <= heading.level <= 6
            assert heading.title == " ".join(heading.title.split())
        assert [heading.start for heading in document.headings] == sorted(h.start for h in document.headings)
        last = 0
        for part in document.parts:
            assert 0 <= part.start <= part.end <= size
            if part.kind in ("speech", "narration", "direction"):
                assert last <= part.start < part.end
                last = part.end
            else:
                assert part.kind in ("pause", "sound", "music", "ambience")
        return document

    return check
