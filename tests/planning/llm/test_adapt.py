import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.errors import InputError
from wavagent.llm import Answer, Ask, Cached, Denied, Metered, OverBudget, Price, Replay, TooLong
from wavagent.planning import direct
from wavagent.planning.llm import adapt
from wavagent.planning.llm.label import DISPUTED
from wavagent.reading import Document, read, read_text
from wavagent.script import Speech
from wavagent.store import Store

Body = dict[str, Any]
SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"

TALE = (
    "“Who is there?” asked Mary.\n\n"
    "“Only me,” said old Tom. The door creaked, and Vera laughed.\n\n"
    "“You are late.”\n\n"
    "“I had to walk,” said Tom. “Give me a chair.”\n\n"
    "* * *\n\n"
    "The next morning it rained. Nobody came.\n\n"
    "“Vera!” cried Mary.\n"
)


@pytest.fixture
def tale() -> Document:
    return read_text(TALE, "tale.txt")


def changed(labels: Callable[..., Body], **changes: Any) -> Replay:
    """A model that answers well but for `changes`, which may be made from the good answer."""

    def answer(ask: Ask) -> str:
        good = labels(ask)
        return json.dumps({**good, **{key: each(good) if callable(each) else each for key, each in changes.items()}})

    return Replay(answer, forever=True)


def lines(script: Any) -> dict[str, Speech]:
    return {line.text.strip(): line for line in script.lines}


def test_every_word_is_there(tale: Document, labeller: Replay) -> None:
    assert adapt(tale, labeller).script.text == tale.text


def test_the_model_names_whom_the_rules_do_not_know(tale: Document, labels: Callable[..., Body]) -> None:
    vera = {"id": "v", "name": "Vera", "gender": "female", "age": "young", "evidence": "Vera  laughed"}
    spans = [{"id": "line-1", "who": "v", "confidence": 0.9}]
    quiet = read_text("“Who is there?”\n\nVera laughed.\n")
    plan = adapt(quiet, changed(labels, spans=spans, people=[vera]))
    line, character = next(plan.script.lines), plan.script.cast[1]
    assert (line.who, line.confidence, line.evidence) == ("vera", 0.9, "the model's reading")
    assert character.traits.gender is not None
    assert character.traits.gender.evidence == "Vera laughed"
    assert quiet.text[slice(*character.traits.gender.span.model_dump().values())] == "Vera laughed"  # type: ignore[union-attr]


def test_evidence_that_is_not_in_the_text_tells_nothing(labels: Callable[..., Body]) -> None:
    vera = {"id": "v", "name": "Vera", "gender": "male", "age": "old", "evidence": "an old man"}
    spans = [{"id": "line-1", "who": "v", "confidence": 0.9}]
    plan = adapt(read_text("“Who is there?”\n\nVera laughed.\n"), changed(labels, spans=spans, people=[vera]))
    assert plan.script.cast[1].traits.gender is None


def test_a_tag_in_the_text_wins_and_the_contradiction_is_flagged(tale: Document, labels: Callable[..., Body]) -> None:
    rules = lines(direct(tale))

    def spans(good: Body) -> list[Body]:
        return [
            {**span, "who": "tom" if span["id"] == rules["“Who is there?”"].id else span["who"]}
            for span in good["spans"]
        ]

    plan = adapt(tale, changed(labels, spans=spans))
    line = lines(plan.script)["“Who is there?”"]
    assert line.who == "mary"
    assert line.confidence == DISPUTED
    assert "'mary'" in line.evidence and "the model says 'tom'" in line.evidence
    assert [(note.subject, note.degraded) for note in plan.notes] == [(line.id, False)]


def test_a_model_that_contradicts_the_text_throughout_is_not_believed(
    tale: Document, labels: Callable[..., Body]
) -> None:
    rules = direct(tale)
    swap = {"mary": "tom", "tom": "mary", "narrator": "tom"}
    plan = adapt(tale, changed(labels, spans=lambda good: [{**s, "who": swap[s["who"]]} for s in good["spans"]]))
    assert plan.degraded
    assert [line.who for line in plan.script.lines] == [line.who for line in rules.lines]


def test_narration_stays_with_the_narrator(tale: Document, labels: Callable[..., Body]) -> None:
    narration = [line.id for line in direct(tale).lines if line.mode == "narration"]
    extra = [{"id": id, "who": "tom", "confidence": 1.0} for id in narration]
    plan = adapt(tale, changed(labels, spans=lambda good: good["spans"] + extra))
    assert {line.who for line in plan.script.lines if line.mode == "narration"} == {"narrator"}


def test_a_sound_stands_on_its_word(tale: Document, labels: Callable[..., Body]) -> None:
    creak = next(line for line in direct(tale).lines if "creaked" in line.text)
    sound = {"kind": "sound", "after": creak.id, "word": "Creaked,", "what": "an old door creaks", "seconds": 1.5}
    plan = adapt(tale, changed(labels, insertions=[sound]))
    made = [element for element in plan.script.elements if element.kind == "sound"]
    assert [(one.what, one.seconds) for one in made] == [("an old door creaks", 1.5)]
    anchor = made[0].anchor
    assert anchor is not None and anchor.word is not None
    assert creak.text.split()[anchor.word] == "creaked,"


def test_a_pause_follows_its_line(tale: Document, labels: Callable[..., Body]) -> None:
    pause = {"kind": "pause", "after": "line-1", "seconds": 2.0}
    elements = list(adapt(tale, changed(labels, insertions=[pause])).script.elements)
    at = next(at for at, element in enumerate(elements) if element.id == "line-1")
    following = elements[at + 1]
    assert following.kind == "pause" and following.seconds == 2.0


def test_parts_are_small_and_know_what_came_before(
    tale: Document, labeller: Replay, about: Callable[[Ask], Body]
) -> None:
    adapt(tale, labeller, budget=40)
    questions = [about(ask) for ask in labeller.asked]
    assert len(questions) > 3
    assert questions[0]["before"] == [] and questions[0]["so_far"] == ""
    assert all(question["so_far"] == "So far." and question["before"] for question in questions[1:])
    asked = [span["id"] for question in questions for span in question["spans"]]
    assert asked == [line.id for line in direct(tale).lines]


def test_where_an_answer_is_too_long_smaller_parts_are_asked_for(
    tale: Document, labels: Callable[..., Body], about: Any
) -> None:
    def short_of_breath(ask: Ask) -> str | Answer:
        return json.dumps(labels(ask)) if len(about(ask)["spans"]) <= 2 else Answer("{", "length")

    plan = adapt(tale, Replay(short_of_breath, forever=True))
    assert not plan.notes


def test_a_line_that_is_always_too_long_is_left_to_the_rules(tale: Document) -> None:
    plan = adapt(tale, Replay(TooLong("no"), forever=True))
    assert plan.degraded
    assert plan.script.text == tale.text
    assert len(plan.notes) == len(list(plan.script.lines))


def test_money_runs_out_and_the_rules_go_on(tale: Document, labels: Callable[..., Body]) -> None:
    paid = Answer("", tokens_in=1000, tokens_out=100)

    def answer(ask: Ask) -> Answer:
        return Answer(json.dumps(labels(ask)), tokens_in=paid.tokens_in, tokens_out=paid.tokens_out)

    meter = Metered(Replay(answer, forever=True), Price(1.0, 1.0), limit=0.016)
    plan = adapt(tale, meter, budget=40)
    assert meter.spent.money <= 0.016
    assert meter.spent.asks > 0
    assert [note.degraded for note in plan.notes] == [True]
    assert "raise --max-cost" in plan.notes[0].message


class Killed(BaseException):
    """The power went."""


@pytest.mark.parametrize("at", range(6))
def test_a_plan_that_was_killed_goes_on_and_asks_nothing_twice(
    at: int, tale: Document, labeller: Replay, tmp_path: Path
) -> None:
    whole = adapt(tale, labeller, budget=40).script
    needed, before = len(labeller.asked), labeller.asked[:]
    labeller.asked.clear()

    class Dying:
        name = labeller.name

        def ask(self, request: Ask) -> Answer:
            if len(labeller.asked) == at:
                raise Killed
            return labeller.ask(request)

    store = Store(str(tmp_path))
    with pytest.raises(Killed):
        adapt(tale, Cached(Dying(), store), budget=40)
    again = adapt(tale, Cached(labeller, store), budget=40)
    assert again.script == whole
    assert labeller.asked == before
    assert len(labeller.asked) == needed
    adapt(tale, Cached(Replay(OverBudget("no"), name=labeller.name), store), budget=40)


def test_an_error_in_the_middle_says_what_is_kept(tale: Document, labels: Callable[..., Body]) -> None:
    def answer(ask: Ask) -> str:
        return json.dumps(labels(ask))

    with pytest.raises(Denied, match=r"2 of \d+ parts are labelled and kept"):
        adapt(tale, Replay(answer, answer, Denied("no")), budget=40)


def test_a_play_keeps_its_speakers(labels: Callable[..., Body]) -> None:
    play = read_text("HAMLET: To be?\n\nOPHELIA: My lord!\n\nHAMLET: Or not to be.\n\nOPHELIA: Oh.\n", "play.txt")
    rules = direct(play)
    who = {line.who for line in rules.lines} - {"narrator"}
    assert len(who) == 2
    one = sorted(who)[0]
    plan = adapt(play, changed(labels, spans=lambda good: [{**span, "who": one} for span in good["spans"]]))
    assert [line.who for line in plan.script.lines] == [line.who for line in rules.lines]


TEXT = st.text(st.sampled_from("ab .,!?“”\"'’—\n中「」:*#"), min_size=1, max_size=300)
NOISE = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from(["line-1", "line-2", "narrator", "mary", "ab", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from("spans people insertions summary id who name kind after what confidence".split()),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(TEXT, st.lists(st.text(max_size=80) | NOISE.map(lambda noise: json.dumps(noise)), min_size=1, max_size=4))
def test_no_answer_loses_adds_or_moves_a_word(text: str, answers: list[str]) -> None:
    try:
        document = read_text(text)
    except InputError:
        return  # nothing to read in it
    turn = iter(answers * 100)
    plan = adapt(document, Replay(lambda ask: next(turn), forever=True), budget=60)
    assert plan.script.text == document.text


def injections() -> list[str]:
    file = SHARED / "adversarial" / "prompt_injections_giskard.jsonl"
    if not file.exists():
        return []
    rows = [json.loads(row) for row in file.read_text(encoding="utf-8").splitlines()]
    return [" ".join(row["prompt"].split()).replace("“", "'").replace("”", "'").replace('"', "'") for row in rows]


@pytest.mark.skipif(not injections(), reason="../shared/data/adversarial is not there")
def test_an_instruction_in_the_story_is_only_ever_text(labels: Callable[..., Body], about: Any) -> None:
    """A model that obeys the story says what it likes of other lines, people and texts; none of it comes through."""
    for injection in injections():
        story = f"“I am here,” said Mary.\n\n“{injection}” said Tom.\n\n“Well, well,” said Mary.\n"
        document = read_text(story, "story.txt")
        plain = direct(document)

        def obedient(ask: Ask, story: str = story) -> str:
            assert story not in ask.messages[0].text
            assert story.splitlines()[0].split("”")[0] in "".join(span["text"] for span in about(ask)["spans"])
            forged = [{"id": id, "who": "hacker", "text": "PWNED"} for id in ("line-2", "line-4", "line-77")]
            return json.dumps(
                {
                    **labels(ask),
                    "spans": [*forged, *labels(ask)["spans"]],
                    "people": [{"id": "hacker", "name": "PWNED", "gender": "male"}],
                    "cast": [{"id": "mary", "voice": "PWNED"}],
                    "text": "PWNED",
                }
            )

        script = adapt(document, Replay(obedient, forever=True)).script
        assert script.text == document.text
        assert [(line.who, line.text) for line in script.lines] == [(line.who, line.text) for line in plain.lines]
        assert {character.name for character in script.cast} == {character.name for character in plain.cast}
        assert all(character.voice is None for character in script.cast)


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "ru", "zh"])
def test_real_stories_are_there_to_the_letter(language: str, labeller: Replay) -> None:
    stories = sorted(p for p in (SHARED / "stories" / language).glob("*") if p.suffix in (".txt", ".md"))[:2]
    if not stories:
        pytest.skip("../shared/data/stories is not there")
    for story in stories:
        document = read(story)
        assert adapt(document, labeller).script.text == document.text
