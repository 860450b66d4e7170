"""What is sent to machines that may have no wavagent, or another."""

import os
import subprocess
import sys
from pathlib import Path

from wavagent.run.cluster.parcel import packed


def test_what_is_packed_is_the_whole_package_and_works_alone(tmp_path: Path) -> None:
    code = packed(tmp_path)
    assert not list(code.rglob("__pycache__"))
    program = "import wavagent, wavagent.tools.foley as f, wavagent.prompts as p; print(wavagent.__file__, f.__file__)"
    said = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert all(file.startswith(str(code)) for file in said)
    assert list((code / "prompts").glob("*.md"))
