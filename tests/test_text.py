import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.script.spoken import say
from wavagent.text import SENTENCE_END, aligned, has_words, one_line, shown, slug, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was late.", ["It", "was", "late"]),
        ("“Don’t,” said O'Brien—well-known!", ["Don’t", "said", "O'Brien", "well-known"]),
        ("_so_ 'tis dogs' 1895 x2", ["so", "tis", "dogs", "1895", "x2"]),
        ("… — ! \N{GRINNING FACE} $ \0", []),
        ("你好。שלום", ["你好", "שלום"]),
        ("", []),
    ],
)
def test_words_are_letters_and_digits_with_apostrophes_and_hyphens_inside(text: str, found: list[str]) -> None:
    assert [text[first:last] for first, last in words(text)] == found
    assert has_words(text) is bool(found)


@given(st.text(max_size=60))
def test_one_line_is_one_line_and_stays_so(text: str) -> None:
    line = one_line(text)
    assert line.splitlines() in ([], [line])
    assert one_line(line) == line
    assert "\0" not in line
    line.encode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a \n b\t\r\nc ", "a b c"),
        ("a\0b\x07c\x85d\u2028e\ufefff", "a b c d e f"),
        ("a\ud800b", "a b"),
        ("$(x) `y` \\ \" '", "$(x) `y` \\ \" '"),
        ("\N{GRINNING FACE} \u202eאב", "\N{GRINNING FACE} \u202eאב"),
    ],
)
def test_white_space_and_control_characters_are_one_space(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(max_size=200), st.integers(1, 80))
def test_what_a_message_shows_is_printable_and_short(text: str, limit: int) -> None:
    assert shown(text, limit).isprintable()
    assert len(shown(text, limit)) <= limit


def test_a_cut_and_a_hidden_character_are_seen() -> None:
    assert shown("a" * 9, 5) == "aaaa…"
    assert shown("a\u202eb") == "a\N{REPLACEMENT CHARACTER}b"


@given(st.text(max_size=100))
def test_a_slug_is_a_safe_file_name(text: str) -> None:
    name = slug(text)
    assert 0 < len(name) <= 48
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not name.startswith("-") and not name.endswith("-")


def test_a_slug_keeps_what_can_be_read() -> None:
    assert slug("Die Verwandlung: Überall & Ärger!") == "die-verwandlung-uberall-arger"
    assert slug("你好") == "untitled"
    assert slug("../..", "story") == "story"


def _said(text: str) -> list[str]:
    spoken = say(text)
    return [spoken[at:].split()[0].strip(",.;") for at in aligned(text, spoken)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("“Who,” said Mr. Smith, “is there?”", ["Who", "said", "Mister", "Smith", "is", "there?"]),
        ("In 1895 they met", ["In", "18", "they", "met"]),
        ("Chapter IV, at last", ["Chapter", "4", "at", "last"]),
        ("Smith & Sons went", ["Smith", "Sons", "went"]),
        ("no no Mrs. no no", ["no", "no", "Missis", "no", "no"]),
        ("_Mr._ “Mr.” Mr.", ["Mister", "Mister", "Mister"]),
    ],
)
def test_a_word_of_the_text_is_found_in_what_is_said(text: str, said: list[str]) -> None:
    assert _said(text) == said


@given(st.text(max_size=60))
def test_in_the_text_itself_every_word_is_where_it_is(text: str) -> None:
    assert aligned(text, text) == [first for first, _ in words(text)]


@given(st.text(max_size=40), st.text(max_size=40))
def test_every_word_of_a_text_is_somewhere_in_any_other(text: str, spoken: str) -> None:
    starts = aligned(text, spoken)
    assert len(starts) == len(words(text))
    assert starts == sorted(starts)
    assert all(0 <= at <= len(spoken) for at in starts)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Mrs. Crick sang. Mr. Crick wept.", ["Mrs. Crick sang. ", "Mr. Crick wept."]),
        ("J. K. Jerome rowed! “Did he?” He did…", ["J. K. Jerome rowed! ", "“Did he?” ", "He did…"]),
        ("No. 7 was St. Ives. Here it ends.", ["No. 7 was St. Ives. ", "Here it ends."]),
        ("他走了。天黑了！", ["他走了。", "天黑了！"]),
    ],
)
def test_sentences_end_where_readers_pause(text: str, sentences: list[str]) -> None:
    ends = [0, *(match.end() for match in SENTENCE_END.finditer(text))]
    assert [
        piece for start, stop in zip(ends, [*ends[1:], None], strict=True) if (piece := text[start:stop])
    ] == sentences
