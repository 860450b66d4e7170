from collections.abc import Callable
from typing import Any

import pytest

from wavagent.errors import ScriptError
from wavagent.passes import Draft
from wavagent.passes.casting import casting
from wavagent.script import Character, Scene, Script, Speech, Trait, Traits, Voice
from wavagent.tool import Licence, Tool, Toolbox

Like = Callable[..., Any]


def person(id: str, gender: str = "", age: str = "", **more: Any) -> Character:
    traits = Traits(gender=Trait(value=gender) if gender else None, age=Trait(value=age) if age else None)
    return Character(id=id, name=id.title(), traits=traits, **more)


def story(*cast: Character, lines: dict[str, int] | None = None, language: str = "en") -> Script:
    """A story in which everyone has one line, or as many as `lines` says."""
    counts = lines if lines is not None else {character.id: 1 for character in cast}
    said = [Speech(id=f"{who}-{n}", who=who, text="Hi.") for who, count in counts.items() for n in range(count)]
    return Script(cast=cast, language=language, scenes=(Scene(id="s", elements=tuple(said)),))


def cast_of(toolbox: Toolbox, script: Script, **how: Any) -> dict[str, str]:
    done = casting(Draft(script, toolbox, **how)).script
    return {character.id: character.voice.id for character in done.cast if character.voice}


@pytest.mark.parametrize(
    ("gender", "age", "chosen"),
    [
        ("", "", "adam"),
        ("female", "", "bea"),
        ("female", "old", "dora"),
        ("female", "young", "fay"),
        ("male", "old", "carl"),
        ("male", "child", "ed"),
        ("female", "child", "fay"),  # the nearest that is there
        ("neutral", "", "adam"),  # no card has it: every voice is as wrong as the next
        ("unheard of", "ancient", "adam"),
    ],
)
def test_a_voice_fits_what_the_text_says(toolbox: Toolbox, gender: str, age: str, chosen: str) -> None:
    assert cast_of(toolbox, story(person("a", gender, age))) == {"a": chosen}


def test_the_narrator_chooses_first_then_who_has_most_lines(toolbox: Toolbox) -> None:
    everyone = [person("a"), person("b"), person("narrator")]
    assert cast_of(toolbox, story(*everyone, lines={"a": 1, "b": 5, "narrator": 1})) == {
        "narrator": "adam",
        "b": "bea",
        "a": "carl",
    }


def test_no_two_share_a_voice_while_there_are_more(toolbox: Toolbox) -> None:
    voices = cast_of(toolbox, story(*(person(f"p{n}") for n in range(6))))
    assert len(set(voices.values())) == 6


def test_a_gender_is_kept_before_a_voice_of_ones_own_and_said_so(toolbox: Toolbox) -> None:
    women = [person(f"w{n}", "female") for n in range(4)]
    done = casting(Draft(story(*women), toolbox))
    assert {c.voice.id for c in done.script.cast if c.voice} == {"bea", "dora", "fay"}
    (finding,) = done.findings
    assert finding.element == "w3"
    assert "W3 shares the voice" in finding.message
    assert not finding.degraded


def test_who_says_nothing_shares_in_silence(toolbox: Toolbox) -> None:
    women = [person(f"w{n}", "female") for n in range(4)]
    assert casting(Draft(story(*women, lines={}), toolbox)).findings == ()


@pytest.mark.parametrize("locked", [True, False])
def test_a_voice_that_is_there_stays_and_is_not_given_away(toolbox: Toolbox, locked: bool) -> None:
    kept = person("a", "female", voice=Voice(tool="voice", id="adam"), locked=locked)
    assert cast_of(toolbox, story(person("narrator"), kept)) == {"narrator": "bea", "a": "adam"}


def test_a_voice_comes_with_its_cards_settings_and_a_reason(toolbox: Toolbox) -> None:
    (mary,) = casting(Draft(story(person("mary", "female")), toolbox)).script.cast
    assert mary.voice == Voice(
        tool="voice", id="bea", settings={"pitch": 5.0}, reason="Bea (female, adult) for gender female"
    )


def test_voices_are_of_the_scripts_language(toolbox: Toolbox) -> None:
    assert cast_of(toolbox, story(person("a", "female"), language="de-AT")) == {"a": "gert"}
    assert cast_of(toolbox, story(person("a"), language="EN")) == {"a": "adam"}


def test_a_language_that_nobody_speaks_is_refused_with_those_there_are(toolbox: Toolbox) -> None:
    with pytest.raises(ScriptError, match="no speech tool speaks 'xx'; there are voices for: de, en"):
        casting(Draft(story(person("a"), language="xx"), toolbox))
    with pytest.raises(ScriptError, match="there are voices for: no language"):
        casting(Draft(story(person("a")), Toolbox.of()))


def test_a_story_in_which_nobody_speaks_needs_no_voice(toolbox: Toolbox) -> None:
    assert cast_of(toolbox, story(person("a"), lines={}, language="xx")) == {}


def test_a_tool_without_its_library_is_not_cast_and_says_what_to_install(voice: Tool, like: Like) -> None:
    bare = like(voice, requires=("no_such_library_here",), install="pip install it")
    with pytest.raises(ScriptError, match="'voice' needs no_such_library_here: pip install it"):
        casting(Draft(story(person("a")), Toolbox.of(bare)))


def test_the_voice_of_a_tool_that_does_not_have_it_is_refused(toolbox: Toolbox) -> None:
    wrong = person("a", voice=Voice(tool="voice", id="zoe"))
    with pytest.raises(
        ScriptError, match="A has the voice 'zoe', which tool 'voice' does not have; it has adam, .* and 2"
    ):
        casting(Draft(story(wrong), toolbox))


def clone(tool: str = "parrot", id: str = "mine", words: str = "Hello.", **more: Any) -> Character:
    return person("a", voice=Voice(tool=tool, id=id, reference="me.wav", words=words, **more))


def test_a_voice_from_a_recording_need_not_be_on_the_card(toolbox: Toolbox, parrot: Tool) -> None:
    assert cast_of(Toolbox.of(*toolbox, parrot), story(clone())) == {"a": "mine"}


def test_a_tool_that_cannot_clone_is_refused_with_those_that_can(toolbox: Toolbox, parrot: Tool, like: Like) -> None:
    fenced = like(parrot, name="fenced", weights_licence=Licence(name="X", commercial=False))
    box = Toolbox.of(*toolbox, parrot, fenced)
    with pytest.raises(ScriptError, match="A has .*'me.wav', and tool 'voice' cannot clone one; parrot, fenced can$"):
        cast_of(box, story(clone("voice")))
    with pytest.raises(ScriptError, match="cannot clone one; parrot can$"):
        cast_of(box, story(clone("voice")), commercial=True)
    with pytest.raises(ScriptError, match="cannot clone one; no tool here can"):
        cast_of(toolbox, story(clone("voice")))


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"words": " "}, "'parrot' has to know what is said in it; write that as the voice's `words`"),
        ({"id": "polly"}, "under the name 'polly', which is a voice of tool 'parrot' itself"),
        ({"settings": {"colour": "red"}}, "cannot have the voice of the recording 'me.wav': .* colour"),
    ],
)
def test_what_a_tool_will_not_clone_is_said_before_anything_runs(
    toolbox: Toolbox, parrot: Tool, told: dict[str, Any], said: str
) -> None:
    with pytest.raises(ScriptError, match=said):
        cast_of(Toolbox.of(*toolbox, parrot), story(clone(**told)))


def test_a_language_that_a_tool_does_not_clone_in_is_refused(toolbox: Toolbox, parrot: Tool, like: Like) -> None:
    german, welsh = (like(parrot, name=name, languages=(tag,)) for name, tag in (("german", "de-AT"), ("welsh", "cy")))
    with pytest.raises(ScriptError, match="tool 'parrot' cannot speak 'de-DE' with it; german can$"):
        cast_of(Toolbox.of(*toolbox, parrot, german, welsh), story(clone(), language="de-DE"))
    with pytest.raises(ScriptError, match="tool 'parrot' cannot speak 'fr' with it; no tool here can"):
        cast_of(Toolbox.of(*toolbox, parrot, german, welsh), story(clone(), language="fr"))
    anyone = like(parrot, name="anyone", languages=())
    with pytest.raises(ScriptError, match="parrot speaks no 'fr'"):  # which its card left open
        cast_of(Toolbox.of(*toolbox, anyone), story(clone("anyone"), language="fr"))


def test_a_tool_that_does_not_speak_has_no_voice(toolbox: Toolbox) -> None:
    with pytest.raises(ScriptError, match="A has a voice of tool 'hum', which does not speak"):
        casting(Draft(story(person("a", voice=Voice(tool="hum", id="x"))), toolbox))


def test_commercial_work_uses_no_voice_that_may_not_be_sold(voice: Tool, like: Like) -> None:
    free = Licence(name="CC-BY-NC-4.0", commercial=False)
    fenced = like(voice, name="fenced", weights_licence=free)
    box = Toolbox.of(fenced, voice)
    assert casting(Draft(story(person("a")), box)).script.cast[0].voice == Voice(
        tool="fenced", id="adam", reason="Adam (male, adult) for nothing the text says"
    )
    cast = casting(Draft(story(person("a")), box, commercial=True)).script.cast
    assert cast[0].voice is not None and cast[0].voice.tool == "voice"
    with pytest.raises(ScriptError, match="no voice is left: tool 'fenced' may not .* CC-BY-NC-4.0, forbids it"):
        casting(Draft(story(person("a")), Toolbox.of(fenced), commercial=True))
    named = person("a", voice=Voice(tool="fenced", id="adam"))
    with pytest.raises(ScriptError, match="A has a voice of tool 'fenced', which may not be used commercially"):
        casting(Draft(story(named), box, commercial=True))


def test_a_tool_on_request_is_named_among_what_was_passed_over(toolbox: Toolbox, voice: Tool, like: Like) -> None:
    box = Toolbox.of(*toolbox, like(voice, name="paid", on_request=True))
    (choice,) = casting(Draft(story(person("a")), box)).choices
    assert choice.tool == "voice"
    assert dict(choice.passed_over)["paid"].endswith("--prefer paid")
    (choice,) = casting(Draft(story(person("a")), box.preferring("paid"))).choices
    assert choice.tool == "paid"


def test_a_tool_that_has_more_voices_than_its_card_takes_any_name(toolbox: Toolbox, voice: Tool, like: Like) -> None:
    box = Toolbox.of(*toolbox, like(voice, name="open", any_voice=True, on_request=True))
    named = person("a", voice=Voice(tool="open", id="unheard-of"))
    assert cast_of(box, story(named)) == {"a": "unheard-of"}
