"""The director: every word of the text, once, in order; the same in, the same out; whatever the text."""

import time
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.planning import direct
from wavagent.reading.document import Document, Heading, Part
from wavagent.script import NARRATOR, Ambience, Music, Pause, Script, Sound, Speech
from wavagent.script.file import dumps, loads
from wavagent.text import has_words, words

LANGUAGES = ("en", "fr", "de", "es", "ru", "zh")
PIECES = st.sampled_from(
    [*"“”\"‘’'«»„—\n .,!?:…\\\0\u202e😀\ud800\t\u3000「」", "--", "- ", " – ", "\n\n", "* * *",
     "\n\n* * *\n\n", "$(rm)", "&c.", "said", "Mary", "Mr. Darcy", "he", "she", "I", "the old man", "Come", "rain fell",
     "the bell rang", "dit-il", "sagte", "сказал", "你好", "1847"]
)  # fmt: skip


def document(text: str, language: str = "en", **more: object) -> Document:
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Document(text=text, name="story.txt", sha256=digest, title="Story", language=language, **more)  # type: ignore[arg-type]


def check(script: Script, text: str) -> None:
    """Every word, once and in order, with spans that tile the text."""
    assert script.text == text
    at = 0
    for element in script.elements:
        if isinstance(element, Speech | Pause) and element.span:
            assert (element.span.start, element.span.end) == (at, at + len(element.text))
            at = element.span.end
            assert isinstance(element, Pause) or has_words(element.text)
    assert at == len(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=60), st.sampled_from(LANGUAGES))
def test_no_text_loses_a_character(pieces: list[str], language: str) -> None:
    text = " ".join(pieces)
    if has_words(text):
        check(direct(document(text, language)), text)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=400))
def test_nor_does_any_other_text(text: str) -> None:
    if has_words(text):
        check(direct(document(text)), text)


def test_every_story_there_is_keeps_every_character(stories: list[tuple[str, str, str]]) -> None:
    for _, language, text in stories:
        check(direct(document(text, language)), text)


def test_the_same_text_gives_the_same_script() -> None:
    text = "“Come,” said Mary. Tom rose, and the door slammed.\n\n“Why?”\n\n* * *\n\nRain fell all night."
    assert dumps(direct(document(text), seed=7)) == dumps(direct(document(text), seed=7))


def test_a_script_survives_its_file() -> None:
    script = direct(document("“Come,” said Mary. Somebody knocked at the door.\n\n“Why?” asked Tom."))
    assert loads(dumps(script)) == script


def test_lines_have_their_speakers() -> None:
    script = direct(document("“Come,” said Mary, smiling.\n\n“No,” Tom whispered. He shook his head."))
    lines = [(line.who, line.mode, line.text.strip()) for line in script.lines]
    assert lines == [
        ("mary", "dialogue", "“Come,”"),
        (NARRATOR, "narration", "said Mary, smiling."),
        ("tom", "dialogue", "“No,”"),
        (NARRATOR, "narration", "Tom whispered. He shook his head."),
    ]
    assert [person.id for person in script.cast] == [NARRATOR, "mary", "tom"]


def test_the_unsure_goes_to_the_narrator_and_says_so() -> None:
    script = direct(document("Mary and Tom and Ann came in. “Who is there?”"))
    line = next(line for line in script.lines if line.mode == "dialogue")
    assert line.who == NARRATOR
    assert line.confidence < 0.9
    assert line.evidence


def test_the_tag_tells_how_a_line_is_said() -> None:
    script = direct(document("“Come,” Mary whispered.\n\n“Never!” shouted Tom.\n\n“Well,” said Mary sadly."))
    said = [line.delivery for line in script.lines if line.mode == "dialogue"]
    assert [delivery.emotion for delivery in said] == ["whispering", "shouting", "sad"]
    assert said[0].intensity < 0.5 < said[1].intensity


def test_thoughts_and_letters_are_kept_apart() -> None:
    script = direct(
        document("“He is late,” thought Mary.\n\nThe note said: “Come at once.”\n\n“Here he is,” said Mary.")
    )
    modes = [line.mode for line in script.lines if line.mode != "narration"]
    assert modes == ["thought", "letter", "dialogue"]


def test_a_heading_starts_a_chapter_and_a_break_a_scene() -> None:
    text = "One\n\nIt rained.\n\n* * *\n\nIt snowed.\n\nTwo\n\nThe sun shone."
    headings = (Heading(0, 3, 1, "One"), Heading(text.index("Two"), text.index("Two") + 3, 1, "Two"))
    script = direct(document(text, headings=headings))
    assert [(scene.heading, scene.chapter) for scene in script.scenes] == [("One", True), (None, False), ("Two", True)]
    assert next(iter(script.lines)).mode == "heading"
    assert [element.text.strip() for element in script.elements if isinstance(element, Pause)] == ["* * *"]
    check(script, text)


def test_music_opens_a_chapter_and_ends_the_story() -> None:
    script = direct(document("It rained.\n\n* * *\n\nIt snowed."))
    first, last = script.scenes[0].elements[0], script.scenes[-1].elements[-1]
    assert isinstance(first, Music)
    assert first.start is None
    assert isinstance(last, Music)
    assert last.start is not None
    assert all(music.seconds and music.fade_out > 0 for music in (first, last))


def test_a_sound_stands_on_its_word() -> None:
    script = direct(document("Mary sat down. Then somebody knocked at the door. “Come in,” said Mary."))
    sound = next(element for element in script.elements if isinstance(element, Sound))
    assert sound.anchor is not None
    line = next(line for line in script.lines if line.id == sound.anchor.element)
    assert line.text[slice(*words(line.text)[sound.anchor.word or 0])] == "knocked"


def test_what_somebody_says_makes_no_sound() -> None:
    script = direct(document("“Somebody knocked at the door,” said Mary. “And the rain fell.”"))
    assert not [element for element in script.elements if isinstance(element, Sound | Ambience)]


def test_the_setting_gives_the_space() -> None:
    text = "They walked through the forest. In the forest it was dark. They slept in the wood."
    scene = direct(document(text)).scenes[0]
    assert (scene.space, scene.setting) == ("forest", "forest")


def test_long_narration_is_cut_at_sentences() -> None:
    text = "The road went on and on through the hills. " * 60
    lines = list(direct(document(text)).lines)
    assert len(lines) > 3
    assert all(line.text.rstrip().endswith(".") for line in lines)


def test_a_play_speaks_by_its_parts() -> None:
    text = "Who's there?\n\nNay, answer me.\n\nHe draws."
    parts = (
        Part(0, 12, "speech", who="Bernardo"),
        Part(14, 29, "speech", who="Francisco", manner="loudly"),
        Part(31, 31, "sound", what="thunder", seconds=3.0),
        Part(31, 40, "direction"),
    )
    script = direct(document(text, parts=parts))
    assert [(line.who, line.delivery.emotion) for line in script.lines] == [("bernardo", ""), ("francisco", "shouting")]
    kinds = [element.kind for element in script.elements if element.kind != "music"]
    assert kinds == ["speech", "speech", "sound", "pause"]
    check(script, text)


def test_a_pause_that_a_text_asks_for_stands_in_its_place() -> None:
    text = "It was quiet. Then it was not."
    script = direct(document(text, parts=(Part(14, 14, "pause", seconds=1.5),)))
    assert [element.kind for element in script.elements if element.kind != "music"] == ["speech", "pause", "speech"]
    check(script, text)


@pytest.mark.parametrize(
    "piece",
    [*"\"“”'‘\n", "— ", "-- ", "« ", "A. ", "Aa Bb ", "said ", "said Mary ", "' a", "dear Mary, ",
     "\n\n— Oui, dit-il, ",     "“A” said he. ", "“A” ", "..", "a-", "Mr. ", "\n* * *\n"],
)  # fmt: skip
def test_hostile_text_takes_time_in_step_with_its_length(piece: str) -> None:
    def seconds(length: int) -> float:
        text = "Word " + piece * (length // len(piece)) + " word"
        start = time.process_time()
        direct(document(text, "fr" if "—" in piece else "en"))
        return time.process_time() - start

    short = max(seconds(20_000), 0.2)  # a quadratic search would take minutes
    assert seconds(80_000) < 12 * short
