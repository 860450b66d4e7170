"""Languages by name, and back."""

import pytest

from wavagent.planning.languages import LANGUAGES, named


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("fr", "French"),
        ("FR", "French"),
        ("zh", "Chinese"),
        ("fa", "Persian"),
        ("pt-BR", "Portuguese (pt-BR)"),
        ("tlh", "the language 'tlh'"),
    ],
)
def test_a_tag_is_said_as_people_call_the_language(tag: str, name: str) -> None:
    assert named(tag) == name


def test_every_language_is_found_by_the_name_it_is_given() -> None:
    assert all(LANGUAGES[named(tag).lower()] == tag for tag in LANGUAGES.values())
