"""Explaining: why this tool, and why it runs again. Each reason is brought about, and found."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wavagent.compiler import Compiled, compile_script
from wavagent.errors import ScriptError
from wavagent.explain import Explanation, Records, explain, recorded, records_in
from wavagent.graph import Call, Graph, Length, Ref
from wavagent.passes import Choice
from wavagent.quote.foresight import foresee
from wavagent.run.attempt import Substitute
from wavagent.run.executor import Executor, Made
from wavagent.script import Scene, Script, Speech
from wavagent.store import Store
from wavagent.timeline import Timeline
from wavagent.tool import Licence, Tool, Toolbox

Like = Callable[..., Any]


class Told:
    """A story that was run once, and is asked about after something changed."""

    def __init__(self, script: Script, box: Toolbox, store: Store) -> None:
        self.script, self.box, self.store = script, box, store
        self.records = self.run(script)

    def run(self, script: Script) -> Records:
        compiled = compile_script(script, self.box)
        with Executor(self.box, self.store) as executor:
            made = executor.run(compiled.graph)
        kept = {id: one.model_dump() for id, one in recorded(compiled, self.box, made).items()}
        records = records_in(json.loads(json.dumps(kept)))
        assert records is not None
        return records

    def explain(
        self, subject: str, script: Script | None = None, box: Toolbox | None = None, store: Store | None = None
    ) -> Explanation:
        box = box or self.box
        compiled = compile_script(script or self.script, box)
        return explain(subject, compiled, foresee(compiled.graph, box, store or self.store), self.records)

    def why(self, subject: str, **how: Any) -> tuple[str, ...]:
        (step,) = self.explain(subject, **how).steps
        return step.why


@pytest.fixture
def told(script: Script, toolbox: Toolbox, tmp_path: Path) -> Told:
    return Told(script, toolbox, Store(str(tmp_path / "store")))


def changed(script: Script, element: str, **fields: Any) -> Script:
    values = script.model_dump(by_alias=True)
    for one in (one for scene in values["scenes"] for one in scene["elements"]):
        if one["id"] == element:
            one.update(fields)
    return Script.model_validate(values)


def test_what_is_kept_does_not_run(told: Told) -> None:
    assert told.why("e1") == ("nothing has to run: its clip is in the store",)


def test_a_text_that_changed_is_shown(told: Told) -> None:
    why = told.why("e1", script=changed(told.script, "e1", text="It was early."))
    assert why == ("its text changed: “It was late.” -> “It was early.”",)


def test_of_a_long_text_the_part_that_changed_is_shown(told: Told) -> None:
    long = "On and on the old man went about the rain, and nobody was there who could have stopped him. "
    told.records = told.run(changed(told.script, "e1", text=long))
    (why,) = told.why("e1", script=changed(told.script, "e1", text=long.replace("stopped", "followed")))
    assert why.startswith("its text changed: “…") and "who could have stopped him." in why and "followed him." in why


def test_another_voice_seed_and_version_are_named(told: Told, like: Like) -> None:
    values = told.script.model_dump(by_alias=True)
    values["cast"][0]["voice"] = {"tool": "voice", "id": "carl"}
    assert "its voice changed: “adam” -> “carl”" in told.why("e1", script=Script.model_validate(values))
    (why,) = told.why("m1", script=changed(told.script, "m1", seed=5))
    assert why.startswith("its seed changed: ") and why.endswith(" -> 5")
    newer = Toolbox({**told.box.tools, "hum": like(told.box["hum"], version="2")})
    assert told.why("m1", box=newer) == ("tool 'hum' is another: version 1 -> 2",)


def test_other_weights_are_named(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(told.box["hum"]), "edition", "large", raising=False)
    assert told.why("m1") == ("tool 'hum' has other weights: its own -> large",)


def test_another_tool_is_named(told: Told, like: Like) -> None:
    other = Toolbox({"organ": like(told.box["hum"], name="organ"), **told.box.tools})
    assert "another tool makes it: hum -> organ" in told.why("m1", box=other)


def test_an_emptied_store_is_named(told: Told, tmp_path: Path) -> None:
    (why,) = told.why("e1", store=Store(str(tmp_path / "other")))
    assert why.startswith("nothing of it changed since the last run: its clip is gone from the store")


def test_a_new_element_and_a_project_without_a_run_are_named(told: Told, tmp_path: Path) -> None:
    values = told.script.model_dump(by_alias=True)
    values["scenes"][0]["elements"] += ({"kind": "speech", "id": "new", "text": "Then."},)
    assert told.why("new", script=Script.model_validate(values)) == ("it was not there in the last run",)
    compiled = compile_script(told.script, told.box)
    foresight = foresee(compiled.graph, told.box, Store(str(tmp_path / "other")))
    (step,) = explain("e1", compiled, foresight, None).steps
    assert step.why == ("no run of this project is recorded",)


def graph_of(*calls: Call) -> Compiled:
    lines = tuple(Speech(id=call.id, text="A line.") for call in calls)
    return Compiled(Script(scenes=(Scene(id="s", elements=lines),)), Graph.of(*calls), Timeline())


def test_what_follows_from_a_changed_clip_says_so(toolbox: Toolbox, tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))

    def story(text: str) -> Compiled:
        line = Call("line", "voice", {"text": text, "voice": "adam"}, element="line")
        louder = Call("louder", "louder", {"audio": Ref("line")}, element="louder")
        bed = Call("bed", "hum", {"what": "calm", "seconds": Length(("line",))}, element="bed")
        return graph_of(line, louder, bed)

    before, after = story("It was late."), story("It was far too late.")
    with Executor(toolbox, store) as executor:
        records = recorded(before, toolbox, executor.run(before.graph))
    foresight = foresee(after.graph, toolbox, store)
    (step,) = explain("louder", after, foresight, records).steps
    assert step.why == ("its input 'audio' changed: it follows from line, to run again",)
    (step,) = explain("bed", after, foresight, records).steps
    assert step.why == ("its seconds changed: 0.6 -> 1.0: it follows from line, to run again",)
    assert step.to_json()["key"] is None


def test_a_call_that_another_tool_made_says_so(toolbox: Toolbox, tmp_path: Path) -> None:
    one = graph_of(Call("line", "voice", {"text": "It was late.", "voice": "adam"}, element="line"))
    store = Store(str(tmp_path / "store"))
    with Executor(toolbox, store) as executor:
        made = executor.run(one.graph)
    records = recorded(
        one, toolbox, Made(made.entries, substituted={"line": Substitute(Call("line", "other", {}), "it died")})
    )
    (step,) = explain("line", one, foresee(one.graph, toolbox, Store(str(tmp_path / "no"))), records).steps
    assert step.why == ("in the last run tool 'other' made it, for 'voice' failed",)


def test_the_choice_of_a_tool_names_who_was_passed_over_and_why(toolbox: Toolbox, like: Like, script: Script) -> None:
    fenced = like(toolbox["hum"], name="fenced", weights_licence=Licence(name="X", commercial=False))
    box = Toolbox({"fenced": fenced, **toolbox.tools})
    compiled = compile_script(script, box, commercial=True)
    choices = {choice.subject: choice for choice in compiled.choices}
    assert choices["m1"] == Choice(
        "m1",
        "hum",
        "the first tool for music that will make it",
        passed_over=(
            ("fenced", "tool 'fenced' may not be used commercially: the licence of its weights, X, forbids it"),
            ("drone", "'hum' comes before it"),
        ),
    )
    assert choices["n1"].passed_over[0] == ("noise", "noise knows no 'a knock'; it knows rain, wind, sea")
    mary = choices["mary"]
    assert (mary.tool, mary.voice) == ("voice", "bea")
    assert ("voice dora", "old, and an adult is wanted") in mary.passed_over
    assert choices.keys() >= {one.id for one in script.cast} | {"m1", "a1", "n1", "n2", "m2"}


def test_every_element_can_be_explained_in_words_and_json(told: Told) -> None:
    for element in (*told.script.elements, *told.script.cast):
        found = told.explain(element.id)
        assert next(iter(found.sentences)).startswith(f"{element.id}: ")
        assert json.loads(json.dumps(found.to_json()))["subject"] == element.id
    said = "\n".join(told.explain("e2").sentences)
    assert "voice bea: Bea (female, adult) for gender female" in said
    assert "speech by mary “" in said and "key = " in said


def test_parts_of_a_long_line_are_explained_with_it(told: Told) -> None:
    long = changed(told.script, "e1", text="It was late, and the rain went on. " * 12)
    found = told.explain("e1", script=long)
    assert [step.call.call.id for step in found.steps] == ["e1.1", "e1.2", "e1.3"]


def test_what_is_left_out_says_why(told: Told) -> None:
    found = told.explain("n2", script=changed(told.script, "n2", what="a unicorn"))
    assert found.steps == ()
    assert "noise knows no 'a unicorn'" in "\n".join(found.sentences)


def test_what_is_not_there_is_refused_with_what_is_near(told: Told) -> None:
    with pytest.raises(ScriptError, match="no element or character 'mari'; there are mary"):
        told.explain("mari")


@pytest.mark.parametrize("values", [None, [], "x", {"e1": 7}, {"e1": {"tool": "voice"}}])
def test_a_lock_file_that_somebody_wrote_over_is_no_record(values: Any) -> None:
    assert records_in(values) is None


def test_a_record_is_never_taken_at_its_word(told: Told) -> None:
    told.records = {"e1": told.records["e1"].model_copy(update={"tool": "x\x1b[2J\n" * 40})}
    assert all("\x1b" not in why and "\n" not in why and len(why) < 200 for why in told.why("e1"))


def test_nothing_runs(told: Told, voice: Tool) -> None:
    asked = len(voice.asked)  # type: ignore[attr-defined]
    told.explain("e1", script=changed(told.script, "e1", text="Now."))
    assert len(voice.asked) == asked  # type: ignore[attr-defined]
