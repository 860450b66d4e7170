import json
from typing import Any

import pytest

from wavagent.llm import Answer, Replay
from wavagent.planning.llm import cast
from wavagent.script import Character, Script, Trait, Traits, Voice
from wavagent.tool import Toolbox


def roles(**voices: Any) -> str:
    return json.dumps(
        {"roles": [{"character": who, "voice": voice, "reason": "it fits"} for who, voice in voices.items()]}
    )


def test_the_model_chooses_from_the_cards_and_says_why(script: Script, toolbox: Toolbox) -> None:
    model = Replay(roles(narrator="voice/carl", mary="voice/fay"))
    made = cast(script, toolbox, model).script
    voices = {character.id: character.voice for character in made.cast}
    assert voices["mary"] == Voice(tool="voice", id="fay", reason="the model: it fits")
    assert len(model.asked) == 1


def test_a_voice_brings_its_settings(script: Script, toolbox: Toolbox) -> None:
    made = cast(script, toolbox, Replay(roles(narrator="voice/carl", mary="voice/bea"))).script
    voice = made.character("mary").voice
    assert voice is not None and voice.settings == {"pitch": 5.0}


def test_only_voices_of_the_language_are_offered(script: Script, toolbox: Toolbox, about: Any) -> None:
    model = Replay(roles(narrator="voice/carl", mary="voice/fay"))
    cast(script, toolbox, model)
    assert "voice/gert" not in {voice["id"] for voice in about(model.asked[0])["voices"]}


WRONG = {
    "a voice that is not there": ("voice/caruso", "none of the voices"),
    "a voice of another language": ("voice/gert", "none of the voices"),
    "a voice of the wrong gender": ("voice/adam", "the text says that 'mary' is female"),
    "the narrator's voice": ("voice/dora", "somebody else's voice"),
    "no voice": ("", "none of the voices"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_is_sent_back(what: str, script: Script, toolbox: Toolbox) -> None:
    voice, reason = WRONG[what]
    model = Replay(roles(narrator="voice/dora", mary=voice), roles(narrator="voice/dora", mary="voice/fay"))
    made = cast(script, toolbox, model).script
    assert reason in model.asked[1].messages[-1].text
    chosen = made.character("mary").voice
    assert chosen is not None and chosen.id == "fay"


@pytest.mark.parametrize(
    "answer", ["", "Adam for everyone!", "{}", '{"roles": 3}', Answer("no", "refusal"), Answer("{", "length")]
)
def test_who_gets_no_voice_from_the_model_is_left_to_the_rules(answer: Any, script: Script, toolbox: Toolbox) -> None:
    plan = cast(script, toolbox, Replay(answer, forever=True))
    assert plan.script == script
    assert plan.notes


def test_a_lock_holds(script: Script, toolbox: Toolbox, about: Any) -> None:
    mine = Voice(tool="voice", id="fay", reason="I like her")
    locked = Character(id="mary", name="Mary", voice=mine, locked=True)
    script = script.model_copy(update={"cast": (script.cast[0], locked)})
    model = Replay(roles(mary="voice/bea", narrator="voice/fay"), roles(mary="voice/bea", narrator="voice/carl"))
    made = cast(script, toolbox, model).script
    assert made.character("mary") == locked
    assert [character["id"] for character in about(model.asked[0])["characters"]] == ["narrator"]
    narrator = made.character("narrator").voice
    assert narrator is not None and narrator.id == "carl", "a locked voice is nobody else's"


def test_a_cast_that_is_locked_asks_nothing(script: Script, toolbox: Toolbox) -> None:
    locked = tuple(character.model_copy(update={"locked": True}) for character in script.cast)
    model = Replay()
    cast(script.model_copy(update={"cast": locked}), toolbox, model)
    assert model.asked == []


def test_the_voice_of_a_recording_stays_whatever_a_model_says(script: Script, toolbox: Toolbox) -> None:
    cloned = Voice(tool="voice", id="anna", reference="anna.wav")
    people = tuple(one.model_copy(update={"voice": cloned}) if one.id == "mary" else one for one in script.cast)
    model = Replay(roles(narrator="voice/carl", mary="voice/bea"))
    made = cast(script.model_copy(update={"cast": people}), toolbox, model).script
    assert made.character("mary").voice == cloned
    narrator = made.character("narrator").voice
    assert narrator is not None and narrator.id == "carl"


def test_voices_are_shared_only_where_there_are_too_few(script: Script, toolbox: Toolbox) -> None:
    many = tuple(Character(id=f"c{n}", name=f"C{n}", traits=Traits(age=Trait(value="old"))) for n in range(9))
    script = script.model_copy(update={"cast": (*script.cast, *many)})
    model = Replay(roles(narrator="voice/adam", **{c.id: "voice/carl" for c in script.cast[1:]}), forever=True)
    made = cast(script, toolbox, model).script
    assert all(made.character(c.id).voice for c in many)
    narrator = made.character("narrator").voice
    assert narrator is not None and narrator.id == "adam"


def test_the_model_hears_a_line_of_everybody(script: Script, toolbox: Toolbox, about: Any) -> None:
    model = Replay(roles(narrator="voice/carl", mary="voice/fay"))
    cast(script, toolbox, model)
    told: dict[str, Any] = {character["id"]: character for character in about(model.asked[0])["characters"]}
    assert told["mary"]["line"] == "“Who is there?”"
    assert told["mary"]["gender"] == "female"


def test_commercial_offers_only_what_may_be_used_so(script: Script, toolbox: Toolbox, voice: Any, like: Any) -> None:
    licence = voice.card.code_licence.model_copy(update={"commercial": False})
    model = Replay()
    cast(script, Toolbox.of(like(voice, code_licence=licence)), model, commercial=True)
    assert model.asked == []
