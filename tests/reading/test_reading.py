"""What holds for every format."""

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import wavagent.reading
from wavagent.errors import InputError
from wavagent.reading import READERS, Document, Manuscript, read, read_text

Checked = Callable[[Document], Document]
PIECES = [
    *(
        "# ",
        "Chapter 1\n\n",
        "I\n\n",
        "\n",
        "\n\n",
        "A: ",
        "ANN\n",
        "- ",
        "> ",
        "```\n",
        "---\n",
        "[[",
        "]]",
        "/*",
        "*/",
    ),
    *(
        "<p>",
        "</p>",
        "<speak>",
        "</speak>",
        "<voice name='x'>",
        "<break/>",
        '{"audio_type": "speech", "text": "',
        '"},',
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        "\\",
        "$(x)",
        "\0",
        "\ud800",
        "🙂",
        "עברית",
        "“Hi.”",
        "a word ",
        "* * *",
        "[pause:1s]",
    ),
    *(
        "*** START OF THIS PROJECT GUTENBERG EBOOK X ***\n",
        "=",
        "~",
        "(",
        ")",
        "INT. X - DAY\n\n",
        "&amp;",
        "\u2028",
        "\f",
    ),
]


def test_every_reader_is_in_the_table() -> None:
    modules = [
        import_module(f"wavagent.reading.{found.name}") for found in pkgutil.iter_modules(wavagent.reading.__path__)
    ]
    there = {
        value
        for module in modules
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("read_") and value.__module__ == module.__name__
    }
    assert there == set(READERS.values())


def test_the_public_names_exist() -> None:
    assert all(hasattr(wavagent.reading, name) for name in wavagent.reading.__all__)


def test_a_missing_file_and_a_folder_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file '.*tale.txt'; check the name"):
        read(tmp_path / "tale.txt")
    with pytest.raises(InputError, match="is a folder; give a file"):
        read(tmp_path)
    with pytest.raises(InputError):
        read("a\0b.txt")


def test_a_suffix_that_nobody_knows_is_read_by_what_is_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "tale.story").write_text("It was dark.", encoding="utf-8")
    (tmp_path / "voices").write_text("<speak>It was dark.</speak>", encoding="utf-8")
    (tmp_path / "tale.docx").write_bytes(b"%PDF-1.4")
    assert read(tmp_path / "tale.story").text == read(tmp_path / "voices").text == "It was dark."
    with pytest.raises(InputError, match=r"is a PDF, which is not read; give one of \.txt"):
        read(tmp_path / "tale.docx")


def test_an_epub_is_read_whatever_it_is_called(tmp_path: Path, book: Callable[..., bytes]) -> None:
    (tmp_path / "book.txt").write_bytes(book(a="<p>It was dark.</p>"))
    assert read(tmp_path / "book.txt").text == "It was dark."


def test_name_and_digest_are_the_files(tmp_path: Path) -> None:
    (tmp_path / "A Tale.txt").write_bytes(b"It was dark.\r\n")
    document = read(tmp_path / "A Tale.txt")
    assert (document.name, document.title) == ("A Tale.txt", "A Tale")
    assert document.sha256 == Manuscript("", b"It was dark.\r\n").sha256


def test_half_a_character_in_text_from_memory_is_marked() -> None:
    assert read_text("It \ud83d was \ud83d\ude42.").text == "It \N{REPLACEMENT CHARACTER} was 🙂."


@pytest.mark.parametrize("suffix", sorted(READERS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join))
@example(text="")
def test_any_text_in_any_format_is_a_document_or_an_input_error(suffix: str, text: str, checked: Checked) -> None:
    try:
        document = read_text(text, f"x{suffix}")
    except InputError as error:
        assert "\n" not in str(error)
    else:
        checked(document)


@pytest.mark.parametrize("suffix", [*sorted(READERS), ".bin", ""])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=300), head=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"<speak>", b"[{", b"# "]))
def test_any_bytes_in_any_format_are_a_document_or_an_input_error(
    suffix: str, data: bytes, head: bytes, checked: Checked, tmp_path: Path
) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(head + data)
    try:
        document = read(path)
    except InputError:
        return
    checked(document)


def test_every_real_file_keeps_the_promises_of_a_document(shared: Path, checked: Checked) -> None:
    paths = [
        *(shared / "stories").glob("*/*"),
        *(shared / "epub").glob("*.epub"),
        *(shared / "epub" / "w3c").glob("*.epub"),
        *(shared / "fountain").glob("**/*.fountain"),
    ]
    wordless = {"SectionHeaders.fountain", "Synopses.fountain"}
    for path in sorted(path for path in paths if path.name not in wordless):
        checked(read(path))


def test_hostile_strings_are_only_ever_text(shared: Path, checked: Checked) -> None:
    text = (shared / "adversarial" / "blns.txt").read_text(encoding="utf-8")
    assert checked(read_text(text)).text.count("DROP TABLE") == text.count("DROP TABLE")
