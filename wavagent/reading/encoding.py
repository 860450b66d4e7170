"""Bytes to text: which encoding a file is in, and what a file that is no text looks like."""

import codecs
import re

from wavagent.errors import InputError
from wavagent.reading.language import language

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LIKELY = (
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp866", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "iso8859_15", "mac_roman"),
    *("gb18030", "big5", "cp932", "euc_jp", "cp949"),
)
"""What narrative files of the last forty years are in; a longer list only gives more ways to guess wrong."""
_SUPERSETS = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932"}
"""What a declared encoding is read as: files that claim the small set use the large one, which agrees elsewhere."""
_DECLARED = re.compile(rb"^Character set encoding: *([\w-]{2,30})", re.MULTILINE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"ID3", "an MP3"),
    (b"fLaC", "a FLAC file"),
    (b"OggS", "an Ogg file"),
    (b"RIFF", "a WAV or other RIFF file"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_SAMPLE = 65_536
_WESTERN = frozenset({"da", "de", "en", "es", "fi", "fr", "it", "nl", "no", "pt", "sv", None})
_WESTERN_CHARACTERS = frozenset("àâäáãåæçèéêëíîïñòóôöõøœùúûüýßªºÀÂÄÁÅÆÇÈÉÊËÍÎÏÑÒÓÔÖØŒÙÚÛÜ‘’‚“”„«»‹›–—…¡¿§°·£€\xa0\xad")


def looks_like(data: bytes) -> str | None:
    """What a file that is no text is, by its first bytes, or None."""
    if data[4:8] == b"ftyp":
        return "an MP4 or M4B file"
    if data[60:68] == b"BOOKMOBI":
        return "a Kindle (MOBI) book"
    if len(data) > 2 and data[0] == 0xFF and data[1] in (0xFB, 0xF3, 0xF2, 0xFA):
        return "an MP3"
    return next((what for magic, what in _MAGIC if data.startswith(magic)), None)


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text in `data`, with \\n line ends and no control characters, and notes on how. Raises InputError."""
    if (what := looks_like(data)) is not None:
        raise InputError(f"'{name}' is {what}, not a text; give a text file or one of the formats that are read")
    text, notes = _decoded(data, name)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    kept, dropped = _CONTROL.subn("", text)
    if dropped > max(8, len(text) // 10):
        raise InputError(f"'{name}' is a binary file, not a text; give a text file or one of the formats that are read")
    if dropped:
        notes += (f"left out {dropped} control character{'s' * (dropped > 1)}",)
    return kept, notes


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding, name)
    if (wide := _wide(data)) is not None:
        return _marked(data, wide, name)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _declared(data) or _damaged(data) or _western(data) or _guessed(data, name)


def _marked(data: bytes, encoding: str, name: str) -> tuple[str, tuple[str, ...]]:
    try:
        return data.decode(encoding), () if encoding == "utf-8" else (f"encoding: {encoding}",)
    except UnicodeDecodeError as error:
        raise InputError(
            f"'{name}' says it is {encoding} but is damaged at byte {error.start}; save it again as UTF-8"
        ) from error


def _wide(data: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of Western text is zero."""
    sample = data[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half < 4 or len(data) % 2:
        return None
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 * half and odd < 0.05 * half else None


def _declared(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """By the line that Project Gutenberg's older files have in their header."""
    match = _DECLARED.search(data[:_SAMPLE])
    try:
        encoding = codecs.lookup(match[1].decode("ascii")).name if match else ""
        encoding = _SUPERSETS.get(encoding, encoding)
        return (data.decode(encoding), (f"encoding: {encoding}, as the file says",)) if encoding else None
    except (LookupError, UnicodeError):
        return None


def _damaged(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """UTF-8 with a few bad bytes: clearly so where most characters beyond ASCII are whole."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    whole = sum(character > "\x7f" for character in text) - bad
    if whole < 20 * bad:
        return None
    return text, (f"encoding: utf-8 with {bad} damaged place{'s' * (bad > 1)}, now marked \ufffd",)


def _western(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Windows-1252, where that reads as a Western European language: a guess from bytes alone needs far more text."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    sample = text[:_SAMPLE]
    beyond = [character for character in sample if character > "\x7f"]
    if len(beyond) > 0.2 * len(sample) or not set(beyond) <= _WESTERN_CHARACTERS:
        return None
    if language(sample) not in _WESTERN:
        return None
    return text, ("encoding: cp1252, guessed",)


def _guessed(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes  # slow to import, and most files are UTF-8

    best = from_bytes(data, cp_isolation=list(_LIKELY)).best()
    if best is None:
        raise InputError(f"'{name}' is in no encoding that is known; save it as UTF-8 and give it again")
    return str(best), (f"encoding: {best.encoding}, guessed",)
