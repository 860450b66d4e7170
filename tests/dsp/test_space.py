import pytest

from wavagent.dsp.space import DISTANCES, SPACES, distance, space
from wavagent.errors import InputError


def test_the_table_has_the_spaces_of_the_stage() -> None:
    wanted = {"dry", "room", "small_room", "hall", "church", "outdoors", "forest", "cave", "street", "phone"}
    assert wanted | {"radio", "underwater", "tunnel", "car", "next_room"} <= set(SPACES)
    assert set(DISTANCES) == {"near", "normal", "far"}


@pytest.mark.parametrize("name", SPACES)
def test_a_space_makes_sense(name: str) -> None:
    found = space(name)
    assert 0.0 < found.dull <= 1.0 and found.level_db <= 0.0
    assert (found.wet_db is None) == (found.seconds == 0.0)
    assert found.low is None or found.high is None or found.low < found.high
    assert 0.0 < found.delay < found.spread


def test_an_unknown_name_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="'moon'.*church"):
        space("moon")
    with pytest.raises(InputError, match="'away'.*near, normal, far"):
        distance("away")
