"""Forms on how loud things are."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from wavagent.grammar.amount import decibels, number
from wavagent.grammar.finding import Missing, Unfit
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.levels import DOUBLE, LOUDER, LOUDEST, MUTE, QUIETEST, degree, percent, within
from wavagent.script.patch import Edit, Relevel


def _by(reading: Reading) -> tuple[float, bool]:
    """dB by which something is to change, without a sign, and whether words say so, which stop at the bounds."""
    if "db" in reading:
        return abs(decibels(reading["db"])), False
    if percent(reading["how"]) is not None:
        raise Missing("loudness is not counted in percent; say it in dB, or: a bit, much, twice as loud")
    return LOUDER[degree(f"{reading['how']} {reading['how2']}")], True


def _changed(reading: Reading, by: float, bounded: bool) -> Sequence[Edit]:
    """Each element as much louder as it may be; those that get the same are one operation."""
    groups: dict[float, list[str]] = defaultdict(list)
    for id in reading.refer.sounding(reading["what"]):
        gain = getattr(reading.refer.by_id[id], "gain", None)
        if gain is None:
            raise Missing(f"a pause ({id}) has no loudness; say how long it is")
        step = round(within(gain + by, QUIETEST, LOUDEST) - gain, 6) if bounded else by
        if step:
            groups[step].append(id)
    if not groups:
        raise Missing(f"“{reading['what']}” stands at the {'loudest' if by > 0 else 'quietest'} there is already")
    return [Relevel(ids=tuple(ids), by=step) for step, ids in groups.items()]


def _louder(sign: int) -> Callable[[Reading], Sequence[Edit]]:
    def read(reading: Reading) -> Sequence[Edit]:
        by, bounded = _by(reading)
        return _changed(reading, sign * by, bounded)

    return read


def _times(reading: Reading) -> Sequence[Edit]:
    word = reading["times"].lower()
    if word.startswith("half"):
        return _changed(reading, -DOUBLE, True)
    if "%" in word or "percent" in word:
        raise Missing("loudness is not counted in percent; say it in dB, or: a bit, much, twice as loud")
    times = 2.0 if word.startswith("twice") else number(word.split(" times")[0])
    if not 1 < times <= 4:
        raise Missing(f"{times:g} times as loud is more than can be done; 4 times is the most")
    return _changed(reading, DOUBLE * times / 2, True)


def _decibels(reading: Reading) -> Sequence[Edit]:
    if reading["db"][0] not in "+-":
        raise Unfit("6 dB may be meant to be added or to be set")
    return _changed(reading, decibels(reading["db"]), False)


def _gain(reading: Reading) -> Sequence[Edit]:
    value = decibels(reading["db"])
    if not QUIETEST <= value <= LOUDEST:
        raise Missing(f"{value:g} dB cannot be set: a gain is between {QUIETEST:g} and {LOUDEST:+g} dB")
    return [Relevel(ids=_audible(reading), gain=value)]


def _word(reading: Reading) -> Sequence[Edit]:
    word = reading["level"].lower()
    level = {"quiet": "quiet", "soft": "quiet", "loud": "loud", "normal": "normal"}[word]
    return [Relevel.model_validate({"ids": _audible(reading), "level": level, "gain": 0.0})]


def _mute(reading: Reading) -> Sequence[Edit]:
    return [Relevel(ids=_audible(reading), gain=MUTE)]


def _unmute(reading: Reading) -> Sequence[Edit]:
    muted = tuple(id for id in _audible(reading) if getattr(reading.refer.by_id[id], "gain", 0.0) == MUTE)
    if not muted:
        raise Missing(f"“{reading['what']}” is not muted")
    return [Relevel(ids=muted, gain=0.0)]


def _audible(reading: Reading) -> tuple[str, ...]:
    ids = reading.refer.sounding(reading["what"])
    if silent := [id for id in ids if not hasattr(reading.refer.by_id[id], "gain")]:
        raise Missing(f"a pause ({silent[0]}) has no loudness; say how long it is")
    return ids


FORMS = (
    Form(
        "louder",
        "loudness",
        "3 dB louder; “a bit” is 1.5, “much” 6; never beyond +12.",
        ("louder storm", "make the storm in scene 2 much louder", "turn the rain up a bit", "raise the music by 4 dB"),
        lines("""
            [make |have |get |bring |i want ][{how:how} ]louder {what}[ by {db:db}]
            [make |have |get |turn |bring |i want ]{what} [be ][{how:how} ]louder[ by {db:db}]
            {what} (should|must|needs to|has to|could) be [{how:how} ]louder[ by {db:db}]
            (i'd like|i would like|i want|can|could) {what} [to ]be [{how:how} ]louder[ by {db:db}]
            turn up {what}[ {how2:how}][ by {db:db}]
            turn {what} up[ {how2:how}][ by {db:db}]
            (raise|increase|boost|bring up|lift) [the (volume|level|loudness) of ]{what}[ {how2:how}][ by {db:db}]
            {what} (is|are|sounds|sound) [{how:how} ]too (quiet|soft|faint|low)
            i (can't|cannot|can hardly|can barely|hardly) hear {what}
        """),
        _louder(+1),
    ),
    Form(
        "quieter",
        "loudness",
        "3 dB quieter; “a bit” is 1.5, “much” 6; never below -40.",
        (
            "quieter rain",
            "make the music a bit quieter",
            "turn down the rain",
            "the music is too loud",
            "lower the music by 4 dB",
        ),
        lines("""
            [make |have |get |i want ][{how:how} ](quieter|softer) {what}[ by {db:db}]
            [make |have |get |turn |i want ]{what} [be ][{how:how} ](quieter|softer|lower|fainter)[ by {db:db}]
            {what} (should|must|needs to|has to|could) be [{how:how} ](quieter|softer)[ by {db:db}]
            (i'd like|i would like|i want|can|could) {what} [to ]be [{how:how} ](quieter|softer)[ by {db:db}]
            turn down {what}[ {how2:how}][ by {db:db}]
            turn {what} down[ {how2:how}][ by {db:db}]
            (lower|reduce|decrease|drop|bring down) [the (volume|level|loudness) of ]{what}[ {how2:how}] by {db:db}
            (lower|bring down) {what}[ {how2:how}]
            (lower|reduce|decrease|bring down) the (volume|level|loudness) of {what}[ {how2:how}]
            {what} (is|are|sounds|sound) [{how:how} ]too loud
        """),
        _louder(-1),
    ),
    Form(
        "times as loud",
        "loudness",
        "Twice as loud is 10 dB more, half as loud 10 dB less.",
        ("make the rain twice as loud", "half as loud: the music"),
        lines("""
            [make |turn ]{what} {times:times} loud
            {times:times} loud: {what}
        """),
        _times,
    ),
    Form(
        "decibels",
        "loudness",
        "So many dB more or, with a minus, less.",
        ("storm +6 dB", "the rain: -3 dB"),
        lines("""
            [make |turn |change ]{what}[:| by] {db:db}
            {db:db} (for|on|to) {what}
        """),
        _decibels,
    ),
    Form(
        "gain",
        "loudness",
        "Set the gain, relative to the element's level word.",
        ("set the rain to -10 dB", "rain at -10 dB"),
        lines("""
            (set|put) [the (gain|level|volume) of ]{what} (to|at) {db:db}
            {what} at {db:db}
        """),
        _gain,
    ),
    Form(
        "level",
        "loudness",
        "Set the level word, with nothing on top: quiet, normal, loud.",
        ("make the rain quiet", "set the music to loud"),
        lines("""
            (make|set|put|keep) {what} (to |){level=quiet|soft|loud|normal}
            set the (level|volume) of {what} to {level=quiet|soft|loud|normal}
        """),
        _word,
    ),
    Form(
        "mute",
        "loudness",
        "-40 dB: it stays in the script and is not heard.",
        ("mute the rain", "silence the storm in scene 2"),
        lines("""
            (mute|silence|turn off|switch off) {what}
            (turn|switch) {what} off
        """),
        _mute,
    ),
    Form(
        "unmute",
        "loudness",
        "Heard again, as its level word says.",
        ("unmute the wind",),
        lines("""
            unmute {what}
        """),
        _unmute,
    ),
)
