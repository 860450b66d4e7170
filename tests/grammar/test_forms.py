"""Every example of every form does what it is an example of."""

from dataclasses import fields

import pytest

from wavagent.grammar import forms, understand
from wavagent.grammar.form import Form
from wavagent.grammar.pattern import compiled
from wavagent.script import Script
from wavagent.script.file import dumps
from wavagent.script.patch import Patch, apply, invert
from wavagent.tool import Toolbox

EXAMPLES = [(form, example) for form in forms() for example in form.examples]
ASKS = {"delete line 7", "recast Mary", "another voice for the captain"}
"""Examples that are understood, and ask something first."""


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=[f"{form.name}: {said}" for form, said in EXAMPLES])
def test_an_example_is_understood_as_its_form(form: Form, example: str, lighthouse: Script, toolbox: Toolbox) -> None:
    script = _ready(form, example, lighthouse)
    found = understand(example, script, toolbox=toolbox)
    assert (found.question is not None) == (example in ASKS)
    if form.name in ("help", "never mind"):
        assert found.sentence
    if example in ASKS or form.name in ("help", "never mind"):
        return
    assert found.form == form.name, found.sentence or found.question
    if found.patch is not None:
        assert found.call is None
        assert dumps(apply(apply(script, found.patch), invert(script, found.patch))) == dumps(script)


def _ready(form: Form, example: str, script: Script) -> Script:
    """The script, with locked what the example unlocks."""
    if form.name != "unlock":
        return script
    locked = understand(example.replace("unlock", "lock"), script).patch
    assert isinstance(locked, Patch)
    return apply(script, locked)


def test_there_are_more_than_thirty_forms_with_names_of_their_own() -> None:
    names = [form.name for form in forms()]
    assert len(set(names)) == len(names) > 30


@pytest.mark.parametrize("form", forms(), ids=lambda form: form.name)
def test_a_form_says_what_it_does_and_shows_how_it_is_said(form: Form) -> None:
    assert form.says.endswith(".") and form.examples and form.family
    assert {field.name for field in fields(form)} == {"name", "family", "says", "examples", "patterns", "read"}
    for pattern in form.patterns:
        assert not compiled(pattern).fullmatch(""), "a form that fits nothing said fits everything"
