"""The Python face: a story in hand, to edit, render and export.

import wavagent

story = wavagent.plan("story.txt")
story.export("story.m4b")
"""

from pathlib import Path

from wavagent.event import Listener, silent
from wavagent.export.certificate import Certificate
from wavagent.project import save, script_in
from wavagent.script import Script, Speech
from wavagent.settings import Settings, default_store
from wavagent.studio import Rendering, Studio


class Story:
    """A script and the studio it is made in. Change `script` (values are frozen: assign a new one), render, export."""

    def __init__(self, script: Script, studio: Studio, folder: Path | None = None) -> None:
        self.script = script
        self.folder = folder
        self._studio = studio
        self._rendered: tuple[Script, Rendering] | None = None

    @property
    def lines(self) -> list[Speech]:
        """Every line that is spoken, in order."""
        return list(self.script.lines)

    def replace(self, line: str, text: str) -> None:
        """Give the line with id `line` another text. Raises KeyError when there is none."""
        if all(one.id != line for one in self.script.lines):
            raise KeyError(line)
        scenes = tuple(
            scene.model_copy(
                update={
                    "elements": tuple(
                        one.model_copy(update={"text": text, "spoken": None}) if one.id == line else one
                        for one in scene.elements
                    )
                }
            )
            for scene in self.script.scenes
        )
        source = self.script.source and self.script.source.model_copy(update={"verbatim": False})
        self.script = self.script.model_copy(update={"scenes": scenes, "source": source})

    def render(self) -> Rendering:
        """Make every clip and mix them, or what of it the store does not have. Raises a WavagentError."""
        if self._rendered is None or self._rendered[0] is not self.script:
            self._rendered = self.script, self._studio.render(self.script, self.folder)
        return self._rendered[1]

    def export(self, path: str | Path, profile: str | None = None) -> Certificate | None:
        """Write the story in the format of `path`'s suffix; for sound, the certificate measured on the file."""
        return self._studio.export(self.render(), Path(path), profile).certificate

    def save(self, folder: str | Path) -> None:
        """Write the project's script, its readable view and its cast into `folder`."""
        self.folder = Path(folder)
        save(self.script, self.folder)


def plan(path: str | Path, *, seed: int = 0, store: str | None = None, listen: Listener = silent) -> Story:
    """Plan the narrative in the file at `path`. Raises InputError."""
    studio = Studio(Settings(store or default_store(), seed=seed), listen=listen)
    return Story(studio.plan(studio.read(Path(path))), studio)


def load(project: str | Path, *, store: str | None = None, listen: Listener = silent) -> Story:
    """The story in a project's folder or a script's file. Raises ScriptError."""
    script, folder = script_in(Path(project))
    return Story(script, Studio(Settings(store or default_store(), seed=script.seed), listen=listen), folder)
