import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.reading.json5 import objects, to_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[1, 2,]", [1, 2]),
        ("{a: 1, 'b': \"x\",}", {"a": 1, "b": "x"}),
        ("// c\n[/* d */ true, null, .5, +3, 4.]", [True, None, 0.5, 3, 4]),
        (r"['it\'s', 'a \"b\"', '\x41\u0042\n']", ["it's", 'a "b"', "AB\n"]),
        ("['http://x/*y*/', \"a // b\"]", ["http://x/*y*/", "a // b"]),
        ("Here is the list: [1]", [1]),
        ("['line\\\nover']", ["lineover"]),
    ],
)
def test_what_people_write_becomes_json(text: str, value: object) -> None:
    assert json.loads(to_json(text)) == value


@given(st.lists(VALUES))
def test_json_stays_what_it_is(value: list[object]) -> None:
    assert json.loads(to_json(json.dumps(value))) == value
    assert json.loads(to_json(json.dumps(value, ensure_ascii=False))) == value


def test_a_list_cut_short_gives_the_objects_that_are_whole() -> None:
    assert list(objects('[{"a": 1}, {"b": 2}, {"c": '))[:2] == [{"a": 1}, {"b": 2}]


@given(st.text(alphabet="[]{}'\",:/*\\ a1\n.", max_size=80))
def test_anything_ends(text: str) -> None:
    assert all(isinstance(found, dict | str) for found in objects(to_json(text)))
