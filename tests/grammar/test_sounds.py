"""Forms on music that follows a melody, or in which something is sung."""

from typing import Any

import pytest

from wavagent.grammar import understand
from wavagent.script import Music, Script
from wavagent.script.patch import apply


def music(request: str, script: Script) -> Music:
    found = understand(request, script)
    assert found.patch is not None, found.sentence or found.question
    (changed,) = (one for one in apply(script, found.patch).elements if isinstance(one, Music))
    return changed


@pytest.mark.parametrize(
    ("said", "file"),
    [
        ("Let the music follow hum.wav", "added/hum.wav"),
        ("the music follows the tune in “my hum.wav”", "added/my hum.wav"),
        ("make the music along audio/hum.flac", "audio/hum.flac"),
        ("let the music follow no melody", None),
    ],
)
def test_music_follows_the_file_that_is_named(lighthouse: Script, said: str, file: str | None) -> None:
    melody = music(said, lighthouse).melody
    assert (melody and melody.file) == file


@pytest.mark.parametrize(
    ("said", "lyrics"),
    [
        ("let the music sing “Row, row, row your boat”", "Row, row, row your boat"),
        ("sing “La” over the music", "La"),
        ("let nobody sing in the music", ""),
    ],
)
def test_words_are_sung_in_music(lighthouse: Script, said: str, lyrics: str) -> None:
    assert music(said, lighthouse).lyrics == lyrics


@pytest.mark.parametrize(
    "said", ["let the music follow the light", "let the wind follow hum.wav", "let the music sing"]
)
def test_what_names_no_file_or_no_music_is_not_done(lighthouse: Script, said: str) -> None:
    found: Any = understand(said, lighthouse)
    assert found.patch is None and (found.sentence or found.question)


def test_a_file_outside_the_project_is_refused_in_a_sentence(lighthouse: Script) -> None:
    found = understand("let the music follow ../../etc/passwd.wav", lighthouse)
    assert found.patch is None and found.sentence
