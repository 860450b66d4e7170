from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.audio import Word
from wavagent.export.caption import Card, cards, one_at_a_time
from wavagent.programme import Placed, Programme
from wavagent.text import words
from wavagent.timeline import Cue, Moment

Make = Callable[..., Programme]
Place = Callable[..., Placed]
TEXT = "It was late. Nobody had come, and the fire was nearly out, when at last somebody knocked on the door below."


def test_cards_start_and_end_with_their_line(programme: Make, placed: Place) -> None:
    found = cards(programme(placed=(placed(1.25, 8.5, TEXT),)), 42)
    assert (found[0].start, found[-1].end) == (1.25, 8.5)
    assert all(before.end == after.start for before, after in zip(found, found[1:], strict=False))
    assert " ".join(line for card in found for line in card.lines) == TEXT


def test_time_goes_by_characters(programme: Make, placed: Place) -> None:
    found = cards(programme(placed=(placed(0.0, 7.0, TEXT),)), 32)
    paces = [sum(map(len, card.lines)) / (card.end - card.start) for card in found]
    assert len(paces) > 1 and max(paces) - min(paces) < 1e-6


TALE = "He went down to the sea. “No,” said the old man who lived there, “nobody has been here for 10 years.”"


def test_a_card_comes_with_its_first_word_where_its_time_is_known(programme: Make, placed: Place) -> None:
    """The first sentence takes 6 of 12 seconds, and by its characters would take 3."""
    spoken = TALE.replace("10", "ten").replace("“", "").replace("”", "")
    step = [1.0] * 6 + [0.3] * 20
    times = tuple(Word(sum(step[:n]), sum(step[:n]) + 0.1, *span) for n, span in enumerate(words(spoken)))
    line = placed(1.0, 13.0, TALE)
    timed = replace(line, cue=replace(line.cue, said=spoken), words=times)
    found = cards(programme(14.0, placed=(timed,)), 32)
    said = {round(word.start + 1.0, 6): spoken[word.first : word.last] for word in times}
    assert [card.start for card in found] == sorted(card.start for card in found) and len(found) >= 2
    for card in found:
        first = words(card.lines[0])[0]
        assert said[round(card.start, 6)] == card.lines[0][slice(*first)].replace("10", "ten")
    assert (found[0].start, found[-1].end) == (1.0, 13.0)


def test_a_card_that_begins_inside_a_word_keeps_its_turn(programme: Make, placed: Place) -> None:
    """A script without spaces is one word to a voice that tells no others."""
    text = "雨下了一整夜他们走到海边看见一艘船" * 4
    line = placed(0.0, 12.0, text)
    timed = replace(line, words=(Word(0.0, 12.0, 0, len(text)),))
    assert cards(programme(12.0, placed=(timed,)), 32) == cards(programme(12.0, placed=(line,)), 32)


@given(st.text("ab “”.-1章", max_size=60), st.lists(st.floats(0.0, 12.0), max_size=8))
def test_whatever_times_are_told_cards_go_forward_within_their_line(text: str, starts: list[float]) -> None:
    times = tuple(Word(start, start + 0.1, n * 3, n * 3 + 2) for n, start in enumerate(starts))
    cue = Cue("a", "speech", Moment(), clip="a", speaker="m", text=text, said=text)
    told = Programme(480_000, lambda: iter(()), (Placed(cue, 48_000, 480_000, times),), names={"m": "Mary"})
    found = cards(told, 32, name_in_text=True)
    edges = [edge for card in found for edge in (card.start, card.end)]
    assert edges == sorted(edges) and (not edges or (edges[0], edges[-1]) == (1.0, 10.0))


def test_a_card_lasts_1_to_7_seconds_where_the_speech_allows(programme: Make, placed: Place) -> None:
    for seconds in (6.0, 15.0, 25.0):
        lengths = [card.end - card.start for card in cards(programme(placed=(placed(0.0, seconds, TEXT),)), 42)]
        assert all(1.0 <= length <= 7.0 for length in lengths), seconds


def test_the_name_takes_no_time_and_comes_when_the_speaker_changes(programme: Make, placed: Place) -> None:
    lines = [placed(0, 1, "Hello there."), placed(1, 2, "Go on."), placed(2, 3, "No.", "mary"), placed(3, 4, "Why?")]
    found = cards(programme(placed=tuple(lines)), 32, name_in_text=True)
    assert [card.lines[0] for card in found] == ["Narrator: Hello there.", "Go on.", "Mary: No.", "Narrator: Why?"]


@pytest.mark.parametrize(
    ("role", "text", "shown"),
    [("sound", "door slams", "[door slams]"), ("music", "slow strings", "♪ slow strings ♪"),
     ("ambience", "rain", "[rain]"), ("recording", "audio/old bell.wav", "[old bell]")],
)  # fmt: skip
def test_what_is_heard_is_named(programme: Make, placed: Place, role: str, text: str, shown: str) -> None:
    found = cards(programme(placed=(placed(2.0, 60.0, text, role=role),)), 42)
    assert [(card.start, card.lines) for card in found] == [(2.0, (shown,))]
    assert 1.0 <= found[0].end - found[0].start <= 7.0


def test_pauses_and_cues_without_text_are_not_shown(programme: Make, placed: Place) -> None:
    cues = (placed(0, 1, " "), placed(1, 2, "", role="sound"), placed(2, 3, "silence", role="pause"))
    assert cards(programme(placed=cues), 42) == []


def test_sounds_are_named_in_the_pauses_of_speech() -> None:
    speech = [Card(1.0, 3.0, ("one",)), Card(5.0, 6.0, ("two",))]
    early, during, crowded = (Card(start, start + 4.0, ("[x]",), kind="sound") for start in (0.0, 2.0, 4.8))
    found = one_at_a_time(sorted([*speech, early, during, crowded], key=lambda card: card.start))
    assert [(card.start, card.end, card.kind) for card in found] == [
        (0.0, 1.0, "sound"), (1.0, 3.0, "speech"), (3.0, 5.0, "sound"), (5.0, 6.0, "speech"), (6.0, 8.8, "sound"),
    ]  # fmt: skip


def test_sounds_that_start_together_share_a_card() -> None:
    rain, wind = (Card(0.0, 3.0, (text,), kind="sound") for text in ("[rain]", "[wind]"))
    assert one_at_a_time([rain, wind]) == [Card(0.0, 3.0, ("[rain]", "[wind]"), kind="sound")]


times = st.tuples(st.integers(0, 400), st.integers(1, 100), st.sampled_from(["speech", "sound"]))


@given(st.lists(times, max_size=40))
def test_no_two_cards_overlap_and_all_last(spans: list[tuple[int, int, str]]) -> None:
    given = [Card(start / 10, (start + length) / 10, ("x",), kind=kind) for start, length, kind in sorted(spans)]  # type: ignore[arg-type]
    found = one_at_a_time(given)
    assert all(card.end > card.start for card in found)
    assert all(before.end <= after.start + 1e-9 for before, after in zip(found, found[1:], strict=False))
    assert sum(card.kind == "speech" for card in found) == sum(card.kind == "speech" for card in given)
