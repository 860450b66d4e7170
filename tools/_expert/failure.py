"""What a model library raises, in wavagent's own words."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from wavagent.errors import OutOfMemory

_MEMORY = ("out of memory", "can't allocate memory", "failed to allocate")


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Raises OutOfMemory where the block ran out of the device's memory; everything else goes by."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:  # torch.OutOfMemoryError is a RuntimeError, and mps has only that
        if not isinstance(error, MemoryError) and not any(word in str(error).lower() for word in _MEMORY):
            raise
        traceback.clear_frames(error.__traceback__)  # they hold what was made so far, and half a batch is tried next
        raise OutOfMemory(
            f"tool '{name}' ran out of memory: {str(error).splitlines()[0] if str(error) else ''}"
        ) from None
