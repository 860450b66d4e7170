"""What can be done to a recording: the steps of a chain, told apart by `do`, each with its fields and its own calls."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, JsonValue, Tag, model_validator

from wavagent.dsp.space import DISTANCES, SPACES
from wavagent.graph import Call, Param, Ref
from wavagent.script.character import Consent
from wavagent.script.material import Material
from wavagent.script.part import Part, Seconds
from wavagent.script.stage import Stage
from wavagent.tool import Task

EDIT = "edit"
"""The tool for what needs no expert."""


class Step(Part):
    """One step of a chain. A step that an expert does has one `tool` for each task in `roles`, by field; the compiler
    fills in those that are None."""

    roles: ClassVar[Mapping[str, Task]] = {}
    tool: str | None = None

    def told(self) -> dict[str, JsonValue]:
        """What its tool is told beside the clip."""
        return self.model_dump(mode="json", exclude={"do", "tool", *self.roles})

    def needed(self) -> Mapping[str, Task]:
        """The tasks it needs experts for, by the field that names the tool."""
        return self.roles

    @property
    def tools(self) -> tuple[str, ...]:
        """The tools that it names."""
        return tuple(name for field in {"tool": None, **self.roles} if (name := getattr(self, field)) is not None)

    def asked(self, role: str) -> dict[str, JsonValue]:
        """What the expert in the field `role` is told beside the clip."""
        return self.told()

    def lower(self, stage: Stage, element: str, id: str, audio: Ref) -> tuple[Call, ...]:
        """The calls that do it to `audio`; the last one makes the clip and is called `id`."""
        return (_call(stage, element, id, self.tool or "", {**self.told(), "audio": audio}),)


def _call(stage: Stage, element: str, id: str, name: str, params: Mapping[str, Param]) -> Call:
    tool = stage.tool(name)
    return Call(id, tool.card.name, params, stage.seed_of(tool, id, 0, None), element)


class Operation(Step):
    """Any tool, by name, and its parameters beside the clip it works on."""

    do: Literal["tool"] = "tool"
    tool: str
    params: dict[str, JsonValue] = Field(default_factory=dict)

    def told(self) -> dict[str, JsonValue]:
        return self.params


class Edit(Step):
    """What every installation can do: it needs no expert."""

    def lower(self, stage: Stage, element: str, id: str, audio: Ref) -> tuple[Call, ...]:
        step: Param = self.model_dump(mode="json", exclude={"tool"})
        return (_call(stage, element, id, self.tool or EDIT, {"step": step, "audio": audio}),)


class Trim(Edit):
    """Keep what lies between two moments of the clip."""

    do: Literal["trim"]
    start: Seconds = 0.0
    end: Seconds | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        _in_order(self.start, self.end)
        return self


class Amplify(Edit):
    """Make it louder or quieter, in dB."""

    do: Literal["gain"]
    db: float = Field(ge=-60.0, le=24.0)


class Fade(Edit):
    """Let it rise over its first seconds and fall over its last."""

    do: Literal["fade"]
    rise: Seconds = 0.0
    fall: Seconds = 0.0


class Speed(Edit):
    """Play it so many times as fast; its pitch stays."""

    do: Literal["speed"]
    times: float = Field(ge=0.25, le=4.0)


class Band(Edit):
    """Keep only what lies above `low` and below `high` hertz."""

    do: Literal["band"]
    low: float | None = Field(default=None, ge=10.0, le=20_000.0)
    high: float | None = Field(default=None, ge=10.0, le=20_000.0)

    @model_validator(mode="after")
    def _high_is_above_low(self) -> Self:
        if self.low is not None and self.high is not None and self.high <= self.low:
            raise ValueError(f"a band's `high` lies above its `low`, not at {self.high:g} Hz with {self.low:g} Hz")
        return self


def _a_space(name: str) -> str:
    if name not in SPACES:
        raise ValueError(f"no space is called '{name}'; there are: {', '.join(SPACES)}")
    return name


def _a_distance(name: str) -> str:
    if name not in DISTANCES:
        raise ValueError(f"no distance is called '{name}'; there are: {', '.join(DISTANCES)}")
    return name


class Room(Edit):
    """Put it into a space, as near or far."""

    do: Literal["room"]
    space: Annotated[str, AfterValidator(_a_space), Field(json_schema_extra={"enum": [*SPACES]})] = "room"
    distance: Annotated[str, AfterValidator(_a_distance), Field(json_schema_extra={"enum": [*DISTANCES]})] = "normal"


class Enhance(Step):
    """Take the noise out."""

    do: Literal["enhance"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "enhance"}


class Upsample(Step):
    """Give it the treble that its rate or its codec took."""

    do: Literal["upsample"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "upsample"}


class Separate(Step):
    """Keep the speech or singing, or the music and all else behind it."""

    do: Literal["separate"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "separate"}
    keep: Literal["speech", "music"]


class SeparateSpeakers(Step):
    """Keep one of the people who speak at once: number `keep`, in the order in which they are first heard."""

    do: Literal["separate_speakers"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "separate_speakers"}
    keep: int = Field(ge=1, le=3)


class Extract(Step):
    """Keep what the words `what` name, or all the rest."""

    do: Literal["extract"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "extract"}
    what: str = Field(min_length=1)
    keep: Literal["it", "rest"] = "it"


class Stretch(Step):
    """What happens from `start` to `end`."""

    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        _in_order(self.start, self.end)
        return self


class Mend(Stretch):
    """Fill the stretch from `start` to `end` from what is around it."""

    do: Literal["mend"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "inpaint"}


class Replace(Stretch):
    """Another sound, `what`, in place of what is heard from `start` to `end`."""

    do: Literal["replace"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "inpaint", "maker": "sound"}
    what: str = Field(min_length=1)
    maker: str | None = None

    def asked(self, role: str) -> dict[str, JsonValue]:
        if role == "maker":
            return {"what": self.what, "seconds": self.end - self.start}
        return {"start": self.start, "end": self.end}

    def lower(self, stage: Stage, element: str, id: str, audio: Ref) -> tuple[Call, ...]:
        mended = _call(stage, element, f"{id}.mended", self.tool or "", {**self.asked("tool"), "audio": audio})
        made = _call(stage, element, f"{id}.made", self.maker or "", {**self.asked("maker")})
        step: Param = {"do": "overlay", "at": self.start, "longest": self.end - self.start}
        both: dict[str, Param] = {"step": step, "audio": Ref(mended.id), "other": Ref(made.id)}
        return mended, made, _call(stage, element, id, EDIT, both)


class Binaural(Step):
    """Place it for headphones: degrees to the right (`azimuth`), upwards (`elevation`).

    `hrtf` is a SOFA file of the project: the responses of a head that was measured, in place of a sphere.
    """

    do: Literal["binaural"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "binaural"}
    azimuth: float = Field(default=0.0, ge=-180.0, le=180.0)
    elevation: float = Field(default=0.0, ge=-90.0, le=90.0)
    hrtf: Material | None = None

    def told(self) -> dict[str, JsonValue]:
        where: dict[str, JsonValue] = {"azimuth": self.azimuth, "elevation": self.elevation}
        return where | ({"hrtf": self.hrtf.file} if self.hrtf else {})

    def lower(self, stage: Stage, element: str, id: str, audio: Ref) -> tuple[Call, ...]:
        told: dict[str, Param] = {**self.told(), "audio": audio}
        if self.hrtf is not None:
            told["hrtf"], told["sha256"] = self.hrtf.found(stage.folder, element)
        return (_call(stage, element, id, self.tool or "", told),)


class Convert(Step):
    """Let another voice of the tool's say the same.

    Or that of a recording, `reference`, with the consent of whoever speaks there.
    """

    do: Literal["convert_voice"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "convert_voice"}
    voice: str = ""
    reference: Material | None = None
    consent: Consent | None = None

    @model_validator(mode="after")
    def _one_voice_that_may_be_had(self) -> Self:
        if bool(self.voice) == (self.reference is not None):
            raise ValueError("a voice is one of the tool's (`voice`), or that of a recording (`reference`): name one")
        if (self.reference is None) != (self.consent is None):
            raise ValueError(
                "nobody's voice is taken from a recording without their consent; give `consent` with `person`, "
                "`statement`, `date`, and the `sha256` of the recording, and no consent without a `reference`"
            )
        return self

    def told(self) -> dict[str, JsonValue]:
        return {"voice": self.voice}

    def lower(self, stage: Stage, element: str, id: str, audio: Ref) -> tuple[Call, ...]:
        told: dict[str, Param] = {**self.told(), "audio": audio}
        if self.reference is None or self.consent is None:
            return (_call(stage, element, id, self.tool or "", told),)
        file, sha256 = self.reference.found(stage.folder, element)
        self.consent.must_cover(self.reference.file, sha256, f"'{element}'")
        heard = Call(f"{id}.reference", "recording", {"file": file, "sha256": sha256}, element=element)
        return heard, _call(stage, element, id, self.tool or "", {**told, "reference": Ref(heard.id)})


class Dub(Step):
    """Say it in another language (BCP 47), in the same time; with `behind`, over what was heard behind the voice."""

    do: Literal["dub"]
    roles: ClassVar[Mapping[str, Task]] = {"tool": "translate", "separator": "separate"}
    language: str = Field(pattern=r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$")
    behind: bool = False
    separator: str | None = None

    def needed(self) -> Mapping[str, Task]:
        return self.roles if self.behind else {"tool": "translate"}

    def asked(self, role: str) -> dict[str, JsonValue]:
        return {"keep": "speech"} if role == "separator" else {"language": self.language}

    def lower(self, stage: Stage, element: str, id: str, audio: Ref) -> tuple[Call, ...]:
        def call(part: str, tool: str | None, **params: Param) -> Call:
            return _call(stage, element, f"{id}.{part}" if part else id, tool or "", params)

        if not self.behind:
            said = call("said", self.tool, language=self.language, audio=audio)
            return said, call("", EDIT, step={"do": "fit"}, audio=Ref(said.id), like=audio)
        voice = call("voice", self.separator, keep="speech", audio=audio)
        rest = call("rest", self.separator, keep="music", audio=audio)
        said = call("said", self.tool, language=self.language, audio=Ref(voice.id))
        timed = call("timed", EDIT, step={"do": "fit"}, audio=Ref(said.id), like=Ref(voice.id))
        both = call("", EDIT, step={"do": "overlay"}, audio=Ref(rest.id), other=Ref(timed.id))
        return voice, rest, said, timed, both


def _in_order(start: float, end: float | None) -> None:
    if end is not None and end <= start:
        raise ValueError(f"a stretch's `end` is after its `start`, not at {end:g} s with {start:g} s")


def _kind(step: Any) -> str:
    """What a step does; one that only names a tool need not say so."""
    return str(step.get("do", "tool") if isinstance(step, Mapping) else getattr(step, "do", "tool"))


Link = Annotated[
    Annotated[Operation, Tag("tool")]
    | Annotated[Trim, Tag("trim")]
    | Annotated[Amplify, Tag("gain")]
    | Annotated[Fade, Tag("fade")]
    | Annotated[Speed, Tag("speed")]
    | Annotated[Band, Tag("band")]
    | Annotated[Room, Tag("room")]
    | Annotated[Enhance, Tag("enhance")]
    | Annotated[Upsample, Tag("upsample")]
    | Annotated[Separate, Tag("separate")]
    | Annotated[SeparateSpeakers, Tag("separate_speakers")]
    | Annotated[Extract, Tag("extract")]
    | Annotated[Mend, Tag("mend")]
    | Annotated[Replace, Tag("replace")]
    | Annotated[Binaural, Tag("binaural")]
    | Annotated[Convert, Tag("convert_voice")]
    | Annotated[Dub, Tag("dub")],
    Discriminator(_kind),
]
"""A step of a chain, told apart by `do`; one without it names a tool."""
