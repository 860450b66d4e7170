"""What all formats have in common."""

import hashlib
import importlib
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import wavagent.export
from wavagent.audio import Samples
from wavagent.errors import OutputError
from wavagent.export.coding import PLAIN
from wavagent.export.decode import decode, track
from wavagent.export.table import FORMATS, format_for
from wavagent.programme import Programme

Make = Callable[..., Programme]
AUDIO = [suffix for suffix, form in FORMATS.items() if form.kind == "audio"]
LOSSY = [suffix for suffix in AUDIO if FORMATS[suffix].lossy]
LOSSLESS = [suffix for suffix in AUDIO if not FORMATS[suffix].lossy]


def test_every_module_that_writes_is_in_the_table() -> None:
    found = pkgutil.iter_modules(wavagent.export.__path__, "wavagent.export.")
    modules = [importlib.import_module(module.name) for module in found]
    writers = {module.write for module in modules if hasattr(module, "write")}
    assert writers == {form.write for form in FORMATS.values()}


def test_formats_are_found_by_suffix_whatever_its_case() -> None:
    assert format_for(Path("a.b/My Story.MP3")) is FORMATS[".mp3"]
    assert format_for(Path("story.chapters.json")) is FORMATS[".chapters.json"]


@pytest.mark.parametrize("name", ["story.xyz", "story", "story.json", ".mp3x"])
def test_an_unknown_suffix_names_those_there_are(name: str) -> None:
    with pytest.raises(OutputError, match=r"\.mp3, \.m4b"):
        format_for(Path(name))


def test_importing_the_table_loads_no_audio_library() -> None:
    code = "import sys, wavagent.export; print([m for m in ('av', 'mutagen', 'soundfile', 'soxr') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_programme_gives_the_same_bytes(programme: Make, tmp_path: Path, suffix: str) -> None:
    for name in ("a", "b"):
        FORMATS[suffix].write(programme(), tmp_path / (name + suffix))
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_another_process_gives_the_same_bytes(programme: Make, tmp_path: Path) -> None:
    """Names are hashed with another seed there, and every counter starts anew."""
    code = (
        "import runpy, sys; from pathlib import Path; from wavagent.export import FORMATS;"
        "of = runpy.run_path(sys.argv[1])['of']; import numpy as np;"
        "x = np.load(sys.argv[2] + '/x.npy');"
        "[f.write(of(x), Path(sys.argv[2]) / ('there' + s)) for s, f in FORMATS.items()]"
    )
    made = programme()
    np.save(tmp_path / "x.npy", np.concatenate(list(made.blocks())))
    conftest = str(Path(__file__).with_name("conftest.py"))
    subprocess.run([sys.executable, "-c", code, conftest, str(tmp_path)], check=True)
    for suffix, form in FORMATS.items():
        form.write(made, tmp_path / f"here{suffix}")
        here, there = ((tmp_path / (name + suffix)).read_bytes() for name in ("here", "there"))
        assert hashlib.sha256(here).digest() == hashlib.sha256(there).digest(), suffix


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_empty_programme_is_refused(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(OutputError, match="empty"):
        FORMATS[suffix].write(Programme(0, lambda: iter(())), tmp_path / f"a{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", AUDIO)
@pytest.mark.parametrize("frames", [1, 47, 1151, 1152, 1153, 48_000 + 13])
@pytest.mark.parametrize("channels", [1, 2])
def test_as_many_frames_come_back_as_went_in(
    programme_of: Make, voice: Callable[..., Samples], tmp_path: Path, suffix: str, frames: int, channels: int
) -> None:
    path = tmp_path / f"a{suffix}"
    FORMATS[suffix].write(programme_of(voice(1.2, channels=channels)[:frames]), path)
    found = track(path)
    assert (found.rate, found.channels) == (48_000, channels)
    if suffix == ".ogg":  # of a Vorbis file that is one page long FFmpeg does not find the end; libsndfile does
        assert soundfile.info(path).frames == frames
    else:
        assert sum(map(len, decode(path))) == frames


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_lossless_formats_keep_24_bits(programme: Make, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    FORMATS[suffix].write(programme(), path)
    wrong = np.concatenate(list(decode(path))) - np.concatenate(list(programme().blocks()))
    assert np.abs(wrong).max() <= 2.0**-24


@pytest.mark.parametrize("suffix", LOSSY)
def test_lossy_formats_keep_time_level_and_sound(programme: Make, tmp_path: Path, suffix: str) -> None:
    path, form = tmp_path / f"a{suffix}", FORMATS[suffix]
    form.write(programme(12.0), path)
    sent, heard = np.concatenate(list(programme(12.0).blocks())), np.concatenate(list(decode(path)))
    level = float(np.vdot(sent, heard) / np.vdot(sent, sent))  # would be small, were one of them late
    assert 20 * np.log10(level) == pytest.approx(form.gain(PLAIN, 2), abs=0.1)
    noise = heard - level * sent
    assert 10 * np.log10(np.vdot(heard, heard) / np.vdot(noise, noise)) > 12.0


@pytest.mark.parametrize("suffix", LOSSLESS)
def test_what_is_beyond_full_scale_is_clipped_not_wrapped(programme_of: Make, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    FORMATS[suffix].write(programme_of(np.full((4800, 2), 1.5, np.float32) * [1, -1]), path)
    heard = np.concatenate(list(decode(path)))
    assert heard[:, 0].min() == pytest.approx(1.0, abs=1e-6) and heard[:, 1].max() == -1.0


@pytest.mark.parametrize("suffix", AUDIO)
def test_six_channels_are_refused(programme: Make, tmp_path: Path, suffix: str) -> None:
    with pytest.raises(OutputError, match="6 channels"):
        FORMATS[suffix].write(programme(0.5, channels=6), tmp_path / f"a{suffix}")


@pytest.mark.parametrize("suffix", AUDIO)
def test_a_programme_that_is_not_as_long_as_it_says_is_a_bug_and_no_file(
    programme: Make, tmp_path: Path, suffix: str
) -> None:
    short = programme(0.5)
    wrong = Programme(short.frames + 1, short.blocks)
    with pytest.raises(ValueError, match=f"{short.frames + 1} frames long but gave {short.frames}"):
        FORMATS[suffix].write(wrong, tmp_path / f"a{suffix}")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("suffix", AUDIO)
def test_a_mix_that_fails_leaves_the_old_file(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_text("old")

    def blocks() -> Any:
        yield np.zeros((100_000, 2), np.float32)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        FORMATS[suffix].write(Programme(200_000, blocks), path)
    assert path.read_text() == "old" and len(list(tmp_path.iterdir())) == 1


_FULL = """
import resource, runpy, sys
import numpy as np
from pathlib import Path
from wavagent.errors import OutputError
from wavagent.export import FORMATS
of = runpy.run_path(sys.argv[1])["of"]
noise = np.random.default_rng(0).standard_normal((48_000 * 10, 2)).astype(np.float32) * 0.1
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
for suffix, form in FORMATS.items():
    if form.kind == "audio":
        try:
            form.write(of(noise), Path(sys.argv[2]) / f"a{suffix}")
        except OutputError as error:
            print(suffix, error)
"""


def test_every_audio_format_says_that_the_disk_is_full(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: it fails in the libraries, at any write."""
    pytest.importorskip("resource")
    conftest = str(Path(__file__).with_name("conftest.py"))
    done = subprocess.run([sys.executable, "-c", _FULL, conftest, str(tmp_path)], capture_output=True, text=True)
    assert done.stderr == ""
    assert [line.split()[0] for line in done.stdout.splitlines()] == AUDIO
    assert done.stdout.count("cannot be written") == len(AUDIO)
    assert not list(tmp_path.iterdir())
