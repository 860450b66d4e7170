import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wavagent.llm import Unreadable, read_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-1000, 1000)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text("xyz", min_size=1), VALUES), st.sampled_from(["{}", "```json\n{}\n```", "So: {} Done."]))
def test_what_is_JSON_is_read_as_it_is(value: dict[str, Any], around: str) -> None:
    assert read_json(around.replace("{}", json.dumps(value).replace("\x00", ""))) == value


@given(st.text(max_size=200))
def test_any_text_is_read_or_named(text: str) -> None:
    try:
        assert isinstance(read_json(text), dict)
    except Unreadable as error:
        assert "\n" not in str(error)


def test_an_object_without_the_fields_is_passed_over() -> None:
    assert read_json('{"a": 1} {"b": 2}', ["b"]) == {"b": 2}
    with pytest.raises(Unreadable, match="none of the fields b"):
        read_json('{"a": 1}', ["b"])


def test_no_number_is_nothing() -> None:
    assert read_json('{"a": NaN, "b": -Infinity}') == {"a": None, "b": None}
