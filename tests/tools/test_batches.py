"""Requests that are alike are made together, and each gets its own result."""

import importlib
from collections.abc import Sequence

import pytest

from wavagent.tool import Params, Request, Result

in_batches = importlib.import_module("wavagent.tools._expert").in_batches


def asked(*seeds: int) -> list[Request]:
    return [Request(Params(), seed=seed) for seed in seeds]


def told(requests: Sequence[Request]) -> list[Result]:
    return [Result(data={"seed": request.seed}) for request in requests]


def test_what_is_alike_is_one_batch_wherever_it_stands_and_results_keep_their_order() -> None:
    batches: list[list[int | None]] = []

    def together(requests: list[Request]) -> list[Result]:
        batches.append([request.seed for request in requests])
        return told(requests)

    made = in_batches(asked(1, 2, 3, 4, 5), lambda request: (request.seed or 0) % 2, together)
    assert batches == [[1, 3, 5], [2, 4]]
    assert [one.data["seed"] for one in made] == [1, 2, 3, 4, 5]


def test_what_they_have_in_common_is_asked_once_of_each() -> None:
    seen: list[int | None] = []
    in_batches(asked(1, 2, 3), lambda request: seen.append(request.seed), told)
    assert seen == [1, 2, 3]


def test_a_batch_with_another_number_of_results_is_no_batch() -> None:
    with pytest.raises(ValueError, match="zip"):
        in_batches(asked(1, 2), lambda request: 0, lambda requests: told(requests)[:1])
