"""What a model library raises, in wavagent's own words."""

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from wavagent.errors import OutOfMemory, Unavailable

_MEMORY = ("out of memory", "can't allocate memory", "failed to allocate")

_ABSENT = re.compile(r"no file named (?P<file>\S+?),? .*?found in directory (?P<folder>.+?)\.?$", re.MULTILINE)
"""What transformers and diffusers say of it."""


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Raises OutOfMemory where the block ran out of the device's memory, and Unavailable where a model is not in the
    folder it was looked for in; everything else goes by."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:  # torch.OutOfMemoryError is a RuntimeError, and mps has only that
        if not isinstance(error, MemoryError) and not any(word in str(error).lower() for word in _MEMORY):
            raise
        traceback.clear_frames(error.__traceback__)  # they hold what was made so far, and half a batch is tried next
        raise OutOfMemory(
            f"tool '{name}' ran out of memory: {str(error).splitlines()[0] if str(error) else ''}"
        ) from None
    except OSError as error:
        absent = _ABSENT.search(str(error))
        if absent is None:
            raise
        raise Unavailable(
            f"tool '{name}' finds no {absent['file']} in '{absent['folder']}'; name a folder that holds all of the "
            f"model (wavagent tools fetch {name} --folder DIR), and allow its weights where they are pickles: "
            "--allow-pickle"
        ) from None
