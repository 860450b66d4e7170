import pytest
from pydantic import ValidationError

from wavagent.script import Recording


@pytest.mark.parametrize(
    "file",
    [
        "",
        "/etc/passwd",
        "../secret.wav",
        "audio/../../secret.wav",
        "C:/secret.wav",
        "C:secret.wav",
        "//host/share/a.wav",
        "audio\\a.wav",
        "..\\a.wav",
        "a\0.wav",
    ],
)
def test_a_recording_outside_the_project_is_refused(file: str) -> None:
    with pytest.raises(ValidationError):
        Recording(id="r", file=file)


@pytest.mark.parametrize(
    "file", ["a.wav", "audio/a b.wav", "audio/$(rm).wav", "ünï/…".replace("…", "x.flac"), "a..b.wav"]
)
def test_a_recording_inside_the_project_is_taken(file: str) -> None:
    assert Recording(id="r", file=file).file == file


@pytest.mark.parametrize("end", [0.0, 2.0, 1.5])
def test_a_stretch_ends_after_its_start(end: float) -> None:
    with pytest.raises(ValidationError, match="`end` is after its `start`"):
        Recording(id="r", file="a.wav", start=2.0, end=end)
