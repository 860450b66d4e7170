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
from wavagent.weights import Pin, folder_of, lack_of, pin_of, use

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


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kept = tmp_path / "data" / "weights.json"
    monkeypatch.setattr(weights, "default_weights", lambda: kept)
    return kept


def test_every_part_has_its_own_pin(tmp_path: Path) -> None:
    assert lack_of(Heavy()) == (
        "needs its weights, someone/heavy (3,000 MB, its own licence): wavagent tools fetch heavy"
    )
    use(Heavy(), WEIGHTS, tmp_path)
    assert "someone/voices" in str(lack_of(Heavy()))
    use(Heavy(), VOICES, tmp_path, pickle=True)
    assert lack_of(Heavy()) is None
    assert pin_of("heavy") == Pin(folder=str(tmp_path))
    assert pin_of("heavy", "voices") == Pin(folder=str(tmp_path), pickle=True)
    assert folder_of(Heavy(), VOICES) == tmp_path


def test_the_edition_of_a_folder_is_what_lies_in_it_wherever_it_lies(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "model.safetensors").write_bytes(b"weights")
    pin = use(Heavy(), WEIGHTS, own)
    before = pin.edition
    assert use(Heavy(), VOICES, Path(shutil.copytree(own, tmp_path / "copy"))).edition == before
    assert pin.place == str(own)
    (own / "model.safetensors").write_bytes(b"Weights")
    assert pin.edition != before
    assert Pin("someone/heavy", "1234").edition == "someone/heavy@1234"


def test_a_folder_that_is_gone_or_that_nobody_may_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    pin = use(Heavy(), WEIGHTS, own)
    closed = own / "model.safetensors"
    closed.write_bytes(b"weights")
    opened = fingerprint._digest

    def refused(path: str) -> str:  # a test that runs as root may read whatever it closed
        if path == str(closed):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return opened(path)

    monkeypatch.setattr(fingerprint, "_digest", refused)
    with pytest.raises(Unavailable, match="model.safetensors', .*cannot be read .Permission denied.; make it readable"):
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


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"heavy": 3}', b'{"heavy": {"folder": []}}', b"\xff\x00"])
def test_damaged_pins_are_named_and_never_written_over(path: Path, damage: bytes, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(damage)
    with pytest.raises(Unavailable, match=r"weights.json.*cannot be read.*remove it"):
        pin_of("heavy")
    with pytest.raises(Unavailable, match=r"weights.json.*cannot be read.*remove it"):
        use(Heavy(), WEIGHTS, tmp_path)
    assert "cannot be read" in str(lack_of(Heavy()))
    assert path.read_bytes() == damage
    assert [other.name for other in path.parent.iterdir() if other.suffix != ".lock"] == ["weights.json"]


def test_pins_that_cannot_be_kept_are_an_error(path: Path, tmp_path: Path) -> None:
    path.parent.write_text("a file where the folder should be")
    with pytest.raises(OutputError, match="weights.json.*cannot be written"):
        use(Heavy(), WEIGHTS, tmp_path)


def test_processes_that_pin_at_once_forget_nothing_of_each_other(path: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from wavagent import weights\n"
        "weights.default_weights = lambda: Path(sys.argv[1])\n"
        "for number in range(25): weights._write(f'{sys.argv[2]}-{number}', weights.Pin(folder='x'))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, str(path), name]) for name in ("one", "two", "three")]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(json.loads(path.read_text())) == 75
