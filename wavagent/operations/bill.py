"""What has to be made for something, in a few words: the part of a quote that a person decides by."""

from pydantic import JsonValue

from wavagent.export.clock import short
from wavagent.operations.desk import Desk
from wavagent.quote.bill import Quote
from wavagent.script import Script


def bill(desk: Desk, script: Script, suffixes: tuple[str, ...] = ()) -> dict[str, JsonValue]:
    """What rendering `script` takes: calls, how many are to be made, seconds, dollars. Raises what `quote` raises."""
    return billed(desk.studio.quote(script, desk.folder, suffixes))


def billed(found: Quote) -> dict[str, JsonValue]:
    """The same of a quote."""
    return {
        "calls": found.calls,
        "to_make": found.calls - found.kept,
        "took": round(found.took, 2),
        "cost": round(found.money, 6),
        "length": round(found.seconds, 1),
        "faults": list(found.faults),
    }


def sentence(found: dict[str, JsonValue] | None) -> str:
    """A bill as a person reads it."""
    if not found:
        return ""
    made, took, cost = (found[name] for name in ("to_make", "took", "cost"))
    assert isinstance(made, int | float) and isinstance(took, int | float) and isinstance(cost, int | float)
    if not made:
        return "nothing new has to be made"
    clips = "1 clip" if made == 1 else f"{made} clips"
    return f"{clips} to make, about {short(took) if took >= 100 else f'{took:.1f} s'}, {money(cost)}"


def money(cost: float) -> str:
    return f"${cost:.4f}" if cost else "no cost"
