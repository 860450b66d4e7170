import pytest

from wavagent.reading import Document, read_text

PLAY = """The Door

ACT I

[A room. Night.]

ANN: Who is there?

BOB (whispering): It is I,
and I am cold.

[SOUND: a door slams]

ANN: (rising) Come in. [She opens.] Sit down.

NARRATOR: He sat.

MUSIC: slow strings

BOB: Thank you.

Ann: No trouble.
"""


def parts(document: Document) -> list[tuple[str, str, str, str]]:
    return [
        (part.kind, part.who, part.manner, part.what or document.text[part.start : part.end]) for part in document.parts
    ]


def test_names_go_and_everything_else_has_its_part() -> None:
    document = read_text(PLAY)
    assert document.title == "The Door" and document.attributed
    assert [heading.title for heading in document.headings] == ["The Door", "ACT I"]
    assert parts(document) == [
        ("direction", "", "", "[A room. Night.]"),
        ("speech", "ANN", "", "Who is there?"),
        ("speech", "BOB", "whispering", "It is I,\nand I am cold."),
        ("sound", "", "", "a door slams"),
        ("speech", "ANN", "rising", "Come in."),
        ("direction", "", "", "[She opens.]"),
        ("speech", "ANN", "rising", "Sit down."),
        ("narration", "NARRATOR", "", "He sat."),
        ("music", "", "", "slow strings"),
        ("speech", "BOB", "", "Thank you."),
        ("speech", "Ann", "", "No trouble."),
    ]
    assert any("read as a play" in note for note in document.notes)


def test_lines_without_blank_lines_between_them_are_a_play_too() -> None:
    document = read_text("ANN: Who is it\nBOB: Me\nANN: Who\nBOB: The one\nwho was here\nANN: Oh")
    assert [(part.who, document.text[part.start : part.end]) for part in document.parts][3] == (
        "BOB",
        "The one\nwho was here",
    )


def test_names_above_their_lines_are_a_play() -> None:
    speech = "HAMLET.\nTo be or not\nto be.\n\nHORATIO.\nMy lord.\n\n"
    document = read_text(speech * 3)
    assert {part.who for part in document.parts} == {"HAMLET", "HORATIO"}


@pytest.mark.parametrize(
    "text",
    [
        "He said: no.\n\nShe said: yes.\n\nHe said: no.\n\nShe said: yes.\n\nHe said: stop.",
        "Eggs: two.\n\nMilk: a pint.\n\nFlour: much.\n\nSalt: little.\n\nSugar: none.",
        "ANN: Who?\n\nIt rained.\n\nThe wind blew.\n\nBOB: I.\n\nNobody came.",
        "Dear Ann,\n\nP.S.: one thing.\n\nIt rained.",
    ],
)
def test_prose_and_lists_are_no_plays(text: str) -> None:
    document = read_text(text)
    assert document.text == text and not document.parts
