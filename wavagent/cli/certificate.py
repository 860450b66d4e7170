"""A certificate for the eye: a table of what was measured and what was wanted."""

from rich.console import Console
from rich.table import Table

from wavagent.export import Certificate


def show(certificate: Certificate, console: Console) -> None:
    """Print `certificate` on `console`."""
    verdict = "PASS" if certificate.passed else "FAIL"
    table = Table(title=f"{certificate.profile}: {verdict}", title_justify="left", box=None, pad_edge=False)
    for heading in ("measured on the decoded file", "found", "wanted", ""):
        table.add_column(heading)
    for check in certificate.checks:
        table.add_row(check.name, check.found, check.wanted, "✓" if check.passed else "✗")
    console.print(table)
    if certificate.note:
        console.print(f"({certificate.note})", markup=False)
