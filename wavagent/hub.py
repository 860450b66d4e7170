"""The hub of models: what a repository holds, which of its files a tool needs, and how they come here.

Files come into the hub's own cache (`HF_HOME`), where other programs find them, too; `HF_HUB_OFFLINE`, `HF_ENDPOINT`
and the token of `hf auth login` are listened to by the hub's own client.
"""

import glob
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path, PurePosixPath

from wavagent.errors import InputError, Unavailable

CONVERTER = "SFconvertbot"
"""The hub's own account that offers the weights of other people's repositories as safetensors, as pull requests."""

PLAIN = ("*.safetensors", "*.json", "*.txt", "*.model", "*.jinja", "*.jsonl", "*.md", "LICENSE*")
"""Files that hold data and nothing but data."""

PICKLED = ("*.bin", "*.pt", "*.pth", "*.pth.tar", "*.th", "*.ckpt", "*.ckpt.best", "*.npz", "*.npy")
"""Files that may run code when they are loaded."""

SPARE = ("*.fp16.*", "*.bf16.*", "*.non_ema.*")
"""Weights that are beside others of the same, in another precision, or for training on."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at a commit, or a folder of a person's own: the bytes of every file, by its path."""

    repo: str
    commit: str
    files: Mapping[str, int]

    @property
    def safe(self) -> bool:
        """Whether weights can be had without a pickle."""
        return any(path.endswith(".safetensors") for path in self.files)

    def only(self, files: Sequence[str]) -> "Listing":
        """Just `files` of it, or all where none are named. Raises InputError when one is not there."""
        if missing := [path for path in files if path not in self.files]:
            raise InputError(f"{self.repo} holds no {_few(missing)}, only {_few(self.files)}")
        return replace(self, files={path: self.files[path] for path in files}) if files else self

    def needed(self, *, pickle: bool, known: Sequence[str] = ()) -> tuple[str, ...]:
        """The files to fetch; `pickle` allows pickles where a folder holds nothing better. Raises InputError.

        `known`: patterns of files that hold nothing but data, though they are called as a pickle is.
        """
        plain = [path for path in self.files if _like(path, known) or (_like(path, PLAIN) and not self._spare(path))]
        good = {_folder(path) for path in plain if path.endswith(".safetensors") or _like(path, known)}
        pickles = [path for path in self.files if _like(path, PICKLED) and _folder(path) not in good]
        pickles = [path for path in pickles if not self._spare(path)]
        if not good and not pickles:
            raise InputError(f"{self.repo} holds no weights that can be loaded here, only {_few(self.files)}")
        if not good and not pickle:
            raise InputError(
                f"{self.repo} holds its weights only as pickles ({_few(pickles)}), which can run code when they are "
                "loaded; if you trust whoever made them, say --allow-pickle"
            )
        return tuple(sorted([*plain, *(pickles if pickle else ())]))

    def _spare(self, path: str) -> bool:
        """Whether these weights are a second copy: of another precision, or of a whole pipeline beside its parts."""
        weights = _like(path, ("*.safetensors", *PICKLED))
        whole = "model_index.json" in self.files and "/" not in path
        return weights and (whole or _like(path, SPARE))


def listing(repo: str, revision: str) -> Listing:
    """What `repo` holds at `revision`. Raises Unavailable."""
    from huggingface_hub import HfApi

    with _explained(repo):
        info = HfApi().model_info(repo, revision=revision, files_metadata=True)
    return Listing(repo, str(info.sha), {file.rfilename: file.size or 0 for file in info.siblings or ()})


def converted(found: Listing) -> Listing | None:
    """`found` with its pickles as safetensors, where the hub's converter offers that; None: it does not."""
    from huggingface_hub import HfApi

    try:
        with _explained(found.repo):
            offers = list(
                HfApi().get_repo_discussions(
                    found.repo, author=CONVERTER, discussion_type="pull_request", discussion_status="open"
                )
            )
        offered = [offer.git_reference for offer in offers if offer.author == CONVERTER and offer.git_reference]
        return next((copy for copy in (listing(found.repo, offer) for offer in offered) if copy.safe), None)
    except Unavailable:  # a courtesy of the hub: without it the person is asked about pickles, as ever
        return None


def download(found: Listing, files: Sequence[str]) -> Path:
    """The folder with `files`, fetched where they were not here yet. Raises Unavailable."""
    from huggingface_hub import constants, snapshot_download

    size = sum(found.files[path] for path in files)
    free = shutil.disk_usage(_existing(Path(constants.HF_HUB_CACHE))).free
    if size > free:
        raise Unavailable(
            f"{found.repo} takes {size / 1e6:,.0f} MB, and where {constants.HF_HUB_CACHE} lies only {free / 1e6:,.0f} "
            "MB are free: make room there, or name another folder with HF_HOME"
        )
    with _explained(found.repo):
        return Path(snapshot_download(found.repo, revision=found.commit, allow_patterns=_exactly(files)))


def cached(repo: str, commit: str, files: Sequence[str]) -> Path:
    """The folder with `files` of `repo`, all of which were fetched before. Raises Unavailable."""
    from huggingface_hub import constants

    folder = _snapshot(repo, commit, tuple(files), constants.HF_HUB_CACHE)
    if not folder.is_dir():
        raise Unavailable(f"{repo} is not in {folder} any more")
    if missing := [path for path in files if not (folder / path).is_file()]:
        raise Unavailable(f"{repo} lacks {_few(missing)} in {folder}")
    return folder


@cache  # the client takes long to say what never changes; whether it is there still is asked each time
def _snapshot(repo: str, commit: str, files: tuple[str, ...], home: str) -> Path:
    """Where the hub's client has `files` below `home`. Raises Unavailable."""
    from huggingface_hub import snapshot_download

    with _explained(repo):
        return Path(
            snapshot_download(
                repo, revision=commit, cache_dir=home, local_files_only=True, allow_patterns=_exactly(files) or None
            )
        )


@contextmanager
def _explained(repo: str) -> Iterator[None]:
    """Raises Unavailable for whatever the hub's client raises in the block."""
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise Unavailable(
            f"{repo} is only for those who agreed to its licence: do so at https://huggingface.co/{repo}, then say who "
            "you are with `hf auth login`"
        ) from error
    except errors.RepositoryNotFoundError as error:
        raise Unavailable(f"the hub has no repository '{repo}', or not for you; see `hf auth whoami`") from error
    except errors.OfflineModeIsEnabled as error:
        raise Unavailable(f"{repo} cannot be fetched offline; unset HF_HUB_OFFLINE") from error
    except Exception as error:  # the client raises dozens of kinds
        first = next(iter(str(error).splitlines()), "")
        raise Unavailable(f"{repo} could not be had from the hub: {type(error).__name__}: {first}") from error


def _like(path: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(PurePosixPath(path).name, pattern) for pattern in patterns)


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _few(paths: Sequence[str] | Mapping[str, int]) -> str:
    found = sorted(paths)
    return ", ".join(found[:3]) + (", …" if len(found) > 3 else "") if found else "nothing"


def _exactly(files: Sequence[str]) -> list[str]:
    """Patterns for just these files: a name may hold what means something in a pattern."""
    return [glob.escape(path) for path in files]


def _existing(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())
