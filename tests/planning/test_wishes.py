"""What people ask of a recording, read by rules; what no rule reads is named, never guessed."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.dsp.space import SPACES
from wavagent.planning.languages import LANGUAGES
from wavagent.planning.treatment import SAYS, Treatment
from wavagent.planning.wishes import PLACES, wished
from wavagent.script import Recording
from wavagent.script.file import dumps, loads


def steps(request: str, seconds: float | None = 20.0) -> list[dict[str, Any]]:
    found = wished(request, seconds)
    assert found.unknown == ()
    assert not found.behind
    return [json.loads(step.model_dump_json(exclude_defaults=True)) for step in found.steps]


@pytest.mark.parametrize(
    ("request_", "step"),
    [
        ("remove the noise", {"do": "enhance"}),
        ("Please take out the background hiss.", {"do": "enhance"}),
        ("clean it up", {"do": "enhance"}),
        ("dub into French", {"do": "dub", "language": "fr"}),
        ("translate it to brazilian", None),
        ("dub it into German keeping the background", {"do": "dub", "language": "de", "behind": True}),
        ("say it in Japanese", {"do": "dub", "language": "ja"}),
        ("trim to 0:05-0:10", {"do": "trim", "start": 5.0, "end": 10.0}),
        ("keep only 1.5 s to 2.5 s", {"do": "trim", "start": 1.5, "end": 2.5}),
        ("cut off the first 300 ms", {"do": "trim", "start": 0.3}),
        ("cut off the last 5 seconds", {"do": "trim", "end": 15.0}),
        ("keep the last 5 seconds", {"do": "trim", "start": 15.0}),
        ("keep only the first minute", None),
        ("cut from 3 to 5 s", None),  # out, or to? it is asked, not guessed
        ("trim to 5-3 s", None),
        ("remove the cough from 3.1 to 3.6 s", {"do": "mend", "start": 3.1, "end": 3.6}),
        (
            "replace the dog bark at 3 s to 4.5 s with a church bell",
            {"do": "replace", "start": 3.0, "end": 4.5, "what": "church bell"},
        ),
        ("remove the music", {"do": "separate", "keep": "speech"}),
        ("isolate the vocals", {"do": "separate", "keep": "speech"}),
        ("remove the vocals", {"do": "separate", "keep": "music"}),
        ("remove the voice", {"do": "separate", "keep": "music"}),
        ("Can you separate the voice from the music?", {"do": "separate", "keep": "speech"}),
        ("split the background music from the speech", None),
        ("separate the music from the voices", {"do": "separate", "keep": "music"}),
        ("extract the vocals from the song", {"do": "separate", "keep": "speech"}),
        ("separate the music from the music", None),
        ("separate the voice from the singing", None),
        ("keep the second speaker", {"do": "separate_speakers", "keep": 2}),
        ("isolate speaker 1", {"do": "separate_speakers", "keep": 1}),
        ("keep only the third voice", {"do": "separate_speakers", "keep": 3}),
        ("remove the other speaker", {"do": "separate_speakers", "keep": 1}),
        ("remove the first speaker", {"do": "separate_speakers", "keep": 2}),
        ("remove the third speaker", None),  # which of the other two is to stay?
        ("keep only the dog", {"do": "extract", "what": "dog"}),
        ("extract the dog from the recording", {"do": "extract", "what": "dog"}),
        ("remove the barking dog", {"do": "extract", "what": "barking dog", "keep": "rest"}),
        ("remove everything except for the birds", {"do": "extract", "what": "birds"}),
        ("delete all but the voice", {"do": "separate", "keep": "speech"}),
        *(
            (wish, None)
            for wish in (
                "delete it",
                "delete the whole",
                "drop the volume",
                "remove the second half",
                "isolate everything",
            )
        ),
        *((wish, None) for wish in ("keep only the fourth speaker", "remove the rest", "take out the pauses")),
        ("fade out", {"do": "fade", "fall": 2.0}),
        ("fade in over 5 seconds", {"do": "fade", "rise": 5.0}),
        ("speed it up by 20%", {"do": "speed", "times": 1.2}),
        ("make it slower", {"do": "speed", "times": 0.75}),
        ("make it twice as fast", {"do": "speed", "times": 2.0}),
        ("speed up by 900%", None),
        ("make it sound like a cathedral", {"do": "room", "space": "church"}),
        ("put it in a cave", {"do": "room", "space": "cave"}),
        ("make it sound like it is on the telephone", {"do": "room", "space": "phone"}),
        ("add hall reverb", {"do": "room", "space": "hall"}),
        ("pan it to the left", {"do": "binaural", "azimuth": -90.0}),
        ("make it binaural from the right", {"do": "binaural", "azimuth": 90.0}),
        ("low-pass at 3 kHz", {"do": "band", "high": 3000.0}),
        ("cut everything below 80 Hz", {"do": "band", "low": 80.0}),
        ("convert the voice to anna", {"do": "convert_voice", "voice": "anna"}),
        ("turn my voice into that of Anna", {"do": "convert_voice", "voice": "anna"}),
        ("make it sound like slt", {"do": "convert_voice", "voice": "slt"}),
        ("make the voice sound like bdl", {"do": "convert_voice", "voice": "bdl"}),
        ("make it sound like new", None),  # nobody's voice
        ("make it sound like the voice of anna", {"do": "convert_voice", "voice": "anna"}),
        ("make him speak like anna's voice", {"do": "convert_voice", "voice": "anna"}),
        ("let slt say it", {"do": "convert_voice", "voice": "slt"}),
        ("say it with the voice grandma", {"do": "convert_voice", "voice": "grandma"}),
        ("say it again in slt's voice", {"do": "convert_voice", "voice": "slt"}),
        ("give it slt's voice", {"do": "convert_voice", "voice": "slt"}),
        ("upsample", {"do": "upsample"}),
        ("make it rain", None),
        ("put it behind the rain", None),
    ],
)
def test_a_wish_is_a_step_or_is_named(request_: str, step: dict[str, Any] | None) -> None:
    if step is None:
        found = wished(request_, 20.0)
        assert found.empty
        assert len(found.unknown) == 1
    else:
        assert steps(request_) == [step]


def test_what_comes_behind_is_a_bed_and_the_order_of_the_steps_is_kept() -> None:
    found = wished("Remove the noise, put rain behind it, and dub it into French.")
    assert [step.do for step in found.steps] == ["enhance", "dub"]
    assert [(one.kind, one.what) for one in found.behind] == [("ambience", "rain")]


def test_music_is_music_and_weather_is_not() -> None:
    found = wished("put soft piano behind it, add gentle wind in the background, add some sad music")
    assert [one.kind for one in found.behind] == ["music", "ambience", "music"]


def test_and_joins_wishes_or_the_things_wished_for() -> None:
    joined = wished("remove the noise and put rain and wind behind it and then fade out")
    assert [step.do for step in joined.steps] == ["enhance", "fade"]
    assert [one.what for one in joined.behind] == ["rain and wind"]
    assert [step["do"] for step in steps("remove the noise and the music")] == ["enhance", "separate"]
    assert steps("fade in and out") == [{"do": "fade", "rise": 2.0}, {"do": "fade", "fall": 2.0}]


def test_what_is_not_understood_is_named_in_its_own_words() -> None:
    found = wished("remove the noise and make it sweeter, make it tasty")
    assert [step.do for step in found.steps] == ["enhance"]
    assert found.unknown == ("make it sweeter", "make it tasty")


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        ("sing it", "no tool sings notes.*ace_step sings words"),
        ("dub into Klingon", "a language that is known here: French, German, .* others"),
        ("translate it to old norse", "a language that is known here: French"),
        ("say it in Elvish", "a language that is known here: French"),
        ("replace the dog with a bell", "from when to when"),
        ("replace the dog from 5 to 3 s with a bell", "the earlier time first"),
        ("transcribe it", "wavagent transcribe FILE"),
        ("what is said?", "wavagent transcribe FILE"),
        ("What's being said here?", "wavagent transcribe FILE"),
        ("tell me what he says", "wavagent transcribe FILE"),
        ("write down what she says", "wavagent transcribe FILE"),
        ("say what you hear", "wavagent caption FILE"),
        ("separate the two speakers", "which part is to stay"),
        ("what do you hear", "wavagent caption FILE"),
        ("describe it", "wavagent caption FILE"),
        ("say it in the voice of anna.wav", "consent .*`reference` .*`convert_voice`"),
        ("convert the voice to that of voices/anna 2.mp3", "`reference` and the `consent`"),
        ("make her sound like anna.flac", "`reference` and the `consent`"),
        ("let anna.wav say it", "`reference` and the `consent`"),
        ("put rain.wav behind the voice", "a wish names no files"),
        ("save it as talk.mp3", "--output says where"),
    ],
)
def test_what_cannot_be_had_is_named_with_why(request_: str, why: str) -> None:
    found = wished(request_, 20.0)
    assert found.empty
    (named,) = found.unknown
    assert re.fullmatch(rf"(?i){re.escape(request_.rstrip('?'))} \(.*{why}.*\)", named)


def test_what_is_known_is_not_given_as_the_reason() -> None:
    assert wished("dub it into French from 3 to 5 s").unknown == ("dub it into french from 3 to 5 s",)
    assert wished("remove what he says").unknown == ("remove what he says",)


def test_a_question_beside_a_wish_is_named_and_the_wish_is_done() -> None:
    found = wished("remove the noise and transcribe it. Keep the first minute.wav? fade out.Dub into French")
    assert [step.do for step in found.steps] == ["enhance", "fade", "dub"]
    assert [one.partition(" (")[0] for one in found.unknown] == ["transcribe it", "keep the first minute.wav"]


def test_without_the_length_of_the_file_its_end_is_not_guessed() -> None:
    assert wished("cut off the last 5 seconds").unknown == ("cut off the last 5 seconds",)
    assert wished("cut off the last 25 seconds", 20.0).unknown == ("cut off the last 25 seconds",)


def test_louder_is_against_what_is_behind() -> None:
    found = wished("make it louder by 3 dB, make it louder by 30 dB")
    assert (found.steps, found.gain) == ((), 12.0)
    assert not found.empty


def test_every_language_and_every_place_is_taken() -> None:
    for name in LANGUAGES:
        assert steps(f"dub into {name.title()}")[0]["language"] == LANGUAGES[name]
    for name, space in PLACES.items():
        assert space in SPACES
        assert [step["do"] for step in steps(f"make it sound like it is in a {name}")] == ["room"]


WORDS = st.sampled_from("remove the noise and put 5 s to rain behind it , dub cut fade 1:00".split())


@given(st.text(max_size=80) | st.lists(WORDS, max_size=12).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_words_at_all_are_read_or_named(words: str) -> None:
    found = wished(words, 20.0)
    assert isinstance(found, Treatment)
    list(found.sentences())


def test_the_script_of_a_treatment_is_one_that_can_be_read_again() -> None:
    made = wished("remove the noise, put rain behind it, add soft music, make it quieter by 2 dB").script("a.wav", "A")
    assert loads(dumps(made)) == made
    rain, music, recording = made.elements
    assert (rain.kind, music.kind) == ("ambience", "music")
    assert isinstance(recording, Recording)
    assert recording.gain == -2.0


def test_every_step_can_be_said() -> None:
    for do, sentence in SAYS.items():
        assert sentence, do
    said = wished("trim to 1-5 s, dub into French, replace the dog at 1 to 2 s with a bell, put it in a cave", 9.0)
    assert list(said.sentences()) == [
        "keep only what is from 1 s to 5 s",
        "say it in French, in the same time",
        "put 'bell' in place of 1 s to 2 s",
        "put it into a space: cave, normal",
    ]


def test_a_wish_of_a_thousand_parts_is_read_in_no_time() -> None:
    assert len(wished(" and ".join(["x"] * 400)).unknown) == 400
