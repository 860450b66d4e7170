"""States: whole scripts, kept now and then by their revision, and every other one made of them by patches."""

import zlib
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from wavagent.errors import ScriptError
from wavagent.history.entry import Entry, patches
from wavagent.history.journal import replace
from wavagent.script import Script
from wavagent.script.file import dumps, loads
from wavagent.script.patch import Patch, replay, revision
from wavagent.text import one_line


class States:
    """Scripts in a folder, each under its revision and checked by it when it is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, script: Script) -> None:
        """Keep a whole script. Raises OSError."""
        path = self._path(revision(script))
        if not path.exists():
            replace(path, zlib.compress(dumps(script).encode(), 9))

    def get(self, name: str) -> Script | None:
        """The script kept under a revision; None when there is none. Raises ScriptError when it is damaged."""
        path = self._path(name)
        try:
            script = loads(zlib.decompress(path.read_bytes()).decode())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error, ScriptError) as error:
            raise ScriptError(f"'{path}' is damaged ({one_line(str(error))})") from error
        if revision(script) != name:
            raise ScriptError(f"'{path}' is damaged (it is another script than its name says)")
        return script

    def find(self, wanted: str, entries: Sequence[Entry], known: Script | None = None) -> Script:
        """The script of a revision: kept whole, or made by patches of the nearest one that is, or of `known`.

        Raises ScriptError, with what is damaged, when there is no way to it.
        """
        damage: list[str] = []
        head = revision(known) if known is not None else ""
        ways: deque[tuple[str, tuple[Patch, ...]]] = deque([(wanted, ())])
        seen = {wanted}
        while ways:
            name, path = ways.popleft()
            try:
                start = known if name == head else self.get(name)
                if start is not None and (made := _made(start, path, wanted)) is not None:
                    return made
            except ScriptError as error:
                damage.append(str(error))
            for before, patch in _into(name, entries):
                if before not in seen:
                    seen.add(before)
                    ways.append((before, (patch, *path)))
        reason = f": {'; '.join(damage[:3])}" if damage else ""
        raise ScriptError(f"revision {wanted[:12]} cannot be had back{reason}")

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.json.z"


def _into(name: str, entries: Sequence[Entry]) -> Iterator[tuple[str, Patch]]:
    """The patches that lead to a revision, each with where it starts."""
    for entry in entries:
        if name in (entry.revision, entry.parent):
            try:
                yield from ((before, patch) for before, after, patch in patches(entry) if after == name)
            except ValidationError:
                continue  # another version of wavagent wrote it; there may be another way


def _made(script: Script, path: Sequence[Patch], wanted: str) -> Script | None:
    """`script` after the patches of `path`, if that is what was wanted."""
    for patch in path:
        script = replay(script, patch)
    return script if revision(script) == wanted else None
