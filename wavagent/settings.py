"""What a user may set, as one plain value. A face reads it from its options and the environment; nothing else does."""

from dataclasses import dataclass
from pathlib import Path

import platformdirs


def default_store() -> str:
    """The folder of this user's cache in which results are kept."""
    return str(Path(platformdirs.user_cache_dir("wavagent", appauthor=False)) / "store")


@dataclass(frozen=True, slots=True)
class Settings:
    """`store` is a folder or a URL that fsspec reaches; `workers` are the cores that are used at once."""

    store: str
    seed: int = 0
    offline: bool = False
    commercial: bool = False
    workers: int = 2
    profile: str = "universal"
