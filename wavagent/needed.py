"""What of a store a project needs: the keys of its calls and of its mix, as far as they are there."""

from pathlib import Path

from wavagent.errors import ToolError
from wavagent.inventory import Glass
from wavagent.mix.place import place
from wavagent.mix.premaster import ducking
from wavagent.mix.segment import segments
from wavagent.mix.stem import without_beds
from wavagent.run.call import ready
from wavagent.script import Script
from wavagent.store import Entry, Store
from wavagent.studio import Studio


def needed(studio: Studio, script: Script, folder: Path | None = None) -> frozenset[str]:
    """The keys in the store of `studio` under which something lies that `script` needs. Nothing runs, and nothing
    counts as used. Raises what `Studio.compile` raises.
    """
    compiled = studio.compile(script, folder)
    store = Store(studio.store.url, Glass(studio.store.url))
    keys: set[str] = set()
    entries: dict[str, Entry] = {}
    for id in compiled.graph.sorter().static_order():
        call = compiled.graph[id]
        if not call.possible(entries):
            continue
        try:
            key = ready(call, studio.toolbox[call.tool], entries).key
        except ToolError:
            continue
        if (entry := store.get(key)) is not None:
            keys.add(key)
            entries[id] = entry
    if not compiled.graph.missed(entries):
        layout = place(compiled.timeline, entries)
        for heard in (layout, without_beds(layout)):
            keys.update(segment.key for segment in segments(heard, entries, ducking(heard)))
    return frozenset(keys)
