"""The odd and broken files of ../shared/data/audio_edge as recordings of a story, from the script to the file."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from wavagent.errors import WavagentError
from wavagent.export import measure
from wavagent.script import Recording, Scene, Script
from wavagent.settings import Settings
from wavagent.studio import Studio

ODD = Path(__file__).resolve().parents[1] / ".." / "shared" / "data" / "audio_edge"
NOTES = (".txt",)
FILES = sorted(path for path in ODD.rglob("*") if path.is_file() and path.suffix not in NOTES)

pytestmark = pytest.mark.skipif(not FILES, reason="the shared collection of odd files is not here")


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(Settings(str(tmp_path / "store")))


def script(*files: str) -> Script:
    recordings = tuple(Recording(id=f"r{number}", file=file) for number, file in enumerate(files))
    return Script(title="Odd", scenes=(Scene(id="s", elements=recordings),))


@pytest.fixture
def heard(studio: Studio, tmp_path: Path) -> list[str]:
    """The files that a story can be made of; of the others, each was refused in one sentence that names it."""
    good = []
    for number, path in enumerate(FILES):
        name = f"{number:02}{path.suffix}"
        shutil.copyfile(path, tmp_path / name)
        try:
            studio.render(script(name), tmp_path)
            good.append(name)
        except WavagentError as error:
            assert name in str(error), f"{path.name}: {error}"
            assert "Traceback" not in str(error) and "\n" not in str(error).strip()
    return good


def test_each_is_heard_or_refused_and_those_that_are_heard_make_one_story(
    studio: Studio, heard: list[str], tmp_path: Path
) -> None:
    assert len(heard) >= 40
    rendering = studio.render(script(*heard), tmp_path)
    assert rendering.made.ran == ()  # each was read once, and kept
    for block in rendering.premaster.blocks():
        assert np.isfinite(block).all() and np.abs(block).max(initial=0.0) < 10.0
    assert np.isfinite(rendering.premaster.loudness.integrated)
    certificate = studio.export(rendering, tmp_path / "odd.mp3").certificate
    assert certificate is not None and certificate.passed, str(certificate)
    assert measure(tmp_path / "odd.mp3").seconds == pytest.approx(rendering.seconds, abs=0.05)
