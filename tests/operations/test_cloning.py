"""Cloning a voice: of a file that a person added, with a consent that they state, by a tool that can."""

import hashlib
import io
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wavagent.errors import InputError, ScriptError, WavagentError
from wavagent.grammar import understand
from wavagent.operations import Desk, do, operation, propose
from wavagent.project import Project
from wavagent.script import Script
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Licence, Toolbox

Like = Callable[..., Any]


def sound(level: int = 0x20) -> bytes:
    """Half a second of something, as a WAV."""
    with io.BytesIO() as held:
        with wave.open(held, "wb") as file:
            file.setparams((1, 2, 8_000, 0, "NONE", ""))
            file.writeframes(bytes([0, level]) * 4_000)
        return held.getvalue()


WISH = {
    "character": "mary", "file": "anna.wav", "person": "Anna Smith", "statement": "You may.", "date": "2026-11-21",
    "words": "Good evening.",
}  # fmt: skip


@pytest.fixture
def sit(tmp_path: Path, script: Script, toolbox: Toolbox) -> Iterator[Callable[..., Desk]]:
    """A desk with `anna.wav` added, and with these tools beside the others."""
    Project.create(tmp_path / "story", script, "planned")
    (tmp_path / "anna.wav").write_bytes(sound())
    studios: list[Studio] = []

    def sat(*tools: Any, **settings: Any) -> Desk:
        studios.append(Studio(Settings(str(tmp_path / "store"), workers=1, **settings), Toolbox.of(*toolbox, *tools)))
        desk = Desk(tmp_path / "story", studios[-1], who="test")
        assert desk.add(tmp_path / "anna.wav") == "anna.wav"
        return desk

    yield sat
    for studio in studios:
        studio.close()


def test_what_is_proposed_names_who_allowed_it_and_is_done_and_undone(sit: Callable[..., Desk], parrot: Any) -> None:
    desk = sit(parrot)
    found = propose(desk, operation("clone"), WISH)
    assert found is not None and found.changes
    assert "cloned from added/anna.wav, allowed by Anna Smith, 2026-11-21: “You may.”" in found.says[0]
    do(desk, operation(found.operation), found.params)
    voice = desk.script.character("mary").voice
    assert voice is not None and voice.consent is not None
    assert (voice.tool, voice.id, voice.reference, voice.words) == (
        "parrot", "anna", "added/anna.wav", "Good evening."
    )  # fmt: skip
    assert voice.consent.sha256 == hashlib.sha256(sound()).hexdigest()
    desk.studio.compile(desk.script, desk.folder)
    do(desk, operation("undo"), {})
    assert desk.script.character("mary").voice is None


@pytest.mark.parametrize("data", [b"", b"Dear Anna, ...", b"#EXTM3U\n/etc/passwd"], ids=["nothing", "a text", "a list"])
def test_no_voice_is_taken_from_what_is_no_sound(
    sit: Callable[..., Desk], parrot: Any, tmp_path: Path, data: bytes
) -> None:
    desk = sit(parrot)
    (tmp_path / "notes.wav").write_bytes(data)
    name = desk.add(tmp_path / "notes.wav")
    with pytest.raises(InputError, match="no voice can be taken from that: 'notes.wav' cannot be read as sound"):
        propose(desk, operation("clone"), {**WISH, "file": name})
    assert len(desk.project.log()) == 1


def test_no_voice_is_taken_from_hours_which_are_not_even_read(
    sit: Callable[..., Desk], parrot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = sit(parrot)
    with wave.open(str(tmp_path / "hours.wav"), "wb") as file:
        file.setparams((1, 1, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(8_000 * 660))
    name = desk.add(tmp_path / "hours.wav")
    monkeypatch.setattr(type(desk.studio.toolbox["recording"]), "__call__", lambda *_: pytest.fail("it was read"))
    with pytest.raises(InputError, match="'hours.wav' lasts 11 min, .* cut out a stretch in which one person speaks"):
        propose(desk, operation("clone"), {**WISH, "file": name})


@pytest.mark.parametrize("blank", ["person", "statement", "date"])
def test_a_consent_that_is_not_whole_is_none(sit: Callable[..., Desk], parrot: Any, blank: str) -> None:
    for wish in ({**WISH, blank: " "}, {name: value for name, value in WISH.items() if name != blank}):
        with pytest.raises(InputError, match=f"'clone' cannot be done like this: {blank}"):
            propose(sit(parrot), operation("clone"), wish)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"file": "../../etc/passwd"}, InputError, "no file called '../../etc/passwd' was added"),
        ({"file": "script.json"}, InputError, "was added"),
        ({"character": "nobody"}, ScriptError, "no character 'nobody'"),
        ({"tool": "voice"}, InputError, "tool 'voice' cannot clone a voice; those that can: parrot"),
        ({"tool": "hawk"}, WavagentError, "no tool is called 'hawk'"),
        ({"words": ""}, ScriptError, "'parrot' has to know what is said in it"),
    ],
)
def test_what_cannot_be_cloned_is_refused_in_a_sentence(
    sit: Callable[..., Desk], parrot: Any, change: dict[str, str], error: type[Exception], said: str
) -> None:
    desk = sit(parrot)
    with pytest.raises(error, match=said):
        propose(desk, operation("clone"), {**WISH, **change})
    assert desk.script.character("mary").voice is None and len(desk.project.log()) == 1


def test_the_first_tool_that_is_ready_clones_and_a_name_of_its_own_is_not_taken(
    sit: Callable[..., Desk], parrot: Any, like: Like, tmp_path: Path
) -> None:
    bare = like(parrot, name="bare", requires=("no_such_module",), install="pip install it")
    fenced = like(parrot, name="fenced", weights_licence=Licence(name="X", commercial=False))
    with pytest.raises(
        InputError, match="nothing here can clone a voice that speaks 'en': tool 'bare' needs no_such_module"
    ):
        propose(sit(bare), operation("clone"), WISH)
    with pytest.raises(InputError, match="that speaks 'en': there is no tool for it"):
        propose(sit(fenced, commercial=True), operation("clone"), WISH)
    welsh = like(parrot, name="welsh", languages=("cy",))
    desk = sit(welsh, bare, fenced, parrot)
    (tmp_path / "polly.wav").write_bytes(sound(0x10))
    desk.add(tmp_path / "polly.wav")
    found = propose(desk, operation("clone"), {**WISH, "file": "polly.wav"})
    assert found is not None and "fenced polly-cloned, cloned from added/polly.wav" in found.says[0]


def test_an_edit_takes_no_voice_from_a_file_that_nobody_added(sit: Callable[..., Desk], parrot: Any) -> None:
    desk = sit(parrot)
    consent = {"person": "A", "statement": "Yes", "date": "now", "sha256": "a" * 64}
    recast = {"op": "recast", "character": "mary", "tool": "parrot", "voice": "x", "words": "x",
              "reference": "script.json", "consent": consent}  # fmt: skip
    with pytest.raises(InputError, match="the recording for the voice of Mary was not added by a person"):
        propose(desk, operation("edit"), {"operations": [recast]})
    recast["reference"] = "added/anna.wav"
    with pytest.raises(ScriptError, match="A allowed another recording"):
        propose(desk, operation("edit"), {"operations": [recast]})


def test_plain_words_ask_who_allowed_it_and_then_clone(sit: Callable[..., Desk], parrot: Any) -> None:
    desk = sit(parrot)
    said = "let Mary speak with the voice of anna.wav"
    asked = understand(said, desk.script)
    assert asked.call is None and "say who gave it, when, and in which words" in asked.sentence
    found = understand(
        f"{said}, which says “Good evening.”, allowed by Anna Smith on 21 November 2026: “You may.”", desk.script
    )
    assert found.call is not None and found.call.name == "clone"
    do(desk, operation("clone"), found.call.params)
    voice = desk.script.character("mary").voice
    assert voice is not None and voice.consent is not None
    assert (voice.words, voice.consent.person, voice.consent.statement, voice.consent.date) == (
        "Good evening.", "Anna Smith", "You may.", "21 November 2026"
    )  # fmt: skip


def test_a_voice_that_is_no_file_is_not_cloned(script: Script) -> None:
    found = understand("let Mary speak with the voice of Bea", script)
    assert found.call is None and "consent" not in found.sentence
