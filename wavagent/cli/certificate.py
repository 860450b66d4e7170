"""A certificate for the eye: a table of what was measured and what was wanted."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from wavagent.export import Album, Certificate, Check
from wavagent.export.clock import short


def show(certificate: Certificate, console: Console) -> None:
    """Print `certificate` on `console`."""
    _print(f"{certificate.profile}: {_verdict(certificate.passed)}", certificate.checks, console)
    _remarks([certificate], console)


def show_album(album: Album, console: Console) -> None:
    """Print on `console` a line for each file, with what it misses, and what is asked of all together."""
    table = Table(title=f"{album.profile}: {_verdict(album.passed)}", title_justify="left", box=None, pad_edge=False)
    table.add_column("measured on the decoded file", overflow="fold")
    for heading in ("length", "loudness", "true peak", "RMS", ""):
        table.add_column(heading, justify="right")
    for one in album.certificates:
        levels = (f"{one.loudness:.1f} LUFS", f"{one.true_peak:.1f} dBTP", f"{one.measured.rms:.1f} dB")
        shown = (level.replace("-", "−") for level in levels)
        table.add_row(one.path.name, short(one.measured.seconds), *shown, "✓" if one.passed else "✗")
    console.print(table, markup=False)
    for one in album.certificates:
        for check in one.checks:
            if not check.passed:
                line = f"✗ {one.path.name}: {check.name} {check.found}, wanted {check.wanted}"
                console.print(line, markup=False, soft_wrap=True)
    _print(f"{len(album.certificates)} files together", album.checks, console)
    _remarks(album.certificates, console)


def _print(title: str, checks: Iterable[Check], console: Console) -> None:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("measured on the decoded file", "found", "wanted", ""):
        table.add_column(heading)
    for check in checks:
        table.add_row(check.name, check.found, check.wanted, "✓" if check.passed else "✗")
    console.print(table)


def _remarks(certificates: Iterable[Certificate], console: Console) -> None:
    """What is said besides, once."""
    notes = dict.fromkeys(f"({one.note})" for one in certificates if one.note)
    rest = dict.fromkeys(f"not measured: {what}" for one in certificates for what in one.unmeasured)
    for line in (*notes, *rest):
        console.print(line, markup=False, soft_wrap=True)


def _verdict(passed: bool) -> str:
    return "PASS" if passed else "FAIL"
