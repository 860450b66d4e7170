"""`wavagent do`: what is wished of a recording, in plain words, is planned, shown, and done."""

import hashlib
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.model import Hired, Llm, MaxCost, Prices
from wavagent.cli.options import Commercial, Json, Offline, Prefer, Profile, Quiet, Seed, StoreUrl, studio

if TYPE_CHECKING:
    from wavagent.cli.reporter import Reporter
    from wavagent.planning.treatment import Treatment

Wish = Annotated[
    str, typer.Argument(metavar="WISH", help="What is to be done, such as 'remove the noise, put rain behind it'.")
]
File = Annotated[Path, typer.Argument(metavar="FILE", help="A recording: any sound file.", show_default=False)]
Out = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="OUT", help="A file, or a project's folder. Default: FILE-done.wav, here."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do it without asking.")]
Dry = Annotated[bool, typer.Option("--dry-run", help="Show the plan, and do nothing.")]


def do(
    wish: Wish,
    file: File,
    output: Out = None,
    yes: Yes = False,
    dry: Dry = False,
    llm: Llm = "",
    max_cost: MaxCost = None,
    price: Prices = "",
    seed: Seed = 0,
    profile: Profile = "universal",
    offline: Offline = False,
    commercial: Commercial = False,
    prefer: Prefer = None,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Do to a recording what WISH says: take noise out, put something behind it, dub it, cut it, …"""
    from wavagent.cli import DEGRADED, OK
    from wavagent.cli.make import deliver
    from wavagent.cli.model import hired
    from wavagent.cli.reporter import Reporter

    reporter = Reporter(quiet)
    hire = hired(llm, max_cost, price, offline=offline)
    target = _target(file, output)
    with reporter.watching():
        maker = studio(
            reporter,
            store=store,
            seed=seed,
            offline=offline,
            commercial=commercial,
            profile=profile,
            prefer=prefer,
            max_cost=max_cost,
        )
        treatment = _planned(wish, file, hire)
    _show(treatment, reporter)
    with tempfile.TemporaryDirectory(prefix="wavagent-") as passing:
        folder = Path(passing)
        script = treatment.script(_copied(file, folder), file.stem)
        maker.compile(script, folder)  # what cannot be done is said before anybody is asked
        if dry:
            return OK
        if not yes:
            _ask(target)
        if not target.suffix or target.is_dir():
            folder = target
            _copied(file, folder)
        began = time.perf_counter()
        with reporter.watching():
            code = deliver(maker, script, target, reporter, folder=folder, began=began, as_json=as_json)
    if hire is not None:
        reporter.say(hire.bill())
    return DEGRADED if code == OK and treatment.unknown else code


def _target(file: Path, output: Path | None) -> Path:
    """Where the result goes. Raises InputError where that is the recording itself."""
    from wavagent.errors import InputError

    if not file.is_file():
        raise InputError(f"there is no file '{file}'; name a recording")
    target = output if output is not None else Path(f"{file.stem}-done.wav")
    if target.exists() and target.samefile(file):
        raise InputError(f"'{target}' is the recording itself, which is never written over; name another output")
    return target


def _planned(wish: str, file: Path, hire: Hired | None) -> "Treatment":
    """What WISH comes to, by the model when there is one, else by rules. Raises PlanError when it comes to nothing."""
    from wavagent.errors import PlanError
    from wavagent.planning.llm.treat import treat
    from wavagent.planning.wishes import wished
    from wavagent.text import shown

    seconds = _seconds(file)
    made = wished(wish, seconds) if hire is None else treat(wish, hire.model, seconds)
    if made.empty:
        more = "; name a language model with --llm MODEL, which reads freer words" if hire is None else ""
        named = "".join(f"; {one}" for one in made.unknown if one.strip() not in wish.lower())
        raise PlanError(f"nothing in '{shown(wish)}' was understood as something to do to a recording{named}{more}")
    return made


def _seconds(file: Path) -> float | None:
    """How long the recording is, where its header says so. Raises InputError when it is no sound."""
    from wavagent.export.decode import opened

    with opened(file) as (container, _):
        return container.duration / 1e6 if container.duration else None


def _show(treatment: "Treatment", reporter: "Reporter") -> None:
    for number, sentence in enumerate(treatment.sentences(), 1):
        reporter.say(f"{number}. {sentence}")
    for one in treatment.unknown:
        reporter.say(f"not understood, and left out: '{one}'")


def _ask(target: Path) -> None:
    """Raises Cancelled when the person says no, and InputError when nobody is there to ask."""
    from wavagent.errors import Cancelled, InputError

    if not sys.stdin.isatty():
        raise InputError("nothing was done: nobody is here to agree to the plan; give --yes to do it unasked")
    if not typer.confirm(f"Do it, and write '{target}'?", err=True):
        raise Cancelled("nothing was done")


def _copied(file: Path, folder: Path) -> str:
    """The recording's name in the project that it was copied into. Raises OutputError.

    The name holds its content's hash, so that another file of the same name is another one.
    """
    from wavagent.errors import OutputError
    from wavagent.text import slug

    try:
        content = file.read_bytes()
        inside = f"audio/{slug(file.stem)}-{hashlib.sha256(content).hexdigest()[:8]}{file.suffix.lower()}"
        (folder / "audio").mkdir(parents=True, exist_ok=True)
        (folder / inside).write_bytes(content)
    except OSError as error:
        raise OutputError(f"'{file}' cannot be copied into '{folder}' ({error.strerror})") from error
    return inside
