"""A treatment: what is to be done to one recording, as data, and the small script that follows from it."""

from collections.abc import Iterator
from typing import Any, Literal

from pydantic import Field

from wavagent.planning.languages import named
from wavagent.script import Ambience, Anchor, Element, Music, Recording, Scene, Script
from wavagent.script.part import Gain, Part
from wavagent.script.step import Link

RECORDING = "recording"
"""The id of the recording in the script of a treatment."""

SAYS = {
    "tool": "tool {tool}",
    "trim": "keep only what is from {start} s to {end}",
    "gain": "change its level by {db} dB",
    "fade": "fade in over {rise} s, out over {fall} s",
    "speed": "play it {times} times as fast, at its pitch",
    "band": "keep only {low} to {high} Hz",
    "room": "put it into a space: {space}, {distance}",
    "enhance": "take the noise out",
    "upsample": "restore its treble",
    "separate": "keep only the {keep}",
    "separate_speakers": "of the people who speak at once, keep number {keep}; number 1 begins first",
    "extract": "find '{what}', keep {keep}",
    "mend": "fill {start} s to {end} from what is around it",
    "replace": "put '{what}' in place of {start} s to {end}",
    "binaural": "place it {azimuth}° to the right, {elevation}° up",
    "convert_voice": "let the voice '{voice}' say it",
    "dub": "say it in {language}, in the same time{behind}",
}
"""Every step in words, by `do`."""


class Behind(Part):
    """What is heard behind the recording, from its start to its end; `gain` is in dB."""

    kind: Literal["ambience", "music"]
    what: str = Field(min_length=1)
    gain: Gain = 0.0


class Treatment(Part):
    """The steps in order, what comes behind, and what of the wish was not understood, or cannot be had, in its words.

    Loudness is the delivery's: `gain`, in dB, is against what is behind.
    """

    steps: tuple[Link, ...] = ()
    behind: tuple[Behind, ...] = ()
    gain: Gain = 0.0
    unknown: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.steps or self.behind or self.gain)

    def sentences(self) -> Iterator[str]:
        """What will be done, a line for each step."""
        for step in self.steps:
            told = {"tool": step.tool, **step.told()}
            yield SAYS[step.do].format(**{name: _plain(name, value) for name, value in told.items()})
        for one in self.behind:
            yield f"put {one.kind} behind it: {one.what}" + (f" ({one.gain:+g} dB)" if one.gain else "")
        if self.gain:
            yield f"make it {self.gain:+g} dB against what is behind it; the whole keeps its delivery's loudness"

    def script(self, file: str, title: str, language: str = "en") -> Script:
        """The script that does it to `file`, of the project."""
        recording = Recording(id=RECORDING, file=file, chain=self.steps, gain=self.gain)
        start, end = Anchor(element=RECORDING), Anchor(element=RECORDING, edge="end")
        beds: list[Element] = []
        for number, one in enumerate(self.behind, 1):
            bed = Music if one.kind == "music" else Ambience
            beds.append(bed(id=f"behind-{number}", what=one.what, start=start, end=end, gain=one.gain))
        return Script(title=title, language=language, scenes=(Scene(id="s", elements=(*beds, recording)),))


def _plain(name: str, value: Any) -> str:
    if value is None:
        return {"end": "its end", "low": "0", "high": "any"}.get(name, "")
    if name == "end":
        return f"{value:g} s"
    if name == "language":
        return named(str(value))
    if name == "behind":
        return ", over what was heard behind the voice" if value else ""
    return f"{value:g}" if isinstance(value, float) else str(value)
