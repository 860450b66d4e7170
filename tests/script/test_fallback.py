"""Fallbacks: what else could make a clip is decided when the script is compiled."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.graph import Call, Graph, Length, Ref
from wavagent.script import Consent, Script, Voice
from wavagent.tool import Price, Toolbox, VoiceCard


@pytest.fixture
def compiled(toolbox: Toolbox, script: Script, like: Callable[..., Any]) -> Callable[..., Graph]:
    def with_others(**others: Any) -> Graph:
        """`others`: tools by name, each a kind of tool that is in the box and what is different on its card."""
        more = [like(toolbox[kind], name=name, **card) for name, (kind, card) in others.items()]
        return compile_script(script, Toolbox.of(*toolbox, *more)).graph

    return with_others


def tools(call: Call) -> list[str]:
    return [one.tool for one in call.otherwise]


def test_without_another_tool_there_is_no_fallback(toolbox: Toolbox, script: Script) -> None:
    graph = compile_script(script, toolbox).graph
    assert not graph["e1"].otherwise and not graph["n1"].otherwise


def test_sounds_and_beds_may_be_left_out_and_words_may_not(compiled: Callable[..., Graph]) -> None:
    assert {call.id for call in compiled() if call.optional} == {"m1", "m2", "a1", "n1", "n2"}


def test_a_line_falls_back_to_a_voice_of_the_same_gender_and_language(compiled: Callable[..., Graph]) -> None:
    voices = (
        VoiceCard(id="h", name="Hans", language="de", gender="male"),
        VoiceCard(id="i", name="Ida", language="en-US", gender="female", settings={"pitch": 9.0}),
        VoiceCard(id="j", name="Jo", language="en-GB", gender="male"),
    )
    graph = compiled(spare=("voice", {"voices": voices}))
    (line,) = graph["e2"].otherwise
    assert (line.tool, line.params["voice"], line.params["pitch"]) == ("spare", "i", 9.0)
    assert line.params["text"] == graph["e2"].params["text"]
    assert line.params["language"] == "en"
    (narrator,) = graph["e1"].otherwise
    gender = {card.id: card.gender for card in voices}
    first = {"adam": "male", "bea": "female", "carl": "male", "dora": "female"}.get(str(graph["e1"].params["voice"]))
    assert first is None or gender[str(narrator.params["voice"])] == first


def test_a_tool_that_speaks_no_such_language_is_no_fallback(compiled: Callable[..., Graph]) -> None:
    german = (VoiceCard(id="h", name="Hans", language="de", gender="male"),)
    assert not compiled(spare=("voice", {"voices": german}))["e1"].otherwise


def test_a_line_that_is_too_long_for_a_tool_does_not_go_there(compiled: Callable[..., Graph]) -> None:
    graph = compiled(spare=("voice", {"longest_text": 10}))
    assert not graph["e4"].otherwise and tools(graph["e5"]) == ["spare"]


def test_a_sound_falls_back_to_the_next_tools_that_will_make_it(compiled: Callable[..., Graph]) -> None:
    graph = compiled(second=("click", {}), third=("click", {}), fourth=("click", {}), odd=("noise", {}))
    assert tools(graph["n1"]) == ["second", "third"], "two at most, and none that refuses"


def test_what_loops_is_replaced_only_by_what_loops(compiled: Callable[..., Graph]) -> None:
    graph = compiled(loops=("hum", {}), ends=("hum", {"loops": False}))
    assert graph["m1"].params["loop"] is True
    assert tools(graph["m1"]) == ["loops"]


def test_what_is_made_to_measure_goes_to_a_tool_that_makes_it_so_long(
    script: Script, drone: Any, like: Callable[..., Any], toolbox: Toolbox
) -> None:
    box = [tool for tool in toolbox if tool.card.task != "music"]
    long, short = like(drone, name="long", longest=600.0), like(drone, name="short", longest=1.0)
    first = like(drone, name="first", longest=600.0)
    graph = compile_script(script, Toolbox.of(*box, first, short, long)).graph
    assert isinstance(graph["m1"].params["seconds"], Length)
    assert tools(graph["m1"]) == ["long"]
    assert graph["m1"].otherwise[0].params == graph["m1"].params


def test_a_seed_is_only_given_to_a_tool_that_listens_to_one(compiled: Callable[..., Graph]) -> None:
    graph = compiled(deaf=("click", {"seeded": False}), hears=("click", {"seeded": True}))
    seeds = {one.tool: one.seed for one in graph["n1"].otherwise}
    assert seeds["deaf"] is None and seeds["hears"] is not None


def test_a_tool_that_is_not_installed_here_is_no_fallback(compiled: Callable[..., Graph]) -> None:
    assert not compiled(gone=("click", {"requires": ("no_such_module",), "install": "pip install it"}))["n1"].otherwise


def cloned(script: Script) -> Script:
    consent = Consent(person="Anna", statement="Yes.", date="2026-11-21", sha256="a" * 64)
    voice = Voice(tool="parrot", id="anna", reference="anna.wav", words="Hello.", consent=consent)
    cast = tuple(one.model_copy(update={"voice": voice}) if one.id == "mary" else one for one in script.cast)
    return script.model_copy(update={"cast": cast})


def test_a_clone_falls_back_to_a_tool_that_clones_the_same_and_then_to_a_plain_voice(
    toolbox: Toolbox, script: Script, parrot: Any, like: Callable[..., Any]
) -> None:
    parrots = [like(parrot, name=name, on_request=True) for name in ("second", "third")]
    graph = compile_script(cloned(script), Toolbox.of(*toolbox, parrot, *parrots)).graph
    first, plain = graph["e2"].otherwise
    assert (first.tool, first.reason) == ("second", "clones the voice of 'anna.wav' too")
    assert {name: first.params[name] for name in ("reference", "words", "voice")} == {
        "reference": Ref("mary/voice"), "words": "Hello.", "voice": "polly"
    }  # fmt: skip
    assert plain.tool == "voice" and not {"reference", "words"} & plain.params.keys()
    gender = {card.id: card.gender for card in toolbox["voice"].card.voices}
    assert gender[str(plain.params["voice"])] == "female", "which is what the text says of her"


def test_a_recording_is_sent_away_or_paid_for_only_where_a_person_prefers_that(
    toolbox: Toolbox, script: Script, parrot: Any, like: Callable[..., Any]
) -> None:
    away = like(parrot, name="away", pool="http", on_request=True)
    paid = like(parrot, name="paid", price=Price(call=0.1), on_request=True)
    box = Toolbox.of(*toolbox, parrot, away, paid)
    assert not [one for one in compile_script(cloned(script), box).graph["e2"].otherwise if "reference" in one.params]
    first, *_ = compile_script(cloned(script), box.preferring("paid")).graph["e2"].otherwise
    assert first.tool == "paid"


def test_a_tool_that_has_to_know_the_words_clones_nothing_without_them(
    toolbox: Toolbox, script: Script, parrot: Any, like: Callable[..., Any]
) -> None:
    knows, wants = like(parrot, name="knows", needs_words=False), like(parrot, name="wants", on_request=False)
    told = cloned(script)
    voice = told.character("mary").voice
    assert voice is not None
    wordless = voice.model_copy(update={"tool": "knows", "words": ""})
    cast = tuple(one.model_copy(update={"voice": wordless}) if one.id == "mary" else one for one in told.cast)
    graph = compile_script(told.model_copy(update={"cast": cast}), Toolbox.of(*toolbox, knows, wants)).graph
    assert [(one.tool, "reference" in one.params) for one in graph["e2"].otherwise] == [
        ("voice", False), ("wants", False)
    ]  # fmt: skip
