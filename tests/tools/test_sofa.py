"""A measured head: a SOFA file as other programs write it, held against scipy; and files that are none."""

import hashlib
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wavagent.audio import Audio
from wavagent.errors import Refused, ToolError, Unavailable
from wavagent.tool import Request, accept

h5py = pytest.importorskip("h5py", reason="the library that reads SOFA files is not installed")
signal = pytest.importorskip("scipy.signal")

binaural = importlib.import_module("wavagent.tools.binaural")
sofa = importlib.import_module("wavagent.tools._sofa")
HEAD = Path(__file__).parent / "data" / "head.sofa"
"""Written with sofar 1.3: 13 directions, 48 frames at 44.1 kHz, with sounds earlier and louder at the near ear."""

RATE = 44_100


def noise(rate: int = RATE, channels: int = 1) -> Audio:
    return Audio.of(0.1 * np.random.default_rng(0).standard_normal((rate // 4, channels)), rate)


def placed(file: Path, clip: Audio, azimuth: float = 0.0, elevation: float = 0.0) -> Audio:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    told = {"azimuth": azimuth, "elevation": elevation, "hrtf": str(file), "sha256": digest}
    made: Audio = binaural.TOOL([Request(accept(binaural.TOOL, told), {"audio": clip})])[0].audio
    return made


def measured(azimuth: float, elevation: float) -> Any:
    """What the file holds for a direction as it counts them: degrees to the left, and upwards."""
    with h5py.File(HEAD) as file:
        positions = file["SourcePosition"][:]
        (at,) = np.flatnonzero((positions[:, 0] == azimuth % 360) & (positions[:, 1] == elevation))
        return file["Data.IR"][at].T


@pytest.mark.parametrize(
    ("azimuth", "elevation", "nearest"),
    [
        (0.0, 0.0, (0, 0)),
        (90.0, 0.0, (270, 0)),
        (-90.0, 0.0, (90, 0)),
        (-100.0, 20.0, (90, 0)),
        (180.0, -40.0, (180, -45)),
        (10.0, 88.0, (0, 90)),
    ],
)
def test_it_is_the_convolution_with_the_nearest_measurement(
    azimuth: float, elevation: float, nearest: tuple[int, int]
) -> None:
    clip = noise()
    made = placed(HEAD, clip, azimuth, elevation)
    wanted = signal.convolve(clip.samples, measured(*nearest))
    assert (made.rate, made.channels) == (RATE, 2)
    np.testing.assert_allclose(made.samples[: len(wanted)], wanted, atol=1e-5)
    assert 0 <= made.frames - len(wanted) <= 100
    assert np.abs(made.samples[len(wanted) :]).max() < 1e-5


def test_right_is_heard_first_and_loudest_on_the_right() -> None:
    made = placed(HEAD, Audio.of(np.eye(200, 1), RATE), 90.0).samples
    left, right = np.abs(made).argmax(axis=0)
    assert right < left
    assert np.square(made[:, 1]).sum() > np.square(made[:, 0]).sum()


@pytest.mark.parametrize("rate", [8_000, 16_000, 48_000, 96_000])
def test_at_another_rate_it_sounds_the_same(rate: int) -> None:
    """As if the clip had gone to the rate of the measurement and back, below what either rate can hold."""
    low = signal.firwin(501, 3_000, fs=rate)
    clip = Audio.of(signal.convolve(noise(rate).samples[:, 0], low), rate)
    made = placed(HEAD, clip, 60.0).samples
    there = signal.resample_poly(clip.samples, RATE // 100, rate // 100, axis=0)
    wanted = signal.resample_poly(signal.convolve(there, measured(270, 0)), rate // 100, RATE // 100, axis=0)
    frames = min(len(made), len(wanted))
    assert np.abs(made[:frames] - wanted[:frames]).max() < 0.01 * np.abs(wanted).max()


def test_channels_go_together_and_nothing_stays_nothing() -> None:
    clip = noise(channels=2)
    middle = Audio(clip.samples.mean(axis=1, keepdims=True), RATE)
    np.testing.assert_allclose(placed(HEAD, clip).samples, placed(HEAD, middle).samples, atol=1e-6)
    assert placed(HEAD, Audio.silence(0.0)).frames == 0


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    def changed(change: Callable[[Any], None]) -> Path:
        path = tmp_path / "other.sofa"
        path.write_bytes(HEAD.read_bytes())
        with h5py.File(path, "r+") as file:
            change(file)
        return path

    return changed


def put(field: str, values: Any) -> Callable[[Any], None]:
    """A change: the field has other values."""

    def change(file: Any) -> None:
        attributes = dict(file[field].attrs) if field in file else {}
        if field in file:
            del file[field]
        data = file.create_dataset(field, data=values)
        for name in ("Type", "Units"):
            if name in attributes:
                data.attrs[name] = attributes[name]

    return change


def test_cartesian_and_spherical_directions_are_the_same(changed: Any) -> None:
    def cartesian(file: Any) -> None:
        left, up, away = file["SourcePosition"][:].T
        left, up = np.radians(left), np.radians(up)
        places = np.stack([np.cos(up) * np.cos(left), np.cos(up) * np.sin(left), np.sin(up)], axis=1) * away[:, None]
        put("SourcePosition", places)(file)
        file["SourcePosition"].attrs["Type"] = "cartesian"

    other, clip = changed(cartesian), noise()
    for azimuth, elevation in ((0.0, 0.0), (80.0, 10.0), (-90.0, 40.0)):
        one, two = placed(HEAD, clip, azimuth, elevation), placed(other, clip, azimuth, elevation)
        np.testing.assert_array_equal(one.samples, two.samples)


def test_the_ears_are_where_the_file_says(changed: Any) -> None:
    other = changed(put("ReceiverPosition", np.array([[[0.0], [-0.09], [0.0]], [[0.0], [0.09], [0.0]]])))
    clip = noise()
    np.testing.assert_array_equal(placed(HEAD, clip, 60.0).samples, placed(other, clip, 60.0).samples[:, ::-1])


@pytest.mark.parametrize("delays", [[[3.0, 5.0]], np.tile([3.0, 5.0], (13, 1))])
def test_a_delay_makes_each_ear_later(changed: Any, delays: Any) -> None:
    plain, later = (placed(file, noise(), 60.0).samples for file in (HEAD, changed(put("Data.Delay", delays))))
    for ear, delay in ((0, 3), (1, 5)):
        np.testing.assert_allclose(later[delay : len(plain), ear], plain[: len(plain) - delay, ear], atol=1e-5)


def test_half_a_frame_of_delay_is_half_a_frame(changed: Any) -> None:
    click = Audio.of(np.eye(400, 1, -100), RATE)
    one, half = (placed(changed(put("Data.Delay", [[d, d]])), click, 60.0).samples[:, 1] for d in (1.0, 1.5))
    hertz = np.fft.rfftfreq(1024)
    wanted = np.fft.rfft(one, 1024) * np.exp(-1j * np.pi * hertz)
    np.testing.assert_allclose(np.fft.rfft(half, 1024)[hertz < 0.4], wanted[hertz < 0.4], atol=0.05)


NAN = np.full((13, 2, 48), np.nan)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda file: file.attrs.__setitem__("SOFAConventions", "SingleRoomDRIR"), "holds SingleRoomDRIR"),
        (lambda file: file.attrs.__delitem__("SOFAConventions"), "holds no such responses"),
        (lambda file: file.__delitem__("Data.IR"), "has no Data.IR"),
        (put("Data.IR", np.zeros((13, 2))), "3 dimensions"),
        (put("Data.IR", np.ones((13, 4, 48))), "each is for two ears"),
        (put("Data.IR", np.ones((13, 2, 70_000))), "each is for two ears"),
        (put("Data.IR", np.zeros((13, 2, 48))), "no response from there"),
        (put("Data.IR", NAN), "no response from there"),
        (put("Data.IR", np.full((13, 2, 48), b"x")), "dimensions of numbers"),
        (put("SourcePosition", np.zeros((12, 3))), "directions or delays of another number"),
        (put("Data.Delay", np.zeros((5, 2))), "directions or delays of another number"),
        (put("Data.Delay", np.full((1, 2), -4.0)), "delays a response by"),
        (put("Data.Delay", np.full((1, 2), 1e12)), "delays a response by"),
        (put("Data.SamplingRate", [0.0]), "measured at 0 Hz"),
        (put("Data.SamplingRate", [np.nan]), "measured at nan Hz"),
        (put("ReceiverPosition", np.zeros((1, 3, 1))), "two ears"),
    ],
)
def test_what_is_no_head_is_refused(changed: Any, change: Callable[[Any], None], why: str) -> None:
    with pytest.raises(Refused, match=rf"'other\.sofa'.*{why}|{why}"):
        placed(changed(change), noise())


def test_what_lies_in_another_file_is_not_read(changed: Any, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(np.ones((13, 2, 48)).tobytes())

    def outside(file: Any) -> None:
        del file["Data.IR"]
        file.create_dataset("Data.IR", (13, 2, 48), np.float64, external=str(secret))

    def elsewhere(file: Any) -> None:
        del file["Data.IR"]
        file["Data.IR"] = h5py.ExternalLink(str(HEAD), "/Data.IR")

    def virtual(file: Any) -> None:
        del file["Data.IR"]
        layout = h5py.VirtualLayout((13, 2, 48), np.float64)
        layout[:] = h5py.VirtualSource(str(HEAD), "Data.IR", (13, 2, 48))
        file.create_virtual_dataset("Data.IR", layout)

    for change in (outside, elsewhere, virtual):
        with pytest.raises(Refused, match="has no Data.IR in it"):
            placed(changed(change), noise())


def test_a_file_that_unpacks_to_gigabytes_is_refused_unread(changed: Any) -> None:
    def bomb(file: Any) -> None:
        del file["Data.IR"]
        file.create_dataset("Data.IR", (13, 2, 1 << 24), np.float64, compression="gzip", chunks=(1, 1, 1 << 20))

    other = changed(bomb)
    assert other.stat().st_size < 1e6
    with pytest.raises(Refused, match="are the most"):
        placed(other, noise())


def test_what_is_no_hdf5_is_refused(tmp_path: Path) -> None:
    whole = HEAD.read_bytes()
    for content in (b"", b"#EXTM3U", whole[:4096], whole[: len(whole) // 2], b"\x89HDF\r\n\x1a\n" + b"\xff" * 4096):
        file = tmp_path / "a.sofa"
        file.write_bytes(content)
        with pytest.raises(Refused, match=r"'a\.sofa'.*give a SOFA file"):
            placed(file, noise())


def test_damage_anywhere_is_an_error_of_ours_or_no_matter(tmp_path: Path) -> None:
    whole, chance = bytearray(HEAD.read_bytes()), np.random.default_rng(0)
    file = tmp_path / "a.sofa"
    for _ in range(60):
        damaged = bytearray(whole)
        for at in chance.integers(0, len(whole), 40):
            damaged[at] = chance.integers(0, 256)
        file.write_bytes(damaged)
        try:
            placed(file, noise(8_000))
        except ToolError:
            continue


def test_only_the_file_that_the_script_was_compiled_with_is_read(tmp_path: Path) -> None:
    for told in ({}, {"sha256": "0" * 64}):
        params = accept(binaural.TOOL, {"hrtf": str(HEAD), **told})
        with pytest.raises(Refused, match=r"'head\.sofa' is not the file"):
            binaural.TOOL([Request(params, {"audio": noise()})])
    for nowhere in (tmp_path / "gone.sofa", tmp_path):
        params = accept(binaural.TOOL, {"hrtf": str(nowhere), "sha256": "0" * 64})
        with pytest.raises(Refused, match="cannot be read"):
            binaural.TOOL([Request(params, {"audio": noise()})])


def test_the_key_follows_from_what_the_file_holds_and_not_from_its_place() -> None:
    one, moved, other = (
        accept(binaural.TOOL, {"hrtf": file, "sha256": digest * 64}).model_dump(mode="json")
        for file, digest in (("/a/head.sofa", "0"), ("/b/head.sofa", "0"), ("/a/head.sofa", "1"))
    )
    assert one == moved != other


def test_without_its_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(Unavailable, match=r"pip install 'wavagent\[sofa\]'"):
        placed(HEAD, noise())
    monkeypatch.setattr(binaural.importlib.util, "find_spec", lambda name: None)
    params = accept(binaural.TOOL, {"hrtf": str(HEAD), "sha256": "0" * 64})
    assert "pip install 'wavagent[sofa]'" in str(binaural.TOOL.refusal(params))
    assert binaural.TOOL.refusal(accept(binaural.TOOL, {"azimuth": 30.0})) is None
