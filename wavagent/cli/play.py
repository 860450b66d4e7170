"""`wavagent play`: the story as sound on standard output, from its first words while the rest is still being made."""

import struct
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from wavagent.cli.options import Commercial, Offline, Prefer, Profile, Quiet, Seed, StoreUrl, studio

if TYPE_CHECKING:
    from wavagent.audio import Samples

UNKNOWN = 0xFFFFFFFF
"""The length in the head of a WAV that has no end yet; players then read on until there is nothing more."""


def play(
    source: Annotated[Path, typer.Argument(metavar="SCRIPT", help="A project, a script.json, or a narrative.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="WAV", help="A file that grows, instead of a pipe.")
    ] = None,
    seed: Seed = 0,
    profile: Profile = "universal",
    offline: Offline = False,
    commercial: Commercial = False,
    prefer: Prefer = None,
    store: StoreUrl = "",
    quiet: Quiet = False,
) -> int:
    """Stream a story as WAV while it is made: `wavagent play story | ffplay -nodisp -`."""
    from wavagent.cli.reporter import Reporter
    from wavagent.project import script_in

    if output is None and sys.stdout.isatty():
        raise typer.BadParameter("a terminal cannot play sound; pipe it (| ffplay -nodisp -) or name a file with -o")
    reporter = Reporter(quiet)
    began = time.perf_counter()
    maker = studio(
        reporter, store=store, seed=seed, offline=offline, commercial=commercial, profile=profile, prefer=prefer
    )
    if source.is_dir() or source.suffix == ".json":
        script, folder = script_in(source)
    else:
        script, folder = maker.plan(maker.read(source)), source.parent
    with ExitStack() as files:
        target = sys.stdout.buffer if output is None else files.enter_context(_opened(output))
        seconds = 0.0
        for length in _poured(maker.stream(script, folder), target):
            if not seconds:
                reporter.say(f"first sound after {time.perf_counter() - began:.2f} s")
            seconds += length
        if output is not None:
            target.seek(0)
            target.write(head(round(seconds * 48_000) * 4))
    reporter.say(f"{seconds:.1f} s of sound in {time.perf_counter() - began:.2f} s")
    return 0


def _opened(path: Path) -> BinaryIO:
    from wavagent.errors import OutputError

    try:
        return path.open("wb")
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written ({error.strerror or error}); choose another with -o") from error


def _poured(blocks: "Iterator[Samples]", target: BinaryIO) -> Iterator[float]:
    """Write `blocks` as WAV to `target`; the seconds of each. Whoever stops listening ends it without a fault."""
    import numpy as np

    from wavagent.audio import RATE

    try:
        target.write(head(UNKNOWN - 36))
        for block in blocks:
            target.write(np.rint(np.clip(block, -1.0, 1.0) * 32767.0).astype("<i2").tobytes())
            target.flush()
            yield len(block) / RATE
    except BrokenPipeError:
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that Python does not complain at its end


def head(size: int) -> bytes:
    """The head of a WAV of `size` bytes of 16-bit stereo at 48 kHz."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 192_000, 4, 16)
    return struct.pack("<4sI4s", b"RIFF", size + 36, b"WAVE") + form + struct.pack("<4sI", b"data", size)
