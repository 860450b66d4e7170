"""Quotations: what is found, with which marks, and what is not."""

import pytest

from wavagent.planning.director import direct
from wavagent.planning.quotation import Quotation, quotations
from wavagent.reading import read_text
from wavagent.reading.document import Paragraph
from wavagent.reading.paragraphs import paragraphs


def found(text: str, language: str = "en") -> list[str]:
    """The quotations without their marks."""
    return [text[one.first : one.last] for one in quotations_of(text, language)]


def quotations_of(text: str, language: str = "en") -> tuple[Quotation, ...]:
    return quotations(text, language, [Paragraph(*span) for span in paragraphs(text)])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('"Come in," said Ann. "Sit down."', ["Come in,", "Sit down."]),
        ("“Come in,” said Ann. “Sit down.”", ["Come in,", "Sit down."]),
        ("‘Come in,’ said Ann. ‘Sit down.’", ["Come in,", "Sit down."]),
        ("'Come in,' said Ann. 'Sit down.'", ["Come in,", "Sit down."]),
        ("“He told me ‘No’ and left,” said Ann.", ["He told me ‘No’ and left,"]),
        ("‘It’s the dogs’ dinner, don’t you see,’ said Ann.", ["It’s the dogs’ dinner, don’t you see,"]),
        ("'I can't find 'em, and 'tis late,' said Ann.", ["I can't find 'em, and 'tis late,"]),
        ("Ann said nothing; the boys' coats weren't there.", []),
    ],
)
def test_english_marks(text: str, said: list[str]) -> None:
    assert found(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "They called it “the palace” and laughed.",
        "She had read “The Ring” twice that year.",
        'The word "home" meant little to him.',
    ],
)
def test_words_held_at_arms_length_are_no_speech(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["He only said “No.”", "Then a cry: “Fire!”", "“Never,” he said, “never.”"])
def test_short_speech_is_speech(text: str) -> None:
    assert found(text)


def test_a_speech_of_several_paragraphs_goes_on() -> None:
    text = "“It began long ago.\n\n“We were young,” said Ann.\n\n“And now?” said Tom."
    first, second, third = quotations_of(text)
    assert not first.continues
    assert second.continues
    assert not third.continues


def test_a_quotation_that_nothing_closes_ends_with_its_paragraph() -> None:
    text = "“I am here, said Ann.\n\nNobody answered.\n\n“Well?” she asked."
    assert found(text) == ["I am here, said Ann.", "Well?"]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "Il entra. « Bonjour », dit-il.", ["Bonjour "]),
        ("fr", "— Bonjour, dit Paul en riant, comment vas-tu ?\n\n— Bien.", ["Bonjour,", "comment vas-tu ?", "Bien."]),
        ("fr", "« Petite mère, lui dit Rose, viens ici. »", ["Petite mère,", "viens ici. "]),
        ("de", "»Komm herein«, sagte Anna. „Setz dich.“", ["Komm herein", "Setz dich."]),
        ("de", "„Komm herein“, sagte Anna.", ["Komm herein"]),
        ("es", "—Hola —dijo Ana—. ¿Cómo estás?\n\n—Bien.", ["Hola ", ". ¿Cómo estás?", "Bien."]),
        ("es", "--¡Qué encanto!--murmuró, y se fue.\n\n--Sí.", ["¡Qué encanto!", "Sí."]),
        ("ru", "– Здравствуй, – сказал Пьер. – Садись.\n\n– Нет.", ["Здравствуй,", "Садись.", "Нет."]),
        ("ru", "– А где же он? – спросила Анна.", ["А где же он?"]),
        ("zh", "“你好吗？”他问。\n\n「很好。」", ["你好吗？", "很好。"]),
    ],
)
def test_other_languages(language: str, text: str, said: list[str]) -> None:
    assert [one.strip() for one in found(text, language)] == [one.strip() for one in said]


def test_a_dash_in_english_prose_opens_no_speech() -> None:
    assert found("He came—late, as always—and sat down.\n\n—\n\nShe left.") == []


def test_quotations_are_in_order_and_apart() -> None:
    text = "“One,” said Ann. “Two ‘three’ four.”\n\n‘Five.’ “Six”"
    spans = [(one.start, one.end) for one in quotations_of(text)]
    assert spans == sorted(spans)
    assert all(end <= start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))


def test_a_name_that_somebody_is_called_by_is_not_said() -> None:
    text = "He was called “Jim” and greatly hugged. “Jim!” she called. They were named “Hop” by all.\n"
    document = read_text(text, "t.txt")
    script = direct(document)
    assert [line.text.strip() for line in script.lines if line.mode == "dialogue"] == ["“Jim!”"]
