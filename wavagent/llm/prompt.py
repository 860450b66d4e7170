"""Prompts: Markdown files in `prompts/`, with places that are filled in."""

import re
from importlib import resources

_PLACE = re.compile(r"\{\{(\w+)\}\}")


def prompt(name: str, **values: str) -> str:
    """The prompt in `prompts/<name>.md` with every `{{place}}` filled in, once: what is filled in is never a place.

    Raises KeyError when a value is missing, and ValueError when one has no place.
    """
    text = resources.files("wavagent.prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    if strange := values.keys() - set(_PLACE.findall(text)):
        raise ValueError(f"the prompt '{name}' has no place for {', '.join(sorted(strange))}")
    return _PLACE.sub(lambda match: values[match[1]], text)
