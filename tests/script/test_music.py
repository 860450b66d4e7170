"""Music along a melody of the project, with lyrics: what reaches the tool, what another does without, and what is said.

The tools here are the tests' own, which give back what they were given.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import soundfile
from pydantic import ValidationError

from wavagent.audio import Audio
from wavagent.compiler import Compiled, compile_script
from wavagent.errors import Broken, InputError, ScriptError
from wavagent.gather import files_of, gathered
from wavagent.graph import Ref
from wavagent.script import Anchor, Music, Pause, Scene, Script
from wavagent.script.file import dumps, loads
from wavagent.script.readable import readable
from wavagent.settings import Settings
from wavagent.studio import Studio
from wavagent.tool import Card, Licence, MusicParams, Params, Request, Result, SongParams, Tool, Toolbox, installed

FREE = Licence(name="MIT", commercial=True)
RATE = 8_000


class Player(Tool):
    """Plays a tone; a follower gives back the melody, a singer a tone for each word of its lyrics."""

    fails = False

    def __init__(self) -> None:
        self.asked: list[Request] = []

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        self.asked += requests
        if self.fails:
            raise Broken("the strings broke")
        return [Result(self._played(request)) for request in requests]

    def _played(self, request: Request) -> Audio:
        if "melody" in request.inputs:
            melody = request.inputs["melody"]
            return Audio(np.ascontiguousarray(melody.samples[:: melody.rate // RATE, :1]), RATE)
        time = np.arange(round(request.params.seconds * RATE)) / RATE
        return Audio.of(0.1 * np.sin(2 * np.pi * 220.0 * time), RATE)


def player(name: str, params: type[Params] = MusicParams, *, fails: bool = False, **card: Any) -> Any:
    class One(Player):
        pass

    One.card = Card(name=name, version="1", task="music", summary="", rate=RATE, code_licence=FREE, **card)
    One.params, One.fails = params, fails
    return One()


class Players:
    PLAIN: ClassVar[Any] = player("plain")
    FOLLOWS: ClassVar[Any] = player("follows", follows=True)
    SINGS: ClassVar[Any] = player("sings", SongParams, sings=True, longest=300.0)


def story(melody: Any = None, lyrics: str = "", language: str = "en-GB", **bed: Any) -> Script:
    music = Music(id="m", what="strings", melody=melody, lyrics=lyrics, **{"seconds": 2.0, **bed})
    return Script(language=language, scenes=(Scene(id="s", elements=(music, Pause(id="p", seconds=3.0))),))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path.resolve() / "story"
    place.mkdir()
    soundfile.write(place / "hum.wav", 0.2 * np.sin(np.arange(2 * RATE)), RATE)
    return place


def compiled(script: Script, folder: Path, *tools: Tool) -> Compiled:
    return compile_script(gathered(script, folder), Toolbox.of(installed()["recording"], *tools), folder=folder)


def said(found: Compiled) -> list[str]:
    return [finding.message for finding in found.findings]


def test_the_melody_reaches_a_tool_that_follows_one_however_late_it_comes(folder: Path) -> None:
    found = compiled(story("hum.wav"), folder, Players.PLAIN, Players.FOLLOWS)
    call, tune = found.graph["m"], found.graph["m/melody"]
    assert call.tool == "follows"
    assert call.params["melody"] == Ref("m/melody", optional=True)
    assert tune.tool == "recording"
    digest = hashlib.sha256((folder / "hum.wav").read_bytes()).hexdigest()
    assert tune.params == {"file": str(folder / "hum.wav"), "sha256": digest, "start": 0.0, "end": None}
    assert found.findings == ()


def test_a_stretch_of_the_file_may_be_the_melody(folder: Path) -> None:
    tune = compiled(story({"file": "hum.wav", "start": 0.5, "end": 1.0}), folder, Players.FOLLOWS).graph["m/melody"]
    assert (tune.params["start"], tune.params["end"]) == (0.5, 1.0)


def test_lyrics_reach_a_tool_that_sings_in_the_language_of_the_story(folder: Path) -> None:
    found = compiled(story(lyrics="[verse]\nRow, row\n"), folder, Players.PLAIN, Players.SINGS)
    call = found.graph["m"]
    assert call.tool == "sings"
    assert (call.params["lyrics"], call.params["language"]) == ("[verse]\nRow, row\n", "en")
    assert found.findings == () and len(found.graph) == 1


def test_music_without_either_is_as_it_was(folder: Path) -> None:
    for lyrics in ("", " \n"):
        found = compiled(story(lyrics=lyrics), folder, Players.PLAIN, Players.FOLLOWS, Players.SINGS)
        assert found.graph["m"].tool == "plain"
        assert found.graph["m"].params == {"what": "strings", "seconds": 2.0, "loop": False}
        assert len(found.graph) == 1
    for other in found.graph["m"].otherwise:
        assert other.params == found.graph["m"].params


@pytest.mark.parametrize(
    ("tools", "named", "why"),
    [
        ((Players.PLAIN,), None, "no tool here follows one"),
        ((Players.PLAIN, player("follows", follows=True, requires=("nowhere",), install="pip install it")), None,
         "tool 'follows' needs nowhere: pip install it"),
        ((Players.PLAIN, Players.FOLLOWS), "plain", "the script names 'plain', which follows none"),
    ],
)  # fmt: skip
def test_without_a_tool_for_it_music_is_made_without_its_melody_and_that_is_said(
    folder: Path, tools: tuple[Tool, ...], named: str | None, why: str
) -> None:
    found = compiled(story("hum.wav", tool=named), folder, *tools)
    assert found.graph["m"].tool == "plain"
    assert not {"melody"} & found.graph["m"].params.keys()
    assert said(found) == [f"music 'strings' is made without its melody: {why}"]
    assert found.findings[0].degraded


def test_lyrics_that_nobody_sings_are_said(folder: Path) -> None:
    found = compiled(story(lyrics="la"), folder, Players.PLAIN)
    assert said(found) == ["music 'strings' is made without its lyrics: no tool here sings"]
    assert found.graph["m"].params.keys() == {"what", "seconds", "loop"}


def test_a_tool_that_refuses_the_lyrics_says_why(folder: Path) -> None:
    found = compiled(story(lyrics="la " * 2500), folder, installed()["score"], _ready("ace_step"))
    assert found.graph["m"].tool == "score"
    (message,) = said(found)
    assert message.startswith("music 'strings' is made without its lyrics: tool 'ace_step' does not take lyrics")


def _ready(name: str) -> Tool:
    """A shipped expert as if its libraries and weights were here."""
    tool = installed()[name]

    class Ready(type(tool)):  # type: ignore[misc]  # whichever tool it is
        def lack(self) -> None:
            return None

    return Ready()


def test_the_shipped_experts_follow_and_sing(folder: Path) -> None:
    experts = [_ready(name) for name in ("musicgen", "musicgen_melody", "ace_step")]
    assert compiled(story("hum.wav"), folder, *experts).graph["m"].tool == "musicgen_melody"
    sung = compiled(story(lyrics="la la"), folder, *experts).graph["m"]
    assert (sung.tool, sung.params["lyrics"], sung.params["language"]) == ("ace_step", "la la", "en")


def test_both_at_once_is_done_as_far_as_one_tool_can(folder: Path) -> None:
    found = compiled(story("hum.wav", "la"), folder, Players.PLAIN, Players.FOLLOWS, Players.SINGS)
    assert found.graph["m"].tool == "follows"
    assert said(found) == ["music 'strings' is made without its lyrics: 'follows' comes before it"]


def test_what_a_substitute_does_not_do_it_is_not_told_of(folder: Path) -> None:
    found = compiled(story("hum.wav", "la"), folder, Players.SINGS, Players.FOLLOWS, Players.PLAIN)
    call = found.graph["m"]
    told = {one.tool: set(one.params) - {"what", "seconds", "loop"} for one in call.otherwise}
    assert call.tool == "sings" and told == {"follows": {"melody"}, "plain": set()}
    reasons = {one.tool: one.reason for one in call.otherwise}
    assert reasons["plain"].endswith(", without the melody and lyrics")
    assert reasons["follows"].endswith(", without the lyrics")
    assert "m/melody" in found.graph.calls, "another tool may need it"


def test_a_song_is_not_over_when_a_loop_is(folder: Path) -> None:
    endless: dict[str, Any] = {"seconds": None, "end": Anchor(element="p", edge="end")}
    quiet = Script(scenes=(Scene(id="s", elements=(Music(id="m", what="strings", lyrics="la"),)),))
    assert compiled(quiet, folder, Players.SINGS).graph["m"].params["seconds"] == 300.0
    assert compiled(story(**endless), folder, player("loops", loops=True)).graph["m"].params["seconds"] == 24.0


@pytest.mark.parametrize("file", ["", "/etc/passwd", "../hum.wav", "a/../../hum.wav", "C:\\hum.wav", "hum\0.wav"])
def test_a_melody_outside_the_project_is_refused(file: str) -> None:
    with pytest.raises(ValidationError):
        story(file)
    with pytest.raises(ValidationError):
        story({"file": file})


def test_a_melody_that_cannot_be_had_is_said_before_anything_runs(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.wav").write_bytes(b"RIFF")
    (folder / "link.wav").symlink_to(tmp_path / "secret.wav")
    with pytest.raises(InputError, match="music 'm': 'gone.wav' cannot be read"):
        gathered(story("gone.wav"), folder)
    with pytest.raises(ScriptError, match="music 'm' leads out of the project: 'link.wav'"):
        gathered(story("link.wav"), folder)
    with pytest.raises(ScriptError, match="'m': 'hum.wav' was not found in the project"):
        compile_script(story("hum.wav"), Toolbox.of(installed()["recording"], Players.FOLLOWS), folder=folder)
    with pytest.raises(ValidationError, match="`end` is after its `start`"):
        story({"file": "hum.wav", "start": 2.0, "end": 1.0})


def test_it_is_written_and_read_again_and_people_see_it() -> None:
    script = story({"file": "hum.wav", "start": 0.5, "licence": "own"}, "Row,\nrow")
    assert loads(dumps(script)) == script
    assert files_of(script) == ("hum.wav",)
    assert "strings, along hum.wav, sung: “Row, row”" in readable(script)


def made(folder: Path, tmp_path: Path, script: Script, *tools: Any) -> Any:
    studio = Studio(Settings(str(tmp_path / "store")), toolbox=Toolbox.of(installed()["recording"], *tools))
    return studio.render(script, folder)


def test_what_is_hummed_is_heard_and_another_humming_is_another_clip(folder: Path, tmp_path: Path) -> None:
    follower = player("follows", follows=True)
    first = made(folder, tmp_path, story("hum.wav"), follower)
    heard = follower.asked[-1].inputs["melody"]
    assert heard.seconds == pytest.approx(2.0, abs=0.01) and heard.samples.any()
    assert first.compiled.findings == () and "m" in first.made.ran
    before = len(follower.asked)
    again = made(folder, tmp_path, story("hum.wav"), follower)
    assert again.made.ran == () and len(follower.asked) == before
    soundfile.write(folder / "hum.wav", 0.2 * np.sin(0.5 * np.arange(2 * RATE)), RATE)
    other = made(folder, tmp_path, story("hum.wav"), follower)
    assert len(follower.asked) > before
    assert other.made.entries["m"].digest != first.made.entries["m"].digest


def test_a_file_that_is_no_sound_costs_the_melody_and_not_the_story(folder: Path, tmp_path: Path) -> None:
    (folder / "hum.wav").write_bytes(b"la la la")
    alone = made(folder, tmp_path, story("hum.wav"), player("follows", follows=True))
    (finding,) = alone.compiled.findings
    assert finding.message.startswith("music 'strings' is left out: 'hum.wav' cannot be read as sound")
    helped = made(folder, tmp_path, story("hum.wav"), player("follows", follows=True), player("plain"))
    (finding,) = helped.compiled.findings
    assert "music 'strings' was made by 'plain' instead: 'hum.wav' cannot be read as sound" in finding.message


def test_when_the_one_that_follows_fails_another_makes_the_bed_without(folder: Path, tmp_path: Path) -> None:
    rendering = made(folder, tmp_path, story("hum.wav"), player("follows", follows=True, fails=True), player("plain"))
    (finding,) = rendering.compiled.findings
    assert "was made by 'plain' instead: the strings broke" in finding.message


def test_a_tool_is_what_its_card_says() -> None:
    with pytest.raises(ValueError, match="sings, and does not take lyrics; subclass SongParams"):
        Toolbox.of(player("mute", sings=True))
    wrong = player("wrong", follows=True)
    type(wrong).card = wrong.card.model_copy(update={"task": "sound"})
    with pytest.raises(ValueError, match="SoundParams|only music follows"):
        Toolbox.of(wrong)
