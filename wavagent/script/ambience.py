"""The sound of a place."""

from typing import Literal

from wavagent.script.bed import Bed
from wavagent.script.stage import Lowered, Stage


class Ambience(Bed):
    """A bed of ambience; `what` names what is heard all the while: rain, a crowd, the sea."""

    kind: Literal["ambience"] = "ambience"

    def lower(self, stage: Stage) -> Lowered:
        return self.lay("ambience", stage)
