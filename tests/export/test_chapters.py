import json
from collections.abc import Callable
from pathlib import Path

from wavagent.export import chapters
from wavagent.programme import Mark, Programme

Make = Callable[..., Programme]


def test_starts_ascend_from_zero_and_titles_are_kept(programme: Make, tmp_path: Path) -> None:
    marks = (Mark("One", 0.0, 1.2345), Mark("nothing", 1.2345, 1.2345), Mark("Zwölf “章”\n", 1.2345, 3.3))
    chapters.write(programme(chapters=marks), tmp_path / "a.chapters.json")
    written = json.loads((tmp_path / "a.chapters.json").read_text("utf-8"))
    assert written["version"] == "1.2.0" and "computer-generated" in written["description"]
    assert written["chapters"] == [
        {"startTime": 0.0, "endTime": 1.234, "title": "One"},
        {"startTime": 1.234, "endTime": 3.3, "title": "Zwölf “章”"},
    ]
