"""Edits as data: typed operations on ids, which can be shown, refused, applied and undone.

A patch is made for one revision of a script. `apply` does all of it or nothing; `invert` gives the patch that takes it
back, byte for byte; `describe` says what it changes in sentences; `schema` is what a model is told.
"""

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
from wavagent.script.patch.contract import EXACT, page, schema
from wavagent.script.patch.edit import Edit, Thing
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
from wavagent.script.patch.operations import OPERATIONS, Operation
from wavagent.script.patch.patch import Patch, apply, difference, invert, rebase, replay, revision, run, things, touched
from wavagent.script.patch.scenes import AddScene, MergeScenes, MoveScene, RemoveScene, SetScene, SplitScene
from wavagent.script.patch.sentences import changes, describe, readable_diff
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

__all__ = [
    "Add",
    "AddCharacter",
    "AddScene",
    "AnotherTake",
    "EXACT",
    "Edit",
    "ForgetPronunciation",
    "Lock",
    "MergeCharacters",
    "MergeLines",
    "MergeScenes",
    "Move",
    "MoveCharacter",
    "MoveScene",
    "OPERATIONS",
    "Operation",
    "Patch",
    "PickTake",
    "Pronounce",
    "Put",
    "PutCharacter",
    "Recast",
    "Relevel",
    "Remove",
    "RemoveCharacter",
    "RemoveScene",
    "RenameCharacter",
    "ReplaceText",
    "Retime",
    "SetDelivery",
    "SetMode",
    "SetMusic",
    "SetPan",
    "SetPause",
    "SetPronunciations",
    "SetRecording",
    "SetScene",
    "SetSeed",
    "SetSource",
    "SetSpeaker",
    "SetSpoken",
    "SetStory",
    "SetTool",
    "SetTraits",
    "SetWhat",
    "SplitLine",
    "SplitScene",
    "Thing",
    "Uncast",
    "Unlock",
    "apply",
    "changes",
    "describe",
    "difference",
    "invert",
    "page",
    "readable_diff",
    "rebase",
    "replay",
    "revision",
    "run",
    "schema",
    "things",
    "touched",
]
