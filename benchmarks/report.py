"""How every benchmark prints: a table for people, or one JSON object with the same numbers."""

import json
from collections.abc import Mapping, Sequence

Value = str | float | int | None
Row = Mapping[str, Value]


def report(name: str, rows: Sequence[Row], as_json: bool = False) -> None:
    """Print the rows of benchmark `name`; every row has the same columns."""
    if as_json:
        print(json.dumps({"benchmark": name, "rows": [dict(row) for row in rows]}))
        return
    print(table(rows))


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    columns = list(rows[0]) if rows else []
    cells = [[_cell(row[column]) for column in columns] for row in rows]
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    lines = [columns, ["-" * width for width in widths], *cells]
    return "\n".join("| " + " | ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines)


def _cell(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"
    return "" if value is None else str(value)
