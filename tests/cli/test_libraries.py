"""Libraries that are installed and cannot be imported."""

from pathlib import Path

import pytest

from wavagent.cli.libraries import faults


@pytest.fixture(autouse=True)
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, code in {
        "sound": "print('I am loud')",
        "lost": "raise OSError('libclash.so.3 is not there\\nsay the linker and its friends')",
        "bad": "import os; os.kill(os.getpid(), 11)",
        "gone": "import os; os._exit(7)",
    }.items():
        (tmp_path / f"{name}.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))


def test_what_can_be_imported_has_no_fault() -> None:
    assert faults([]) == faults(["sound", "json"]) == {}


def test_what_raises_is_named_in_one_line() -> None:
    assert faults(["lost", "sound"]) == {"lost": "OSError: libclash.so.3 is not there"}


def test_what_ends_the_process_is_found_among_the_others() -> None:
    assert faults(["bad", "gone", "lost", "sound"]) == {
        "bad": "it ends the process: Segmentation fault",
        "gone": "it ends the process with exit code 7",
        "lost": "OSError: libclash.so.3 is not there",
    }


def test_what_never_ends_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text("import threading; threading.Event().wait()")
    monkeypatch.setattr("wavagent.cli.libraries.SECONDS", 0.2)
    assert faults(["slow"]) == {"slow": "it was not there after 0 s"}
