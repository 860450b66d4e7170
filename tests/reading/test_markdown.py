from pathlib import Path

import pytest

from wavagent.errors import InputError
from wavagent.reading import Document, read, read_text


def md(text: str) -> Document:
    return read_text(text, "tale.md")


def test_marks_go_and_words_stay_in_order() -> None:
    document = md(
        "# The *Tale*\n\nHe **ran** [home](http://x) `now`.\nAnd ~~that~~ was  it.\n\n> “Stop!”\n>\n> She did.\n"
    )
    assert document.text == "The Tale\n\nHe ran home now.\nAnd ~~that~~ was  it.\n\n“Stop!”\n\nShe did."
    assert [(heading.level, heading.title) for heading in document.headings] == [(1, "The Tale")]
    assert document.title == "The Tale"


def test_rules_are_scene_breaks_and_pictures_their_words() -> None:
    assert md("One.\n\n---\n\n![a red door](d.png) Two.").text == "One.\n\n* * *\n\na red door Two."


def test_front_matter_says_title_author_and_language() -> None:
    document = md('---\ntitle: "The Tale"\nauthor: Ann\nlang: fr-CA\ntags: [a]\n---\nIl était une fois.\n')
    assert (document.title, document.author, document.language) == ("The Tale", "Ann", "fr")
    assert document.text == "Il était une fois." and "left out the front matter" in document.notes


def test_a_rule_at_the_start_is_no_front_matter() -> None:
    assert md("---\n\nOnce.\n\n---\n\nTwice.").text == "* * *\n\nOnce.\n\n* * *\n\nTwice."


def test_the_words_between_html_tags_are_kept_and_the_tags_counted() -> None:
    document = md(
        '<div align="center">\n<b>Once</b> upon<!-- no --> a <script>time()</script>day.\n</div>\n\nThen <i>he</i> ran.'
    )
    assert document.text == "Once upon a day.\n\nThen he ran."
    assert any("HTML tags" in note for note in document.notes)


def test_lists_keep_their_numbers_and_their_order() -> None:
    assert md("1. One\n2. Two\n\n- three\n- four").text == "1. One\n\n2. Two\n\nthree\n\nfour"


def test_pauses_are_taken_out_of_paragraphs() -> None:
    document = md('Wait.[pause:2s] Now.\n\nStop.<break time="500ms"/> Go.')
    assert document.text == "Wait. Now.\n\nStop. Go."
    assert [(document.text[part.start :][:4], part.seconds) for part in document.parts] == [
        (" Now", 2.0),
        (" Go.", 0.5),
    ]


def test_quotes_nested_without_end_are_a_clear_error() -> None:
    with pytest.raises(InputError, match="deeper than can be followed"):
        md("> " * 3000 + "deep")


def test_no_word_is_lost_in_a_deep_nest_that_can_be_followed() -> None:
    assert "deep" in md("> " * 50 + "deep").text


@pytest.mark.parametrize("name", ["luxun_kongyiji.md", "luxun_yao.md"])
def test_fenced_stories_are_read_to_the_character(shared: Path, name: str) -> None:
    path = shared / "stories" / "zh" / name
    inside = path.read_text(encoding="utf-8").replace("```", "").strip("\n")
    document = read(path)
    assert document.text == inside
    assert document.title == {"luxun_kongyiji.md": "孔乙己", "luxun_yao.md": "药"}[name]
