"""The recordings of a project, as a script names them."""

import hashlib
from pathlib import Path

from wavagent.errors import InputError, ScriptError
from wavagent.script import Recording, Script


def gathered(script: Script, folder: Path) -> Script:
    """`script` with the sha256 of every recording's file. Raises ScriptError and InputError."""

    def gather(recording: Recording) -> Recording:
        path = (folder / recording.file).resolve()
        if not path.is_relative_to(folder):
            raise ScriptError(f"recording '{recording.id}' leads out of the project: '{recording.file}'; copy it in")
        try:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"recording '{recording.id}': '{recording.file}' cannot be read ({reason})") from error
        return recording.model_copy(update={"sha256": digest})

    scenes = tuple(
        scene.model_copy(
            update={"elements": tuple(gather(e) if isinstance(e, Recording) else e for e in scene.elements)}
        )
        for scene in script.scenes
    )
    return script.model_copy(update={"scenes": scenes})
