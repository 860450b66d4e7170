import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.errors import InputError
from wavagent.reading.encoding import decode, looks_like

GERMAN = "Über den Bäumen läutete es. »Hören Sie?« fragte er, und die Mädchen lachten größer und größer. " * 20
RUSSIAN = "Старый дом стоял у реки, и никто не помнил, кто его построил. Она молчала и смотрела в окно. " * 20
CHINESE = "他慢慢地走了出去，外面的天已经黑了。老人坐在门口，等着他的儿子回来。" * 20
JAPANESE = "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 20


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "utf-8-sig"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16-be"),
        (GERMAN, "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (CHINESE, "gb18030"),
        (CHINESE, "utf-16"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc-jp"),
    ],
)
def test_text_survives_its_encoding(text: str, encoding: str) -> None:
    decoded, notes = decode(text.encode(encoding), "x.txt")
    assert decoded == text
    assert bool(notes) == (not encoding.startswith("utf-8"))


def test_an_encoding_the_header_declares_is_believed() -> None:
    data = b"Character set encoding: ISO-8859-1\n\n\xc9l dijo: \xabs\xed\xbb."
    assert decode(data, "x.txt") == (
        "Character set encoding: ISO-8859-1\n\nÉl dijo: «sí».",
        ("encoding: cp1252, as the file says",),
    )


def test_line_ends_are_one_kind_and_control_characters_go_with_a_note() -> None:
    assert decode(b"a\r\nb\rc\n\0d\x1b\fe\tf", "x") == ("a\nb\nc\nd\fe\tf", ("left out 2 control characters",))


def test_a_few_bad_bytes_leave_utf8_what_it_is() -> None:
    text, (note,) = decode(GERMAN.encode() + b"\xff", "x")
    assert text == GERMAN + "\N{REPLACEMENT CHARACTER}" and "1 damaged place" in note


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"ID3\x04", "an MP3"),
        (b"\xff\xfb\x90\x00", "an MP3"),
        (b"OggS", "an Ogg file"),
        (b"{\\rtf1", "an RTF document"),
        (b"\0\0\0\x20ftypM4A ", "an MP4 or M4B file"),
        (b"\0" * 60 + b"BOOKMOBI", "a Kindle (MOBI) book"),
    ],
)
def test_a_file_that_is_no_text_is_named_for_what_it_is(data: bytes, what: str) -> None:
    assert looks_like(data) == what
    with pytest.raises(InputError, match="is .* not a text; give"):
        decode(data, "x.txt")


def test_bytes_of_no_kind_are_called_binary() -> None:
    with pytest.raises(InputError, match="binary file"):
        decode(bytes(range(1, 9)) * 400, "x.txt")


def test_a_marked_encoding_that_is_damaged_is_an_error_with_the_place() -> None:
    with pytest.raises(InputError, match="damaged at byte 2"):
        decode(codecs.BOM_UTF8 + b"ab\xff\xff", "x.txt")


@given(st.binary(max_size=400))
def test_any_bytes_end_in_text_or_one_kind_of_error(data: bytes) -> None:
    try:
        text, _ = decode(data, "x")
    except InputError:
        return
    assert "\r" not in text and "\0" not in text


@pytest.mark.parametrize(
    "text",
    [
        "Café à la crème. " * 8 + "Déjà vu, said Zoë.",
        "“It was the old château,” he said, and that was all that the girl would say of it.",
        "»Schön«, sagte das Mädchen, und der Mann war nicht zu sehen.",
    ],
)
def test_a_few_lines_of_a_western_language_are_enough(text: str) -> None:
    assert decode(text.encode("cp1252"), "x.txt") == (text, ("encoding: cp1252, guessed",))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("Zażółć gęślą jaźń, powiedział stary człowiek i wyszedł z domu na ulicę. " * 6, "cp1250"), (RUSSIAN, "cp1251")],
)
def test_other_languages_are_not_taken_for_western_ones(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "x.txt")[0] == text
