"""What can be said without a model: an example of every form."""

from wavagent.grammar import forms


def sayings() -> list[str]:
    return [f"  {form.examples[0]}" for form in forms()]
