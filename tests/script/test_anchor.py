import pytest
from pydantic import ValidationError

from wavagent.script import Anchor


def test_an_anchor_stands_at_the_start_by_default() -> None:
    assert Anchor(element="e1") == Anchor(element="e1", edge="start", offset=0.0)


@pytest.mark.parametrize("given", [{"edge": "word"}, {"word": 2}, {"edge": "end", "word": 0}])
def test_a_word_goes_with_the_edge_word_alone(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="exactly when its edge is 'word'"):
        Anchor.model_validate({"element": "e1", **given})


@pytest.mark.parametrize("given", [{"word": -1, "edge": "word"}, {"offset": 1e9}, {"offset": float("nan")}])
def test_an_anchor_is_within_reach(given: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Anchor.model_validate({"element": "e1", **given})
