"""What may be said of an engine, and what is refused before any Ray is begun."""

import sys
from pathlib import Path

import pytest

from wavagent.cli import main
from wavagent.errors import InputError, Unavailable
from wavagent.run.cluster.connection import PORT, address_of, connect


def test_an_engine_is_this_machine_or_the_head_of_a_cluster() -> None:
    assert address_of("ray") is None
    assert address_of("ray://head") == ("head", PORT)
    assert address_of("ray://10.0.0.1:7000") == ("10.0.0.1", 7000)
    assert address_of("ray://[fd00::1]:7000") == ("[fd00::1]", 7000)


@pytest.mark.parametrize(
    "engine", ["", "dask", "ray:", "ray://", "ray://a b", "ray://head:port", "ray://head/x", "Ray"]
)
def test_anything_else_is_no_engine(engine: str) -> None:
    with pytest.raises(InputError, match="no engine"):
        address_of(engine)


def test_without_ray_it_is_said_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(Unavailable, match=r"pip install 'wavagent\[ray\]'"):
        connect("ray")


def test_an_engine_that_is_none_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("It was late.\n", encoding="utf-8")
    given = ["make", str(tmp_path / "a.txt"), "-o", str(tmp_path / "a.wav"), "--engine", "dask"]
    monkeypatch.setattr(sys, "argv", ["wavagent", *given, "--store", str(tmp_path / "store")])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert "'dask' is no engine" in capsys.readouterr().err
    assert not (tmp_path / "store").exists()


def test_a_cluster_cannot_be_reached_offline() -> None:
    with pytest.raises(InputError, match="offline"):
        connect("ray://head:6379", offline=True)


def test_a_head_that_does_not_answer_is_told_at_once() -> None:
    pytest.importorskip("ray", reason="ray is not installed")
    with pytest.raises(Unavailable, match="does not answer"):
        connect("ray://127.0.0.1:1")
