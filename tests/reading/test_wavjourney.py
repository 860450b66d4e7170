import json
from typing import Any

import pytest

from wavagent.errors import InputError
from wavagent.reading import Document, read_text

SCRIPT: list[dict[str, Any]] = [
    {"audio_type": "music", "layout": "background", "id": 1, "action": "begin", "vol": -37, "desc": "Tense strings"},
    {"audio_type": "sound_effect", "layout": "foreground", "vol": -35, "len": 2, "desc": "Door creaks"},
    {"audio_type": "speech", "layout": "foreground", "character": "Ann", "vol": -15, "text": "Who is there?"},
    {"audio_type": "sound_effect", "layout": "background", "id": 2, "action": "begin", "vol": -30, "desc": "Rain"},
    {"audio_type": "music", "layout": "background", "id": 1, "action": "end"},
    {"audio_type": "speech", "layout": "foreground", "character": "Bob", "vol": -18, "text": "Me."},
    {"audio_type": "sound_effect", "layout": "background", "id": 2, "action": "end"},
]


def script(value: object) -> Document:
    return read_text(value if isinstance(value, str) else json.dumps(value), "x.json")


def parts(document: Document) -> list[tuple[Any, ...]]:
    return [
        (part.kind, part.start, part.end, part.who or part.what, part.seconds, part.gain) for part in document.parts
    ]


def test_foreground_takes_its_turn_and_background_lies_under_it() -> None:
    document = script(SCRIPT)
    assert document.text == "Who is there?\n\nMe."
    assert parts(document) == [
        ("music", 0, 13, "Tense strings", None, -2.0),
        ("sound", 0, 0, "Door creaks", 2.0, 0.0),
        ("speech", 0, 13, "Ann", None, 0.0),
        ("ambience", 13, 18, "Rain", None, 5.0),
        ("speech", 15, 18, "Bob", None, -3.0),
    ]


def test_a_script_in_json5_is_the_same_script() -> None:
    text = "Sure! Here it is:\n```json\n" + json.dumps(SCRIPT).replace("}]", "},]").replace('"vol"', "vol") + "\n```"
    assert script(text).parts == script(SCRIPT).parts


def test_what_is_not_valid_is_named_and_the_rest_imported() -> None:
    document = script(
        [
            {"audio_type": "speech", "layout": "foreground", "character": "Ann", "text": "Hi."},
            {"audio_type": "smell"},
            {"audio_type": "speech", "text": " "},
            {"audio_type": "music", "layout": "foreground"},
            {"audio_type": "music", "layout": "background", "id": 9, "action": "end"},
            {"audio_type": "music", "layout": "background", "id": 3, "action": "begin", "desc": "Hum"},
            7,
        ]
    )
    assert document.text == "Hi."
    assert [note.split(" ")[1] for note in document.notes if note.startswith("entry")] == ["2", "3", "4", "5", "7", "6"]
    assert any("has the type 'smell'" in note for note in document.notes)


def test_a_script_cut_short_keeps_what_was_whole() -> None:
    text = json.dumps(SCRIPT)
    document = script(text[: text.index('"Me."')])
    assert document.text == "Who is there?"


def test_faults_without_end_are_counted() -> None:
    notes = script([SCRIPT[2], *[{"audio_type": "smell"}] * 100]).notes
    assert "and 80 more entries like these" in notes and len(notes) < 30


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[]", "it has no entries"),
        ("{}", "no WavJourney script"),
        ("not json", "no WavJourney script"),
        ('{"schema": "wavagent.script/1", "scenes": []}', "is a wavagent script"),
        ("[" * 100_000, "no WavJourney script"),
    ],
)
def test_a_file_that_is_no_script_is_a_clear_error(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        script(text)
