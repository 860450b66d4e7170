"""An actor without its cluster: what it does with an errand, in this process."""

import importlib
from pathlib import Path

import pytest

from wavagent.errors import Unavailable
from wavagent.graph import Call
from wavagent.run.call import ready
from wavagent.run.cluster.actor import Actor, Errand, Token
from wavagent.store import Entry, Store


def test_weights_that_are_others_on_the_node_since_the_last_errand_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, tool, here = Store(str(tmp_path)), importlib.import_module("wavagent.tools.foley").TOOL, ["one"]
    monkeypatch.setattr(type(tool), "edition", property(lambda self: here[0]))
    store.put_bytes("clusters", "0" * 64, b"0" * 64)
    actor = Actor(Token(store.url, "0" * 64), offline=False)
    errand = Errand.of([ready(Call("rain", "foley", {"what": "rain", "seconds": 0.2}, seed=1), tool, {})], None)
    (made,) = actor.work(errand)  # type: ignore[misc]
    assert isinstance(made, Entry)
    here[0] = "two"
    refused = actor.work(errand)
    assert isinstance(refused, Unavailable)
    assert "tool 'foley' has another version or other weights on node " in str(refused)
