import errno
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from wavagent import fingerprint, weights
from wavagent.errors import InputError, OutputError, Unavailable
from wavagent.tool import Card, Licence, Request, Result, SoundParams, Tool, Weights
from wavagent.weights import Pin, folder_of, lack_of, missing, parts_here, pin_of, use

WEIGHTS = Weights(repo="someone/heavy", megabytes=3_000)
VOICES = Weights(repo="someone/voices", megabytes=3, part="voices")


class Heavy(Tool):
    params = SoundParams
    card = Card(
        name="heavy",
        version="1",
        task="sound",
        summary="a fake",
        rate=8000,
        code_licence=Licence(name="MIT", commercial=True),
        weights=(WEIGHTS, VOICES),
    )

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        raise NotImplementedError


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with a model."""
    return holding(tmp_path / "own", "model.safetensors")


def holding(folder: Path, *names: str) -> Path:
    """`folder` with files of these names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"weights")
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "data" / "weights.json"
    monkeypatch.setattr(weights, "default_weights", lambda: kept)
    return kept


def test_every_part_has_its_own_pin(own: Path) -> None:
    assert lack_of(Heavy()) == (
        "needs its weights, someone/heavy (3,000 MB, its own licence): wavagent tools fetch heavy"
    )
    use(Heavy(), WEIGHTS, own)
    assert "someone/voices" in str(lack_of(Heavy()))
    use(Heavy(), VOICES, own, pickle=True)
    assert lack_of(Heavy()) is None
    assert pin_of("heavy") == Pin(folder=str(own))
    assert pin_of("heavy", "voices") == Pin(folder=str(own), pickle=True)
    assert folder_of(Heavy(), VOICES) == own


def test_the_edition_of_a_folder_is_what_lies_in_it_wherever_it_lies(own: Path, tmp_path: Path) -> None:
    pin = use(Heavy(), WEIGHTS, own)
    before = pin.edition
    assert use(Heavy(), VOICES, Path(shutil.copytree(own, tmp_path / "copy"))).edition == before
    assert pin.place == str(own)
    (own / "model.safetensors").write_bytes(b"Weights")
    assert pin.edition != before
    assert Pin("someone/heavy", "1234").edition == "someone/heavy@1234"


def test_a_folder_that_is_gone_or_that_nobody_may_read_is_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pin = use(Heavy(), WEIGHTS, own)
    closed = holding(own, "other.safetensors") / "other.safetensors"
    opened = fingerprint._digest

    def refused(path: str) -> str:  # a test that runs as root may read whatever it closed
        if path == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(fingerprint, "_digest", refused)
    with pytest.raises(Unavailable, match="other.safetensors', .*cannot be read .Permission denied.; make it readable"):
        _ = pin.edition
    with pytest.raises(InputError, match="cannot be read"):
        use(Heavy(), VOICES, own)
    assert pin_of("heavy", "voices") is None
    shutil.rmtree(own)
    with pytest.raises(Unavailable, match=r"own', .*is no folder any more; name another: .*--folder DIR"):
        _ = pin.edition
    assert "is no folder any more: wavagent tools fetch heavy" in str(lack_of(Heavy()))


def test_a_folder_that_is_none_is_not_pinned(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        use(Heavy(), WEIGHTS, tmp_path / "nowhere")
    assert pin_of("heavy") is None


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), r"own' holds no weights that can be loaded here, only nothing"),
        (
            ("config.json", "notes/a.txt"),
            r"own' holds no weights that can be loaded here, only config.json, notes/a.txt",
        ),
        ((".cache/model.safetensors",), "holds no weights"),
        (("config.json", "model.pth"), r"only as pickles \(model.pth\).*--allow-pickle"),
        (("checkpoints/model_120.ckpt.best",), r"only as pickles \(checkpoints/model_120.ckpt.best\)"),
        (("model_file.pth.tar",), r"only as pickles \(model_file.pth.tar\)"),
    ],
)
def test_a_folder_without_weights_that_may_be_loaded_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: Sequence[str], said: str
) -> None:
    folder = holding(tmp_path / "own", *names)
    monkeypatch.setattr(fingerprint, "_digest", lambda path: pytest.fail(f"{path} was read"))
    with pytest.raises(InputError, match=said):
        use(Heavy(), WEIGHTS, folder)
    assert pin_of("heavy") is None


def test_pickles_that_are_allowed_and_what_the_card_calls_data_are_taken(tmp_path: Path) -> None:
    folder = holding(tmp_path / "own", "below/one.npy")
    with pytest.raises(InputError, match="only as pickles"):
        use(Heavy(), VOICES, folder)
    assert not use(Heavy(), VOICES.model_copy(update={"plain": ("*.npy",)}), folder).pickle
    assert use(Heavy(), VOICES, folder, pickle=True).pickle


def test_weights_may_be_links_and_lie_below(own: Path, tmp_path: Path) -> None:
    linked = holding(tmp_path / "linked", "model_index.json")
    (linked / "unet").symlink_to(own)
    (linked / "unet" / "round").symlink_to(linked)
    assert use(Heavy(), WEIGHTS, linked).folder == str(linked)


def test_a_folder_that_cannot_be_looked_into_is_named(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(folder: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", f"{folder}/closed")

    monkeypatch.setattr(weights, "files_in", refused)
    with pytest.raises(InputError, match=r"own/closed', .*cannot be read \(Permission denied\); make it readable"):
        use(Heavy(), WEIGHTS, own)


def test_only_parts_that_are_here_still_are_listed(own: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(own, tmp_path / "copy"))
    use(Heavy(), WEIGHTS, own)
    use(Heavy(), VOICES, copy)
    weights._write("heavy/unknown", Pin(folder=str(own)))
    weights._write("other/voices", Pin(folder=str(own)))
    assert parts_here(Heavy()) == ("", "voices")
    copy.rename(tmp_path / "moved")
    assert parts_here(Heavy()) == ("",)
    assert "copy', which is no folder any more: wavagent tools fetch heavy" in str(missing(Heavy(), VOICES))
    assert missing(Heavy(), WEIGHTS) is None


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"heavy": 3}', b'{"heavy": {"folder": []}}', b"\xff\x00"])
def test_damaged_pins_are_named_and_never_written_over(path: Path, damage: bytes, own: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    with pytest.raises(Unavailable, match=r"weights.json.*cannot be read.*remove it"):
        pin_of("heavy")
    with pytest.raises(Unavailable, match=r"weights.json.*cannot be read.*remove it"):
        use(Heavy(), WEIGHTS, own)
    assert "cannot be read" in str(lack_of(Heavy()))
    assert path.read_bytes() == damage
    assert [other.name for other in path.parent.iterdir() if other.suffix != ".lock"] == ["weights.json"]


def test_pins_that_cannot_be_kept_are_an_error(path: Path, own: Path) -> None:
    path.parent.write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="weights.json.*cannot be written"):
        use(Heavy(), WEIGHTS, own)


def test_processes_that_pin_at_once_forget_nothing_of_each_other(path: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from wavagent import weights\n"
        "weights.default_weights = lambda: Path(sys.argv[1])\n"
        "for number in range(25): weights._write(f'{sys.argv[2]}-{number}', weights.Pin(folder='x'))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(path), name]) for name in ("one", "two", "three")]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(json.loads(path.read_text())) == 75
