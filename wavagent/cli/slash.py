"""The commands of the chat that begin with a slash: the person's own, done at once."""

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path

from wavagent.chat import Session
from wavagent.cli.screen import Screen
from wavagent.errors import InputError
from wavagent.heard import heard
from wavagent.script.readable import readable
from wavagent.text import shown

AROUND = 30.0
"""Seconds of an edit that /play plays at most."""

NARRATIVES = (".txt", ".md", ".epub", ".fountain", ".html", ".htm", ".ssml")


class Slash:
    """The commands, for one session and its screen."""

    def __init__(self, session: Session, screen: Screen) -> None:
        self._session, self._screen = session, screen

    def __call__(self, line: str) -> None:
        """Do a command. Raises InputError for one that there is not, and what it raises."""
        name, _, rest = line.removeprefix("/").partition(" ")
        found = COMMANDS.get(name)
        if found is None:
            raise InputError(f"there is no command '/{shown(name)}'; /help lists them")
        found[1](self, rest.strip())

    def _ordered(self, name: str, params: Mapping[str, object], *, at_once: bool = False) -> None:
        self._session.order(name, dict(params))
        if at_once and self._session.pending is not None:
            self._session.answer(True)

    def help(self, rest: str) -> None:
        from wavagent.cli.sayings import sayings

        rows = [f"{name:<12}{about}" for name, (about, _) in COMMANDS.items()]
        self._screen.lines([f"/{row}" for row in rows])
        self._screen.lines(["", "without a model, say it like this:", *sayings()])

    def undo(self, rest: str) -> None:
        self._ordered("undo", {"steps": _count(rest)}, at_once=True)

    def redo(self, rest: str) -> None:
        self._ordered("redo", {"steps": _count(rest)}, at_once=True)

    def script(self, rest: str) -> None:
        self._screen.lines(readable(self._session.desk.script).splitlines())

    def log(self, rest: str) -> None:
        self._ordered("log", {"last": _count(rest or "20")})

    def diff(self, rest: str) -> None:
        names = dict(zip(("before", "after"), rest.split(), strict=False))
        self._ordered("diff", names)

    def quote(self, rest: str) -> None:
        self._ordered("quote", {"formats": rest.split()} if rest else {})

    def files(self, rest: str) -> None:
        self._ordered("files", {})

    def add(self, rest: str) -> None:
        """Copy a file in. In an empty project a narrative is planned: that it is shown first."""
        words = shlex.split(rest) if rest.startswith(("'", '"')) else [rest]
        if not rest:
            raise InputError("name the file: /add PATH")
        name = self._session.desk.add(Path(words[0]).expanduser())
        self._screen.line(f"added: {name}")
        if self._session.desk.empty and name.endswith(NARRATIVES):
            self._session.order("plan", {"file": name})

    def plan(self, rest: str) -> None:
        self._ordered("plan", {"file": rest})

    def play(self, rest: str) -> None:
        """Play what the last edit changed, or a stretch: /play 1:00 1:30, /play scene-2."""
        self._ordered("preview", self._stretch(rest))

    def _stretch(self, rest: str) -> dict[str, object]:
        desk, words = self._session.desk, rest.split()
        if not words:
            return self._changed()
        if all(word.replace(":", "").replace(".", "").isdigit() for word in words):
            times = [_seconds(word) for word in words[:2]]
            return dict(zip(("start", "end"), [*times, times[0] + AROUND][:2], strict=False))
        if any(words == [scene.id] for scene in desk.script.scenes):
            return {"scene": words[0]}
        return {"elements": words}

    def _changed(self) -> dict[str, object]:
        """The first stretch that the last edit changed; without one, the beginning."""
        desk = self._session.desk
        if len(desk.project.log()) < 2:
            return {"start": 0.0, "end": AROUND}
        compared = desk.project.diff()
        found = heard(compared.before, compared.after, desk.studio, desk.folder).changed
        start, end = found[0] if found else (0.0, AROUND)
        start = max(0.0, start - 1.0)
        return {"start": start, "end": min(end + 1.0, start + AROUND)}

    def render(self, rest: str) -> None:
        self._ordered("render", {})

    def export(self, rest: str) -> None:
        words = rest.split()
        params = dict(zip(("format", "profile"), words or ["mp3"], strict=False))
        self._ordered("export", params)

    def measure(self, rest: str) -> None:
        self._ordered("measure", {"scene": rest} if rest else {})

    def history(self, rest: str) -> None:
        for turn in self._session.conversation.turns(_count(rest or "20")):
            self._screen.line(f"> {turn.said}", "bold")
            self._screen.lines(turn.answer.splitlines()[:10])


def _count(text: str) -> int:
    """Raises InputError."""
    if text and not (text.isdecimal() and 0 < int(text) <= 1000):
        raise InputError(f"'{shown(text)}' is no number from 1 to 1000")
    return int(text or 1)


def _seconds(text: str) -> float:
    """Seconds of 90, 1:30 or 0:01:30. Raises InputError."""
    try:
        parts = [float(part) for part in text.split(":")]
    except ValueError:
        raise InputError(f"'{shown(text)}' is no time; say 90, 1:30 or 0:01:30") from None
    return sum(part * 60.0**power for power, part in enumerate(reversed(parts)))


Command = Callable[[Slash, str], None]

COMMANDS: Mapping[str, tuple[str, Command]] = {
    "help": ("what can be said", Slash.help),
    "play": ("hear what the last edit changed; or a time, 1:00 1:30; or a scene or element by its id", Slash.play),
    "undo": ("take the last edit back; /undo 3: the last three", Slash.undo),
    "redo": ("do it again", Slash.redo),
    "script": ("the script as people read it", Slash.script),
    "add": ("copy a file of yours into the project: a narrative, a recording", Slash.add),
    "files": ("the files that were added", Slash.files),
    "plan": ("plan a story from an added narrative", Slash.plan),
    "quote": ("what making it takes; /quote m4b srt", Slash.quote),
    "measure": ("loudness, balance, lengths, doubtful takes", Slash.measure),
    "render": ("make the story", Slash.render),
    "export": ("write a file: /export m4b, /export mp3 apple", Slash.export),
    "log": ("what was done to it", Slash.log),
    "diff": ("compare two revisions: /diff 3 now", Slash.diff),
    "history": ("this conversation", Slash.history),
    "quit": ("leave", lambda slash, rest: None),
}
"""Every command: what it does, and how."""
