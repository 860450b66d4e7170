"""Credits: who and what a story was made with, and under which licences. What every clip owes to somebody is here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Credit:
    """A tool, and what it had a part in: the ids of its `calls` and of the `clips` that are heard.

    `by` names whoever made what it works with, `libraries` the packages it used, with version and licence. `bar` says
    why what it makes may not be used commercially; empty: it may.
    """

    tool: str
    version: str
    task: str
    licence: str
    weights_licence: str = ""
    bar: str = ""
    by: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    clips: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "tool": self.tool,
            "version": self.version,
            "task": self.task,
            "code_licence": self.licence,
            "weights_licence": self.weights_licence or None,
            "commercial": not self.bar,
            "bar": self.bar or None,
            "by": list(self.by),
            "libraries": list(self.libraries),
            "calls": list(self.calls),
            "clips": list(self.clips),
        }


@dataclass(frozen=True, slots=True)
class VoiceCredit:
    """Who speaks as `character`: the `voice` of a tool; for an imitated one, the recording and who allowed it."""

    character: str
    tool: str
    voice: str
    reference: str = ""
    consent: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "character": self.character,
            "tool": self.tool,
            "voice": self.voice,
            "reference": self.reference or None,
            "consent": self.consent or None,
        }


@dataclass(frozen=True, slots=True)
class RecordingCredit:
    """The user's own file: its name in the project, its sha256, what is known of its licence, and whom to name."""

    file: str
    sha256: str
    licence: str = ""
    by: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "sha256": self.sha256, "licence": self.licence or None, "by": self.by or None}


@dataclass(frozen=True, slots=True)
class Credits:
    """The credits of a story: the text and its author, the voices, the recordings and every tool.

    `source` is the file of the text, and `sha256` its digest. `obstacles` are why it may not be sold.
    """

    title: str
    author: str
    source: str
    sha256: str
    disclosure: str
    voices: tuple[VoiceCredit, ...] = ()
    recordings: tuple[RecordingCredit, ...] = ()
    tools: tuple[Credit, ...] = ()
    obstacles: tuple[str, ...] = ()

    @property
    def calls(self) -> Iterator[str]:
        """The ids of every call that somebody is credited for."""
        return (call for credit in self.tools for call in credit.calls)

    @property
    def clips(self) -> Iterator[str]:
        """The ids of every clip that is heard and somebody is credited for."""
        return (clip for credit in self.tools for clip in credit.clips)

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "author": self.author,
            "source": {"name": self.source, "sha256": self.sha256} if self.source else None,
            "disclosure": self.disclosure,
            "commercial": not self.obstacles,
            "obstacles": list(self.obstacles),
            "voices": [voice.to_json() for voice in self.voices],
            "recordings": [recording.to_json() for recording in self.recordings],
            "tools": [credit.to_json() for credit in self.tools],
        }
