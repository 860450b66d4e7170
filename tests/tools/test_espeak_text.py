import importlib
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

writing = importlib.import_module("wavagent.tools._espeak.text")

events = st.lists(st.tuples(st.integers(0, 5000), st.integers(-2, 40)), max_size=12)


@settings(deadline=None)
@given(st.text(max_size=30), events, st.integers(1, 5000))
def test_words_are_in_order_whatever_the_library_says(text: str, found: list[tuple[int, int]], frames: int) -> None:
    spans = writing.words(text, [writing.Event(*event) for event in found], frames)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    places = [place for span in spans for place in (span.first, span.last)]
    assert edges == sorted(edges) and places == sorted(places)
    assert all(0 <= edge <= frames for edge in edges)
    assert all(0 <= span.first < span.last <= len(text) for span in spans)


@settings(deadline=None)
@given(st.text())
def test_what_is_spoken_keeps_every_character_in_its_place(text: str) -> None:
    spoken = writing.spoken(text)
    assert len(spoken) == len(text)
    assert all(
        character in (" ", "\n", "\u00ad", original) or int(character) == int(original)
        for character, original in zip(spoken, text, strict=True)
    )
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in spoken.replace("\n", ""))
