from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.errors import InputError
from wavagent.reading import read, read_text


def test_the_text_is_the_files_to_the_character() -> None:
    text = "  A tale\n\n_He_ said: «no».\t\n\n\n\"Quotes\", 'more', $(rm), \\ and 🙂 and עברית.\n \n"
    assert read_text(text).text == text


def test_title_and_author_come_from_the_first_lines() -> None:
    document = read_text("The Bet\n\nby Anton Chekhov\n\nIt was a dark autumn night.\n")
    assert (document.title, document.author) == ("The Bet", "Anton Chekhov")


def test_a_chapter_number_is_no_title() -> None:
    assert read_text("I\n\nIt was a dark night.", "the_bet.txt").title == "the bet"


def test_pause_marks_become_pauses_and_leave_the_text() -> None:
    document = read_text("Wait.[pause:1.5s] Now. [pause 800ms][pause] Go.")
    assert document.text == "Wait. Now.  Go."
    assert [(part.start, part.seconds) for part in document.parts] == [(5, 1.5), (11, 0.8), (11, 1.0)]
    assert not document.attributed and "took 3 pause marks out of the text" in document.notes


@pytest.mark.parametrize("text", ["", " \n\t\n", "...\n\n* * *", "\ufeff"])
def test_a_file_without_words_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match="'text.txt' (is empty|holds no words); give a file with a story in it"):
        read_text(text)


def test_every_story_is_its_file(shared: Path) -> None:
    """Against the file decoded by hand: the text is one unchanged stretch of it, and all of it but what notes say."""
    for path in sorted((shared / "stories").glob("*/*.txt")):
        whole = path.read_bytes().decode("latin-1" if "latin1" in path.name else "utf-8").replace("\r\n", "\n")
        document = read(path)
        assert document.text in whole
        left_out = [note for note in document.notes if note.startswith("left out")]
        gutenberg = "*** START OF THIS PROJECT GUTENBERG" in whole
        assert (
            left_out
            == [f"left out {len(whole) - len(document.text)} characters that Project Gutenberg added"] * gutenberg
        )
        assert gutenberg or document.text == whole


@pytest.mark.parametrize(
    ("name", "title", "author", "first", "last", "headings"),
    [
        (
            "de/kafka_verwandlung_22367-8.latin1.txt",
            "Die Verwandlung",
            "Franz Kafka",
            "DIE VERWANDLUNG",
            "Körper dehnte.",
            4,
        ),
        (
            "raw_gutenberg/7256_gift_of_the_magi.txt",
            "The Gift of the Magi",
            "O. Henry",
            "THE GIFT OF",
            "are the magi.",
            1,
        ),
        ("ru/bulgakov_diavoliada.txt", "Повесть о том, как близнецы погубили делопроизводителя", "", "Повесть", "", 12),
        ("fr/lerouge_FRA02401.txt", "lerouge FRA02401", "", "I", "entortillée.", 6),
    ],
)
def test_real_files_are_cut_where_the_story_begins_and_ends(
    shared: Path, name: str, title: str, author: str, first: str, last: str, headings: int
) -> None:
    document = read(shared / "stories" / name)
    assert (document.title, document.author, len(document.headings)) == (title, author, headings)
    assert document.text.strip().startswith(first) and document.text.strip().endswith(last)


@given(st.text(max_size=300))
def test_any_text_stays_what_it_is_or_is_an_error(text: str) -> None:
    try:
        document = read_text(text)
    except InputError:
        return
    if not document.parts and not any(note.startswith("left out") for note in document.notes):
        assert document.text == text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
