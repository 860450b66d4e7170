"""Tools and the box that holds them: a faulty tool is named with its fault, and never brings the others down."""

import importlib
import importlib.metadata
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from wavagent.audio import Audio
from wavagent.errors import Refused, Unavailable, UnknownTool
from wavagent.tool import (
    Card,
    Licence,
    MusicParams,
    Params,
    Price,
    Request,
    Result,
    SoundParams,
    SpeechParams,
    Tool,
    Toolbox,
    VoiceCard,
    accept,
    installed,
    price_of,
)

Like = Callable[..., Any]
FREE = Licence(name="MIT", commercial=True)
FENCED = Licence(name="CC-BY-NC-4.0", commercial=False)


def card(name: str = "whistle", **more: Any) -> Card:
    return Card.model_validate(
        {"name": name, "version": "1", "task": "sound", "summary": "", "rate": 8000, "code_licence": FREE, **more}
    )


class Whistle(Tool):
    card: ClassVar[Card] = card()
    params: ClassVar[type[Params]] = SoundParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        return [Result(Audio.silence(1.0)) for _ in requests]


def whistle(**fields: Any) -> Any:
    return type("Other", (Whistle,), fields)()


# --- cards


@pytest.mark.parametrize("name", ["", "Whistle", "1st", "a b", "a.b", "a/b", "a\n"])
def test_the_name_of_a_tool_is_plain(name: str) -> None:
    with pytest.raises(ValidationError):
        card(name)


@pytest.mark.parametrize(
    "wrong", [{"rate": -1}, {"channels": 0}, {"batch": 0}, {"speed": 0.0}, {"task": "cook"}, {"pool": "pond"}, {"x": 1}]
)
def test_a_card_is_checked(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        card(**wrong)


def test_code_and_weights_must_both_be_free_for_commercial_use() -> None:
    assert card().commercial
    assert card(weights_licence=FREE).commercial
    assert not card(code_licence=FENCED).commercial
    assert not card(weights_licence=FENCED).commercial


# --- what every tool can say


def test_a_tool_guesses_how_long_a_clip_will_last() -> None:
    assert Whistle().seconds(SoundParams(what="x", seconds=2.0)) == 2.0
    assert Whistle().seconds(SoundParams(what="x")) == 5.0
    assert Whistle().seconds(Params()) == 5.0


def test_a_tool_refuses_nothing_by_itself() -> None:
    assert Whistle().refusal(SoundParams(what="x")) is None


def test_a_tool_names_the_modules_that_are_missing() -> None:
    bare = whistle(card=card(requires=("json", "no_such_module", "no_such.module.either", "")))
    assert bare.missing() == ("no_such_module", "no_such.module.either", "")
    assert Whistle().missing() == ()


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({}, "tool 'whistle' does not take what: Field required"),
        ({"what": ""}, "does not take what: String should have at least 1 character"),
        ({"what": "x", "seconds": 0}, "does not take seconds: Input should be greater than 0"),
        ({"what": "x", "colour": 1}, "does not take colour: Extra inputs are not permitted"),
        ({"what": ["x"]}, "does not take what: Input should be a valid string"),
    ],
)
def test_what_a_tool_does_not_take_is_refused_with_the_fault(values: dict[str, Any], fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        accept(Whistle(), values)


def test_what_a_tool_takes_is_typed() -> None:
    assert accept(Whistle(), {"what": "x", "seconds": "2"}) == SoundParams(what="x", seconds=2.0)


# --- the box


def test_a_box_has_its_tools_by_name_and_by_task_in_their_order(toolbox: Toolbox) -> None:
    assert [tool.card.name for tool in toolbox] == ["voice", "hum", "drone", "noise", "click", "louder", "recording"]
    assert toolbox["hum"].card.name == "hum"
    assert [tool.card.name for tool in toolbox.doing("sound")] == ["noise", "click"]
    assert toolbox.doing("sing") == ()


def test_what_a_person_prefers_comes_first(toolbox: Toolbox) -> None:
    box = toolbox.preferring("click", "drone")
    assert [tool.card.name for tool in box][:2] == ["click", "drone"]
    assert sorted(box.tools) == sorted(toolbox.tools)
    assert [tool.card.name for tool in box.doing("sound")] == ["click", "noise"]
    with pytest.raises(UnknownTool, match="'nothing'"):
        toolbox.preferring("nothing")


def test_a_tool_that_is_not_ready_cannot_be_preferred() -> None:
    unready = whistle(card=card("unready", requires=("no_such_library",), install="pip install it"))
    with pytest.raises(Unavailable, match="'unready'.*no_such_library: pip install it"):
        Toolbox.of(unready).preferring("unready")


def test_a_tool_on_request_is_chosen_when_it_is_preferred_and_found_when_it_is_named(toolbox: Toolbox) -> None:
    box = Toolbox.of(whistle(card=card("paid", on_request=True)), *toolbox)
    assert "paid" not in [tool.card.name for tool in box.doing("sound")]
    assert box["paid"].card.on_request
    assert box.preferring("paid").doing("sound")[0] is box["paid"]
    assert box.preferring("paid").commercial.doing("sound")[0] is box["paid"]


def test_the_voices_of_a_preferred_tool_are_not_mixed_with_others(toolbox: Toolbox, voice: Tool, like: Like) -> None:
    other = like(voice, name="other", on_request=True)
    box = Toolbox.of(*toolbox, other)
    assert {tool.card.name for tool, _ in box.voices("en")} == {"voice"}
    assert {tool.card.name for tool, _ in box.preferring("other").voices("en")} == {"other"}
    assert box.preferring("hum").voices("en") == box.voices("en")
    assert box.preferring("other").voices("xx") == []


def test_a_voice_of_every_language_speaks_those_of_its_tool(voice: Tool, like: Like) -> None:
    every = VoiceCard(id="e", name="E", language="mul", gender="neutral")
    speaking = like(voice, voices=(every,), languages=("en", "pt-BR")).card.speaking
    assert [len(speaking(tag)) for tag in ("en", "EN-gb", "pt", "de")] == [1, 1, 1, 0]


def test_an_unknown_tool_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownTool, match="no tool is called 'x'; there are: whistle"):
        Toolbox.of(Whistle())["x"]
    with pytest.raises(UnknownTool, match="there are: none"):
        Toolbox.of()["x"]
    with pytest.raises(UnknownTool, match="tool 'x' was left out: it is broken"):
        Toolbox({}, {"x": "it is broken"})["x"]


@pytest.mark.parametrize(
    ("languages", "language", "known"),
    [
        (("en",), "en-GB", True),
        (("pt-BR", "EN"), "en", True),
        (("en",), "eng", False),
        (("pt-BR",), "de", False),
        ((), "de", True),
    ],
)
def test_a_card_knows_languages_of_whatever_region(languages: tuple[str, ...], language: str, known: bool) -> None:
    assert card(languages=languages).knows(language) is known


@pytest.mark.parametrize(
    ("faulty", "fault"),
    [
        ("whistle", "tool 'str': TOOL must be an instance of wavagent.tool.Tool, not str"),
        (Whistle, "tool 'whistle': TOOL must be an instance of wavagent.tool.Tool, not"),
        (whistle(card=None), "tool 'Other' has no card"),
        (whistle(card={"name": "whistle"}), "tool 'Other' has no card"),
        (whistle(params=None), "tool 'whistle' has no parameters"),
        (whistle(params=dict), "tool 'whistle' has no parameters"),
        (whistle(params=Params), "tool 'whistle' does not take what every sound tool takes; subclass SoundParams"),
        (whistle(card=card(task="speech")), "does not take what every speech tool takes; subclass SpeechParams"),
        (whistle(card=card(task="music"), params=SpeechParams), "every music tool takes; subclass MusicParams"),
        (whistle(card=card(clones=True)), "only speech is said in a cloned voice"),
        (
            whistle(card=card(task="speech", clones=True, needs_words=True), params=SpeechParams),
            "subclass CloningParams",
        ),
    ],
)
def test_a_faulty_tool_is_named_with_its_fault(faulty: Any, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        Toolbox.of(faulty)


def test_a_tool_may_take_more_than_its_task_does_and_other_tasks_ask_for_nothing() -> None:
    more = type("More", (MusicParams,), {})
    assert len(list(Toolbox.of(whistle(card=card(task="music"), params=more)))) == 1
    assert len(list(Toolbox.of(whistle(card=card(task="detect"), params=Params)))) == 1


def test_a_name_is_used_once() -> None:
    with pytest.raises(ValueError, match="two tools are called 'whistle'"):
        Toolbox.of(Whistle(), Whistle())


# --- what is installed

GOOD = """
from wavagent.tool import Card, Licence, SoundParams, Tool

class Good(Tool):
    card = Card(name={name!r}, version="1", task="sound", summary="", rate=8000,
                code_licence=Licence(name="MIT", commercial=True))
    params = SoundParams

    def __call__(self, requests):
        return []

TOOL = Good()
"""

BROKEN = {
    "imports": "import no_such_module",
    "syntax": "def",
    "nothing": "x = 1",
    "raises": "raise RuntimeError('boom')",
    "asserts": "assert False, 'never'",
    "names": "undefined",
    "leaves": "import sys\nsys.exit('bye')",
    "class": "from wavagent.tool import Tool\nTOOL = Tool",
    "card": "from wavagent.tool import Card\nCard(name='X')",
    "twin": GOOD.format(name="good"),
}


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty package in the place of `wavagent.tools`, and no entry points."""
    package = ModuleType("wavagent.tools")
    package.__path__ = [str(tmp_path)]
    for name in [name for name in sys.modules if name.startswith("wavagent.tools.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "wavagent.tools", package)
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda **_: ())
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    importlib.invalidate_caches()
    installed.cache_clear()
    yield tmp_path
    installed.cache_clear()
    for name in [name for name in sys.modules if name.startswith("wavagent.tools.")]:
        del sys.modules[name]


def test_a_file_with_a_tool_in_it_is_found(tools: Path) -> None:
    (tools / "good.py").write_text(GOOD.format(name="good"))
    (tools / "_private.py").write_text("raise RuntimeError")
    assert list(installed().tools) == ["good"]
    assert installed().faults == {}


def test_faulty_files_are_left_out_and_named(tools: Path) -> None:
    (tools / "a_good_one.py").write_text(GOOD.format(name="good"))
    for name, source in BROKEN.items():
        (tools / f"{name}.py").write_text(source)
    box = installed()
    assert list(box.tools) == ["good"]
    assert box.faults.keys() == BROKEN.keys()
    assert box.faults["imports"] == "ModuleNotFoundError: No module named 'no_such_module'"
    assert box.faults["raises"] == "RuntimeError: boom"
    assert box.faults["twin"].startswith("two tools are called 'good'")
    with pytest.raises(UnknownTool, match="tool 'leaves' was left out: SystemExit: bye"):
        box["leaves"]


def test_an_entry_point_comes_through_the_same_door(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tools / "good.py").write_text(GOOD.format(name="good"))
    elsewhere = ModuleType("strangers_tool")
    elsewhere.__dict__.update(MINE=Whistle(), TWIN=whistle(card=card("good")))
    monkeypatch.setitem(sys.modules, "strangers_tool", elsewhere)
    points = [
        importlib.metadata.EntryPoint(name, value, "wavagent.tools")
        for name, value in {"mine": "strangers_tool:MINE", "twin": "strangers_tool:TWIN", "gone": "no_module:X"}.items()
    ]
    monkeypatch.setattr(importlib.metadata, "entry_points", lambda group: points if group == "wavagent.tools" else ())
    box = installed()
    assert list(box.tools) == ["good", "whistle"]
    assert box.faults.keys() == {"twin", "gone"}


def test_the_tools_of_this_package_are_sound() -> None:
    installed.cache_clear()
    box = installed()
    assert box.faults == {}
    assert {"espeak", "foley", "recording", "score"} <= box.tools.keys()


def test_listing_the_tools_loads_no_model() -> None:
    """In a process of its own, for others here have loaded them."""
    import subprocess

    heavy = ["av", "symusic", "pretty_midi", "espeakng_loader", "soundfile", "torch"]
    code = (
        f"import sys; from wavagent.tool import installed; installed(); print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# --- licences and prices


@pytest.mark.parametrize("part", ["code", "weights"])
@pytest.mark.parametrize(("commercial", "said"), [(False, "forbids it"), (None, "it is not known whether")])
def test_a_licence_that_forbids_or_is_unknown_bars_commercial_use(
    hum: Tool, like: Callable[..., Any], part: str, commercial: bool | None, said: str
) -> None:
    assert hum.card.bar is None and hum.card.commercial
    card = like(hum, **{f"{part}_licence": Licence(name="X-1.0", commercial=commercial)}).card
    assert not card.commercial
    assert said in str(card.bar) and part in str(card.bar) and "X-1.0" in str(card.bar)


def test_a_price_is_for_calls_characters_and_seconds(voice: Tool, noise: Tool, like: Callable[..., Any]) -> None:
    said = accept(voice, {"text": "x" * 500, "voice": "adam"})
    assert price_of(voice, said) == 0.0
    assert price_of(like(voice, price=Price(call=0.1)), said) == pytest.approx(0.1)
    assert price_of(like(voice, price=Price(thousand_characters=0.2)), said) == pytest.approx(0.1)
    assert price_of(like(voice, price=Price(second=0.01)), said) == pytest.approx(0.25)
    rain = accept(noise, {"what": "rain"})
    assert price_of(like(noise, price=Price(thousand_characters=1.0)), rain) == pytest.approx(0.004)


@pytest.mark.parametrize("wrong", [{"call": -1.0}, {"second": -0.1}, {"per_word": 1.0}])
def test_a_price_is_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Price.model_validate(wrong)
