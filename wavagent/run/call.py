"""A call made ready: its parameters resolved, its key known."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from wavagent.graph import Call, Length, Ref
from wavagent.run.contain import contained
from wavagent.store import Entry, key_of
from wavagent.tool import Params, Said, Tool, accept


@dataclass(frozen=True, slots=True)
class Ready:
    """A call whose clips are all there: what the tool gets, and the key under which the result is kept.

    `edition` is what of the key follows from the tool's weights.
    """

    call: Call
    tool: Tool
    params: Params
    inputs: Mapping[str, Entry]
    key: str
    edition: str = ""

    @property
    def subject(self) -> str:
        """What a message calls it: the element it is made for."""
        return self.call.element or self.call.id

    @property
    def said(self) -> Mapping[str, Said]:
        """What the tools said that made the clips it works on."""
        return {name: Said(entry.words, entry.data) for name, entry in self.inputs.items()}


def ready(call: Call, tool: Tool, made: Mapping[str, Entry]) -> Ready:
    """Resolve `call` with what was `made`. Raises Refused when the tool does not take the parameters.

    The key follows from the tool, its version, the parameters, the digests of the clips it works on, what was said of
    them, and the seed: not from the call's name or place, so that the same line in another story is the same result.
    """
    inputs = {
        name: made[value.call]
        for name, value in call.params.items()
        if isinstance(value, Ref) and not (value.optional and value.call not in made)
    }
    plain = {name: _plain(value, made) for name, value in call.params.items() if not isinstance(value, Ref)}
    with contained(tool):
        params = accept(tool, plain)
        edition = tool.edition_of(params)
        key = key_of(
            tool=tool.card.name,
            version=tool.card.version,
            params=params.model_dump(mode="json"),
            inputs={name: _told(entry) for name, entry in inputs.items()},
            seed=call.seed,
            **({"edition": edition} if edition else {}),
        )
    return Ready(call, tool, params, inputs, key, edition)


def _told(entry: Entry) -> JsonValue:
    """All that a tool is told of a clip that it works on."""
    if not entry.words and not entry.data:
        return entry.digest
    words: list[JsonValue] = [list(word.to_json()) for word in entry.words]
    return [entry.digest, words, dict(entry.data)]


def _plain(value: JsonValue | Length | Ref, made: Mapping[str, Entry]) -> JsonValue:
    if isinstance(value, Length):
        # Milliseconds are finer than any bed needs, and keep its key when a line changes by less.
        return round(value.plus + sum(made[name].seconds for name in value.of if name in made), 3)
    assert not isinstance(value, Ref)
    return value
