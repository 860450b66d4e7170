"""The table of forms: everything that can be said without a model."""

from wavagent.grammar import asking, loudness, silence, sounds, speech, stages, timing, voices
from wavagent.grammar.form import Form

FORMS: tuple[Form, ...] = (
    *loudness.FORMS,
    *sounds.FORMS,
    *timing.FORMS,
    *silence.FORMS,
    *speech.FORMS,
    *voices.FORMS,
    *stages.FORMS,
    *asking.FORMS,
)
"""Every form there is, by family."""


def forms() -> tuple[Form, ...]:
    """The forms, in the order of their families: each with its name, what it does, and requests that show it."""
    return FORMS
