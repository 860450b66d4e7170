"""Music under a scene."""

from typing import Literal

from wavagent.script.bed import Bed
from wavagent.script.stage import Lowered, Stage


class Music(Bed):
    """A bed of music; `what` names its mood, tempo, key, instruments or style."""

    kind: Literal["music"] = "music"

    def lower(self, stage: Stage) -> Lowered:
        return self.lay("music", stage)
