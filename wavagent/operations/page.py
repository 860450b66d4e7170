"""docs/chat.md: how to talk about a story, every operation and every form, from the code."""

from collections.abc import Iterator
from typing import Any

from wavagent.grammar import forms
from wavagent.operations import OPERATIONS, Operation


def page() -> str:
    """The page."""
    return "\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield _HEAD
    for one in OPERATIONS.values():
        yield f"### `{one.name}`\n"
        yield f"{one.summary}{_asks(one)}\n"
        yield from _fields(one)
    yield _FORMS
    family = ""
    for form in forms():
        if form.family != family:
            family = form.family
            yield f"\n### {family.capitalize()}\n"
            yield "| say | |\n|---|---|"
        said = " · ".join(f"`{_cell(example)}`" for example in form.examples[:3])
        yield f"| {said} | {_cell(form.says)} |"


def _asks(one: Operation[Any]) -> str:
    told = {
        (True, False): "Changes the script",
        (False, True): "Takes time",
        (True, True): "Changes the script and costs",
    }
    why = told.get((one.changes, one.costs))
    return f" *{why}: shown first.*" if why else ""


def _fields(one: Operation[Any]) -> Iterator[str]:
    if one.name == "edit":
        yield "The operations of a patch: [patches.md](patches.md).\n"
        return
    fields = one.schema["properties"]
    if not fields:
        return
    yield "| parameter | type | |\n|---|---|---|"
    for name, told in fields.items():
        left = "" if name in one.schema.get("required", ()) else " (may be left out)"
        kind = " or ".join(f"`{value}`" for value in told["enum"]) if "enum" in told else told.get("type", "value")
        yield f"| `{name}`{left} | {kind} | {_cell(told.get('description', ''))} |"
    yield ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


_HEAD = """# Chat

`wavagent chat PROJECT` talks about a story. With `--llm MODEL` a model listens, which uses the operations below as its
tools; without one, or when its server is gone, the commands below are understood. Either way:

- What would change is shown first: in sentences, as a diff of the readable script, and with what has to be made for it.
  What is done after a yes is that very patch, for that very revision, once; what changed meanwhile is shown anew.
- What costs time or money is quoted first. What a person asks for outright, costs nothing and takes a few seconds
  (hearing a stretch, say) is done at once; a model always asks.
- The conversation is kept in the project (`.wavagent/chat.sqlite`). What waits for a yes waits through a crash, too.
- The text of a story reaches a model as data only. No file is opened because a model or a text names it: `/add PATH`,
  typed by a person, copies a file into the project's folder `added`, and what is added is known by its name there.
  Exports go to the folder `out`, under a name that the format and the title give.
- `--max-cost USD --price IN,OUT` limits what the model may cost; a turn asks it 12 times at most.

```sh
wavagent chat story                                            # a conversation
wavagent chat story --llm gpt-4o-mini                          # with a model; OPENAI_BASE_URL names a server
wavagent chat story --once "louder rain in scene 2" --yes      # one request, agreed to
wavagent chat story --once "how long is it" --json             # as data; exit code 3: something waits for a yes
```

A model that takes tools is given them; one that does not is asked for JSON in text. Ctrl-C stops a turn, twice it
leaves. `/help` lists the commands that begin with a slash: `/play`, `/undo`, `/redo`, `/script`, `/add`, `/quote`,
`/log`, `/diff`, `/render`, `/export`, `/measure`, `/history`.

In Python:

```python
from pathlib import Path
from wavagent.operations import Desk, do, operation, propose
from wavagent.settings import Settings, default_store
from wavagent.studio import Studio

desk = Desk(Path("story"), Studio(Settings(default_store())))
shown = propose(desk, operation("edit"), {"operations": [{"op": "relevel", "ids": ["ambience-1"], "by": 3}]})
print(shown.says, shown.bill)
do(desk, operation(shown.operation), shown.params)
```

This page is made from the code (`python -m wavagent.operations.page`); a test fails when it is stale.

## Operations
"""

_FORMS = """## Commands without a model

Every word of a command has to be understood, and everything it names has to be found once; else it is asked back. A
question is answered by a number, an ordinal or a place."""

if __name__ == "__main__":
    import sys

    sys.stdout.write(page())
