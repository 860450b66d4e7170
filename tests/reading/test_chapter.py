import pytest

from wavagent.reading.chapter import bare_number, chapter, numbered_title


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("I", 1),
        ("IV.", 4),
        ("IX", 9),
        ("XIV", 14),
        ("XLII", 42),
        ("XC", 90),
        ("CX", 110),
        ("12", 12),
        ("三", 3),
        ("二十一", 21),
    ],
)
def test_a_number_alone_has_its_value(line: str, number: int) -> None:
    said = bare_number(line)
    assert said is not None and said.number == number


@pytest.mark.parametrize("line", ["", ".", "IIIII I", "MIX", "1234", "i", "I am", "A"])
def test_what_is_no_number_has_none(line: str) -> None:
    assert bare_number(line) is None


@pytest.mark.parametrize(
    ("line", "rank", "titled"),
    [
        ("CHAPTER IV", "chapter", False),
        ("Chapter 4. The Road", "chapter", True),
        ("Part Two", "part", False),
        ("The Second Part", "part", False),
        ("Zweites Kapitel: Der Weg", "chapter", True),
        ("第三章 道", "chapter", True),
        ("EPILOGUE", "chapter", False),
    ],
)
def test_words_for_chapter_have_a_rank(line: str, rank: str, titled: bool) -> None:
    said = chapter(line)
    assert said is not None and (said.rank, said.titled) == (rank, titled)


@pytest.mark.parametrize(
    "line", ["The Last Letter", "The Purloined Letter", "Chapters", "Partly", "A book", "Act", "Scene"]
)
def test_titles_that_only_resemble_them_do_not(line: str) -> None:
    assert chapter(line) is None


def test_a_numbered_title() -> None:
    assert numbered_title("3. The Road") == ("number", 3, True)
    assert numbered_title("3.5 miles") is None
