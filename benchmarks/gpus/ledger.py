"""What was measured so far: said at once, and written again after every row, so that a run cut off loses nothing."""

import json
from pathlib import Path

from benchmarks.gpus.card import Device
from benchmarks.report import Row, table


class Ledger:
    """The rows of one run on `device`; `gpu.json` and `gpu.md` in `folder`, where there is one, hold them all."""

    def __init__(self, device: Device, folder: Path | None, loud: bool) -> None:
        self.rows: list[Row] = []
        self.device, self._folder, self._loud = device, folder, loud
        self._say(self._heading)

    def add(self, row: Row) -> None:
        self.rows.append(row)
        self._say(" · ".join(f"{name} {_short(value)}" for name, value in row.items() if value is not None))
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / "gpu.md").write_text(f"{self._heading}\n\n{table(self.rows)}\n")
            facts = {"device": self.device.name, "bandwidth": self.device.bandwidth}
            facts |= {"arithmetic": self.device.arithmetic}
            (self._folder / "gpu.json").write_text(json.dumps({**facts, "rows": [dict(row) for row in self.rows]}))

    @property
    def _heading(self) -> str:
        card = self.device
        speeds = f"copies {card.bandwidth / 1e9:.0f} GB/s, multiplies {card.arithmetic / 1e12:.3g} TFLOP/s"
        return f"{card.name}, {card.dtype}: {speeds}"

    def _say(self, line: str) -> None:
        if self._loud:
            print(line, flush=True)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
