import json
from collections.abc import Callable
from pathlib import Path

from wavagent.export import transcript
from wavagent.programme import Placed, Programme

Make = Callable[..., Programme]
Place = Callable[..., Placed]


def test_it_holds_what_is_said_by_whom_and_when(programme: Make, placed: Place, tmp_path: Path) -> None:
    cues = (placed(0.5, 2.0, "“Come in!”", "mary"), placed(2, 3, "door", role="sound"), placed(3, 4, "No.", "x"))
    transcript.write(programme(placed=cues), tmp_path / "a.transcript.json")
    written = json.loads((tmp_path / "a.transcript.json").read_text("utf-8"))
    assert written == {
        "version": "1.0.0",
        "segments": [
            {"speaker": "Mary", "startTime": 0.5, "endTime": 2.0, "body": "“Come in!”"},
            {"speaker": "x", "startTime": 3.0, "endTime": 4.0, "body": "No."},
        ],
    }
