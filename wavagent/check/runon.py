"""Run-on: a line goes on after all of it was said."""

from wavagent.check.take import Fault, Take

MOST = 2.2
"""Times what a line should take, and"""

MORE = 1.5
"""seconds on top: what lasts longer says what is not in the text, or nothing."""


def runon(take: Take) -> Fault | None:
    if not take.spoken or take.audio.seconds <= MOST * take.expected[1] + MORE:
        return None
    most = take.expected[1]
    return Fault("run-on", f"lasts {take.audio.seconds:.2g} s, and its text takes about {most:.2g} s to say")
