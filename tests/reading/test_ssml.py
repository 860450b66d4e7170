import pytest

from wavagent.errors import InputError
from wavagent.reading import Document, read_text


def ssml(body: str) -> Document:
    return read_text(f'<speak xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">{body}</speak>', "x.ssml")


def test_voices_speak_and_the_rest_is_narrated() -> None:
    document = ssml(
        '<p>It was  dark.</p><voice name="Ann"><s>Who?</s><s>You?</s></voice><voice gender="male">Me.</voice>'
    )
    assert document.text == "It was dark.\n\nWho? You?\n\nMe."
    assert [(part.kind, part.who) for part in document.parts] == [
        ("narration", ""),
        ("speech", "Ann"),
        ("speech", "male"),
    ]
    assert document.language == "en"


@pytest.mark.parametrize(
    ("tag", "seconds"),
    [
        ('<break time="1.5s"/>', 1.5),
        ('<break time="250ms"/>', 0.25),
        ('<break strength="strong"/>', 1.0),
        ("<break/>", 0.5),
        ('<break time="soon"/>', 0.5),
        ('<break time="9999s"/>', 60.0),
    ],
)
def test_a_break_is_a_pause_where_it_stands(tag: str, seconds: float) -> None:
    document = ssml(f"<p>Wait.{tag}Now.</p>")
    assert document.text == "Wait.\n\nNow."
    assert [(part.kind, part.start, part.seconds) for part in document.parts][1] == ("pause", 5, seconds)


def test_what_has_no_effect_is_read_and_said() -> None:
    document = ssml('A <prosody rate="slow">slow</prosody> <emphasis>word</emphasis>.<metadata>no</metadata>')
    assert document.text == "A slow word."
    assert {"read without its effect: <prosody> (1)", "read without its effect: <emphasis> (1)"} <= set(document.notes)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<speak>a", "not well-formed SSML"),
        ("<p>a</p>", "its first tag is <p>, not <speak>"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><speak>&a;</speak>', "declares entities"),
        ("<speak><p/></speak>", "holds no words"),
    ],
)
def test_a_broken_or_hostile_document_is_a_clear_error(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read_text(text, "x.ssml")
