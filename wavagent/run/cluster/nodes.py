"""The nodes of a cluster: who is there, whether all of them see the store, and what they have."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from wavagent.errors import InputError, Unavailable
from wavagent.run.cluster.actor import Greeting, Token, greet, unseen
from wavagent.run.cluster.room import Node
from wavagent.store import Store

ANSWERS = 120.0
"""Seconds that a node gets to answer a greeting: it may have to fetch the code and start Python on a slow disk."""


def living(ray: Any) -> list[Node]:
    """The nodes that are there now."""
    return [
        Node.of(one["NodeID"], one["NodeManagerAddress"], one["Resources"])
        for one in ray.nodes()
        if one["Alive"] and one["Resources"]
    ]


def token_in(store: Store) -> Token:
    """A new token. Raises StoreError."""
    key = secrets.token_hex(16)
    store.put_bytes("clusters", key, key.encode())
    url = store.url if "://" in store.url else str(store.shelf.folder)  # a node has another working folder
    return Token(url, key)


def greeted(ray: Any, nodes: Sequence[Node], token: Token) -> Mapping[str, Greeting]:
    """What every node answers. Raises InputError when one does not see the store, Unavailable when one says nothing."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    asked = {}
    for node in nodes:
        there = NodeAffinitySchedulingStrategy(node.id, soft=False)
        asked[node.id] = ray.remote(num_cpus=0, max_retries=0, scheduling_strategy=there)(greet).remote(
            token, bool(node.gpus)
        )
    try:
        greetings = dict(zip(asked, ray.get(list(asked.values()), timeout=ANSWERS), strict=True))
    except (ray.exceptions.RayError, TimeoutError) as error:
        reason = str(error).strip().rpartition("\n")[2]
        raise Unavailable(f"a node of the cluster does not answer ({reason}); see what 'ray status' says") from error
    for node in nodes:
        if not (said := greetings[node.id]).seen:
            raise InputError(said.reason and f"node {node.host}: {said.reason}" or unseen(token, node.host))
    return greetings
