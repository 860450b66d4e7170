import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.export.lit import Lit
from wavagent.export.page import CHAPTER, body, page, xml_text

XHTML = "{http://www.w3.org/1999/xhtml}"


def told(text: str, heading: bool = False) -> Lit:
    return Lit(text, "c", heading, None)


def parsed(*passages: Lit) -> ET.Element:
    found = ET.fromstring(page("A", "en", body(passages))).find(f"{XHTML}body/{XHTML}section")
    assert found is not None
    return found


def blocks(*passages: Lit) -> list[tuple[str, str]]:
    return [(block.tag.removeprefix(XHTML), "".join(block.itertext())) for block in parsed(*passages)]


text = st.text(st.one_of(st.sampled_from("\n\n\n  ab.<&\">'\t\r—“é"), st.characters(codec="utf-8")), max_size=40)


@given(st.lists(st.builds(told, text, st.booleans())))
def test_the_text_of_a_page_is_that_of_its_passages(passages: list[Lit]) -> None:
    whole = "".join(passage.text for passage in passages)
    found = "".join(parsed(*passages).itertext())
    assert found == "".join(map(_as_xml_holds_it, whole))


def _as_xml_holds_it(character: str) -> str:
    plain = character in "\t\n\r" or " " <= character < "\ud800" or "\ue000" <= character not in "\ufffe\uffff"
    return character if plain else "\N{REPLACEMENT CHARACTER}"


@given(st.lists(st.builds(told, text, st.booleans())))
def test_every_passage_with_words_has_one_element_with_its_number(passages: list[Lit]) -> None:
    ids = [element.get("id") for element in parsed(*passages).iter(f"{XHTML}span")]
    assert ids == [f"t{number}" for number, passage in enumerate(passages) if passage.text.strip()]


def test_paragraphs_end_at_blank_lines_and_a_heading_is_one() -> None:
    assert blocks(
        told("One\n\n", True),
        told("He said: "),
        told("“No.”\n"),
        told("He went.\n \n"),
        told("x"),
    ) == [("h2", "One\n\n"), ("p", "He said: “No.”\nHe went.\n \n"), ("p", "x")]


def test_a_passage_of_several_paragraphs_is_marked_once() -> None:
    assert blocks(told("a\n\nb\n\nc")) == [("p", "a\n\n"), ("p", "b\n\n"), ("p", "c")]
    assert len(list(parsed(told("a\n\nb\n\nc")).iter(f"{XHTML}span"))) == 1


def test_a_page_has_its_title_and_language() -> None:
    root = ET.fromstring(page("A <b> & c", "en-GB", body([])))
    assert root.findtext(f"{XHTML}head/{XHTML}title") == "A <b> & c"
    assert root.get("lang") == "en-GB"
    section = root.find(f"{XHTML}body/{XHTML}section")
    assert section is not None and section.get("id") == CHAPTER


@pytest.mark.parametrize(("text", "held"), [("a\x00b", "a\ufffdb"), ("a\rb", "a&#13;b"), ("<&>", "&lt;&amp;&gt;")])
def test_what_xml_cannot_hold_is_replaced(text: str, held: str) -> None:
    assert xml_text(text) == held
