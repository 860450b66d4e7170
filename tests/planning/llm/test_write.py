import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from wavagent.errors import InputError, PlanError
from wavagent.llm import Answer, Ask, Declined, OverBudget, Replay, TooLong, Unreachable
from wavagent.planning.llm import write
from wavagent.planning.llm.write import WITHIN
from wavagent.planning.llm.written import spoken
from wavagent.script import Script
from wavagent.text import words

Body = dict[str, Any]
WORDS = "the storm came in from the sea and nobody in the village had ever heard such a wind before".split()


def outline(ask: Ask, scenes: int = 3) -> Body:
    people = [
        {"id": "ann", "name": "Ann", "gender": "female", "age": "old", "manner": "dry"},
        {"id": "bo", "name": "Bo"},
    ]
    plots = [
        {"heading": f"Part {n}", "space": "outdoors", "mood": "tense", "music": "low strings", "ambience": "wind",
         "plot": "The storm comes nearer.", "share": 1 / scenes}
        for n in range(scenes)
    ]  # fmt: skip
    return {"title": "The Storm", "characters": people, "scenes": plots}


def wanted(ask: Ask) -> int:
    """The words that a question asks for."""
    return int(ask.messages[0].text.partition("has about ")[2].partition(" words")[0])


def scene(count: int) -> Body:
    text = [
        " ".join(WORDS[n % len(WORDS)] for n in range(start, min(count, start + 30))) for start in range(0, count, 30)
    ]
    said = [{"kind": "speech", "who": ("narrator", "ann", "bo")[n % 3], "text": f"{line}.", "emotion": "calm"}
            for n, line in enumerate(text)]  # fmt: skip
    sound = {"kind": "sound", "who": "", "text": "thunder rolls", "seconds": 2}
    return {"elements": [*said, sound, {"kind": "pause", "seconds": 1.0}], "summary": "It is near."}


def author(length: Callable[[int], float], scenes: int = 3) -> Replay:
    """A model that writes `length` of the words that it is asked for."""

    def answer(ask: Ask) -> str:
        return json.dumps(
            outline(ask, scenes) if "outline" not in ask.messages[1].text else scene(int(length(wanted(ask))))
        )

    return Replay(answer, forever=True)


def measure(script: Script) -> float:
    """0.4 s for a word, half a second for everything else."""
    return 3.0 + sum(0.4 * len(words(line.text)) + 0.5 for line in script.lines)


HABITS: dict[str, Callable[[int], float]] = {
    "as long as asked": lambda count: count,
    "half as long": lambda count: count / 2,
    "twice as long": lambda count: count * 2,
    "a third too short": lambda count: count * 0.67,
    "a third too long": lambda count: count * 1.33,
    "never more than 90 words": lambda count: min(count, 90),
    "never less than 60 words": lambda count: max(count, 60),
    "in steps of 50 words": lambda count: max(50, round(count / 50) * 50),
}


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("minutes", [1.5, 3.0, 10.0])
def test_the_length_is_kept_or_the_note_says_not(habit: str, minutes: float) -> None:
    model = author(HABITS[habit], scenes=max(1, round(minutes * 0.6)))
    plan = write("A storm", minutes, model, measure)
    seconds = measure(plan.script)
    if habit == "never more than 90 words":
        assert plan.degraded
        assert "not " in plan.notes[-1].message
    else:
        assert abs(seconds - minutes * 60) <= WITHIN * minutes * 60
        assert not plan.degraded
    assert len(model.asked) < 30


@pytest.mark.parametrize("seed", range(5))
def test_a_moody_author_keeps_the_length(seed: int) -> None:
    chance = random.Random(seed)
    plan = write("A storm", 5, author(lambda count: count * chance.uniform(0.5, 1.6)), measure)
    assert abs(measure(plan.script) - 300) <= 30


def test_the_story_is_a_script_with_cast_chapters_and_beds() -> None:
    script = write("A storm", 2, author(lambda count: count), measure, seed=7).script
    assert (script.title, script.seed) == ("The Storm", 7)
    assert script.source is not None and not script.source.verbatim
    assert [character.id for character in script.cast] == ["narrator", "ann", "bo"]
    assert script.cast[1].traits.gender is not None
    assert [(one.heading, one.space, one.mood) for one in script.scenes][0] == ("Part 0", "outdoors", "tense")
    kinds = [element.kind for element in script.scenes[0].elements]
    assert kinds[:2] == ["music", "ambience"]
    assert {"speech", "sound", "pause"} <= set(kinds)


def test_each_scene_knows_what_came_before(about: Callable[[Ask], Body]) -> None:
    model = author(lambda count: count)
    write("A storm", 3, model, measure)
    assert [len(about(ask)["so_far"]) for ask in model.asked[1:4]] == [0, 1, 2]


FAULTS: dict[str, Any] = {
    "a refusal": Answer("no", "refusal"),
    "cut off": Answer("{", "length"),
    "rubbish": "once upon a time",
    "no elements": json.dumps({"elements": [], "summary": ""}),
    "elements of another type": json.dumps({"elements": "Once", "summary": 3}),
    "speech without words": json.dumps({"elements": [{"kind": "speech", "who": "ann", "text": "…"}], "summary": ""}),
    "too little money": OverBudget("no"),
    "too long": TooLong("no"),
    "declined": Declined("no"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_scene_that_fails_is_named_and_the_others_make_the_story(fault: str) -> None:
    def answer(ask: Ask) -> str | Answer:
        if "outline" not in ask.messages[1].text:
            return json.dumps(outline(ask))
        if json.loads(ask.messages[1].text)["scene"] == 2:
            if isinstance(FAULTS[fault], Exception):
                raise FAULTS[fault]
            return FAULTS[fault]  # type: ignore[no-any-return]
        return json.dumps(scene(wanted(ask)))

    plan = write("A storm", 3, Replay(answer, forever=True), measure)
    assert [scene.id for scene in plan.script.scenes] == ["scene-1", "scene-3"]
    assert plan.notes[0].subject == "scene-2" and plan.notes[0].degraded
    assert abs(measure(plan.script) - 180) <= 18


@pytest.mark.parametrize("fault", FAULTS)
def test_no_scene_at_all_is_an_error_with_a_reason(fault: str) -> None:
    def answer(ask: Ask) -> str | Answer:
        if "outline" not in ask.messages[1].text:
            return json.dumps(outline(ask))
        if isinstance(FAULTS[fault], Exception):
            raise FAULTS[fault]
        return FAULTS[fault]  # type: ignore[no-any-return]

    with pytest.raises(PlanError, match="no scene of 'The Storm' could be written"):
        write("A storm", 3, Replay(answer, forever=True), measure)


OUTLINES = ["", "no", "{}", '{"scenes": []}', '{"scenes": [{"plot": ""}]}', '{"scenes": 4}', '{"title": "X"}']


@pytest.mark.parametrize("answer", OUTLINES)
def test_no_outline_is_an_error_with_a_name(answer: str) -> None:
    with pytest.raises(PlanError, match="outline|can be read"):
        write("A storm", 3, Replay(answer, forever=True), measure)


def test_a_server_that_is_gone_is_named() -> None:
    with pytest.raises(Unreachable):
        write("A storm", 3, Replay(Unreachable("gone")), measure)


@pytest.mark.parametrize(("idea", "minutes"), [("", 5), (" …", 5), ("A storm", 0), ("A storm", -1), ("A storm", 1e9)])
def test_what_cannot_be_written_is_one_sentence(idea: str, minutes: float) -> None:
    with pytest.raises(InputError):
        write(idea, minutes, Replay(), measure)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("“Come in!”", "Come in!"),
        ('"Come in!"', "Come in!"),
        ("*Come* __in__!", "Come in!"),
        ("[whispers] Come in!", "Come in!"),
        ("<emphasis>Come</emphasis> in!", "Come in!"),
        ("# Come in!", "Come in!"),
        ("“Come in,” he said, “and sit.”", "“Come in,” he said, “and sit.”"),
        ("Come\n in!", "Come in!"),
        ("…", ""),
        ("5 < 6 and 7 > 2", "5 < 6 and 7 > 2"),
    ],
)
def test_only_words_are_heard(said: str, heard: str) -> None:
    assert spoken(said) == heard
