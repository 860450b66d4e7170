"""Requests that a model can be given together."""

from collections.abc import Callable, Hashable, Sequence

from wavagent.tool import Request, Result


def in_batches(
    requests: Sequence[Request],
    alike: Callable[[Request], Hashable],
    together: Callable[[list[Request]], Sequence[Result]],
) -> list[Result]:
    """A result for each request, in order: those that are `alike` are made `together`."""
    batches: dict[Hashable, list[int]] = {}
    for number, request in enumerate(requests):
        batches.setdefault(alike(request), []).append(number)
    made: dict[int, Result] = {}
    for numbers in batches.values():
        made |= zip(numbers, together([requests[number] for number in numbers]), strict=True)
    return [made[number] for number in range(len(requests))]
