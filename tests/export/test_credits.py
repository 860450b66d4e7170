"""Credits as files."""

import json
from pathlib import Path

import pytest

from wavagent.credits import Credit, Credits, RecordingCredit, VoiceCredit
from wavagent.errors import OutputError
from wavagent.export.notice import markdown
from wavagent.export.table import format_for
from wavagent.programme import Programme

CREDITS = Credits(
    "A *Visit*",
    "Nobody [x](http://y)",
    "a_visit.txt",
    "a" * 64,
    "The voices are computer-generated.",
    (VoiceCredit("Mary\n# Ann", "voice", "bea", "bea.wav", "Bea, 2026"),),
    (RecordingCredit("door.wav", "b" * 64, "", ""), RecordingCredit("rain.wav", "c" * 64, "CC0-1.0", "Ann")),
    (
        Credit("voice", "1", "speech", "MIT", "", "", ("<b>Somebody</b>",), ("lib 1.0 (MIT)",), ("e1", "e2"), ("e1",)),
        Credit("hum", "2", "music", "MIT", "CC-BY-NC-4.0", "its weights forbid it", (), (), ("m1",), ("m1",)),
    ),
    ("tool 'hum' may not be used commercially",),
)


def programme(credits: Credits | None) -> Programme:
    return Programme(1, lambda: iter(()), credits=credits)


def write(path: Path, credits: Credits | None = CREDITS) -> str:
    format_for(path).write(programme(credits), path)
    return path.read_text(encoding="utf-8")


def test_everybody_is_named_for_people_to_read(tmp_path: Path) -> None:
    said = write(tmp_path / "story.credits.md")
    for name in (
        "bea",
        "bea.wav",
        "Bea, 2026",
        "door.wav",
        "not stated",
        "rain.wav, by Ann",
        "lib 1.0 (MIT)",
        "a" * 64,
    ):
        assert name in said
    assert "**hum** 2 (music): 1 clip. Code: MIT; weights and sounds: CC-BY-NC-4.0" in said
    assert "may not be used commercially" in said
    assert CREDITS.disclosure in said


def test_a_name_is_never_markup(tmp_path: Path) -> None:
    said = write(tmp_path / "story.credits.md")
    assert "# A \\*Visit\\*, by Nobody \\[x\\](http://y)" in said
    assert "\n# Ann" not in said and "<b>" not in said


def test_what_may_be_sold_says_that_the_text_is_another_matter() -> None:
    said = markdown(Credits("A", "", "", "", "x"))
    assert "allow commercial use. The text has a licence of its own" in said


def test_json_holds_all_of_it(tmp_path: Path) -> None:
    found = json.loads(write(tmp_path / "story.credits.json"))
    assert found == json.loads(json.dumps(CREDITS.to_json()))
    assert [tool["calls"] for tool in found["tools"]] == [["e1", "e2"], ["m1"]]
    assert found["commercial"] is False
    assert found["tools"][0]["weights_licence"] is None


@pytest.mark.parametrize("name", ["x.credits.md", "x.credits.json"])
def test_without_credits_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="nobody said what this was made with"):
        write(tmp_path / name, None)
    assert list(tmp_path.iterdir()) == []
