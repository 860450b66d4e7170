"""The passes: pure functions from one draft of a script to the next, one file each, in the order of `PASSES`."""

from wavagent.passes.casting import casting
from wavagent.passes.chaining import chaining
from wavagent.passes.draft import Choice, Draft, Finding, Pass
from wavagent.passes.pacing import pacing
from wavagent.passes.rights import rights
from wavagent.passes.split import split
from wavagent.passes.spoken import spoken
from wavagent.passes.tooling import tooling
from wavagent.passes.validate import validate
from wavagent.script import takes_a_turn

PASSES: tuple[Pass, ...] = (validate, rights, pacing, spoken, casting, split, tooling, chaining)

__all__ = ["PASSES", "Choice", "Draft", "Finding", "Pass", "takes_a_turn"]
