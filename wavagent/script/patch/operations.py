"""The table of operations: everything that a patch can do."""

from typing import Annotated

from pydantic import Field

from wavagent.script.patch.cast import (
    AddCharacter,
    MergeCharacters,
    MoveCharacter,
    PutCharacter,
    Recast,
    RemoveCharacter,
    RenameCharacter,
    SetTraits,
    Uncast,
)
from wavagent.script.patch.edit import Edit
from wavagent.script.patch.elements import Add, Lock, Move, Put, Remove, Unlock
from wavagent.script.patch.lines import (
    MergeLines,
    ReplaceText,
    SetDelivery,
    SetMode,
    SetPause,
    SetSpeaker,
    SetSpoken,
    SplitLine,
)
from wavagent.script.patch.scenes import AddScene, MergeScenes, MoveScene, RemoveScene, SetScene, SplitScene
from wavagent.script.patch.sounding import (
    AnotherTake,
    PickTake,
    Relevel,
    Retime,
    SetMusic,
    SetPan,
    SetRecording,
    SetSeed,
    SetTool,
    SetWhat,
)
from wavagent.script.patch.story import ForgetPronunciation, Pronounce, SetPronunciations, SetSource, SetStory

OPERATIONS: tuple[type[Edit], ...] = (
    Add,
    Remove,
    Move,
    Put,
    Lock,
    Unlock,
    ReplaceText,
    SetSpoken,
    SetSpeaker,
    SetDelivery,
    SetMode,
    SetPause,
    SplitLine,
    MergeLines,
    SetWhat,
    SetMusic,
    Relevel,
    SetPan,
    Retime,
    SetRecording,
    SetTool,
    AnotherTake,
    PickTake,
    SetSeed,
    Recast,
    Uncast,
    SetTraits,
    RenameCharacter,
    AddCharacter,
    RemoveCharacter,
    MergeCharacters,
    PutCharacter,
    MoveCharacter,
    SetScene,
    AddScene,
    RemoveScene,
    MoveScene,
    SplitScene,
    MergeScenes,
    SetStory,
    Pronounce,
    ForgetPronunciation,
    SetPronunciations,
    SetSource,
)
"""Every operation there is, by family: elements, lines, how things sound, the cast, scenes, the story."""

Operation = Annotated[
    Add
    | Remove
    | Move
    | Put
    | Lock
    | Unlock
    | ReplaceText
    | SetSpoken
    | SetSpeaker
    | SetDelivery
    | SetMode
    | SetPause
    | SplitLine
    | MergeLines
    | SetWhat
    | SetMusic
    | Relevel
    | SetPan
    | Retime
    | SetRecording
    | SetTool
    | AnotherTake
    | PickTake
    | SetSeed
    | Recast
    | Uncast
    | SetTraits
    | RenameCharacter
    | AddCharacter
    | RemoveCharacter
    | MergeCharacters
    | PutCharacter
    | MoveCharacter
    | SetScene
    | AddScene
    | RemoveScene
    | MoveScene
    | SplitScene
    | MergeScenes
    | SetStory
    | Pronounce
    | ForgetPronunciation
    | SetPronunciations
    | SetSource,
    Field(discriminator="op"),
]
"""One operation of a patch, told apart by `op`."""
