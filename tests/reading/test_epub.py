import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from wavagent.errors import InputError
from wavagent.reading import Document, Manuscript, read
from wavagent.reading.epub import read_epub

Book = Callable[..., bytes]


def opened(data: bytes) -> Document:
    return read_epub(Manuscript("book.epub", data))


def text_of(book: Book, body: str) -> str:
    return opened(book(a=body)).text


def test_metadata_pages_and_chapters(book: Book) -> None:
    nav = '<ol><li><a href="a.xhtml">Part</a><ol><li><a href="b.xhtml#x">One</a></li></ol></li></ol>'
    document = opened(book(a="<h1>Part</h1><p>Text.</p>", b='<p id="x">More.</p><h2>Inner</h2><p>End.</p>', nav=nav))
    assert (document.title, document.author, document.language) == ("The Book", "A. Writer", "en")
    assert document.text == "Part\n\nText.\n\nMore.\n\nInner\n\nEnd."
    assert [(heading.start, heading.end, heading.level, heading.title) for heading in document.headings] == [
        (0, 4, 1, "Part"),
        (13, 13, 2, "One"),
        (20, 25, 3, "Inner"),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<p>a  b\n c</p><p>d<br/>e</p>", "a b c\n\nd\ne"),
        ("<p>One</p><hr/><p>Two</p>", "One\n\n* * *\n\nTwo"),
        ("<p>We<b>ll</b> <i>said</i></p>", "Well said"),
        ('<p>See<a epub:type="noteref" href="#n">1</a>.</p><aside epub:type="footnote">Note</aside>', "See."),
        ('<p>See<sup><a href="#n">12</a></sup> it<a href="#m"><sup>[a]</sup></a>.</p>', "See it."),
        ('<p>See <a href="#c2">2</a> and x<sup>2</sup></p>', "See 2 and x2"),
        ('<p>One<span epub:type="pagebreak" title="7">7</span> two</p>', "One two"),
        ('<p>See <img src="x" alt="a red  door"/></p><img src="y" alt=""/>', "See a red door"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby></p>", "漢字"),
        ("<p hidden='hidden'>no</p><p>yes</p><script>no()</script><style>no</style>", "yes"),
        ('<nav epub:type="landmarks"><p>no</p></nav><section epub:type="copyright-page">no</section><p>yes</p>', "yes"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("<p>caf&eacute;&nbsp;&amp; &lt;x&gt;</p>", "café\xa0& <x>"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
        ('<p dir="rtl">שלום עולם</p>', "שלום עולם"),
        ("loose words", "loose words"),
    ],
)
def test_what_is_read_out_of_a_page(book: Book, body: str, text: str) -> None:
    assert text_of(book, body) == text


def test_what_is_left_out_is_counted(book: Book) -> None:
    document = opened(
        book(a='<p>x<span role="doc-pagebreak">1</span><span epub:type="pagebreak">2</span><img src="y"/></p>')
    )
    assert {"left out: page numbers (2)", "left out: images without a description (1)"} <= set(document.notes)


def test_a_heading_of_several_blocks_is_one(book: Book) -> None:
    document = opened(book(a="<hgroup><h2>I</h2><p>The Road</p></hgroup><p>Text.</p>"))
    assert [heading.title for heading in document.headings] == ["I: The Road"]
    assert document.text == "I\nThe Road\n\nText."


def test_broken_markup_is_read_as_far_as_it_goes(book: Book) -> None:
    document = opened(book(a="<p>One <b>two</p><p>three & four<br></p><p>five <x <p>six"))
    assert document.text.split() == ["One", "two", "three", "&", "four", "five", "<x", "six"]
    assert any("broken markup" in note for note in document.notes)


def test_epub_2_names_its_chapters_in_the_ncx_and_its_cover_in_a_meta(book: Book) -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        '<dc:title>Old</dc:title><dc:creator opf:role="ill" xmlns:opf="http://www.idpf.org/2007/opf">Ill</dc:creator>'
        '<meta name="cover" content="c"/></metadata><manifest><item id="ncx" href="t.ncx" '
        'media-type="application/x-dtbncx+xml"/><item id="c" href="c.png" media-type="image/png"/>'
        '<item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="n" href="n.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine toc="ncx"><itemref idref="a"/><itemref idref="n" linear="no"/><itemref idref="gone"/></spine></package>'
    )
    ncx = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>One</text></navLabel>'
        '<content src="a%20b.xhtml"/><navPoint><navLabel><text>Two</text></navLabel><content src="a%20b.xhtml#t"/>'
        "</navPoint></navPoint></navMap></ncx>"
    )
    files = {
        "OPS/book.opf": package,
        "OPS/t.ncx": ncx,
        "OPS/c.png": b"\x89PNG....",
        "OPS/a b.xhtml": '<html><body><p>First.</p><p id="t">Second.</p></body></html>',
        "OPS/n.xhtml": "<html><body>aside</body></html>",
    }
    document = opened(book(files))
    assert document.text == "First.\n\nSecond." and document.cover == b"\x89PNG...." and document.author == ""
    assert [(heading.level, heading.title, heading.start) for heading in document.headings] == [
        (1, "One", 0),
        (2, "Two", 8),
    ]
    assert "left out: pages outside the reading order (1)" in document.notes


def test_a_broken_table_of_contents_costs_no_words(book: Book) -> None:
    assert opened(book({"OPS/nav.xhtml": "<html><nav>"}, a="<h1>One</h1><p>Text.</p>")).text == "One\n\nText."


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"OPS/a.xhtml": '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><html>&c;</html>'}, "declares entities"),
        (
            {"OPS/book.opf": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><package>&a;</package>'},
            "declares entities",
        ),
        ({"OPS/a.xhtml": "<html>" + "<div>" * 500 + "</div>" * 500 + "</html>"}, "more than 400 deep"),
        ({"../evil.xhtml": "x"}, "leads outside"),
        ({"/etc/x": "x"}, "leads outside"),
        ({"OPS/a|b": "x"}, "forbids in file names"),
        ({"OPS/A.XHTML": "x"}, "two files called"),
        ({"OPS/bomb": "0" * 4_000_000}, "times smaller, as bombs do"),
        ({"META-INF/container.xml": "<container/>"}, "names no package file"),
        ({"META-INF/container.xml": "<container"}, "damaged"),
        ({"OPS/book.opf": "no xml"}, "damaged"),
        ({"OPS/a.xhtml": "<html><body><img src='x'/></body></html>"}, "holds no words"),
        (
            {"META-INF/encryption.xml": '<e><EncryptedData><EncryptionMethod Algorithm="aes"/></EncryptedData></e>'},
            "is locked",
        ),
    ],
)
def test_a_hostile_or_broken_book_is_one_clear_error(book: Book, files: dict[str, str], fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        opened(book(files, a="<p>x</p>"))


def test_hidden_fonts_lock_nothing(book: Book) -> None:
    algorithm = "http://www.idpf.org/2008/embedding"
    encryption = f'<e><EncryptedData><EncryptionMethod Algorithm="{algorithm}"/></EncryptedData></e>'
    assert opened(book({"META-INF/encryption.xml": encryption}, a="<p>x</p>")).text == "x"


def test_a_nested_archive_is_never_opened(book: Book) -> None:
    inner = book(a="<p>inner</p>")
    assert opened(book({"OPS/inner.epub": inner}, a="<p>outer</p>")).text == "outer"


def test_a_zip_that_is_no_book_is_named() -> None:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(InputError, match="is a ZIP archive but no EPUB"):
        opened(packed.getvalue())


def test_a_size_that_lies_is_found_out(book: Book) -> None:
    """A directory that declares a page smaller than it is cannot make the reader unpack more."""
    data = bytearray(book(a="<p>" + "word " * 5000 + "</p>"))
    at = data.rfind(b"OPS/a.xhtml") - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    struct.pack_into("<I", data, at + 24, 10)
    with pytest.raises(InputError, match="damaged at 'OPS/a.xhtml'"):
        opened(bytes(data))


def test_a_directory_of_millions_is_refused_before_it_is_read(book: Book) -> None:
    data = bytearray(book(a="<p>x</p>"))
    struct.pack_into("<I", data, data.rfind(b"PK\x05\x06") + 12, 2**31)
    with pytest.raises(InputError, match="lists more than"):
        opened(bytes(data))


def test_a_book_cut_off_anywhere_is_an_input_error(book: Book) -> None:
    data = book(a="<p>It was dark.</p>")
    for size in range(4, len(data), 37):
        with pytest.raises(InputError):
            opened(data[:size])


def test_the_conformance_files_end_as_their_names_say(shared: Path) -> None:
    for path in sorted((shared / "epub" / "malformed").glob("*.epub")):
        if re.search(r"-(error|fatal)\.epub$", path.name):
            with pytest.raises(InputError):
                read(path)
        else:
            assert "Call me Ishmael." in read(path).text


def test_a_story_is_the_same_in_the_book_and_on_its_own(shared: Path) -> None:
    book = " ".join(read(shared / "epub" / "se_saki_short-fiction.epub").text.split())
    for name in ("saki__the-open-window.txt", "saki__sredni-vashtar.txt"):
        story = (shared / "stories" / "en" / name).read_text(encoding="utf-8")
        assert " ".join(story.split()) in book


@pytest.mark.parametrize(
    ("name", "title", "author", "language", "chapters"),
    [
        ("se_h-g-wells_the-time-machine.epub", "The Time Machine", "H. G. Wells", "en", 14),
        ("se_edgar-allan-poe_short-fiction.epub", "Short Fiction", "Edgar Allan Poe", "en", 71),
        ("idpf_wasteland.epub", "The Waste Land", "T.S. Eliot", "en", 6),
        ("w3c/pkg-dir_but_not_content.epub", "CSS: הרפתקה חדשה!", "Ivan Herman", "he", 1),
    ],
)
def test_real_books(shared: Path, name: str, title: str, author: str, language: str, chapters: int) -> None:
    document = read(shared / "epub" / name)
    assert (document.title, document.author, document.language) == (title, author, language)
    assert len(document.headings) == chapters
