"""What a user may set."""

import dataclasses
from pathlib import Path

import pytest

from wavagent.settings import Settings, default_store


def test_the_default_store_is_in_this_users_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda name, appauthor: str(tmp_path / name))
    assert default_store() == str(tmp_path / "wavagent" / "store")


def test_asking_for_the_default_store_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert Path(default_store()).name == "store"
    assert list(tmp_path.iterdir()) == []


def test_settings_do_not_change() -> None:
    settings = Settings(store="here")
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.seed = 1  # type: ignore[misc]
    assert dataclasses.replace(settings, seed=1) == Settings(store="here", seed=1)
