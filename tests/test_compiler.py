"""The compiler: what a script becomes. Nothing is made here, and the fakes prove it."""

from collections.abc import Callable
from typing import Any

import pytest

from wavagent.compiler import HEAD, LINGER, TAIL, Compiled, compile_script
from wavagent.errors import ScriptError, UnknownTool
from wavagent.graph import Call, Length, Ref, seed_for
from wavagent.script import (
    Ambience,
    Anchor,
    Character,
    Delivery,
    Element,
    Music,
    Operation,
    Pause,
    Recording,
    Scene,
    Script,
    Sound,
    Speech,
    Voice,
)
from wavagent.timeline import Chapter, Cue, Moment
from wavagent.tool import Licence, Tool, Toolbox

Like = Callable[..., Any]


def line(id: str, text: str = "It was late.", **more: Any) -> Speech:
    return Speech.model_validate({"id": id, "text": text, **more})


def made(toolbox: Toolbox, *elements: Element, **more: Any) -> Compiled:
    script = Script.model_validate({"scenes": (Scene(id="s", elements=elements),), **more})
    return compile_script(script, toolbox)


def cue(compiled: Compiled, id: str) -> Cue:
    return compiled.timeline.by_id[id]


# --- the whole


def test_every_sounding_element_has_its_calls_and_its_cue(script: Script, toolbox: Toolbox) -> None:
    compiled = compile_script(script, toolbox)
    assert [call.id for call in compiled.graph] == "m1 a1 e1 e2 e3 n1 n2 m2 e4 e5 e7".split()
    assert [one.id for one in compiled.timeline] == [element.id for element in script.elements]
    assert all(call.element == call.id for call in compiled.graph)
    assert compiled.findings == ()


def test_compiling_makes_nothing(script: Script, toolbox: Toolbox) -> None:
    compile_script(script, toolbox)
    assert [tool.asked for tool in toolbox if hasattr(tool, "asked")] == [[]] * 6


def test_the_same_script_compiles_to_the_same(script: Script, toolbox: Toolbox) -> None:
    assert compile_script(script, toolbox) == compile_script(script, toolbox)


def test_the_timeline_knows_the_story(script: Script, toolbox: Toolbox) -> None:
    timeline = compile_script(script, toolbox).timeline
    assert (timeline.title, timeline.head, timeline.tail) == ("A Visit", HEAD, TAIL)
    assert timeline.names == {"narrator": "Narrator", "mary": "Mary"}
    assert timeline.chapters == (Chapter("Evening", "e1"), Chapter("Night", "e4"))


@pytest.mark.parametrize(
    "script", [Script(), Script(cast=()), Script(scenes=(Scene(id="s"),)), Script(language="xx")], ids=range(4)
)
def test_a_story_without_anything_in_it_is_silence(script: Script, toolbox: Toolbox) -> None:
    compiled = compile_script(script, toolbox)
    assert (len(compiled.graph), len(compiled.timeline.cues), compiled.timeline.chapters) == (0, 0, ())


def test_an_unknown_tool_is_refused(toolbox: Toolbox) -> None:
    with pytest.raises(UnknownTool, match="'n': no tool is called 'nobody'"):
        made(toolbox, Sound(id="n", what="bell", tool="nobody"))


# --- lines


def test_a_line_is_asked_for_in_its_speakers_voice(toolbox: Toolbox) -> None:
    voice = Voice(tool="voice", id="carl", settings={"pitch": 7.0}, reason="because")
    bob = Character(id="bob", name="Bob", voice=voice)
    said = line("e", "“Mr.  X!”\n", who="bob", delivery=Delivery(emotion="sad", intensity=0.75, pace=1.5))
    assert made(toolbox, said, cast=(bob,), language="en-GB").graph["e"] == Call(
        "e",
        "voice",
        {
            "text": "Mister X!",
            "voice": "carl",
            "language": "en-GB",
            "pace": 1.5,
            "emotion": "sad",
            "intensity": 0.75,
            "pitch": 7.0,
        },
        element="e",
        reason="because",
    )


def test_the_settings_of_a_voice_cannot_put_words_into_its_mouth(toolbox: Toolbox) -> None:
    voice = Voice(tool="voice", id="carl", settings={"text": "Hail!", "voice": "bea", "language": "de"})
    params = made(toolbox, line("e"), cast=(Character(id="narrator", name="N", voice=voice),)).graph["e"].params
    assert (params["text"], params["voice"], params["language"]) == ("It was late.", "carl", "en")


def test_a_cue_shows_the_text_and_carries_the_mix(toolbox: Toolbox) -> None:
    said = line("e", "“Mr.\n X!”\n", level="quiet", gain=1.0, pan=-0.5)
    script = Script(scenes=(Scene(id="s", space="cave", elements=(said,)),))
    assert cue(compile_script(script, toolbox), "e") == Cue(
        "e",
        "speech",
        Moment(offset=HEAD),
        clip="e",
        gain=-5.0,
        pan=-0.5,
        space="cave",
        scene="s",
        speaker="narrator",
        text="“Mr. X!”",
        said="Mister X!",
    )


def test_lines_take_turns_with_their_pauses_between(toolbox: Toolbox) -> None:
    compiled = made(
        toolbox, line("a", pause_after=0.5), Pause(id="p", seconds=2.0), line("b"), line("c", pause_before=0.75)
    )
    assert [one.start for one in compiled.timeline] == [
        Moment(offset=HEAD),
        Moment("a", "end", 0.5),
        Moment("p", "end"),
        Moment("b", "end", 0.75),
    ]


@pytest.mark.parametrize("text", ["…", "—", "“!”", "\0", "\N{GRINNING FACE}"])
def test_a_line_without_a_word_is_a_pause(toolbox: Toolbox, text: str) -> None:
    compiled = made(toolbox, line("a", text), line("b"))
    assert [call.id for call in compiled.graph] == ["b"]
    assert (cue(compiled, "a").role, cue(compiled, "a").clip) == ("pause", None)
    assert 0.0 < (cue(compiled, "a").seconds or 0.0) < 1.0


def test_one_speaker_may_cut_into_another(toolbox: Toolbox) -> None:
    into = Anchor(element="a", edge="end", offset=-0.5)
    compiled = made(toolbox, line("a"), line("b", start=into, pause_before=9.0), line("c", pause_before=0.25))
    assert cue(compiled, "b").start == Moment("a", "end", -0.5)
    assert cue(compiled, "c").start == Moment("b", "end", 0.25)


def test_a_long_line_is_several_calls_one_after_the_other(toolbox: Toolbox) -> None:
    compiled = made(toolbox, line("a", "The wind had risen. " * 15), line("b"))
    assert [call.id for call in compiled.graph] == ["a.1", "a.2", "b"]
    assert cue(compiled, "a.2").start.of == "a.1"
    assert cue(compiled, "b").start.of == "a.2"


# --- sounds


def test_a_sound_takes_its_turn_unless_it_has_an_anchor(toolbox: Toolbox) -> None:
    compiled = made(
        toolbox,
        line("a"),
        Sound(id="n", what="a knock"),
        Sound(
            id="o", what="rain", seconds=3.0, anchor=Anchor(element="a", edge="end", offset=-0.2), pan=1.0, level="loud"
        ),
        line("b"),
    )
    assert cue(compiled, "n").start == Moment("a", "end")
    assert cue(compiled, "o").start == Moment("a", "end", -0.2)
    assert (cue(compiled, "o").pan, cue(compiled, "o").gain) == (1.0, 4.0)
    assert cue(compiled, "b").start.of == "n"
    assert compiled.graph["n"].params == {"what": "a knock", "seconds": None}
    assert compiled.graph["o"].params == {"what": "rain", "seconds": 3.0}


def test_a_word_is_where_it_is_spoken_not_where_it_is_written(toolbox: Toolbox) -> None:
    said = line("a", "“No,” said Mr. Smith of Chapter IV, “bang!”")
    compiled = made(
        toolbox, said, Sound(id="n", what="bell", anchor=Anchor(element="a", edge="word", word=7, offset=-0.1))
    )
    spoken = "No, said Mister Smith of Chapter 4, bang!"
    assert compiled.graph["a"].params["text"] == spoken
    assert cue(compiled, "n").start == Moment("a", "word", -0.1, spoken.index("bang"))


def test_what_is_left_out_keeps_its_place(toolbox: Toolbox) -> None:
    """Other elements may be placed by a sound or a bed that no tool makes."""
    compiled = made(
        toolbox,
        line("a"),
        Sound(id="n", what="a unicorn"),
        Ambience(id="m", what="unicorns"),
        Sound(id="o", what="another unicorn", anchor=Anchor(element="a", edge="end", offset=2.0)),
        line("b", pause_before=0.25),
        Sound(id="after", what="bell", anchor=Anchor(element="n", edge="end")),
        Sound(id="under", what="bell", anchor=Anchor(element="m", edge="end")),
    )
    assert [finding.element for finding in compiled.findings] == ["n", "m", "o"]
    assert [call.id for call in compiled.graph] == ["a", "b", "after", "under"]
    silent = [cue(compiled, id) for id in ("n", "m", "o")]
    assert all(one.role == "pause" and one.clip is None for one in silent)
    assert [one.seconds for one in silent] == [0.0, None, 0.0]
    assert cue(compiled, "b").start == Moment("n", "end", 0.25)
    assert cue(compiled, "m").end == Moment("b", "end", LINGER)


# --- seeds


def test_only_tools_that_listen_get_a_seed_and_it_follows_from_the_element_alone(toolbox: Toolbox) -> None:
    music, knock = Music(id="m", what="calm", take=2), Sound(id="n", what="knock")
    alone = made(toolbox, line("a"), music, knock, seed=3).graph
    other = made(toolbox, Sound(id="x", what="rain"), knock, line("a", "Else."), line("b"), music, seed=3).graph
    assert alone["m"].seed == other["m"].seed == seed_for(3, "m", 2)
    assert (alone["a"].seed, alone["n"].seed) == (None, None)
    assert made(toolbox, line("a"), music, seed=4).graph["m"].seed != alone["m"].seed


def test_a_seed_of_ones_own_counts(toolbox: Toolbox) -> None:
    assert made(toolbox, Music(id="m", what="calm", seed=5, take=9)).graph["m"].seed == 5


# --- beds


def test_a_bed_lies_under_its_scene(toolbox: Toolbox) -> None:
    compiled = made(toolbox, Music(id="m", what="calm"), line("a"), line("b"))
    assert (cue(compiled, "m").start, cue(compiled, "m").end) == (Moment("a"), Moment("b", "end", LINGER))


def test_a_bed_lies_from_anchor_to_anchor(toolbox: Toolbox) -> None:
    start, end = Anchor(element="a", edge="word", word=1), Anchor(element="b", edge="end", offset=-1.0)
    bed = Music(id="m", what="calm", start=start, end=end, level="quiet", gain=-1.0, fade_in=0.1, fade_out=0.2)
    placed = cue(made(toolbox, line("a"), line("b"), bed), "m")
    assert (placed.start, placed.end) == (Moment("a", "word", 0.0, 3), Moment("b", "end", -1.0))
    assert (placed.gain, placed.fade_in, placed.fade_out) == (-7.0, 0.1, 0.2)


def test_a_bed_of_a_tool_that_loops_waits_for_no_speech(toolbox: Toolbox) -> None:
    compiled = made(toolbox, Music(id="m", what="calm"), line("a"))
    assert compiled.graph["m"].params == {"what": "calm", "seconds": 24.0, "loop": True}
    assert compiled.graph["m"].needs == frozenset()
    assert cue(compiled, "m").loop


def test_a_bed_of_known_length_is_made_to_measure(toolbox: Toolbox) -> None:
    compiled = made(toolbox, Music(id="m", what="calm", seconds=40.0), line("a"))
    assert compiled.graph["m"].params == {"what": "calm", "seconds": 40.0, "loop": False}
    assert (cue(compiled, "m").seconds, cue(compiled, "m").end, cue(compiled, "m").loop) == (40.0, None, False)


def test_a_bed_that_cannot_loop_waits_for_all_that_it_lies_under(voice: Tool, drone: Tool, click: Tool) -> None:
    compiled = made(
        Toolbox.of(voice, drone, click),
        Music(id="m", what="calm"),
        line("a", pause_after=0.5),
        line("b", "…", pause_before=0.25),
        Sound(id="n", what="knock"),
        Sound(id="o", what="knock", anchor=Anchor(element="a")),
        Pause(id="p", seconds=2.0),
        line("c"),
        line("d"),
    )
    length = compiled.graph["m"].params["seconds"]
    assert isinstance(length, Length)
    assert length.of == ("a", "n", "c", "d")
    assert length.plus == pytest.approx(0.5 + 0.25 + 0.3 + 2.0 + 0.25)
    assert compiled.graph["m"].params["loop"] is False
    assert not cue(compiled, "m").loop


def test_a_bed_longer_than_its_tools_longest_clip_is_repeated(voice: Tool, drone: Tool) -> None:
    """`drone` makes 10 s at most: what is known to be longer, or guessed, does not wait for speech either."""
    box = Toolbox.of(voice, drone)
    repeated = {"what": "calm", "seconds": 10.0, "loop": False}
    asked = made(box, Music(id="m", what="calm", seconds=11.0), line("a"))
    assert asked.graph["m"].params == repeated
    assert (cue(asked, "m").loop, cue(asked, "m").seconds) == (True, 11.0)
    guessed = made(box, Music(id="m", what="calm"), line("a", "The wind had risen. " * 10), Pause(id="p", seconds=1.0))
    assert guessed.graph["m"].params == repeated
    assert cue(guessed, "m").loop and cue(guessed, "m").seam > 0.0
    near = made(box, Music(id="m", what="calm"), line("a", "The wind had risen. " * 8))
    assert near.graph["m"].params == repeated, "it may turn out longer than it is guessed"
    fits = made(box, Music(id="m", what="calm"), line("a", "The wind had risen. " * 5))
    assert isinstance(fits.graph["m"].params["seconds"], Length)


def test_a_bed_under_a_recording_that_is_worked_on_is_repeated_where_its_tool_has_a_longest_clip(
    toolbox: Toolbox, voice: Tool, drone: Tool, like: Like
) -> None:
    """Nobody knows how long what comes out of a chain will be."""
    recording = Recording(id="r", file="a.wav", sha256="0" * 64, chain=(Operation(tool="louder"),))
    elements = (Music(id="m", what="calm", tool="drone"), recording)
    short = made(Toolbox.of(*(tool for tool in toolbox if tool.card.task != "music"), drone), *elements)
    assert short.graph["m"].params == {"what": "calm", "seconds": 10.0, "loop": False} and cue(short, "m").loop
    endless = like(drone, longest=None)
    long = made(Toolbox.of(*(tool for tool in toolbox if tool.card.task != "music"), endless), *elements)
    assert long.graph["m"].params["seconds"] == Length(("r.1",), 0.0)


def test_a_bed_over_nothing_is_still_a_bed(voice: Tool, drone: Tool) -> None:
    compiled = made(Toolbox.of(voice, drone), Music(id="m", what="calm"))
    assert compiled.graph["m"].needs == frozenset()
    assert (cue(compiled, "m").start, cue(compiled, "m").end) == (Moment(offset=HEAD), Moment(offset=HEAD + LINGER))


def test_a_voice_that_its_tool_refuses_does_not_stop_the_guess(voice: Tool, drone: Tool) -> None:
    wrong = Character(id="narrator", name="N", voice=Voice(tool="voice", id="adam", settings={"nonsense": 1}))
    compiled = made(Toolbox.of(voice, drone), Music(id="m", what="calm"), line("a"), cast=(wrong,))
    assert isinstance(compiled.graph["m"].params["seconds"], Length)


# --- recordings


def test_a_recording_goes_through_its_chain(toolbox: Toolbox) -> None:
    chain = (Operation(tool="louder", params={"db": 3.0, "audio": "not this"}), Operation(tool="louder"))
    recording = Recording(id="r", file="in/a.wav", sha256="0" * 64, start=1.0, end=2.0, chain=chain, pan=0.5, gain=-2.0)
    compiled = made(toolbox, line("a"), recording, line("b"))
    first, second, third = (call for call in compiled.graph if call.element == "r")
    assert first.params == {"file": "in/a.wav", "sha256": "0" * 64, "start": 1.0, "end": 2.0}
    assert (second.tool, second.params) == ("louder", {"db": 3.0, "audio": Ref("r.0")})
    assert (third.id, third.params, third.seed) == ("r.2", {"audio": Ref("r.1")}, None)
    placed = cue(compiled, "r")
    assert (placed.clip, placed.start, placed.pan, placed.gain) == ("r.2", Moment("a", "end"), 0.5, -2.0)
    assert cue(compiled, "b").start.of == "r"


def test_a_step_that_listens_to_a_seed_gets_one(toolbox: Toolbox, louder: Tool, like: Like) -> None:
    box = Toolbox({**toolbox.tools, "louder": like(louder, seeded=True)})
    recording = Recording(id="r", file="a.wav", sha256="0" * 64, chain=(Operation(tool="louder"),))
    assert made(box, recording, seed=2).graph["r.1"].seed == seed_for(2, "r.1", 0)


def test_a_recording_may_have_an_anchor(toolbox: Toolbox) -> None:
    recording = Recording(id="r", file="a.wav", sha256="0" * 64, anchor=Anchor(element="a", offset=0.5))
    assert cue(made(toolbox, line("a"), recording), "r").start == Moment("a", "start", 0.5)


def test_a_recording_whose_file_was_not_found_is_named(toolbox: Toolbox) -> None:
    with pytest.raises(ScriptError, match=r"recording 'r': 'a\.wav' was not found in the project"):
        made(toolbox, Recording(id="r", file="a.wav"))


def test_two_calls_of_one_name_are_refused(toolbox: Toolbox) -> None:
    with pytest.raises(ScriptError, match=r"two calls are called 'r\.0'"):
        made(toolbox, Recording(id="r", file="a.wav", sha256="0" * 64), line("r.0"))


# --- anchors that cannot be


@pytest.mark.parametrize(
    "elements",
    [
        (line("a", start=Anchor(element="b")), line("b")),
        (line("a"), line("b", start=Anchor(element="b", edge="end"))),
        (line("a"), Sound(id="n", what="bell", anchor=Anchor(element="n"))),
        (
            line("a"),
            Sound(id="n", what="bell", anchor=Anchor(element="o")),
            Sound(id="o", what="bell", anchor=Anchor(element="n")),
        ),
        (line("a"), Music(id="m", what="calm"), line("b", start=Anchor(element="m", edge="end"))),
        (line("a", start=Anchor(element="m")), Music(id="m", what="calm")),
        (line("a"), Music(id="m", what="calm", start=Anchor(element="m", edge="end"))),
    ],
)
def test_anchors_in_a_circle_are_refused_with_the_circle(toolbox: Toolbox, elements: tuple[Element, ...]) -> None:
    with pytest.raises(ScriptError, match="elements wait for each other in a circle: .* -> .*; give one of them"):
        made(toolbox, *elements)


def test_a_line_may_enter_at_the_beginning_of_a_bed_that_ends_with_it(toolbox: Toolbox) -> None:
    entering = line("b", start=Anchor(element="m", offset=3.0))
    music = Music(id="m", what="calm", end=Anchor(element="b", edge="end"))
    compiled = made(toolbox, line("a"), music, entering)
    assert cue(compiled, "b").start == Moment("m", "start", 3.0) and cue(compiled, "m").end == Moment("b", "end")


# --- chapters


def test_a_scene_with_a_heading_starts_a_chapter_with_its_first_turn(toolbox: Toolbox) -> None:
    script = Script(
        scenes=(
            Scene(id="s1", heading="One\n ", elements=(Music(id="m", what="calm"), Sound(id="n", what="a unicorn"))),
            Scene(id="s2", elements=(line("a"),)),
            Scene(id="s3", heading="Not this", chapter=False, elements=(line("b"),)),
            Scene(id="s4", heading="Nor this"),
            Scene(id="s5", heading="Two", elements=(line("c"),)),
        )
    )
    assert compile_script(script, toolbox).timeline.chapters == (Chapter("One", "n"), Chapter("Two", "c"))


def test_a_scene_follows_the_one_before_even_over_an_empty_one(toolbox: Toolbox) -> None:
    script = Script(
        scenes=(
            Scene(id="s1", elements=(line("a", pause_after=0.5),)),
            Scene(id="s2", elements=(Music(id="m", what="calm"),)),
            Scene(id="s3", elements=(line("b"),)),
        )
    )
    compiled = compile_script(script, toolbox)
    assert cue(compiled, "b").start == Moment("a", "end", 0.5)
    assert cue(compiled, "m").start == Moment("a", "end", 0.5)


# --- edits


def _edited(script: Script, id: str, text: str) -> Script:
    scenes = tuple(
        scene.model_copy(
            update={"elements": tuple(e.model_copy(update={"text": text}) if e.id == id else e for e in scene.elements)}
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})


@pytest.mark.parametrize("id", ["e1", "e2", "e4", "e7"])
def test_editing_a_line_changes_one_call(script: Script, toolbox: Toolbox, id: str) -> None:
    before = compile_script(script, toolbox).graph
    after = compile_script(_edited(script, id, "Something else. "), toolbox).graph
    assert [call.id for call in after if before[call.id] != call] == [id]


def test_leaving_a_line_out_changes_no_other_call(script: Script, toolbox: Toolbox) -> None:
    first, second = script.scenes
    shorter = second.model_copy(update={"elements": tuple(e for e in second.elements if e.id != "e7")})
    before = compile_script(script, toolbox).graph
    after = compile_script(script.model_copy(update={"scenes": (first, shorter)}), toolbox).graph
    assert dict(after.calls) == {id: call for id, call in before.calls.items() if id != "e7"}


def test_commercial_work_is_told_to_the_passes(voice: Tool, hum: Tool, like: Like) -> None:
    fenced = like(hum, code_licence=Licence(name="CC-BY-NC-4.0", commercial=False))
    script = Script(scenes=(Scene(id="s", elements=(Music(id="m", what="calm"), line("a"))),))
    box = Toolbox.of(voice, fenced)
    assert compile_script(script, box).findings == ()
    (finding,) = compile_script(script, box, commercial=True).findings
    assert "may not be used commercially" in finding.message


HOSTILE = '“It\'s” "so"\n\\ $(rm -rf /) `x` \0 \N{GRINNING FACE} \u202eאב\u202c <b> {x} %s'


def test_hostile_text_is_only_text(toolbox: Toolbox) -> None:
    compiled = made(
        toolbox,
        line("a", HOSTILE),
        Sound(id="n", what="bell " + HOSTILE),
        Music(id="m", what=HOSTILE),
        title=HOSTILE,
        cast=(Character(id="narrator", name=HOSTILE),),
    )
    assert [call.id for call in compiled.graph] == ["a", "n", "m"]
    for call, key in (("a", "text"), ("n", "what"), ("m", "what")):
        value = compiled.graph[call].params[key]
        assert isinstance(value, str)
        assert "$(rm -rf /)" in value and "\0" not in value and "\n" not in value
