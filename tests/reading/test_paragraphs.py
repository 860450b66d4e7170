import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.reading import is_break, paragraphs


def shown(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)]


def test_blank_lines_part_paragraphs_and_wrapped_lines_stay_together() -> None:
    assert shown("One line\nand another.\n\nTwo.\n\n\n  Three.  \n") == ["One line\nand another.", "Two.", "Three."]


def test_indented_first_lines_part_paragraphs() -> None:
    text = "   It was late and the man came\nhome over the fields.\n   - Who is it?\n   - It is I,\nhe said to her.\n"
    assert [piece.split("\n")[0] for piece in shown(text)] == [
        "It was late and the man came",
        "- Who is it?",
        "- It is I,",
    ]


def test_ideographic_indents_part_paragraphs() -> None:
    text = "　　他慢慢地走了出去，外面\n的天已经黑了。\n　　“你好。”\n　　“再见。”他说\n道，又回头看了看。\n"
    assert len(shown(text)) == 3


def test_a_line_that_ends_as_a_sentence_does_is_a_paragraph() -> None:
    assert shown("“Hello.”\n“Who are you?”\nShe waited.\nNobody came.") == [
        "“Hello.”",
        "“Who are you?”",
        "She waited.",
        "Nobody came.",
    ]


def test_verse_in_a_text_with_blank_lines_stays_one_paragraph() -> None:
    prose = "\n\n".join(["A paragraph of prose that ends here."] * 6)
    assert "Tyger, tyger,\n  burning bright,\nIn the night." in shown(
        f"{prose}\n\nTyger, tyger,\n  burning bright,\nIn the night.\n\n{prose}"
    )


@pytest.mark.parametrize("line", ["* * *", "***", "---", "⁂", "#", "· · ·", "  ~  ", "—", "＊＊＊", "_____", "◇◇◇"])
def test_an_ornament_parts_scenes_and_is_a_paragraph_even_without_blank_lines(line: str) -> None:
    assert is_break(line)
    assert shown(f"He slept, and it was\nnight.\n{line}\nMorning came over the\nhills.")[1] == line.strip()


@pytest.mark.parametrize("line", ["", "A", "* note", "-- Yes.", "1", "...", "?", "# Title"])
def test_words_and_punctuation_part_no_scenes(line: str) -> None:
    assert not is_break(line)


def test_a_cut_is_a_paragraph_whatever_stands_around_it() -> None:
    text = "Chapter 1\nIt was dark and he\nwent home"
    assert paragraphs(text, [(0, 9)]) == [(0, 9), (10, len(text))]


@given(st.text(alphabet=st.sampled_from("ab .*-#\n\t\u3000“”I"), max_size=300))
def test_paragraphs_are_in_order_and_only_white_space_is_outside_them(text: str) -> None:
    last = 0
    for start, end in paragraphs(text):
        assert last <= start < end and not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()
