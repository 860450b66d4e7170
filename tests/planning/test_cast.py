"""The cast: which names are one person, and what is known of them."""

import pytest

from wavagent.planning.cast import cast_of
from wavagent.planning.quotation import quotations
from wavagent.planning.tokens import Tokens
from wavagent.reading.document import Paragraph
from wavagent.reading.paragraphs import paragraphs
from wavagent.script import NARRATOR, Character


def cast(text: str) -> dict[str, Character]:
    """The cast by name."""
    parts = [Paragraph(*span) for span in paragraphs(text)]
    people = cast_of(Tokens.of(text), parts, quotations(text, "en", parts))
    assert people[0].id == NARRATOR
    return {person.name: person for person in people}


def names_of(person: Character) -> set[str]:
    return {person.name, *person.aliases}


def test_a_name_and_its_shorter_forms_are_one_person() -> None:
    text = (
        "Mr. Samuel Pickwick sat down. “Well,” said Pickwick. “Yes,” said Mr. Pickwick. “No,” said Samuel. "
        "“Perhaps,” said Mr. Pickwick."
    )
    people = cast(text)
    assert len(people) == 2
    assert names_of(people["Mr. Pickwick"]) == {"Mr. Pickwick", "Pickwick", "Samuel", "Mr. Samuel Pickwick"}


def test_a_mr_and_a_mrs_are_two() -> None:
    people = cast("“Well,” said Mr. Hall. “No,” said Mrs. Hall. “Yes,” said Mr. Hall.")
    assert {"Mr. Hall", "Mrs. Hall"} <= people.keys()


def test_two_of_one_family_are_two() -> None:
    people = cast("“Well,” said Jane Bennet. “No,” said Elizabeth Bennet. “Yes,” said Jane. “No,” said Elizabeth.")
    assert {"Jane", "Elizabeth"} <= people.keys() or {"Jane Bennet", "Elizabeth Bennet"} <= people.keys()


def test_a_nickname_is_the_same_person() -> None:
    text = "“Well,” said Elizabeth Bennet. “No,” said Elizabeth. “Come, Lizzy,” said Tom. “Yes,” said Lizzy."
    assert "Lizzy" in names_of(next(one for one in cast(text).values() if "Elizabeth" in names_of(one)))


def test_names_side_by_side_are_two_people() -> None:
    text = "“Well,” said Mr. Wilcox. " + "Mr. Wilcox looked at Charles Wilcox, and Charles Wilcox at Mr. Wilcox. " * 4
    people = cast(text + "“No,” said Charles Wilcox.")
    assert {"Mr. Wilcox", "Charles Wilcox"} <= people.keys()


def test_a_place_is_nobody() -> None:
    people = cast("They lived in Longbourn. “I like Longbourn,” said Mary. It rained in Longbourn all day.")
    assert "Longbourn" not in people


@pytest.mark.parametrize(
    ("text", "name", "gender", "evidence"),
    [
        ("“Well,” said Mrs. Gray. “No,” said Mrs. Gray.", "Mrs. Gray", "female", "Mrs. Gray"),
        ("“Well,” said Zeb, and he laughed. Zeb took his hat. “No,” said Zeb.", "Zeb", "male", "Zeb, and he"),
        ("“Well,” said Alice. “No,” said Alice.", "Alice", "female", "Alice"),
        ("“Well,” said the landlady. “No,” said the landlady.", "The landlady", "female", "the landlady"),
    ],
)
def test_gender_comes_with_the_words_that_tell_it(text: str, name: str, gender: str, evidence: str) -> None:
    trait = cast(text)[name].traits.gender
    assert trait is not None
    assert trait.value == gender
    assert trait.evidence == evidence
    assert trait.span is not None
    assert " ".join(text[trait.span.start : trait.span.end].split()) == evidence


def test_a_name_that_tells_nothing_has_no_gender() -> None:
    assert cast("“Well,” said Quib. “No,” said Quib.")["Quib"].traits.gender is None


def test_age_comes_from_what_stands_before_the_name() -> None:
    text = "Old Zeb came. “Well,” said old Zeb. They feared old Zeb. “No,” said old Zeb."
    trait = cast(text)["Zeb"].traits.age
    assert trait is not None
    assert trait.value == "old"


def test_who_has_no_name_goes_by_what_they_are() -> None:
    assert "The landlord" in cast("“Well,” said the landlord. “No,” said Tom.")


def test_an_old_man_is_anybody() -> None:
    assert len(cast("“Well,” said the man.")) == 1


def test_ids_are_their_own_whatever_the_script() -> None:
    text = "“Well,” said Anna. “No,” said Änna. “Yes,” said Чехов. “Well,” said Пьер."
    people = list(cast(text).values())
    assert len({person.id for person in people}) == len(people)
