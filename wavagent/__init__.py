"""wavagent: from words to a finished audio story.

import wavagent

story = wavagent.plan("story.txt")
certificate = story.export("story.mp3")
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["Audio", "Rendering", "Script", "Settings", "Story", "Studio", "WavagentError", "load", "plan"]

_HOMES = {
    "Audio": "wavagent.audio",
    "Rendering": "wavagent.studio",
    "Script": "wavagent.script",
    "Settings": "wavagent.settings",
    "Story": "wavagent.story",
    "Studio": "wavagent.studio",
    "WavagentError": "wavagent.errors",
    "load": "wavagent.story",
    "plan": "wavagent.story",
}

if TYPE_CHECKING:
    from wavagent.audio import Audio
    from wavagent.errors import WavagentError
    from wavagent.script import Script
    from wavagent.settings import Settings
    from wavagent.story import Story, load, plan
    from wavagent.studio import Rendering, Studio


def __getattr__(name: str) -> Any:
    """Public names are imported when they are first used, so that `import wavagent` costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'wavagent' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
