"""A virtual environment of a tool's own: where it is, and whether it is there.

A tool whose libraries fight with the others' names its environment on its card and puts `NAME.requirements.txt` beside
its file. What is to be installed without what it says it needs, for its own pins cannot be met, is asked for in
`NAME.no-deps.requirements.txt`, and what it does need in the first file. Tools that name the same environment beside
the same file share it. It is kept in the user's data under a key of all that it was made from, so that new requirements
or another Python ask for a new one and never break an old one.
"""

import hashlib
import re
import shutil
import sys
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wavagent.errors import Unavailable
from wavagent.settings import default_environments

if TYPE_CHECKING:
    from wavagent.tool import Tool

BASE: Sequence[str] = ("filelock>=3.16,<5", "numpy>=1.24", "platformdirs>=4,<5", "pydantic>=2.11,<3")
"""What the worker itself imports, and a tool that looks for its weights; wavagent is lent to it, and its other
libraries are not needed there."""

PYTHON = Path("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment as `requirements`, a pip requirement file, ask for it, and `bare`, if that is there."""

    name: str
    requirements: Path

    @classmethod
    def of(cls, tool: "Tool") -> "Environment | None":
        """The environment that `tool` runs in; None: it runs in this one."""
        name = tool.card.environment
        if not name:
            return None
        file = getattr(sys.modules[type(tool).__module__], "__file__", None) or ""
        return cls(name, Path(file).with_name(f"{name}.requirements.txt"))

    @property
    def bare(self) -> Path:
        """The requirement file of what is installed without its own requirements; mostly there is none."""
        return self.requirements.with_name(f"{self.name}.no-deps.requirements.txt")

    @property
    def home(self) -> Path:
        """The folder of all environments of this name."""
        return default_environments() / self.name

    @property
    def key(self) -> str:
        """A digest of all that the environment is made from. Raises Unavailable when the requirements are missing."""
        asked = _lines(self.requirements)
        if self.bare.exists():
            asked += ["--no-deps", *_lines(self.bare)]
        made_from = [*asked, *BASE, str(sys.implementation.cache_tag), sysconfig.get_platform()]
        return hashlib.sha256("\n".join(made_from).encode()).hexdigest()[:16]

    @property
    def python(self) -> Path:
        """Its interpreter. Raises Unavailable, which says why there is none, as `obstacle` does."""
        try:
            folder = self._mark.read_text(encoding="utf-8")
        except FileNotFoundError:
            raise Unavailable(f"needs its environment '{self.name}', which is not installed") from None
        except (OSError, ValueError) as error:
            raise Unavailable(f"has an environment that is broken ({error})") from error
        if not re.fullmatch(r"[0-9a-f]+\.[0-9a-f]+", folder):
            raise Unavailable(f"has an environment that is broken ({self._mark} holds {folder[:40]!r})")
        python = self.home / folder / PYTHON
        if not python.exists():
            raise Unavailable(f"has an environment that is broken ({python} is gone)")
        return python

    @property
    def obstacle(self) -> str | None:
        """Why its tool cannot run, or None: "needs …" or "has …"."""
        try:
            _ = self.python
        except Unavailable as error:
            return str(error)
        return None

    @property
    def installed(self) -> bool:
        """Whether it was made; it may be broken since."""
        return self.requirements.exists() and self._mark.exists()

    def adopt(self, folder: Path) -> None:
        """From now on the environment is `folder`, in `home`: at once and for good, or not at all."""
        fresh = folder.with_name(f"{folder.name}.new")
        fresh.write_text(folder.name, encoding="utf-8")
        fresh.replace(self.home / f"{folder.name.partition('.')[0]}.ready")

    def sweep(self) -> None:
        """Remove what an install left here that never came to its end, and what a newer one took the place of."""
        used = {mark.read_text(encoding="utf-8", errors="replace") for mark in self.home.glob("*.ready")}
        for path in self.home.iterdir():
            if path.is_dir() and path.name not in used:
                shutil.rmtree(path, ignore_errors=True)
            elif path.suffix == ".new":
                path.unlink(missing_ok=True)

    @property
    def _mark(self) -> Path:
        return self.home / f"{self.key}.ready"


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise Unavailable(f"needs {file.name} beside it, which cannot be read ({error})") from error
