"""The Python face: a story in hand, to edit, render and export.

import wavagent

story = wavagent.plan("story.txt")
story.export("story.m4b")
"""

from pathlib import Path
from typing import Literal

from wavagent.errors import ScriptError
from wavagent.event import Listener, silent
from wavagent.export.certificate import Certificate
from wavagent.gather import bring
from wavagent.project import SCRIPT, Project, script_in
from wavagent.script import Script, Speech
from wavagent.script.patch import Edit, Patch, ReplaceText, apply, changes, revision
from wavagent.settings import Settings, default_store
from wavagent.studio import Rendering, Studio


class Story:
    """A script and the studio it is made in. Change `script` (values are frozen: assign a new one), render, export."""

    def __init__(self, script: Script, studio: Studio, folder: Path | None = None) -> None:
        self.script = script
        self.folder = folder
        self._studio = studio
        self._rendered: tuple[Script, Rendering] | None = None
        self._project: Project | None = None
        self._saved = script
        self._past: list[Script] = []
        self._undone: list[Script] = []

    @property
    def lines(self) -> list[Speech]:
        """Every line that is spoken, in order."""
        return list(self.script.lines)

    def edit(self, *operations: Edit, note: str = "", words: Literal["kept", "changed"] = "kept") -> tuple[str, ...]:
        """Do the operations of `wavagent.script.patch`, all or none; what changed, in sentences.

        In a project it is a revision of its history. Raises what `wavagent.script.patch.apply` raises.
        """
        return self.apply(Patch.of(self.script, *operations, words=words, note=note))

    def apply(self, patch: Patch) -> tuple[str, ...]:
        """Apply a patch; what changed, in sentences. Raises what `wavagent.script.patch.apply` raises."""
        before, after = self.script, apply(self.script, patch)
        if self._project is not None:
            self._kept()
            self._project.commit(patch, who="python")
        else:
            self._past, self._undone = [*self._past, before], []
        self.script = self._saved = after
        return changes(before, after)

    def replace(self, line: str, text: str) -> None:
        """Give the line with id `line` another text. Raises KeyError when there is none."""
        if all(one.id != line for one in self.script.lines):
            raise KeyError(line)
        self.edit(ReplaceText(id=line, text=text), words="changed")

    def undo(self) -> None:
        """Take the last edit back, in a project also one of an earlier day. Raises ScriptError when there is none."""
        if self._project is not None:
            self._kept()
            self._project.undo("python")
            self.script = self._saved = self._project.script
        elif not self._past:
            raise ScriptError("there is nothing to undo: no edit was made to this story")
        else:
            self._undone, self.script = [*self._undone, self.script], self._past.pop()

    def redo(self) -> None:
        """Do again what was last undone. Raises ScriptError when there is nothing."""
        if self._project is not None:
            self._kept()
            self._project.redo("python")
            self.script = self._saved = self._project.script
        elif not self._undone:
            raise ScriptError("there is nothing to redo: nothing was undone since the last edit")
        else:
            self._past, self.script = [*self._past, self.script], self._undone.pop()

    def render(self) -> Rendering:
        """Make every clip and mix them, or what of it the store does not have. Raises a WavagentError."""
        if self._rendered is None or self._rendered[0] is not self.script:
            self._rendered = self.script, self._studio.render(self.script, self.folder)
        return self._rendered[1]

    def export(self, path: str | Path, profile: str | None = None) -> Certificate | None:
        """Write the story in the format of `path`'s suffix; for sound, the certificate measured on the file."""
        return self._studio.export(self.render(), Path(path), profile).certificate

    def save(self, folder: str | Path) -> None:
        """Keep the story as a project in `folder`, with its recordings; its edits so far are in the project's history.

        Raises OutputError, and Stale when the project was changed by others since in what is changed here.
        """
        bring(self.script, self.folder or Path(), Path(folder))
        self.folder = Path(folder)
        if self._project is not None and self._project.folder == self.folder:
            self._kept()
            return
        for script in (*self._past, self.script):
            self._project = Project.create(self.folder, script, who="python")
        self._saved, self._past, self._undone = self.script, [], []

    def _kept(self) -> None:
        """Keep what was assigned to `script` as a revision of its own. Raises Stale."""
        if self._project is not None and self.script is not self._saved:
            self._project.commit(self.script, who="python", base=revision(self._saved))
            self.script = self._saved = self._project.script


def plan(path: str | Path, *, seed: int = 0, store: str | None = None, listen: Listener = silent) -> Story:
    """Plan the narrative in the file at `path`. Raises InputError."""
    studio = Studio(Settings(store or default_store(), seed=seed), listen=listen)
    return Story(studio.plan(studio.read(Path(path))), studio)


def load(project: str | Path, *, store: str | None = None, listen: Listener = silent) -> Story:
    """The story in a project's folder or a script's file. Raises ScriptError."""
    script, folder = script_in(Path(project))
    story = Story(script, Studio(Settings(store or default_store(), seed=script.seed), listen=listen), folder)
    if Path(project).is_dir() or Path(project).name == SCRIPT:
        story._project = Project.open(folder)
    return story
