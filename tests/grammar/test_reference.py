"""References: what a phrase points at, and that it points at nothing where it should not."""

import pytest

from wavagent.grammar.finding import Missing, Open
from wavagent.grammar.reference import Reference
from wavagent.grammar.request import Request
from wavagent.grammar.understood import Focus
from wavagent.script import Script


@pytest.fixture
def refer(lighthouse: Script) -> Reference:
    return Reference(lighthouse, Focus(), {}, Request("", ("only me",)))


@pytest.mark.parametrize(
    ("phrase", "ids"),
    [
        ("the storm", "ambience-2"),
        ("storm in scene 2", "ambience-2"),
        ("the thunderstorm", "ambience-2"),
        ("the second explosion", "sound-20"),
        ("the last explosion", "sound-20"),
        ("explosions", "sound-19 sound-20"),
        ("both explosions", "sound-19 sound-20"),
        ("the blast below", "sound-19"),
        ("knocking", "sound-3"),
        ("the knock and the gunshot", "sound-3 sound-9"),
        ("the music at the beginning", "music-1"),
        ("the first sound in scene 2", "sound-14"),
        ("all sounds in scene 1", "sound-3 sound-6 sound-9"),
        ("the sound after line 19", "sound-19"),
        ("the pause in the second scene", "pause-16"),
        ("ambience 2", "ambience-2"),
        ("sound-14", "sound-14"),
        ("line 5", "line-5"),
        ("the second and third lines", "line-2 line-3"),
        ("the first and second explosion", "sound-19 sound-20"),
        ("the first, second and last line", "line-1 line-2 line-25"),
        ("lines 3 to 5", "line-3 line-4 line-5"),
        ("lines 3, 5 and 7", "line-3 line-5 line-7"),
        ("the last line", "line-25"),
        ("Mary's second line", "line-18"),
        ("the first line of the captain", "line-7"),
        ("all lines of Bob in scene 1", "line-4 line-5 line-8"),
        ("the last line in scene 1", "line-9"),
        ("the line \ue0000\ue001", "line-4"),
    ],
)
def test_a_phrase_finds_what_it_names(phrase: str, ids: str, refer: Reference) -> None:
    assert refer.elements(phrase) == tuple(ids.split())


@pytest.mark.parametrize("phrase", ["the explosion", "the ambience", "ambience in scene 2", "sound in scene 1"])
def test_what_fits_several_is_asked(phrase: str, refer: Reference) -> None:
    with pytest.raises(Open) as asked:
        refer.elements(phrase)
    assert len(asked.value.choices) > 1


@pytest.mark.parametrize(
    "phrase",
    [
        "the",
        "the second",
        "the knock and the second",
        "the foghorn",
        "the storm in scene 1",
        "line 99",
        "the third explosion",
        "it",
        "them",
        "Mary",
    ],
)
def test_what_fits_nothing_is_missing(phrase: str, refer: Reference) -> None:
    with pytest.raises(Missing):
        refer.elements(phrase)


@pytest.mark.parametrize("phrase", ["the train", "the strom", "the stormy"])
def test_what_is_only_like_a_word_is_asked_and_not_taken(phrase: str, refer: Reference) -> None:
    with pytest.raises(Open, match="there is no"):
        refer.elements(phrase)


def test_a_name_stands_for_lines_only_where_it_may(refer: Reference) -> None:
    assert refer.sounding("the girl") == refer.sounding("Mary") == ("line-2", "line-18", "line-23")
    assert refer.people.one("Captain Hale") == refer.people.one("captain") == "captain"


@pytest.mark.parametrize(
    ("phrase", "id"),
    [
        ("scene 2", "scene-2"),
        ("the last scene", "scene-3"),
        ("The Storm", "scene-2"),
        ("the storm scene", "scene-2"),
        ("chapter 1", "scene-1"),
    ],
)
def test_a_scene_is_found_by_number_place_and_heading(phrase: str, id: str, refer: Reference) -> None:
    assert refer.places.one(phrase) == id
