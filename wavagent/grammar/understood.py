"""What a request was understood as: a patch, an operation to call, a question back, or a sentence that says why not."""

from pydantic import Field, JsonValue

from wavagent.script.part import Part
from wavagent.script.patch import Patch


class Call(Part):
    """An operation that is no edit, by name, with what it is told: undo, play, export, …"""

    name: str
    params: dict[str, JsonValue] = Field(default_factory=dict)


class Choice(Part):
    """One answer to a question: how it reads, and what it stands for."""

    label: str
    means: tuple[str, ...]


class Question(Part):
    """Something to settle before a request can be understood: which storm, whether words may change.

    `request` is what was asked for and `about` what in it is open; `settled` are the answers given before. `many`
    says that "all" is an answer too.
    """

    sentence: str
    choices: tuple[Choice, ...]
    request: str
    about: str
    settled: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    many: bool = False


class Focus(Part):
    """What the last turn was about, for "it", "him" and "there"; and the question that it ended with.

    It is plain data and may be kept between processes: `model_dump_json`.
    """

    elements: tuple[str, ...] = ()
    characters: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    question: Question | None = None


class Understood(Part):
    """What was made of a request: exactly one of `patch`, `call`, `question` and `sentence` is there.

    `form` is the name of the form that it fits; `focus` is what the next turn is given.
    """

    request: str
    form: str = ""
    patch: Patch | None = None
    call: Call | None = None
    question: Question | None = None
    sentence: str = ""
    focus: Focus = Focus()
