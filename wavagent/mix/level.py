"""How loud each role is before mastering, in LUFS of its active part, and how far it ducks when someone speaks.

Speech is the measure: music is heard a little below it in the clear and far below it under words, so that the sum of
all beds stays 15 LU under the speaker (PRODUCT and broadcast practice ask for 10 to 20).
"""

from collections.abc import Mapping

from wavagent.timeline import Role

SPEECH = -20.0

LEVELS: Mapping[Role, float] = {
    "speech": SPEECH,
    "recording": SPEECH,
    "sound": SPEECH - 3.0,
    "music": SPEECH - 5.0,
    "ambience": SPEECH - 11.0,
}

DUCKS: Mapping[Role, float] = {"music": 16.0, "ambience": 11.0}
"""dB that a bed gives way under speech."""

LOUDEST = 24.0
"""dB; no clip is raised by more, so that near silence stays near silence."""
