"""Random scripts, and random operations on them, of every kind there is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from wavagent.planning.director import direct
from wavagent.reading import read
from wavagent.script import Script, Source
from wavagent.script.file import dumps
from wavagent.script.patch import Operation, Patch, apply, invert, revision
from wavagent.script.patch.check import faults

STORIES = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "stories"

Given = dict[str, Any]

texts = st.sampled_from(
    [
        "It was late. ",
        "“Who is there?” ",
        "Rain fell on the old roof all night long.\n\n",
        "…",
        "",
        "$(x) `y` {z} שלום\n",
    ]
)
gains = st.sampled_from([0.0, -0.0, 3.0, -12.5, 12.0, -40.0])
seconds = st.none() | st.sampled_from([0.0, 0.5, 2.0])
names = st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "h"])


@st.composite
def anchors(draw: st.DrawFn, ids: list[str]) -> Given:
    edge = draw(st.sampled_from(["start", "end", "word"]))
    word = {"word": draw(st.integers(0, 3))} if edge == "word" else {}
    return {"element": draw(st.sampled_from(ids)), "edge": edge, "offset": draw(gains), **word}


@st.composite
def elements(draw: st.DrawFn, id: str, ids: list[str], people: list[str]) -> Given:
    kind = draw(st.sampled_from(["speech", "speech", "speech", "sound", "music", "ambience", "pause", "recording"]))
    at = draw(st.none() | anchors(ids)) if ids else None
    made: dict[str, Given] = {
        "speech": {
            "who": draw(st.sampled_from(people)),
            "text": draw(texts),
            "spoken": draw(st.none() | st.just("spoken")),
            "pause_after": draw(seconds),
            "gain": draw(gains),
            "span": {"start": 3, "end": 9},
        },
        "sound": {"what": "a knock", "anchor": at, "level": draw(st.sampled_from(["quiet", "loud"])), "take": 2},
        "music": {
            "what": "strings",
            "start": at,
            "seconds": draw(seconds),
            "melody": draw(st.none() | st.just({"file": "a.wav", "start": 1})),
            "lyrics": draw(st.sampled_from(["", "la\nla"])),
        },
        "ambience": {"what": "rain", "end": at, "fade_in": 0.25},
        "pause": {"seconds": 1.0, "text": draw(st.sampled_from(["", "* * *\n"]))},
        "recording": {
            "file": "a.wav",
            "chain": [{"tool": "louder", "params": {"db": draw(st.sampled_from([1, 1.0]))}}],
        },
    }
    return {"kind": kind, "id": id, "locked": draw(st.integers(0, 9)) == 0, **made[kind]}


def settings_of(draw: st.DrawFn) -> Given:
    """Settings whose values are equal to Python and not the same bytes."""
    given: list[Given] = [{}, {"a": 1}, {"a": 1.0}, {"a": True}, {"a": 1, "b": None}, {"b": None, "a": 1}]
    return draw(st.sampled_from(given))


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    """A script that holds, of up to four scenes; one in two claims to be verbatim."""
    people = ["narrator", *draw(st.lists(names, unique=True, max_size=3))]
    cast = [
        {"id": id, "name": id.upper(), "locked": draw(st.integers(0, 5)) == 0, "voice": voice}
        for id in people
        for voice in [draw(st.none() | st.just({"tool": "voice", "id": "adam", "settings": settings_of(draw)}))]
    ]
    done: list[str] = []
    scenes = []
    for number in range(draw(st.integers(1, 4))):
        held = []
        for _ in range(draw(st.integers(0, 5))):
            held.append(draw(elements(f"e{len(done)}", list(done), people)))
            done.append(held[-1]["id"])
        heading = draw(st.none() | st.just("Night"))
        scenes.append({"id": f"s{number}", "heading": heading, "elements": held})
    source = {"name": "x.txt", "sha256": "0" * 64, "verbatim": draw(st.booleans())}
    whole = {"title": draw(texts), "cast": cast, "scenes": scenes, "source": draw(st.none() | st.just(source))}
    return _holding(whole)


def _holding(whole: Given) -> Script:
    """The script, without the anchors that would not hold."""
    try:
        script = Script.model_validate(whole)
        if not faults(script):
            return script
    except ValueError:
        pass
    for scene in whole["scenes"]:
        for one in scene["elements"]:
            for field in ("anchor", "start", "end"):
                one.pop(field, None)
    return Script.model_validate(whole)


class Wishes:
    """Operations of every kind, on what there is in a script or, now and then, is not."""

    def __init__(self, draw: st.DrawFn, script: Script) -> None:
        self.draw = draw
        self.ids = [one.id for one in script.elements] or ["e0"]
        self.people = [one.id for one in script.cast] or ["narrator"]
        self.places = [scene.id for scene in script.scenes] or ["s0"]

    def one(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def id(self) -> str:
        return str(self.one(*self.ids))

    def who(self) -> str:
        return str(self.one(*self.people))

    def scene(self) -> str:
        return str(self.one(*self.places))

    def some(self) -> Given:
        return {"ids": self.draw(st.lists(st.sampled_from(self.ids), min_size=1, max_size=3, unique=True))}

    def place(self) -> Given:
        word = self.one("after", "before", "first_in", "last_in")
        return {word: self.id() if word in ("after", "before") else self.scene()}

    def policy(self) -> Given:
        return {"dependents": self.one("refuse", "remove", "reanchor")}

    def new(self, id: str = "") -> Given:
        made = self.draw(elements(id or f"n{self.draw(st.integers(0, 99))}", self.ids, self.people))
        return made if id or self.one(True, False) else {name: value for name, value in made.items() if name != "id"}

    def run(self, ids: list[str]) -> list[str]:
        at = self.draw(st.integers(0, max(0, len(ids) - 2)))
        return (ids[at : at + self.one(2, 2, 3)] + ["other"])[: max(2, len(ids[at : at + 2]))]

    def put_character(self) -> Given:
        return {"id": self.who(), "name": "Put", "locked": self.one(True, False)}

    def recorded(self) -> Given:
        return dict(self.one({"end": 2}, {"end": 0.5}, {"whole": True}, {"chain": []}))

    def every(self) -> dict[str, Callable[[], Given]]:
        """For each operation a way to its fields."""
        return {
            "add": lambda: {"element": self.new(), **self.place()},
            "remove": lambda: self.some() | self.policy(),
            "move": lambda: self.some() | self.place(),
            "put": lambda: {"element": self.new(self.id())},
            "lock": lambda: {"elements": [self.id()], "characters": [self.who()]},
            "unlock": lambda: {"elements": self.ids, "characters": self.people},
            "replace_text": lambda: {"id": self.id(), "text": self.draw(texts), "spoken": self.one(None, "x")},
            "set_spoken": lambda: {"id": self.id(), "spoken": self.one(None, "said")},
            "set_speaker": lambda: self.some() | {"who": self.who()},
            "set_delivery": lambda: self.some() | {"emotion": "angry", "pace": self.one(None, 1.5)},
            "set_mode": lambda: self.some() | {"mode": "thought"},
            "set_pause": lambda: self.some() | self.one({"before": 1}, {"seconds": 2}, {"automatic": ["after"]}),
            "split_line": lambda: {"id": self.id(), "at": self.one("was", "there", "old roof", "z")},
            "merge_lines": lambda: {"ids": self.run(self.ids)},
            "set_what": lambda: self.some() | {"what": "thunder"},
            "set_music": lambda: (
                self.some() | self.one({"melody": {"file": "b.wav", "end": 2}}, {"lyrics": "la"}, {"clear": True})
            ),
            "relevel": lambda: self.some() | self.one({"by": 6}, {"by": -40}, {"level": "loud", "gain": 0.0}),
            "set_pan": lambda: self.some() | {"pan": self.one(-1.0, -0.0, 0.5)},
            "retime": lambda: (
                self.some()
                | self.one(
                    {"start": self.draw(anchors(self.ids))}, {"shift": -0.5}, {"clear": ["start"]}, {"seconds": 3}
                )
            ),
            "set_recording": lambda: self.some() | {"start": 1} | self.recorded(),
            "set_tool": lambda: self.some() | {"tool": self.one(None, "hum")},
            "another_take": lambda: self.some(),
            "pick_take": lambda: {"id": self.id(), "take": 0},
            "set_seed": lambda: self.some() | {"seed": self.one(None, 5)},
            "recast": lambda: {
                "character": self.who(),
                "tool": "voice",
                "voice": "bea",
                "settings": settings_of(self.draw),
            },
            "uncast": lambda: {"character": self.who()},
            "set_traits": lambda: {"character": self.who(), "age": self.one("old", ""), "keep_voice": True},
            "rename_character": lambda: {"character": self.who(), "name": "Zoë", "aliases": self.one(None, ("Z",))},
            "add_character": lambda: {"character": {"id": "new", "name": "New"}, "after": self.who()},
            "remove_character": lambda: {"character": self.who(), "lines_to": self.one(None, *self.people)},
            "merge_characters": lambda: {"into": self.who(), "others": [self.one(*self.people, "nobody")]},
            "put_character": lambda: {"character": self.put_character()},
            "move_character": lambda: {"character": self.who(), "after": self.one(None, *self.people)},
            "set_scene": lambda: {"ids": [self.scene()], "space": "hall", "clear_heading": self.one(True, False)},
            "add_scene": lambda: {
                "scene": {"id": "new", "elements": [self.new("x")]},
                "after": self.one(None, *self.places),
            },
            "remove_scene": lambda: {"id": self.scene()} | self.policy(),
            "move_scene": lambda: {"id": self.scene(), "after": self.one(None, *self.places)},
            "split_scene": lambda: {"at": self.id(), "heading": self.one(None, "Dawn")},
            "merge_scenes": lambda: {"ids": self.run(self.places)},
            "set_story": lambda: {"title": self.draw(texts), "seed": self.one(None, 3)},
            "pronounce": lambda: {"word": self.one("roof", "rain"), "say": "ruf"},
            "forget_pronunciation": lambda: {"word": "roof"},
            "set_pronunciations": lambda: {"rules": [{"word": "a", "say": "b"}, {"word": "a", "say": "c"}]},
            "set_source": lambda: {"source": {"name": "y", "sha256": "1" * 64, "verbatim": self.one(True, False)}},
        }


@st.composite
def patches(draw: st.DrawFn, script: Script, only: str = "") -> Patch:
    """A patch of one to four operations, of any kind or of one."""
    wishes = Wishes(draw, script)
    every = wishes.every()
    names = [only or draw(st.sampled_from(sorted(every))) for _ in range(draw(st.integers(1, 1 if only else 4)))]
    done = []
    for name in names:
        try:
            done.append(_OPERATION.validate_python({"op": name, **every[name]()}))
        except ValidationError:
            continue  # what no operation can be is tested elsewhere
    return Patch(base=revision(script), operations=tuple(done), words=draw(st.sampled_from(["kept", "changed"])))


_OPERATION: TypeAdapter[Any] = TypeAdapter(Operation)


@pytest.fixture(scope="session")
def any_script() -> st.SearchStrategy[Script]:
    return scripts()


@pytest.fixture(scope="session")
def any_patch() -> Callable[..., st.SearchStrategy[Patch]]:
    return patches


@pytest.fixture(scope="session")
def planned() -> list[tuple[str, Script]]:
    """Scripts as the rules plan them, of the stories that lie beside the repository; skips where there are none."""
    if not STORIES.is_dir():
        pytest.skip(f"there are no stories at '{STORIES}'")
    paths = [path for folder in ("en", "de", "ru", "zh") for path in sorted((STORIES / folder).glob("*.txt"))[:2]]
    return [(path.name, direct(read(path))) for path in paths]


@pytest.fixture
def do() -> Callable[..., Script]:
    """`do(script, operation, ..., words=...)`: the script after operations given as JSON, which can be taken back."""

    def done(script: Script, *operations: Given, words: str = "kept") -> Script:
        patch = Patch.model_validate({"base": revision(script), "operations": operations, "words": words})
        after = apply(script, patch)
        assert dumps(apply(after, invert(script, patch))) == dumps(script)
        return after

    return done


@pytest.fixture
def verbatim(script: Script) -> Script:
    """The story, as every word of its source."""
    return script.model_copy(update={"source": Source(name="visit.txt", sha256="0" * 64)})
