import pytest

from wavagent.reading.headings import headings

PROSE = "It was a long day, and nobody came to the house that stood by the river.\n\n“No,” she said."


def titles(text: str, title: str = "") -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in headings(text, title)]


@pytest.mark.parametrize(
    "line",
    [
        *("CHAPTER I", "Chapter 1", "Chapter One", "CHAPTER THE LAST", "Chapter 1. The Pool of Tears", "CHAPTER XLIV."),
        *(
            "PART TWO",
            "BOOK III",
            "Volume II",
            "THE FIRST BOOK",
            "Stave One",
            "Prologue",
            "EPILOGUE",
            "ACT I",
            "SCENE 2",
        ),
        *("Chapitre premier", "CHAPITRE II", "Livre I", "Kapitel 3", "Erstes Kapitel", "Zweiter Teil", "Capítulo I"),
        *(
            "Primera parte",
            "Capitolo 4",
            "Глава 2",
            "ГЛАВА ПЕРВАЯ",
            "Часть первая",
            "第一章",
            "第十二回 大闹天宫",
            "第3部",
        ),
        *("I", "I.", "1.", "一", "1. The Road", "I. The Road", "1. Происшествие 20-го числа", "_Chapter 1_"),
    ],
)
def test_a_line_that_says_chapter_is_a_heading(line: str) -> None:
    text = f"The Tale\n\n{line}\n\n{PROSE}"
    assert [text[found.start : found.end] for found in headings(text)] == ["The Tale", line]


@pytest.mark.parametrize(
    "line",
    [
        *(
            "“Chapter one?”",
            "Part of me wanted to go.",
            "No.",
            "Yes!",
            "— Oui.",
            "- Нет.",
            "I am.",
            "Book it, he said.",
            "...",
            "* * *",
        ),
        *(
            "Chapter one was the part of the book that he never finished reading.",
            "STOP!",
            "17",
            "THE END",
            "Mr. X",
            "Come in",
        ),
        *("“I”", "II", "A letter came.", "1. He went away and did not come back again to the town where he was born."),
    ],
)
def test_a_short_line_of_prose_is_none(line: str) -> None:
    assert titles(f"{PROSE}\n\n{line}\n\n{PROSE}") == []


def test_levels_follow_the_ranks_a_text_has() -> None:
    text = f"PART ONE\n\nCHAPTER I\n\n{PROSE}\n\nCHAPTER II\n\n{PROSE}\n\nPART TWO\n\nCHAPTER I\n\n{PROSE}"
    assert [level for level, _ in titles(text)] == [1, 2, 2, 1, 2]


def test_a_title_on_the_next_line_belongs_to_its_chapter() -> None:
    assert titles(f"CHAPTER I\n\nDown the Rabbit-Hole\n\n{PROSE}") == [(1, "CHAPTER I: Down the Rabbit-Hole")]
    assert titles(f"CHAPTER I\n\n“Who are you?”\n\n{PROSE}") == [(1, "CHAPTER I")]


def test_a_table_of_contents_is_no_row_of_chapters() -> None:
    contents = "\n\n".join(f"CHAPTER {number}" for number in ("I", "II", "III"))
    body = "\n\n".join(f"CHAPTER {number}\n\n{PROSE}" for number in ("I", "II", "III"))
    assert len(titles(f"{contents}\n\n\n{body}")) == 3


def test_the_first_short_line_is_the_title_and_the_known_title_is_found_later() -> None:
    assert titles(f"The Bet\n\n{PROSE}") == [(1, "The Bet")]
    assert titles(f"PRESS\n\nTHE BET\n\n{PROSE}", title="The Bet") == [(1, "THE BET")]
    assert titles(f"It rained.\n\n{PROSE}") == []


def test_capitals_are_a_heading_only_with_room_around_them() -> None:
    assert titles(f"{PROSE}\n\n\n\nTHE RED ROOM\n\n{PROSE}") == [(1, "THE RED ROOM")]
    assert titles(f"{PROSE}\n\nNO SMOKING\n\n{PROSE}") == []


def test_bare_numbers_count_up_from_one() -> None:
    pages = "\n\n".join(f"{PROSE}\n\n{page}" for page in (217, 218, 300))
    assert titles(f"{pages}\n\n{PROSE}") == []
    assert len(titles("\n\n".join(f"{number}\n\n{PROSE}" for number in ("I", "II", "III")))) == 3


def test_number_and_title_in_one_paragraph_are_one_heading() -> None:
    assert titles(f"Chapter I\nThe Science of Deduction\n\n{PROSE}") == [(1, "Chapter I: The Science of Deduction")]
    assert titles(f"I.\nTHE ROAD\n\n{PROSE}") == [(1, "I: THE ROAD")]


def test_a_chapter_line_that_prose_follows_at_once_is_a_heading_alone() -> None:
    assert titles(f"Chapter 1\nIt was dark and he went\nhome over the fields.\n\n{PROSE}") == [(1, "Chapter 1")]
