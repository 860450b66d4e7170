"""Forms on pauses: how long nobody speaks."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from wavagent.grammar.amount import seconds
from wavagent.grammar.finding import Missing
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.levels import length_factor
from wavagent.grammar.moment import Spot, spot
from wavagent.passes.draft import Draft
from wavagent.passes.pacing import pacing
from wavagent.script import Pause, Speech
from wavagent.script.patch import Add, Edit, SetPause
from wavagent.tool import Toolbox

LONGEST = 60.0
"""Seconds of a pause that words make longer."""


def _pause(reading: Reading) -> Sequence[Edit]:
    return _silence(reading, seconds(reading["time"]))


def _no_pause(reading: Reading) -> Sequence[Edit]:
    return _silence(reading, 0.0)


def _silence(reading: Reading, length: float) -> Sequence[Edit]:
    where = spot(reading, reading["place"])
    side, target = _beside(where)
    one = reading.refer.by_id.get(target) if target else None
    if isinstance(one, Speech):
        ids = reading.refer.speech(reading["place"].split(" ", 1)[1]) if _many(reading) else (one.id,)
        return [SetPause.model_validate({"ids": ids, side: length})]
    if not length:
        raise Missing("only lines have a pause of their own; to take a pause out, say: remove the pause in scene 2")
    if where.place is None:
        raise Missing("say where the pause is: after line 14, before line 3, at the end of scene 2")
    return [Add.model_validate({"element": {"kind": "pause", "seconds": length}, **where.place})]


def _many(reading: Reading) -> bool:
    return reading["place"].lower().startswith(("after ", "before "))


def _beside(where: Spot) -> tuple[str, str]:
    for side in ("after", "before"):
        if where.place and side in where.place:
            return side, where.place[side]
    return "", ""


def _set(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.elements(reading["what"])
    if other := [id for id in ids if not isinstance(reading.refer.by_id[id], Pause)]:
        raise Missing(f"“{other[0]}” is no pause; say: pause 2 s after line 14")
    return [SetPause(ids=ids, seconds=seconds(reading["time"]))]


def _scaled(shorter: bool) -> Callable[[Reading], Sequence[Edit]]:
    def read(reading: Reading) -> Sequence[Edit]:
        factor = length_factor(f"{reading['how']} {reading['how2']}", shorter)
        groups: dict[tuple[str, float], list[str]] = defaultdict(list)
        for id, field, now in _silences(reading):
            length = round(min(LONGEST, now * factor), 2)
            if length != now:
                groups[field, length].append(id)
        if not groups:
            raise Missing("there are no pauses there that could be changed")
        return [SetPause.model_validate({"ids": ids, field: length}) for (field, length), ids in groups.items()]

    return read


def _silences(reading: Reading) -> Iterator[tuple[str, str, float]]:
    """Every pause that is meant: the element, the field that holds it, and its seconds as they are heard now."""
    if "place" in reading:
        beside, target = _beside(spot(reading, reading["place"]))
        wanted = {target: beside}
    else:
        wanted = dict.fromkeys(_where(reading), "")
    paced = {line.id: line for line in pacing(Draft(reading.script, Toolbox({}))).script.lines}
    for one in reading.script.elements:
        side = wanted.get(one.id)
        if side is None or one.locked:
            continue
        if isinstance(one, Pause) and one.seconds:
            yield one.id, "seconds", one.seconds
        elif isinstance(one, Speech):
            yield from _beside_line(one, paced[one.id], side)


def _beside_line(line: Speech, paced: Speech, side: str) -> Iterator[tuple[str, str, float]]:
    if side != "after" and paced.pause_before:
        yield line.id, "before", paced.pause_before
    if side != "before" and line.pause_after:
        yield line.id, "after", line.pause_after
    elif side == "after" and line.pause_after is None:
        yield line.id, "after", _USUAL


_USUAL = 0.5
"""Seconds that are taken for the pause after a line where the script does not say."""


def _where(reading: Reading) -> Iterator[str]:
    scenes = reading.refer.places.all(reading["scene"]) if "scene" in reading else reading.refer.places.ids
    for scene in reading.script.scenes:
        if scene.id in scenes:
            yield from (one.id for one in scene.elements)


_COMPARED = """
    [make |have |a |the |use |with |i want ][{how:how} ]SHORTER (pauses|pause|silences|gaps|breaks)\
                [ (everywhere|in the whole story)]
    [make |have |use |i want ][{how:how} ]SHORTER (pauses|silences|gaps|breaks) (in|of) {scene}
    [make |have |add ][a |the ][{how:how} ]SHORTER pause {place:beside}
    [make |have ][all |all the |the |every ](pauses|silences|gaps|breaks|pause)[ everywhere] [{how:how} ]SHORTER
    [make |have ][all |all the |the |every ](pauses|silences|gaps|breaks|pause) (in|of) {scene} [{how:how} ]SHORTER
    [make |have ]the (pause|silence) {place:beside} [{how:how} ]SHORTER
    (SHORTEN) [all |all the |the ](pauses|silences|gaps|breaks|pause)\
                [ (everywhere|in the whole story)][ by][ {how2:how}]
    (SHORTEN) [all |all the |the ](pauses|silences|gaps|breaks) in {scene}
"""


def _compared(comparative: str, verbs: str) -> tuple[str, ...]:
    """The lines that change how long pauses are, in one direction."""
    return lines(_COMPARED.replace("SHORTER", comparative).replace("SHORTEN", verbs))


FORMS = (
    Form(
        "pause",
        "pauses",
        "Silence before or after a line; elsewhere it is an element of its own.",
        ("pause 2 s after line 14", "add a 1.5 second pause before line 3", "wait half a second before line 9"),
        lines("""
            [add |make |put |insert |set |leave |have ][a |the ](pause|silence|gap|break)\
                [:| of| for| to|] {time:time} {place:beside}
            [add |make |put |insert |set |leave |have |take ][a |an ]{time:time} \
                [of |long ](pause|silence|gap|break) {place:beside}
            [add |make |put |insert |set |leave |have ][a ](pause|silence|gap|break) {place:beside}[:| of] {time:time}
            wait [for ]{time:time} {place:beside}
            {place:beside}[,] (pause|wait)[ for] {time:time}
            [add |put |insert ][a |an ]{time:time} (pause|silence|gap|break) {place:place}
        """),
        _pause,
    ),
    Form(
        "no pause",
        "pauses",
        "No silence before or after a line.",
        ("no pause after line 3",),
        lines("""
            (no|without|remove the|cut the|drop the|delete the) (pause|silence|gap|break) {place:beside}
        """),
        _no_pause,
    ),
    Form(
        "pause length",
        "pauses",
        "How long a pause of its own is.",
        ("make the pause in scene 2 3 seconds long", "set the last pause to 2 s"),
        lines("""
            make {what} {time:time}[ long]
            set {what} to {time:time}
            {what} (lasts|should last|must last) {time:time}
        """),
        _set,
    ),
    Form(
        "shorter pauses",
        "pauses",
        "Every pause 30% shorter, or those of a scene, or one; “a bit” 15%, “much” half, or by percent.",
        ("shorter pauses", "much shorter pauses in scene 2", "a shorter pause after line 3"),
        _compared("shorter", "shorten|reduce|tighten"),
        _scaled(True),
    ),
    Form(
        "longer pauses",
        "pauses",
        "The other way; never more than a minute.",
        (
            "longer pauses",
            "longer pauses in scene 1",
            "a bit longer pause after line 3",
            "stretch the pauses in scene 1",
        ),
        _compared("longer", "lengthen|extend|stretch"),
        _scaled(False),
    ),
)
