"""A tool is a stranger's code: whatever it raises is named and contained."""

from collections.abc import Iterator
from contextlib import contextmanager

from wavagent.audio import NotFinite
from wavagent.errors import Broken, Flawed, OutOfMemory, ToolError
from wavagent.tool import Tool


@contextmanager
def contained(tool: Tool) -> Iterator[None]:
    """Lets nothing out of the block but a ToolError: a fault in the tool itself makes it Broken, never the run."""
    name = tool.card.name
    try:
        yield
    except ToolError:
        raise
    except MemoryError as error:
        raise OutOfMemory(f"tool '{name}' ran out of memory; free some, or let it do fewer calls at once") from error
    except NotFinite as error:
        raise Flawed(f"tool '{name}' made samples that are not numbers") from error
    except (Exception, SystemExit) as error:
        raise Broken(f"tool '{name}' failed: {type(error).__name__}: {error}") from error
