from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.passes import Draft
from wavagent.passes.casting import casting
from wavagent.passes.pacing import SENTENCE
from wavagent.passes.split import cut, split
from wavagent.passes.spoken import spoken
from wavagent.script import Anchor, Element, Music, Scene, Script, Sound, Speech
from wavagent.text import one_line, words
from wavagent.tool import Tool, Toolbox

Box = Callable[[int | None], Toolbox]


@pytest.fixture(scope="module")
def box() -> Box:
    """A box with a voice that takes so many characters. (One for all examples: it is never changed.)"""
    from wavagent.audio import Audio
    from wavagent.tool import Card, Licence, Result, SpeechParams, VoiceCard

    def make(limit: int | None) -> Toolbox:
        class Short(Tool):
            card = Card(
                name="short",
                version="1",
                task="speech",
                summary="",
                rate=8000,
                voices=(VoiceCard(id="v", name="V", language="en", gender="neutral"),),
                longest_text=limit,
                code_licence=Licence(name="MIT", commercial=True),
            )
            params = SpeechParams

            def __call__(self, requests: Any) -> list[Result]:
                return [Result(Audio.silence(1.0)) for _ in requests]

        return Toolbox.of(Short())

    return make


def parts(toolbox: Toolbox, *elements: Element) -> list[Any]:
    script = Script(scenes=(Scene(id="s", elements=elements),))
    return list(split(casting(Draft(script, toolbox))).script.elements)


@given(st.text(max_size=200), st.integers(1, 50))
def test_pieces_join_to_the_text_and_none_is_over_the_limit(text: str, limit: int) -> None:
    pieces = cut(text, limit)
    assert "".join(pieces) == text
    assert all(0 < len(piece) <= limit for piece in pieces)


def test_a_cut_is_at_the_end_of_a_sentence_then_of_a_clause_then_of_a_word() -> None:
    assert cut("One two. Three four. Five", 22) == ["One two. Three four. ", "Five"]
    assert cut("“One two.” Three four five", 22) == ["“One two.” ", "Three four five"]
    assert cut("One two, three four five", 20) == ["One two, ", "three four five"]
    assert cut("One two three four", 10) == ["One two ", "three four"]
    assert cut("Onetwothree", 4) == ["Onet", "woth", "ree"]
    assert cut("A. One two three four", 15) == ["A. One two ", "three four"]


def test_what_is_short_enough_is_left_alone(box: Box) -> None:
    line = Speech(id="e", text="x" * 50 + "\n\n")
    assert parts(box(50), line) == [line]
    assert parts(box(None), Speech(id="e", text="x" * 9999))[0].id == "e"


def test_the_parts_are_the_line(box: Box) -> None:
    text = "It was late. Nobody came, and nobody went. The wind had risen!\n"
    line = Speech(
        id="e", who="narrator", text=text, pause_before=0.5, pause_after=2.0, gain=3.0, start=None, locked=True
    )
    made = parts(box(24), line)
    assert [part.id for part in made] == ["e.1", "e.2", "e.3", "e.4"]
    assert "".join(part.text for part in made) == text
    assert [part.pause_before for part in made] == [0.5, SENTENCE, 0.0, SENTENCE]
    assert [part.pause_after for part in made] == [None, None, None, 2.0]
    assert all(part.gain == 3.0 and part.locked and part.spoken is None for part in made)


def test_an_id_that_is_taken_is_not_taken_again(box: Box) -> None:
    made = parts(box(10), Speech(id="e", text="One two. Three four."), Speech(id="e.1", text="Mine"))
    assert [part.id for part in made] == ["e.2", "e.3", "e.4", "e.1"]


line_texts = st.lists(
    st.sampled_from(["Mr.", "“Yes,”", "no", "1895", "_so_", "end.", "and", "\n", "Chapter IV", "…", "it’s"]),
    max_size=40,
).map(" ".join)


@given(line_texts, st.integers(12, 60))
def test_no_part_is_over_the_limit_and_anchors_stay_on_their_words(box: Box, text: str, limit: int) -> None:
    sounds = [
        Sound(id=f"n{n}", what="bell", anchor=Anchor(element="e", edge="word", word=n)) for n in range(len(words(text)))
    ]
    script = Script(scenes=(Scene(id="s", elements=(Speech(id="e", text=text), *sounds)),))
    done = split(casting(spoken(Draft(script, box(limit))))).script
    lines = {line.id: line for line in done.lines}
    assert "".join(line.text for line in lines.values()) == text
    for line in lines.values():
        assert len(one_line(line.spoken if line.spoken is not None else line.text)) <= limit
    for span, sound in zip(words(text), (e for e in done.elements if isinstance(e, Sound)), strict=True):
        assert sound.anchor is not None and sound.anchor.word is not None
        there = lines[sound.anchor.element].text
        assert there[slice(*words(there)[sound.anchor.word])] == text[slice(*span)]


def test_each_part_shows_the_words_that_it_says(box: Box) -> None:
    text = "“In 1895,” said Mr. Smith, “we met Mrs. Jones of Chapter IV.”"
    script = Script(scenes=(Scene(id="s", elements=(Speech(id="e", text=text),)),))
    done = split(casting(spoken(Draft(script, box(40))))).script
    assert [(line.text, line.spoken) for line in done.lines] == [
        ("“In 1895,” said Mr. Smith, ", "In 18 95, said Mister Smith, "),
        ("“we met Mrs. Jones of Chapter IV.”", "we met Missis Jones of Chapter 4."),
    ]


def test_edges_follow_to_the_first_and_the_last_part(box: Box) -> None:
    music = Music(id="m", what="x", start=Anchor(element="e"), end=Anchor(element="e", edge="end", offset=1.0))
    *_, moved = parts(box(12), Speech(id="e", text="One two. Three four."), music)
    assert moved.start == Anchor(element="e.1")
    assert moved.end == Anchor(element="e.2", edge="end", offset=1.0)


def test_a_long_line_may_cut_into_a_long_line(box: Box) -> None:
    first = Speech(id="a", text="One two. Three four.")
    second = Speech(id="b", text="Five six. Seven eight.", start=Anchor(element="a", edge="end", offset=-0.5))
    made = parts(box(12), first, second)
    assert [part.start for part in made] == [None, None, Anchor(element="a.2", edge="end", offset=-0.5), None]
