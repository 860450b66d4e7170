"""Forms on when things are heard: moving, shifting, where beds start and end, fades, lengths."""

from collections.abc import Callable, Sequence

from wavagent.grammar.amount import seconds
from wavagent.grammar.finding import Missing, Unfit
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.moment import EITHER, NEW, Spot, first_turn, parted, side, spot
from wavagent.script import Anchor, Sound, Speech
from wavagent.script.bed import Bed
from wavagent.script.patch import Edit, Move, Retime
from wavagent.script.scene import Element
from wavagent.text import shown

NUDGE = 0.5
"""Seconds: "earlier", without saying how much."""


def _move(reading: Reading) -> Sequence[Edit]:
    if reading["verb"].lower() in EITHER and NEW.match(reading["rest"]):
        raise Unfit("what is new is added")
    what, where = parted(reading, reading["rest"])
    ids = reading.refer.elements(what)
    if len(ids) > 1 and not all(isinstance(reading.refer.by_id[id], Speech) for id in ids):
        raise Missing(f"“{shown(what, 40)}” are {len(ids)}; move them one by one")
    one = reading.refer.by_id[ids[0]]
    if where.over:
        raise Missing("say where it starts: at line 9, after line 9, on the word “now”")
    if isinstance(one, Bed):
        return _bed_moved(one, where)
    if where.anchor:
        return [Retime(ids=ids, start=where.anchor)]
    place = where.place or {side(reading, what, where.scene): where.scene}
    loose: list[Edit] = [Retime(ids=(id,), clear=("start",)) for id in ids if _anchor(reading.refer.by_id[id])]
    return [Move.model_validate({"ids": ids, **place}), *loose]


def _bed_moved(one: Bed, where: Spot) -> Sequence[Edit]:
    if where.anchor:
        return [Retime(ids=(one.id,), start=where.anchor)]
    place = where.place or {"first_in": where.scene}
    if target := place.get("after"):
        return [Retime(ids=(one.id,), start=Anchor(element=target, edge="end"))]
    if target := place.get("before"):
        return [Retime(ids=(one.id,), start=Anchor(element=target))]
    clear = tuple(name for name in ("start", "end") if getattr(one, name) is not None)
    moved: list[Edit] = [Move.model_validate({"ids": (one.id,), **place})]
    return [*moved, Retime.model_validate({"ids": (one.id,), "clear": clear})] if clear else moved


def _anchor(one: Element) -> Anchor | None:
    return getattr(one, "anchor", None) or getattr(one, "start", None) if one.kind != "recording" else one.anchor


def _shift(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.elements(reading["what"])
    length = seconds(reading["time"]) if "time" in reading else NUDGE
    by = -length if reading["way"].lower() in ("earlier", "sooner", "back", "before") else length
    unanchored = [reading.refer.by_id[id] for id in ids if _anchor(reading.refer.by_id[id]) is None]
    if turns := [one.id for one in unanchored if not isinstance(one, Bed)]:
        raise Missing(
            f"“{turns[0]}” takes its turn, so it has no moment to shift; move it, or change the pauses beside it"
        )
    if early := [one.id for one in unanchored if by < 0]:
        raise Missing(f"“{early[0]}” starts with its scene and cannot start earlier; move it to another scene")
    starts: list[Edit] = [
        Retime(ids=(one.id,), start=Anchor(element=first_turn(reading, one.id), offset=by)) for one in unanchored
    ]
    rest = tuple(id for id in ids if id not in {one.id for one in unanchored})
    return [*starts, *([Retime(ids=rest, shift=by)] if rest else [])]


def _delay(reading: Reading) -> Sequence[Edit]:
    return _shift(Reading({**reading.slots, "way": "later"}, reading.request, reading.refer, reading.toolbox))


def _bound(edge: str) -> Callable[[Reading], Sequence[Edit]]:
    def read(reading: Reading) -> Sequence[Edit]:
        ids = reading.refer.beds(reading["what"])
        where = spot(reading, reading["place"])
        anchor = where.anchor
        if anchor is None and where.place and (target := where.place.get("after")):
            anchor = Anchor(element=target, edge="end")
        if anchor is None and where.place and (target := where.place.get("before")):
            anchor = Anchor(element=target)
        if anchor is None:
            raise Missing(f"say where it {edge}s by a line or a sound: at line 5, after line 12, on the word “now”")
        if edge == "end" and reading["place"].lower().startswith("with "):
            anchor = anchor.model_copy(update={"edge": "end"})
        return [Retime.model_validate({"ids": ids, edge: anchor})]

    return read


def _fade(reading: Reading) -> Sequence[Edit]:
    way = "fade_in" if reading["way"].lower() == "in" else "fade_out"
    return [Retime.model_validate({"ids": reading.refer.beds(reading["what"]), way: seconds(reading["time"])})]


def _last(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.elements(reading["what"])
    if other := [id for id in ids if not isinstance(reading.refer.by_id[id], Sound | Bed)]:
        raise Unfit(f"{other[0]} has no length of its own")
    return [Retime(ids=ids, seconds=seconds(reading["time"]))]


FORMS = (
    Form(
        "move",
        "sounds",
        "Put elements elsewhere: before or after others in their turn, or at a moment of a line.",
        (
            "move the door slam before line 9",
            "move the gunshot to the word “now” of line 9",
            "move line 4 after line 6",
            "move the rain to scene 2",
        ),
        lines("""
            {verb=move|shift|bring|put|place|drag} {rest:rest}
        """),
        _move,
    ),
    Form(
        "earlier, later",
        "sounds",
        "Shift what stands at a moment; without a time by half a second.",
        ("move the door slam half a second earlier", "the gunshot 0.2 s later"),
        lines("""
            [move |shift |bring |start |play |make ]{what} [by ]{time:time} {way=earlier|later|sooner|back}
            [move |shift |bring |start |play |make ]{what} {way=earlier|later|sooner}[ by {time:time}]
            [move |shift |bring ]{what} {way=earlier|later|sooner}
        """),
        _shift,
    ),
    Form(
        "delay",
        "sounds",
        "Let something come so much later.",
        ("delay the gunshot by 300 ms",),
        lines("""
            (delay|postpone) {what} by {time:time}
        """),
        _delay,
    ),
    Form(
        "starts",
        "sounds",
        "Where music or ambience starts.",
        ("the music starts at line 5", "start the rain after line 3"),
        lines("""
            {what} (starts|begins|comes in|should start|should begin|enters) {place:spot}
            (start|begin) {what} {place:spot}
        """),
        _bound("start"),
    ),
    Form(
        "ends",
        "sounds",
        "Where music or ambience ends.",
        ("the music ends after line 12", "stop the rain at line 6"),
        lines("""
            {what} (stops|ends|goes|should stop|should end|goes out) {place:spot}
            (stop|end) {what} {place:spot}
        """),
        _bound("end"),
    ),
    Form(
        "fade",
        "sounds",
        "How long music or ambience takes to come or go.",
        ("music fades out over 5 s", "fade the rain in over 3 seconds", "fade out the music in 4 s"),
        lines("""
            {what} [should |must ](fades|fade|fading) {way=in|out} (over|in|for|within|during) {time:time}
            fade {way=in|out} {what} (over|in|for|within|during) {time:time}
            fade {what} {way=in|out} (over|in|for|within|during) {time:time}
            {time:time} fade {way=in|out} (for|on|of) {what}
        """),
        _fade,
    ),
    Form(
        "lasts",
        "sounds",
        "How long a sound, music or ambience lasts.",
        ("the thunder lasts 3 s", "make the knock 2 seconds long"),
        lines("""
            {what} (lasts|should last|goes on for|must last) {time:time}
            make {what} {time:time} long
            make {what} last {time:time}
        """),
        _last,
    ),
)
