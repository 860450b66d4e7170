"""`wavagent chat`: talk about a story, see what would change and what it takes, agree, and hear it."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wavagent.cli.model import Llm, MaxCost, Prices
from wavagent.cli.options import Commercial, Json, Offline, Profile, Quiet, StoreUrl

if TYPE_CHECKING:
    from wavagent.chat import Session
    from wavagent.chat.piece import Piece, Tell
    from wavagent.chat.session import Mind
    from wavagent.cli.model import Hired
    from wavagent.cli.screen import Record, Screen
    from wavagent.cli.slash import Slash
    from wavagent.operations import Desk


def chat(
    project: Annotated[
        Path, typer.Argument(metavar="PROJECT", help="A project's folder; a new one begins a story.")
    ] = Path(),
    once: Annotated[str, typer.Option("--once", metavar="TEXT", help="Say this one thing, and leave.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Agree to everything, with --once.")] = False,
    llm: Llm = "",
    max_cost: MaxCost = None,
    price: Prices = "",
    profile: Profile = "universal",
    offline: Offline = False,
    commercial: Commercial = False,
    store: StoreUrl = "",
    quiet: Quiet = False,
    as_json: Json = False,
) -> int:
    """Talk about a story, with a model or in plain commands (/help). Nothing is done that was not shown."""
    from wavagent.chat import Session
    from wavagent.cli import DEGRADED, ERROR, OK
    from wavagent.cli.model import hired
    from wavagent.cli.screen import Record, Screen

    if as_json and not once:
        raise typer.BadParameter("--json is for one thing said with --once")
    if yes and not once:
        raise typer.BadParameter("--yes is for one thing said with --once; in a conversation you are asked")
    hire = hired(llm, max_cost, price, offline=offline)
    screen = Record() if as_json else Screen(quiet=quiet)
    desk = _desk(project, screen, store, offline=offline, commercial=commercial, profile=profile, max_cost=max_cost)
    desk.model = hire.model if hire else None
    noticing = _Noticing(screen.tell)
    session = Session(desk, noticing, _mind(hire))
    try:
        if once:
            waits = _said_once(session, screen, once, yes)
            return DEGRADED if waits else ERROR if noticing.failed else OK
        assert isinstance(screen, Screen)
        return _talk(session, screen, hire)
    finally:
        session.close()
        desk.studio.close()


def _desk(
    project: Path,
    screen: "Screen | Record",
    store: str,
    *,
    offline: bool,
    commercial: bool,
    profile: str,
    max_cost: float | None,
) -> "Desk":
    from wavagent.cli.options import studio
    from wavagent.operations import Desk
    from wavagent.project import takes_of
    from wavagent.script.file import read

    folder = project.parent if project.name == "script.json" else project
    file = folder / "script.json"
    seed = read(file).seed if file.exists() else 0
    maker = studio(
        screen,
        store=store,
        seed=seed,
        offline=offline,
        commercial=commercial,
        profile=profile,
        takes=takes_of(folder),
        max_cost=max_cost,
    )
    return Desk(folder, maker, who="chat")


def _mind(hire: "Hired | None") -> "Mind | None":
    from wavagent.chat.session import Mind

    return Mind(hire.model, hire.meter, hire.chat) if hire else None


@dataclass
class _Noticing:
    """Tells every piece on, and whether something `failed`."""

    tell: "Tell"
    failed: bool = False

    def __call__(self, piece: "Piece") -> None:
        from wavagent.chat import Failed

        self.failed |= isinstance(piece, Failed)
        self.tell(piece)


def _said_once(session: "Session", screen: "Screen | Record", text: str, yes: bool) -> bool:
    """Say one thing; whether something waits for a yes after it."""
    from wavagent.cli.screen import Record, Screen

    session.say(text)
    if yes:
        session.agree()
    waits = session.pending is not None
    if isinstance(screen, Record):
        screen.print(pending=waits, revision="" if session.desk.empty else session.desk.revision)
    elif isinstance(screen, Screen):
        screen.rest()
    return waits


def _talk(session: "Session", screen: "Screen", hire: "Hired | None") -> int:
    """Until the person leaves."""
    from wavagent.cli import OK
    from wavagent.cli.slash import Slash
    from wavagent.errors import WavagentError

    screen.stopped = lambda: session.stopped
    _greet(session, screen)
    slash, leaving = Slash(session, screen), False
    while True:
        try:
            line = _asked(session)
        except EOFError:
            break
        except KeyboardInterrupt:
            if leaving:
                break
            leaving = True
            screen.line("\nCtrl-C again leaves")
            continue
        leaving = False
        if line.strip() in ("/quit", "/exit", "/q"):
            break
        try:
            _turn(session, slash, line)
        except WavagentError as error:
            screen.rest()
            screen.line(f"✗ {error}", "red")
        except KeyboardInterrupt:
            screen.rest()
            screen.line("stopped")
        screen.rest()
    if session.pending is not None:
        screen.line("what waits for a yes waits until you come back", "dim")
    if hire is not None:
        screen.line(hire.bill(), "dim")
    return OK


def _turn(session: "Session", slash: "Slash", line: str) -> None:
    import signal
    import threading

    def stop(number: int, frame: object) -> None:
        session.stopped = True  # another thread may be at work
        raise KeyboardInterrupt

    here = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, stop) if here else None
    session.stopped = False
    try:
        slash(line) if line.startswith("/") else session.say(line)
    finally:
        if here:
            signal.signal(signal.SIGINT, before)


def _greet(session: "Session", screen: "Screen") -> None:
    if session.desk.empty:
        screen.line("no story here yet: /add PATH copies a narrative in and plans it; /help lists what can be said")
    else:
        title = session.desk.script.title
        screen.line(f"“{title}”; say what to change, /help lists what can be said, /quit leaves")
    if session.pending is not None:
        screen.line("this still waits for a yes:")
        screen.card(session.pending)


def _asked(session: "Session") -> str:
    """What the person types. Raises EOFError at its end."""
    prompt = "yes or no? " if session.pending is not None else "> "
    if sys.stdin.isatty():
        import readline  # noqa: F401  # editing of the line, and what was typed before

        return input(prompt)
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\n")
