"""What `benchmarks.gpu` writes down and works out; that it runs, the smoke test shows."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import gpu
from benchmarks.gpus.card import Device
from benchmarks.gpus.ledger import Ledger
from benchmarks.gpus.model import Model, stepping
from benchmarks.gpus.story import STORY, Part, part

pytest.importorskip("torch", reason="the experts' libraries are not installed")


class Half:
    itemsize = 2


CARD = Device("cpu", "a card", Half(), 1e12, 1e14)


def model(took: list[tuple[int, float]]) -> Model:
    return Model(
        7,
        4,
        2.0,
        lambda clips, seconds: took.append((clips, seconds)),
        read=lambda clips, seconds: seconds,
        work=lambda clips, seconds: clips * seconds,
        naive=lambda seconds: took.append((0, seconds)),
    )


def asked(**other: Any) -> argparse.Namespace:
    given = {"models": "broken,fine", "small": False, "seconds": None, "batch": None, "no_story": True}
    return argparse.Namespace(**{**given, **other})


def test_every_row_is_written_at_once(tmp_path: Path) -> None:
    ledger = Ledger(CARD, tmp_path / "out", loud=False)
    for name in ("one", "other"):
        ledger.add({"model": name, "rate": 1.5, "memory_gb": None})
        held = json.loads((tmp_path / "out" / "gpu.json").read_text())
        assert held["rows"][-1] == {"model": name, "rate": 1.5, "memory_gb": None}
        assert f"| {name}" in (tmp_path / "out" / "gpu.md").read_text()
    assert held["device"] == "a card"
    assert len(held["rows"]) == 2


def test_a_model_that_fails_is_named_and_the_others_are_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    took: list[tuple[int, float]] = []

    def built(name: str, device: Device, small: bool) -> Model:
        if name == "broken":
            raise RuntimeError("CUDA out of memory")
        return model(took)

    monkeypatch.setattr(gpu, "built", built)
    ledger = Ledger(CARD, None, loud=False)
    assert gpu._measured(ledger, asked()) == ["broken"]
    assert [row["model"] for row in ledger.rows] == ["fine"]
    assert set(took) == {(1, 2.0), (4, 2.0), (0, 1.0), (0, 2.0)}
    assert "out of memory" in capsys.readouterr().err


def test_a_step_reads_the_weights_once_for_all_and_what_was_kept_for_each() -> None:
    least = stepping(1000, CARD, lambda seconds: 10 * seconds, rows=2, kept=6, before=5)
    assert least["read"](1, 2.0) == 2 * (20 * 1000 + 2 * 6 * 20 * (5 + 10))
    assert least["read"](8, 2.0) - least["read"](1, 2.0) == 7 * 2 * 2 * 6 * 20 * 15
    assert least["work"](8, 2.0) == 8 * least["work"](1, 2.0) == 8 * 2 * 1000 * 2 * 20


def test_a_story_is_timed_in_part_and_counted_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    took: list[tuple[int, float]] = []

    def seconds(device: Device, make: Any) -> float:
        make()
        clips, length = took[-1]
        return length if clips else 10 * length  # one at a time takes ten times as long

    monkeypatch.setattr(Device, "seconds", seconds)
    whole = part(CARD, "audioldm2", model(took), small=False)
    assert whole.sound == whole.naive / 10 == STORY["audioldm2"] * 2.0
    assert whole.batched == pytest.approx(whole.sound / 4)
    assert len(took) <= 10
    lines = part(CARD, "dia", model(took), small=False)
    assert lines.naive == pytest.approx(10 * lines.sound)
    assert lines.sound / 4 < lines.batched < lines.sound / 3.5, "a batch is as long as its longest line"
    assert whole + lines == Part(
        whole.sound + lines.sound,
        whole.naive + lines.naive,
        whole.batched + lines.batched,
        whole.least + lines.least,
    )
