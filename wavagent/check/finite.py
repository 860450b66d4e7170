"""Not finite: samples that are no numbers. An Audio refuses them, but its samples may have been written to since."""

import numpy as np

from wavagent.check.take import Fault, Take


def finite(take: Take) -> Fault | None:
    if np.isfinite(take.audio.samples).all():
        return None
    return Fault("not finite", "holds samples that are not numbers", broken=True)
