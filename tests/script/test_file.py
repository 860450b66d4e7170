"""Scripts on disk: they come back as they were, and what is no script is refused in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wavagent.errors import ScriptError
from wavagent.script import (
    SCHEMA,
    Ambience,
    Anchor,
    Character,
    Consent,
    Delivery,
    Element,
    Music,
    Operation,
    Pause,
    Recording,
    Rule,
    Scene,
    Script,
    Sound,
    Source,
    Span,
    Speech,
    Trait,
    Traits,
    Voice,
    file,
)
from wavagent.script.file import dumps, loads, read

HOSTILE = "\"'\n\\ $(rm -rf /) `x` \0 \N{GRINNING FACE} \u202eאבג\u202c <b>&amp;</b> {x} %s \u2028 \r\t"

ELEMENTS: list[Element] = [
    Speech(
        id="e",
        text=HOSTILE,
        spoken=HOSTILE,
        mode="thought",
        delivery=Delivery(emotion=HOSTILE, intensity=0.25, pace=1.5, note=HOSTILE),
        pause_before=0.5,
        pause_after=0.0,
        start=Anchor(element="p", edge="end", offset=-0.5),
        level="loud",
        gain=-3.0,
        pan=0.5,
        span=Span(start=1, end=2),
        confidence=0.125,
        evidence=HOSTILE,
        seed=2**63 - 1,
        take=3,
        locked=True,
    ),
    Sound(id="e", what=HOSTILE, seconds=2.0, anchor=Anchor(element="p"), level="quiet", tool="x", seed=0, take=1),
    Music(id="e", what=HOSTILE, start=Anchor(element="p"), end=Anchor(element="p", edge="end"), fade_in=0.0),
    Ambience(id="e", what=HOSTILE, seconds=9.0, gain=1.0, fade_out=0.0, locked=True),
    Pause(id="e", seconds=0.0, text=HOSTILE, span=Span(start=0, end=0)),
    Recording(
        id="e",
        file="a/$(x) 'b'.wav",
        sha256="ab" * 32,
        start=1.0,
        end=2.0,
        chain=(Operation(tool="louder", params={"db": 3.0, "note": HOSTILE, "more": [None, {"x": True}]}),),
        pan=-1.0,
    ),
]


def holding(*elements: Element) -> Script:
    return Script(scenes=(Scene(id="s", elements=(*elements, Pause(id="p", seconds=1.0))),))


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.kind)
def test_every_kind_of_element_comes_back_as_it_was(element: Element) -> None:
    script = holding(element)
    written = dumps(script)
    assert loads(written) == script
    assert dumps(loads(written)) == written


def test_everything_around_the_elements_comes_back_as_it_was() -> None:
    traits = Traits(gender=Trait(value="male", evidence=HOSTILE, span=Span(start=3, end=4)))
    consent = Consent(person=HOSTILE, statement=HOSTILE, date=HOSTILE, sha256="0" * 64)
    voice = Voice(tool="x", id="y", settings={"a": HOSTILE, "b": [1, 2.5]}, reference="r.wav", consent=consent)
    person = Character(id="a", name=HOSTILE, aliases=(HOSTILE,), traits=traits, voice=voice, locked=True)
    scene = Scene(id="s", heading=HOSTILE, chapter=False, space="cave", mood=HOSTILE, setting=HOSTILE)
    script = Script(
        title=HOSTILE,
        author=HOSTILE,
        language="pt-BR",
        source=Source(name=HOSTILE, sha256="1" * 64, verbatim=False),
        seed=5,
        cast=(person,),
        pronunciations=(Rule(word=HOSTILE, say=HOSTILE, case=True),),
        scenes=(scene,),
    )
    assert loads(dumps(script)) == script
    assert dumps(loads(dumps(script))) == dumps(script)


text = st.text(st.characters(codec="utf-8"), max_size=30)
seconds = st.none() | st.floats(0, 86_400)
spots = st.builds(Anchor, element=st.just("s0"), edge=st.sampled_from(["start", "end"]), offset=st.floats(-9, 9))


def _elements(ids: list[str]) -> st.SearchStrategy[list[Element]]:
    kinds: list[Callable[[str], st.SearchStrategy[Any]]] = [
        lambda id: st.builds(Speech, id=st.just(id), text=text, spoken=st.none() | text, pause_before=seconds),
        lambda id: st.builds(Sound, id=st.just(id), what=text.filter(bool), seconds=seconds, anchor=st.none() | spots),
        lambda id: st.builds(
            Music, id=st.just(id), what=text.filter(bool), end=st.none() | spots, gain=st.floats(-40, 12)
        ),
        lambda id: st.builds(
            Ambience, id=st.just(id), what=text.filter(bool), level=st.sampled_from(["quiet", "loud"])
        ),
        lambda id: st.builds(Pause, id=st.just(id), seconds=st.floats(0, 9), text=text),
    ]
    return st.tuples(*(st.one_of(*(kind(id) for kind in kinds)) for id in ids)).map(list)


scripts = st.integers(0, 5).flatmap(
    lambda count: st.builds(
        lambda title, elements: Script(
            title=title, scenes=(Scene(id="s", elements=(Pause(id="s0", seconds=0.0), *elements)),)
        ),
        text,
        _elements([f"e{number}" for number in range(count)]),
    )
)


@given(scripts)
@settings(max_examples=60, deadline=None)
def test_any_script_comes_back_byte_for_byte(script: Script) -> None:
    written = dumps(script)
    assert loads(written) == script
    assert dumps(loads(written)) == written
    assert written.encode().decode() == written


def test_the_file_says_what_it_is_even_where_that_is_the_default(script: Script) -> None:
    data = json.loads(dumps(script))
    assert list(data)[:4] == ["schema", "title", "language", "seed"]
    assert data["schema"] == SCHEMA
    assert [person["aliases"] for person in data["cast"]] == [[], ["Miss Mary"]]
    line = data["scenes"][0]["elements"][2]
    assert line == {"kind": "speech", "who": "narrator", "id": "e1", "text": "It was late.\n\n"}


def test_an_empty_script_comes_back_as_it_was() -> None:
    for script in (Script(), Script(cast=()), Script(scenes=(Scene(id="s"),))):
        assert loads(dumps(script)) == script


def _changed(**changes: Any) -> str:
    return json.dumps({**json.loads(dumps(holding(Speech(id="e", text="Hi")))), **changes})


def _line(**fields: Any) -> list[Any]:
    return [{"id": "s", "elements": [{"kind": "speech", "id": "e", "text": "Hi", **fields}]}]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("nonsense\nof lines", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"seed": ' + "1" * 5000 + "}", "is not JSON"),
        ('{"gain": NaN}', "NaN is no number"),
        ('{"gain": -Infinity}', "-Infinity is no number"),
        ("[]", "holds a list"),
        ('"x"', "holds a str"),
        ("{}", "no schema"),
        ('{"schema": 1}', "schema '1'; this version reads 'wavagent.script/1'"),
        ('{"schema": "wavagent.script/99"}', "wavagent.script/99"),
        ('{"schema": ["x"]}', "this version reads"),
        (_changed(colour="red"), "colour: Extra inputs"),
        (_changed(**{"a\nb": 1}), "a b: Extra inputs"),
        (_changed(title=5), "title: Input should be a valid string"),
        (_changed(seed="many"), "seed: "),
        (_changed(scenes=_line(who="bob")), "'bob', who is not in the cast: narrator"),
        (_changed(scenes=_line(who="Bob B")), "scenes.0.elements.0.speech.who"),
        (_changed(scenes=_line(delivery={"pace": 9})), "scenes.0.elements.0.speech.delivery.pace"),
        (_changed(scenes=_line(kind="noise\n")), "scenes.0.elements.0: Input tag 'noise"),
        (_changed(scenes=_line(text="\ud800")), "surrogates not allowed"),
        (_changed(scenes=_line(gain=1e9, pan=7)), r"less than or equal to 12 \(and 1 more\)"),
    ],
)
def test_what_is_no_script_is_refused_in_one_sentence(written: str, fault: str) -> None:
    with pytest.raises(ScriptError, match=fault) as caught:
        loads(written, "'story/script.json'")
    message = str(caught.value)
    assert message.startswith("'story/script.json'")
    assert message.isprintable()
    assert len(message) < 400


def test_an_older_schema_is_upgraded_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def from_minus_one(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "schema": "wavagent.script/0"}

    def from_zero(data: dict[str, Any]) -> dict[str, Any]:
        return {"schema": SCHEMA, "title": data["name"]}

    monkeypatch.setattr(file, "UPGRADES", {"wavagent.script/-1": from_minus_one, "wavagent.script/0": from_zero})
    assert loads('{"schema": "wavagent.script/-1", "name": "Old"}') == Script(title="Old")


def test_a_script_is_read_from_its_file(tmp_path: Path, script: Script) -> None:
    path = tmp_path / "script.json"
    path.write_text(dumps(script), encoding="utf-8")
    assert read(path) == script


def test_a_byte_order_mark_is_no_part_of_a_script(tmp_path: Path, script: Script) -> None:
    path = tmp_path / "script.json"
    path.write_text(dumps(script), encoding="utf-8-sig")
    assert read(path) == script


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match=r"there is no script at '.*gone\.json'"):
        read(tmp_path / "gone.json")
    with pytest.raises(ScriptError, match="cannot be read as a script"):
        read(tmp_path)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScriptError, match="cannot be read as a script"):
        read(tmp_path / "binary")
    with pytest.raises(ScriptError, match="cannot be read as a script"):
        read(tmp_path / "a\0b")
