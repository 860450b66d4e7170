"""A project on disk: a folder with the script, what people read of it, what was made, and what made it."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wavagent import __version__
from wavagent.errors import OutputError
from wavagent.script import Script
from wavagent.script.file import dumps, read
from wavagent.script.readable import UNSURE, readable
from wavagent.studio import Delivery, Rendering
from wavagent.tool import Toolbox

SCRIPT = "script.json"


def script_in(place: Path) -> tuple[Script, Path]:
    """The script at `place`, a project's folder or a script's file, and the project's folder. Raises ScriptError."""
    file = place / SCRIPT if place.is_dir() else place
    return read(file), file.parent


def save(script: Script, folder: Path) -> None:
    """Write the script of a project, with its readable view and the cast. Raises OutputError."""
    _write(folder / SCRIPT, dumps(script))
    _write(folder / "script.md", readable(script))
    cast = [character.model_dump(mode="json", exclude_defaults=True) for character in script.cast]
    _write(folder / "cast.json", _json(cast))


def save_report(rendering: Rendering, deliveries: list[Delivery], toolbox: Toolbox, folder: Path) -> None:
    """Write what a run did (report.json) and what it did it with (wavagent.lock). Raises OutputError."""
    made = rendering.made
    report = {
        "seconds": round(rendering.seconds, 3),
        "calls": len(rendering.compiled.graph),
        "ran": len(made.ran),
        "cached": len(made.cached),
        "segments": len(rendering.premaster.segments),
        "mixed": len(rendering.premaster.mixed),
        "findings": [
            {"element": finding.element, "message": finding.message} for finding in rendering.compiled.findings
        ],
        "unsure": [
            {"line": line.id, "who": line.who, "confidence": line.confidence, "evidence": line.evidence}
            for line in rendering.script.lines
            if line.confidence < UNSURE
        ],
        "files": [
            {"file": str(one.path), "certificate": one.certificate.to_json() if one.certificate else None}
            for one in deliveries
        ],
    }
    _write(folder / "report.json", _json(report))
    used = sorted({call.tool for call in rendering.compiled.graph})
    lock = {
        "wavagent": __version__,
        "python": ".".join(map(str, sys.version_info[:2])),
        "seed": rendering.script.seed,
        "tools": {name: toolbox[name].card.version for name in used},
        "seeds": {call.id: call.seed for call in rendering.compiled.graph if call.seed is not None},
    }
    _write(folder / "wavagent.lock", _json(lock))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except (OSError, UnicodeEncodeError) as error:
        _forget(temporary.unlink)
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"'{path}' cannot be written ({reason}); choose another folder with -o") from error


def _forget(remove: Callable[[], None]) -> None:
    try:
        remove()
    except OSError:
        pass  # it was never there, or the disk is what is broken
