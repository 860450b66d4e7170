"""What a user may set, as one plain value. A face reads it from its options and the environment; nothing else does."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs


def default_store() -> str:
    """The folder of this user's cache in which results are kept."""
    return str(Path(platformdirs.user_cache_dir("wavagent", appauthor=False)) / "store")


def default_environments() -> Path:
    """The folder of this user's data in which the tools' own virtual environments are."""
    return Path(platformdirs.user_data_dir("wavagent", appauthor=False)) / "environments"


def default_logs() -> Path:
    """The folder of this user's logs in which the worker processes' standard errors are kept."""
    return Path(platformdirs.user_log_dir("wavagent", appauthor=False)) / "workers"


def default_weights() -> Path:
    """The file of this user's data that says which weights were fetched for which tool."""
    return Path(platformdirs.user_data_dir("wavagent", appauthor=False)) / "weights.json"


def default_speeds() -> Path:
    """The file of this user's cache in which runs keep how fast they were on this machine."""
    return Path(platformdirs.user_cache_dir("wavagent", appauthor=False)) / "speeds.jsonl"


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is a folder or a URL that fsspec reaches; `workers` are the cores that are used at once.

    `speeds` is the file with what runs measured; None: nothing is kept of it.

    A render stops when it would take more than `max_minutes`, starts no call of a tool that would make it cost more
    than `max_cost` dollars, and starts nothing more after a failure when it is to `fail_fast`.

    Of all that can come out otherwise there are as many `takes`, and the best is heard. Tools that it is to `prefer`
    come before all others; some are only ever chosen so.

    `engine` is where the tools work: on this machine, or on Ray (`ray`, `ray://HOST:PORT`).
    """

    store: str
    seed: int = 0
    offline: bool = False
    commercial: bool = False
    workers: int = 2
    profile: str = "universal"
    speeds: Path | None = None
    max_minutes: float | None = None
    max_cost: float | None = None
    fail_fast: bool = False
    takes: int = 1
    prefer: tuple[str, ...] = ()
    engine: str = ""
