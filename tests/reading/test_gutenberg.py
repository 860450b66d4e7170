import pytest

from wavagent.reading.gutenberg import edition

START = "*** START OF THIS PROJECT GUTENBERG EBOOK THE TALE ***"
END = "*** END OF THIS PROJECT GUTENBERG EBOOK THE TALE ***"
HEADER = (
    "The Project Gutenberg EBook of The Tale, by Ann Author\n\nTitle: The Tale\n  and More\n\nAuthor: Ann Author\n\n"
    "Language: French\n\n"
)


def narrative(text: str) -> str:
    found = edition(text)
    assert found is not None
    return text[found.start : found.end]


def test_header_credits_and_licence_go_and_the_rest_stays() -> None:
    text = f"{HEADER}{START}\n\n\nProduced by Jane Doe\nand others.\n\n\n\nOnce.\n\n  Twice.\n\n\n\n{END}\n\nlicence\n"
    assert narrative(text) == "Once.\n\n  Twice."
    found = edition(text)
    assert found is not None
    assert (found.title, found.author, found.language) == ("The Tale and More", "Ann Author", "fr")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("*** START OF THE PROJECT GUTENBERG EBOOK X ***", "*** END OF THE PROJECT GUTENBERG EBOOK X ***"),
        ("***START OF THE PROJECT GUTENBERG EBOOK X***", "***END OF THE PROJECT GUTENBERG EBOOK X***"),
        ("*** START OF THIS PROJECT GUTENBERG EBOOK A LONG\nTITLE ***", "End of the Project Gutenberg EBook of X"),
        ("*END*THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*", "End of Project Gutenberg's X"),
        ("*END THE SMALL PRINT! FOR PUBLIC DOMAIN ETEXTS*Ver.04.29.93*END*", "End of Project Gutenberg Etext of X"),
    ],
)
def test_old_and_new_marks_are_known(start: str, end: str) -> None:
    assert narrative(f"Header\n\n{start}\n\nThe story.\n\n{end}\n\nlicence") == "The story."


def test_a_text_without_marks_is_no_edition() -> None:
    assert edition("He visited the Project Gutenberg office. *** START *** he read.") is None


def test_a_missing_end_keeps_all_that_follows_the_start() -> None:
    assert narrative(f"x\n{START}\n\nThe story goes on.") == "The story goes on."
