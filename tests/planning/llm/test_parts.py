"""The small parts of an adaptation: chunks, people, labels, insertions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.planning.llm.chunk import chunks, halves, tokens
from wavagent.planning.llm.insertion import Insertion, placed, taken
from wavagent.planning.llm.label import DISPUTED, Label, settled
from wavagent.planning.llm.people import NewPerson, People, find
from wavagent.script import NARRATOR, Ambience, Anchor, Character, Delivery, Scene, Script, Sound, Speech

TEXTS = st.lists(
    st.lists(st.sampled_from(["One. ", "Two words.\n\n", "x" * 200 + "\n", "A line that goes on. "]), max_size=12),
    max_size=5,
)


def script_of(texts: list[list[str]]) -> Script:
    scenes = [
        Scene(id=f"s{n}", elements=tuple(Speech(id=f"l{n}-{m}", text=text) for m, text in enumerate(lines)))
        for n, lines in enumerate(texts)
    ]
    return Script(scenes=tuple(scenes))


@given(TEXTS, st.integers(20, 400))
def test_chunks_are_the_script_in_order_and_within_the_budget(texts: list[list[str]], budget: int) -> None:
    script = script_of(texts)
    parts = chunks(script, budget)
    assert [line for part in parts for line in part] == list(script.lines)
    assert all(part and (tokens(part) <= budget or len(part) == 1) for part in parts)


@given(TEXTS)
def test_halves_are_the_whole(texts: list[list[str]]) -> None:
    lines = tuple(script_of(texts).lines)
    parts = halves(lines)
    if parts is None:
        assert len(lines) < 2
    else:
        assert parts[0] + parts[1] == lines
        assert all(parts)


def test_short_scenes_share_a_chunk_and_paragraphs_stay_whole() -> None:
    script = script_of([["One. ", "Two words.\n\n"], ["One. "], ["x" * 200 + "\n", "One. "]])
    assert [len(part) for part in chunks(script, 60)] == [3, 1, 1]


STORY = "“Oh,” said  Vera\nLisle’s aunt, a very old lady. Mr. Smith laughed."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Vera Lisle's aunt", "Vera\nLisle’s aunt"),
        ("VERY OLD LADY", "very old lady"),
        ("Mr. Smith", "Mr. Smith"),
        ('"Oh,"', "“Oh,”"),
        ("Smit", None),
        ("ery old", None),
        ("", None),
        (".*", None),
        ("x" * 10_000, None),
    ],
)
def test_words_are_found_as_they_stand(words: str, found: str | None) -> None:
    span = find(STORY, words)
    assert (STORY[span.start : span.end] if span else None) == found


MARY = Character(id="mary", name="Mary", aliases=("Miss Mary",))


@pytest.mark.parametrize("name", ["mary", "MARY", " Mary ", "miss  mary"])
def test_people_are_known_by_id_name_and_alias(name: str) -> None:
    assert People([MARY], STORY).who(name) == "mary"


@pytest.mark.parametrize("name", ["", "Tom", None, 7, ["mary"], "mary; drop"])
def test_nobody_else_is(name: object) -> None:
    assert People([MARY], STORY).who(name) is None


def test_an_id_is_made_here_and_is_nobody_elses() -> None:
    people = People([Character(id="mr-smith", name="Smithers")], STORY)
    assert people.add(NewPerson(id="../../etc", name="Mr. Smith")) is None
    assert [character.id for character in people.cast] == ["mr-smith", "mr-smith-2"]
    assert people.who("../../etc") == "mr-smith-2"


def test_whoever_is_not_in_the_text_is_not_in_the_story() -> None:
    people = People([MARY], STORY)
    assert "does not stand in the text" in str(people.add(NewPerson(id="g", name="Gandalf")))
    assert people.cast == [MARY]


def test_somebody_known_keeps_all_but_may_have_another_name() -> None:
    people = People([MARY], STORY)
    people.add(NewPerson(id="mary", name="Vera", aliases=("Gandalf", "Smith"), gender="male", evidence="laughed"))
    assert people.cast == [MARY.model_copy(update={"aliases": ("Miss Mary", "Vera", "Smith")})]
    assert people.who("Vera") == "mary"


LINE = Speech(id="l", who="mary", text="“Oh!”", mode="dialogue", confidence=0.98, evidence="tag: Mary said")


def label(**told: object) -> Label:
    return Label.model_validate({"id": "l", "who": "", "confidence": 0.9, **told})


def test_agreement_is_never_less_sure() -> None:
    assert settled(LINE, label(), "mary").confidence == 0.98
    unsure = LINE.model_copy(update={"confidence": 0.6, "evidence": "takes turns"})
    assert settled(unsure, label(), "mary").confidence == 0.9


def test_who_the_rules_name_and_the_model_does_not_stays() -> None:
    likely = LINE.model_copy(update={"confidence": 0.88, "evidence": "takes turns"})
    assert settled(likely, label(), NARRATOR) == likely


def test_a_sure_model_wins_over_likely_rules_and_the_line_is_marked() -> None:
    likely = LINE.model_copy(update={"confidence": 0.88, "evidence": "takes turns"})
    sure, unsure = settled(likely, label(confidence=0.95), "tom"), settled(likely, label(confidence=0.7), "tom")
    assert (sure.who, unsure.who) == ("tom", "mary")
    assert sure.confidence == unsure.confidence == DISPUTED


def test_a_guess_is_a_guess() -> None:
    nobody = LINE.model_copy(update={"who": NARRATOR, "confidence": 0.4, "evidence": "nobody is named"})
    line = settled(nobody, label(confidence=0.3), "tom")
    assert (line.who, line.confidence) == (NARRATOR, 0.4)
    assert line.evidence == "nobody is named; the model guesses 'tom'"


def test_what_the_tag_tells_of_a_line_goes_before_what_the_model_feels() -> None:
    shouted = LINE.model_copy(update={"delivery": Delivery(emotion="shouting", intensity=0.9)})
    assert settled(shouted, label(emotion="calm"), "mary").delivery == shouted.delivery
    assert settled(LINE, label(emotion="Calm", pace=9.0), "mary").delivery == Delivery(emotion="calm", pace=1.2)


@pytest.mark.parametrize("emotion", ["<break/>", "[laughs]", "sad" * 40, "sad: say 'hello'", "sad\n\nnow"])
def test_an_emotion_is_a_word_or_two(emotion: str) -> None:
    told = settled(LINE, label(emotion=emotion), "mary").delivery.emotion
    assert told in ("", "sad now")


def test_what_the_model_hears_takes_the_place_of_what_the_rules_heard() -> None:
    knock = Sound(id="n", what="a knock", anchor=Anchor(element="l", edge="word", word=0))
    other = Sound(id="m", what="a bell", anchor=Anchor(element="k", edge="start"))
    rain = Ambience(id="a", what="rain")
    scene = Scene(id="s", elements=(rain, knock, other, LINE, LINE.model_copy(update={"id": "k"})))
    found = {"l": [Insertion(kind="sound", after="l", word="oh", what="a soft knock")]}
    made = placed(scene, found)
    assert [element.id for element in made.elements] == ["a", "m", "sound-l-1", "l", "k"]


def test_insertions_are_few_and_say_what_is_heard() -> None:
    lines = {f"l{n}": LINE for n in range(12)}
    found = [
        Insertion(kind="sound", after="l1", what=what)
        for what in ("a bell", "…", "", "x" * 190, "a bell", "rain", "sea")
    ]
    assert [one.what for one in taken(found, lines)] == ["a bell", "rain"]
