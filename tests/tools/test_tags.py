import importlib

import numpy as np
import pytest

from wavagent.errors import Refused
from wavagent.tool import accept

of = importlib.import_module("wavagent.tools._tags")

LABELS = ("rain", "dog", "door")


def test_a_label_is_as_likely_as_where_it_is_likeliest() -> None:
    found = [np.array([0.9, 0.1, 0.2]), np.array([0.2, 0.5, 0.1])]
    said = of.tags(LABELS, found, [0.0, 10.0], 14.0, of.TagParams(top=2))
    assert said["labels"] == {"rain": 0.9, "dog": 0.5}


def test_windows_that_follow_one_another_are_one_event() -> None:
    found = [np.array([0.9, 0.0, 0.0]), np.array([0.4, 0.8, 0.0]), np.array([0.0, 0.0, 0.0]), np.array([0.5, 0.0, 0.0])]
    said = of.tags(LABELS, found, [0.0, 10.0, 20.0, 30.0], 34.0, of.TagParams(threshold=0.3))
    assert said["events"] == [
        {"label": "rain", "start": 0.0, "end": 20.0, "likely": 0.9},
        {"label": "rain", "start": 30.0, "end": 34.0, "likely": 0.5},
        {"label": "dog", "start": 10.0, "end": 20.0, "likely": 0.8},
    ]


def test_what_no_tagger_takes_is_refused() -> None:
    tagger = importlib.import_module("wavagent.tools.ast_tags").TOOL
    for wrong in ({"top": 0}, {"threshold": 0.0}, {"threshold": 1.5}, {"labels": ("rain",)}):
        with pytest.raises(Refused):
            accept(tagger, wrong)
