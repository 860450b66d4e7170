"""Cues: sounds that the narration names, and those it only speaks of."""

import pytest

from wavagent.planning.cues import NOISES, named
from wavagent.text import words


def heard(text: str) -> list[tuple[str, str]]:
    """What is heard, and the word that names it."""
    return [(cue.noise.what, text[slice(*words(text)[cue.word])]) for _, cue in named([text])]


@pytest.mark.parametrize(
    ("text", "what", "word"),
    [
        ("Somebody knocked at the door.", "a knock on a wooden door", "knocked"),
        ("There was a knock on the door.", "a knock on a wooden door", "knock"),
        ("He went out, and the door slammed behind him.", "a door slams", "slammed"),
        ("Far away the thunder rolled.", "thunder", "rolled"),
        ("The old clock struck eleven.", "a clock strikes", "struck"),
        ("In the hall the telephone rang.", "a telephone rings", "rang"),
        ("A dog barked somewhere.", "a dog barks", "barked"),
        ("A shot rang out.", "a gunshot", "rang"),
        ("The rain beat against the panes.", "rain", "beat"),
        ("The glass shattered on the floor.", "glass shatters", "shattered"),
    ],
)
def test_a_sound_is_anchored_to_the_word_that_names_it(text: str, what: str, word: str) -> None:
    assert heard(text) == [(what, word)]


@pytest.mark.parametrize(
    "text",
    [
        "No bell rang.",
        "The bell did not ring, nor had it rung all day.",
        "There was never a knock at the door.",
        "It was as if a bell rang in his head.",
        "Her voice was like a bell that rang.",
        "He would have knocked at the door.",
        "Perhaps the telephone rang.",
        "If the dog barked, they were lost.",
        "The bell had rung long before.",
        "Every night the dog barked.",
        "He waited for the clock to strike.",
        "She was thunderstruck.",
        "He opened the window and closed his eyes.",
        "The open door stood there.",
        "He thought the bell rang.",
    ],
)
def test_what_does_not_happen_is_not_heard(text: str) -> None:
    assert heard(text) == []


def test_sounds_keep_apart() -> None:
    text = "The bell rang. The dog barked. The door slammed. " * 3
    assert len(heard(text)) == 1


def test_the_same_sound_comes_again_only_much_later() -> None:
    filler = "They walked on and on without a word. " * 12
    assert len(heard(f"The bell rang. {filler} The bell rang.")) == 1
    assert len(heard(f"The bell rang. {filler * 4} The bell rang.")) == 2


def test_a_noise_and_its_clause() -> None:
    assert heard("He saw the bell. The girl rang up her mother.") == []


def test_beds_have_no_length_and_sounds_have_one() -> None:
    assert all((noise.seconds is None) == noise.bed for noise in NOISES)
