import importlib
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused
from wavagent.tool import Params, Request

xvector = importlib.import_module("wavagent.tools.xvector")

pytestmark = pytest.mark.usefixtures("models")


def clip(seconds: float, seed: int) -> Request:
    return Request(
        Params(), {"audio": Audio.of(np.random.default_rng(seed).normal(0, 0.1, round(seconds * 16_000)), 16_000)}
    )


def test_a_voice_is_a_point_at_distance_one(tiny: Any) -> None:
    points = [
        np.array(one.data["embedding"]) for one in xvector.Xvector({"": tiny("xvector")})([clip(1.0, 1), clip(1.4, 2)])
    ]
    np.testing.assert_allclose([np.linalg.norm(point) for point in points], 1.0)
    assert points[0].shape == (16,) and not np.allclose(points[0], points[1])


def test_too_short_a_clip_is_refused(tiny: Any) -> None:
    with pytest.raises(Refused, match="0.5 s.*0.20 s"):
        xvector.Xvector({"": tiny("xvector")})([clip(0.2, 1)])
