"""Crediting: nothing that is heard is owed to nobody."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wavagent.compiler import compile_script
from wavagent.crediting import credited
from wavagent.graph import Call, Graph, Ref
from wavagent.programme import DISCLOSURE
from wavagent.run.attempt import Substitute
from wavagent.run.executor import Executor, Made
from wavagent.script import Character, Operation, Recording, Scene, Script, Source, Speech, Voice
from wavagent.script.character import Consent
from wavagent.settings import Settings
from wavagent.store import Entry, Store
from wavagent.studio import Studio
from wavagent.tool import Licence, Tool, Toolbox, installed

Like = Callable[..., Any]
STORY = Path(__file__).resolve().parents[1] / "examples" / "the-gift-of-the-magi.txt"


def with_recording(script: Script) -> Script:
    door = Recording(
        id="r1",
        file="door.wav",
        sha256="a" * 64,
        licence="CC-BY-4.0",
        credit="Ann",
        chain=(Operation(tool="louder"), Operation(tool="louder", params={"db": 1})),
    )
    return script.model_copy(update={"scenes": (*script.scenes, Scene(id="s9", elements=(door,)))})


def test_every_call_and_every_clip_is_covered_once_and_by_whoever_made_it(script: Script, toolbox: Toolbox) -> None:
    compiled = compile_script(with_recording(script), toolbox)
    credits = credited(compiled, toolbox)
    assert sorted(credits.calls) == sorted(compiled.graph.calls)
    assert set(credits.clips) == {cue.id for cue in compiled.timeline if cue.clip is not None}
    for credit in credits.tools:
        assert all(compiled.graph[call].tool == credit.tool for call in credit.calls)
    clips = {credit.tool: credit.clips for credit in credits.tools}
    assert clips["recording"] == clips["louder"] == ("r1",)


def test_every_call_of_a_real_story_is_covered(tmp_path: Path) -> None:
    studio = Studio(Settings(str(tmp_path)))
    compiled = studio.compile(studio.plan(studio.read(STORY)))
    credits = credited(compiled, installed())
    assert sorted(credits.calls) == sorted(compiled.graph.calls)
    assert set(credits.clips) == {cue.id for cue in compiled.timeline if cue.clip is not None}
    by = " ".join(name for tool in credits.tools for name in tool.by)
    assert "Tim Brechbill" in by and "Duddington" in by
    assert all(tool.licence for tool in credits.tools)


def test_only_what_was_made_is_credited_and_to_the_substitute(script: Script, toolbox: Toolbox) -> None:
    compiled = compile_script(script, toolbox)
    entries = {call: Entry(call, 8000, 1, 1) for call in compiled.graph.calls if call != "n1"}
    made = Made(entries, substituted={"m1": Substitute(Call("m1", "drone", {}), "hum died")})
    credits = credited(compiled, toolbox, made)
    calls = {credit.tool: credit.calls for credit in credits.tools}
    assert (calls["drone"], calls["hum"]) == (("m1",), ("m2",))
    assert sorted(credits.calls) == sorted(entries)


def test_a_run_is_credited_as_a_whole(script: Script, toolbox: Toolbox, tmp_path: Path) -> None:
    compiled = compile_script(script, toolbox)
    with Executor(toolbox, Store(str(tmp_path))) as executor:
        made = executor.run(compiled.graph)
    assert set(credited(compiled, toolbox, made).calls) == set(made.entries)


def test_text_voices_and_recordings_are_named(script: Script, toolbox: Toolbox, parrot: Tool) -> None:
    consent = Consent(person="Bea B.", statement="Yes.", date="2026-01-02", sha256="0" * 64)
    mine = Voice(tool="parrot", id="mine", reference="bea.wav", words="Yes.", consent=consent)
    toolbox = Toolbox.of(*toolbox, parrot)
    silent = Character(id="ghost", name="Ghost")
    cast = (script.cast[0].model_copy(update={"voice": mine}), *script.cast[1:], silent)
    told = with_recording(script).model_copy(update={"cast": cast, "source": Source(name="a.txt", sha256="b" * 64)})
    credits = credited(compile_script(told, toolbox), toolbox)
    assert (credits.title, credits.author, credits.source, credits.sha256) == ("A Visit", "Nobody", "a.txt", "b" * 64)
    assert credits.disclosure == DISCLOSURE
    assert [voice.character for voice in credits.voices] == ["Narrator", "Mary"]
    assert (credits.voices[0].reference, credits.voices[0].consent) == ("bea.wav", "Bea B., 2026-01-02")
    (recording,) = credits.recordings
    assert (recording.file, recording.licence, recording.by) == ("door.wav", "CC-BY-4.0", "Ann")


def test_who_spoke_in_anothers_place_is_named_and_no_voice_that_nobody_heard(
    script: Script, toolbox: Toolbox, parrot: Tool, like: Like
) -> None:
    consent = Consent(person="Bea B.", statement="Yes.", date="2026-01-02", sha256="0" * 64)
    mine = Voice(tool="parrot", id="mine", reference="bea.wav", words="Yes.", consent=consent)
    cast = tuple(one.model_copy(update={"voice": mine}) if one.id == "mary" else one for one in script.cast)
    box = Toolbox.of(*toolbox, parrot, like(parrot, name="mimic"))
    compiled = compile_script(script.model_copy(update={"cast": cast}), box)
    entries = {call: Entry(call, 8000, 1, 1) for call in compiled.graph.calls}
    plain = Substitute(Call("e2", "voice", {"voice": "bea"}), "the parrot died")
    cloned = Substitute(Call("e5", "mimic", {"voice": "x", "reference": Ref("mary/voice")}), "the parrot died")

    def mary(*others: Substitute) -> list[tuple[str, str, str, str]]:
        made = Made(entries, substituted={one.call.id: one for one in others})
        voices = credited(compiled, box, made).voices
        return [(v.tool, v.voice, v.reference, v.consent) for v in voices if v.character == "Mary"]

    own = ("parrot", "mine", "bea.wav", "Bea B., 2026-01-02")
    assert mary() == [own]
    assert mary(plain) == [own, ("voice", "bea", "", "")]
    assert mary(plain, replace(plain, call=replace(plain.call, id="e5"))) == [("voice", "bea", "", "")]
    assert mary(plain, cloned) == [("voice", "bea", "", ""), ("mimic", *own[1:])]


def test_what_may_not_be_sold_says_so(script: Script, toolbox: Toolbox, like: Like) -> None:
    assert credited(compile_script(script, toolbox), toolbox).obstacles == ()
    fenced = like(toolbox["hum"], weights_licence=Licence(name="CC-BY-NC-4.0", commercial=False))
    box = Toolbox({**toolbox.tools, "hum": fenced})
    (obstacle,) = credited(compile_script(script, box), box).obstacles
    assert obstacle == "tool 'hum' may not be used commercially: the licence of its weights, CC-BY-NC-4.0, forbids it"


def test_the_packages_a_tool_uses_are_named_with_version_and_licence() -> None:
    compiled = compile_script(Script(scenes=(Scene(id="s", elements=(Speech(id="e", text="Hello."),)),)), installed())
    graph = Graph.of(Call("m", "score", {"what": "calm"}), *compiled.graph)
    credits = credited(replace(compiled, graph=graph), installed())
    libraries = {tool.tool: tool.libraries for tool in credits.tools}
    assert any(name.startswith("symusic ") and name.endswith("(MIT License)") for name in libraries["score"])
    assert any(name.startswith("espeakng-loader ") for name in libraries["espeak"])


def test_a_package_that_is_not_installed_is_not_named(script: Script, toolbox: Toolbox, like: Like) -> None:
    box = Toolbox({**toolbox.tools, "hum": like(toolbox["hum"])})
    compiled = compile_script(script, box)
    bare = Toolbox({**box.tools, "hum": like(box["hum"], requires=("no_such_library_here",))})
    assert next(tool for tool in credited(compiled, bare).tools if tool.tool == "hum").libraries == ()
    with pytest.raises(Exception, match="no tool is called 'hum'"):
        credited(compiled, Toolbox({name: tool for name, tool in box.tools.items() if name != "hum"}))
