import pytest

from wavagent.passes import Draft
from wavagent.passes.pacing import HEADING, PARAGRAPH, SCENE, SENTENCE, SPEAKER, WITHIN, ends_sentence, pacing
from wavagent.script import Character, Element, Music, Pause, Scene, Script, Sound, Speech
from wavagent.tool import Toolbox

CAST = (*Script().cast, Character(id="mary", name="Mary"))


def pauses(*scenes: tuple[Element, ...]) -> list[float | None]:
    script = Script(cast=CAST, scenes=tuple(Scene(id=f"s{n}", elements=elements) for n, elements in enumerate(scenes)))
    return [line.pause_before for line in pacing(Draft(script, Toolbox.of())).script.lines]


def line(id: str, text: str = "It was late.", who: str = "narrator", **more: object) -> Speech:
    return Speech.model_validate({"id": id, "text": text, "who": who, **more})


def test_the_first_line_waits_for_nothing() -> None:
    assert pauses((line("a"),)) == [0.0]
    assert pauses((Music(id="m", what="x"), line("a"))) == [0.0]


@pytest.mark.parametrize(
    ("before", "after", "pause"),
    [
        (line("a"), line("b"), SENTENCE),
        (line("a", "It was late.\n"), line("b"), PARAGRAPH),
        (line("a", "It was late. \n\n"), line("b"), PARAGRAPH),
        (line("a", "“Who is there?” ", "mary"), line("b"), SPEAKER),
        (line("a", "“I think,” ", "mary"), line("b", "said Mary, "), WITHIN),
        (line("a", "said Mary, "), line("b", "“that is it.”", "mary"), WITHIN),
        (line("a", mode="heading"), line("b"), HEADING),
        (line("a", "It was late.\n\n"), line("b", mode="heading"), HEADING),
        (line("a", pause_after=0.0), line("b"), 0.0),
        (line("a", pause_after=2.0), line("b", mode="heading"), 0.0),
        (line("a"), line("b", pause_before=0.7), 0.7),
        (line("a"), line("b", pause_before=0.0), 0.0),
        (line("a", "“再见。”", "mary"), line("b"), SPEAKER),
    ],
)
def test_the_pause_fits_what_came_before(before: Speech, after: Speech, pause: float) -> None:
    assert pauses((before, after))[1] == pause


def test_a_scene_opens_after_a_longer_breath() -> None:
    assert pauses((line("a"),), (line("b"), line("c"))) == [0.0, SCENE, SENTENCE]
    assert pauses((line("a"),), (), (line("b"),)) == [0.0, SCENE]


def test_a_pause_in_the_script_is_the_whole_pause() -> None:
    stars = Pause(id="p", seconds=2.0)
    assert pauses((line("a"), stars, line("b"))) == [0.0, 0.0]
    assert pauses((line("a"), stars), (line("b"),)) == [0.0, 0.0]
    assert pauses((line("a"),), (stars, line("b"))) == [0.0, 0.0]


def test_a_sound_between_two_lines_takes_no_breath_away() -> None:
    assert pauses((line("a"), Sound(id="n", what="bell"), line("b"))) == [0.0, SENTENCE]


def test_pauses_are_in_their_order() -> None:
    assert 0 < WITHIN < SENTENCE < SPEAKER < PARAGRAPH < HEADING < SCENE < 3.0


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It is.", True),
        ("“Is it?” ", True),
        ("(He left!)\n", True),
        ("she said,", False),
        ("“Well—”", False),
        ("", False),
    ],
)
def test_closing_marks_do_not_hide_the_end_of_a_sentence(text: str, ends: bool) -> None:
    assert ends_sentence(line("a", text)) is ends
