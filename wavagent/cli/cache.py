"""`wavagent cache`: what the store holds, whether it is sound, and how it gets smaller."""

import json
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.options import Json, StoreUrl

if TYPE_CHECKING:
    from wavagent.inventory import Inventory
    from wavagent.store import Store
    from wavagent.sweep import Swept

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
BYTES = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30, "TI": 2**40}


def age(text: str) -> float:
    """Seconds, of '90s', '30m', '12h', '30d' or '4w'. Raises BadParameter."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhdw])", text.strip().lower())
    if found is None:
        raise typer.BadParameter(f"'{text}' is no age; write 12h, 30d or 4w")
    return float(found[1]) * SECONDS[found[2]]


def size(text: str) -> int:
    """Bytes, of '500MB', '10G' (powers of ten), '1.5GiB' (powers of two) or '0'. Raises BadParameter."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*((?:[KMGT]I?)?)B?", text.strip().upper())
    if found is None:
        raise typer.BadParameter(f"'{text}' is no size; write 500MB, 10GB or 1.5GiB")
    return int(float(found[1]) * BYTES[found[2]])


def amount(count: float) -> str:
    """Bytes for a person."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def ls(store: StoreUrl = "", as_json: Json = False) -> int:
    """Show what the store holds, by kind: how many files, how large, when they were last used."""
    from wavagent.inventory import inventory

    kept = _store(store)
    found = inventory(kept)
    if as_json:
        print(json.dumps({"store": kept.url, **_plain(found)}, ensure_ascii=False))
    else:
        _show(kept.url, found)
    return 0


def gc(
    store: StoreUrl = "",
    older: Annotated[
        str | None, typer.Option("--older", metavar="AGE", help="Also remove what was not used for so long: 30d, 12h.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="SIZE", help="Then remove what was used longest ago until this fits: 10GB."),
    ] = None,
    project: Annotated[
        list[Path] | None, typer.Option("--project", metavar="DIR", help="Keep what this project needs; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Remove nothing; say what would be removed.")] = False,
    as_json: Json = False,
) -> int:
    """Remove what is of no use: what killed runs left, damaged calls, clips that no call names; and more if asked.

    What a process that is at work needs is never removed, and what is removed is made again when it is needed.
    """
    from wavagent.cli import DEGRADED, OK
    from wavagent.sweep import sweep

    limits = (age(older) if older is not None else None, size(to) if to is not None else None)
    kept = _store(store)
    keep = _needed(kept.url, project or ())
    swept = sweep(kept, older=limits[0], to=limits[1], keep=keep, dry=dry_run)
    if as_json:
        removed = {reason: {"files": files, "bytes": size} for reason, (files, size) in swept.removed.items()}
        print(
            json.dumps({"store": kept.url, "removed": removed, "left": swept.left, "over": swept.over, "dry": dry_run})
        )
    else:
        print(_said(swept, dry_run))
    return DEGRADED if swept.over else OK


def verify(
    store: StoreUrl = "",
    repair: Annotated[
        bool, typer.Option("--repair", help="Remove what is damaged, so that it is made again when it is needed.")
    ] = False,
    as_json: Json = False,
) -> int:
    """Check every file of the store against its checksum; exit code 1 when something is damaged and stays so."""
    from wavagent.cli import ERROR, OK
    from wavagent.inventory import verify as verified

    kept = _store(store)
    verdict = verified(kept, repair)
    if as_json:
        about = {"files": verdict.files, "bytes": verdict.size, "damaged": list(verdict.damaged), "repaired": repair}
        print(json.dumps({"store": kept.url, **about}, ensure_ascii=False))
    else:
        for path in verdict.damaged:
            print(f"damaged{' and removed' if repair else ''}: {path}")
        print(f"{verdict.files} files checked ({amount(verdict.size)}), {len(verdict.damaged)} damaged")
    return ERROR if verdict.damaged and not repair else OK


def _store(url: str) -> "Store":
    from wavagent.settings import default_store
    from wavagent.store import Store

    return Store(url or default_store())


def _needed(url: str, projects: Iterable[Path]) -> frozenset[str]:
    """The keys of what `projects` need. Raises ScriptError: nothing is removed when one cannot be read."""
    keys: set[str] = set()
    for project in projects:
        from wavagent.needed import needed
        from wavagent.project import script_in, takes_of
        from wavagent.settings import Settings
        from wavagent.studio import Studio

        script, folder = script_in(project)
        # The takes that were not chosen are kept, too; whether some of them were asked for, the report knows.
        for takes in {1, takes_of(folder)}:
            keys |= needed(Studio(Settings(url, seed=script.seed, takes=takes)), script, folder)
    return frozenset(keys)


def _plain(found: "Inventory") -> dict[str, object]:
    """An inventory as JSON."""
    return {
        "files": found.files,
        "bytes": found.size,
        "at_work": found.at_work,
        "kinds": {
            kind.kind: {"files": kind.files, "bytes": kind.size, "oldest": kind.oldest, "newest": kind.newest}
            for kind in found.kinds
        },
        "biggest": [{"file": file.path, "bytes": file.size, "used": file.used} for file in found.biggest],
    }


def _show(url: str, found: "Inventory") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for heading in ("kind", "files", "size", "oldest use", "newest use"):
        table.add_column(heading, justify="right" if heading in ("files", "size") else "left", no_wrap=True)
    for kind in found.kinds:
        table.add_row(kind.kind, str(kind.files), amount(kind.size), _when(kind.oldest), _when(kind.newest))
    console = Console(highlight=False)
    if found.files:
        console.print(table)
    console.print(f"{url}: {found.files} files, {amount(found.size)}", markup=False, soft_wrap=True)
    if found.at_work:
        console.print(f"in use by {found.at_work} process{'es' if found.at_work > 1 else ''}")
    for file in found.biggest:
        console.print(f"{amount(file.size):>9}  {file.path}", markup=False, soft_wrap=True)


def _when(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return "unknown"


def _said(swept: "Swept", dry: bool) -> str:
    """A sweep in a sentence."""
    parts = [f"{files} {reason} ({amount(size)})" for reason, (files, size) in swept.removed.items()]
    did = "would remove" if dry else "removed"
    said = f"{did} {', '.join(parts) or 'nothing'}; {amount(swept.left)} {'would be' if dry else 'are'} left"
    return f"{said}, {amount(swept.over)} more than wanted: they are in use or kept" if swept.over else said
