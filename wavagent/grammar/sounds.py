"""Forms on sounds, music and ambience: adding, removing, moving, timing, fading."""

import re
from collections.abc import Callable, Sequence

from wavagent.grammar.amount import integer
from wavagent.grammar.finding import Missing, Unfit
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.moment import EITHER, NEW, Spot, parted, side
from wavagent.grammar.vocabulary import stems
from wavagent.script import Anchor, Music, Sound
from wavagent.script.bed import Bed
from wavagent.script.patch import (
    Add,
    AnotherTake,
    Edit,
    Lock,
    PickTake,
    Remove,
    SetMusic,
    SetPan,
    SetTool,
    SetWhat,
    Unlock,
)
from wavagent.text import shown

MOST_WORDS = 12
"""Words that describe a new sound."""

_OTHERS = re.compile(
    r"\b(?:lines?|scenes?|pauses?|silence|takes?|characters?|chapters?|voices?|break|gap)\b|\ue000", re.I
)
_MUSICAL = frozenset(
    stems("music song tune melody piano strings guitar violin cello orchestra theme score drums flute harp organ jazz "
          "waltz march lullaby soundtrack synth trumpet horns choir brass banjo accordion underscore fanfare")
)  # fmt: skip
_LASTING = frozenset(
    stems("rain wind sea ocean waves crowd traffic birds birdsong crickets forest ambience atmosphere background "
          "stream river fire campfire room murmur chatter rainfall surf street city market restaurant cafe jungle "
          "night storm insects")
)  # fmt: skip


def _remove(reading: Reading) -> Sequence[Edit]:
    return [Remove(ids=reading.refer.elements(reading["what"]))]


def _none(reading: Reading) -> Sequence[Edit]:
    return [Remove(ids=reading.refer.elements(f"all {reading['what']}"))]


def _add(reading: Reading) -> Sequence[Edit]:
    if reading["verb"].lower() in EITHER and not NEW.match(reading["new"]):
        raise Unfit("what is there already is moved")
    given, where = parted(reading, f"{reading['new']} {reading['place']}".strip())
    what = re.sub(r"^(?:(?:a |the |some )?sounds? of |an? |some |the |more )+", "", given, flags=re.I)
    what = re.sub(r" in the background$", "", what, flags=re.I)
    if not what or len(what.split()) > MOST_WORDS or _OTHERS.search(what):
        raise Unfit("another form adds these, or none")
    return [Add.model_validate({"element": _element(what, where), **_placed(reading, what, where)})]


def _kind(what: str, where: Spot) -> str:
    named = set(stems(what))
    if named & _MUSICAL:
        return "music"
    if where.over or where.under:
        return "ambience"
    return "ambience" if named & _LASTING and (where.scene or where.place) else "sound"


def _element(what: str, where: Spot) -> dict[str, object]:
    kind = _kind(what, where)
    new: dict[str, object] = {"kind": kind, "what": what}
    if kind == "sound":
        return new | ({"anchor": where.anchor} if where.anchor else {})
    if where.anchor:
        return new | {"start": where.anchor}
    if where.over:
        return new | {"start": Anchor(element=where.over[0]), "end": Anchor(element=where.over[-1], edge="end")}
    if where.place and "after" in where.place:
        return new | {"start": Anchor(element=where.place["after"], edge="end")}
    if where.place and "before" in where.place:
        return new | {"start": Anchor(element=where.place["before"])}
    return new


def _placed(reading: Reading, what: str, where: Spot) -> dict[str, str]:
    if where.place:
        return where.place
    if where.anchor:
        return {"after": where.anchor.element}
    if where.over:
        return {"before": where.over[0]}
    if _kind(what, where) != "sound":
        return {"first_in": where.scene}
    return {side(reading, what, where.scene): where.scene}


def _what(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.elements(reading["what"])
    if other := [id for id in ids if not isinstance(reading.refer.by_id[id], Sound | Bed)]:
        raise Missing(
            f"“{other[0]}” is a {reading.refer.by_id[other[0]].kind}; put new words of a line in quotation marks"
        )
    new = re.sub(r"^(?:the|a|an|some) ", "", reading.text("new"), flags=re.I)
    return [SetWhat(ids=ids, what=new)]


def _mood(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.beds(reading["what"])
    beds = [reading.refer.by_id[id] for id in ids]
    if other := [one.id for one in beds if not isinstance(one, Music)]:
        raise Unfit(f"{other[0]} is no music")
    word = reading["mood"].lower()
    return [SetWhat(ids=(one.id,), what=f"{word}, {one.what}") for one in beds if isinstance(one, Music)]


def _music(reading: Reading) -> tuple[str, ...]:
    """The ids of the music that is meant. Raises Missing where it is none."""
    ids = reading.refer.beds(reading["what"])
    if other := [id for id in ids if not isinstance(reading.refer.by_id[id], Music)]:
        raise Missing(f"{other[0]} is no music; only music follows a melody, and is sung")
    return ids


def _melody(reading: Reading) -> Sequence[Edit]:
    file = reading.text("file")
    if "." not in file:
        raise Unfit("that names no file")
    place = file if "/" in file else f"added/{file}"
    return [SetMusic.model_validate({"ids": _music(reading), "melody": {"file": place}})]


def _no_melody(reading: Reading) -> Sequence[Edit]:
    return [SetMusic(ids=_music(reading), clear=True)]


def _sung(reading: Reading) -> Sequence[Edit]:
    return [SetMusic(ids=_music(reading), lyrics=reading.text("lyrics"))]


def _unsung(reading: Reading) -> Sequence[Edit]:
    return [SetMusic(ids=_music(reading), lyrics="")]


def _again(reading: Reading) -> Sequence[Edit]:
    return [AnotherTake(ids=reading.refer.sounding(reading["what"]))]


def _take(reading: Reading) -> Sequence[Edit]:
    return [PickTake(id=reading.refer.element(reading["what"]), take=integer(reading["take"]))]


def _pan(reading: Reading) -> Sequence[Edit]:
    side = reading["side"].lower()
    share = 0.3 if reading["how"].lower() in ("a bit", "slightly", "a little") else 1.0 if reading["how"] else 0.6
    pan = {"left": -share, "right": share}.get(side, 0.0)
    return [SetPan(ids=reading.refer.sounding(reading["what"]), pan=pan)]


def _tool(reading: Reading) -> Sequence[Edit]:
    name = reading["tool"].lower()
    if reading.toolbox is not None and name not in reading.toolbox.tools:
        names = ", ".join(sorted(reading.toolbox.tools))
        raise Missing(f"no tool is called “{shown(name, 40)}”; there are: {names}")
    return [SetTool(ids=reading.refer.elements(reading["what"]), tool=name)]


def _locking(kind: type[Lock] | type[Unlock]) -> Callable[[Reading], Sequence[Edit]]:
    def read(reading: Reading) -> Sequence[Edit]:
        if reading.refer.people.find(reading["what"]):
            return [kind(characters=(reading.refer.people.one(reading["what"]),))]
        return [kind(elements=_lockable(reading, kind is Unlock))]

    return read


def _lockable(reading: Reading, locked: bool) -> tuple[str, ...]:
    if reading["what"].lower() in ("everything", "all"):
        return tuple(one.id for one in reading.script.elements if one.locked == locked)
    return reading.refer.elements(reading["what"])


FORMS = (
    Form(
        "remove",
        "sounds",
        "Take elements out of the script: sounds, music, ambience, pauses, lines.",
        ("cut the second explosion", "remove the knock", "delete line 7", "get rid of all the sounds in scene 2"),
        lines("""
            (cut|remove|delete|drop|take out|get rid of|lose|kill|scrap|erase|take away|throw out|strike) {what}
            cut out {what}
            take {what} out
            i don't (want|need) {what}
            i do not (want|need) {what}
        """),
        _remove,
    ),
    Form(
        "none",
        "sounds",
        "Take out all of a kind, in a scene or everywhere.",
        ("no music in scene 1", "without sounds in scene 2"),
        lines("""
            (no|without|no more) {what}
            [there should be |i want ]no {what}
        """),
        _none,
    ),
    Form(
        "add",
        "sounds",
        "A sound in its turn, or music or ambience under lines and scenes; what lasts (rain, a crowd) is ambience.",
        (
            "add thunder after line 12",
            "add soft piano music under scene 3",
            "add rain in scene 2",
            "put a gunshot on the word “now”",
            "add a dog barking half a second after line 4",
        ),
        lines("""
            {verb=add|put|insert|place|include|have|bring|we need|i want|i need|let there be|let's have} {new:rest}
            {place:beside}, {verb=add|put|insert|place} {new:words}
        """),
        _add,
    ),
    Form(
        "what",
        "sounds",
        "Have another sound in the place of one.",
        ("change the rain to hail on a tin roof", "replace the knock with a doorbell"),
        lines("""
            (change|turn) {what} (to|into) {new:words}
            (replace|swap|exchange|substitute) {what} (with|by|for) {new:words}
            {new:words} instead of {what}
        """),
        _what,
    ),
    Form(
        "mood of music",
        "sounds",
        "Put a word in front of what the music is.",
        ("make the music sadder", "tenser music"),
        lines("""
            make {what} {mood=sadder|happier|darker|brighter|tenser|calmer|warmer|slower|faster|livelier|gentler\
                |spookier|scarier|more dramatic|more cheerful|more tense|more mysterious\
                |more joyful|more romantic|more upbeat|more sombre}
            {mood=sadder|happier|darker|brighter|tenser|calmer|warmer|livelier|gentler|spookier|\
                scarier|more dramatic|more cheerful|more tense|more mysterious} {what}
        """),
        _mood,
    ),
    Form(
        "melody",
        "sounds",
        "Have music follow the tune in a file you added: hummed, sung or played.",
        ("let the music follow hum.wav", "make the music along the tune in hum.wav"),
        lines("""
            [let ]{what} (follow|follows) [the (melody|tune) (in|of|from) ]{file:word}
            [let ]{what} (follow|follows) [the (melody|tune) (in|of|from) ]{file:quote}
            make {what} (along|after|to) [the (melody|tune) (in|of|from) ]{file:word}
            make {what} (along|after|to) [the (melody|tune) (in|of|from) ]{file:quote}
        """),
        _melody,
    ),
    Form(
        "no melody",
        "sounds",
        "Have music follow no tune any more.",
        ("let the music follow no melody",),
        lines("""
            [let ]{what} (follow|follows) no (melody|tune)
        """),
        _no_melody,
    ),
    Form(
        "lyrics",
        "sounds",
        "Have words sung in music, where a tool sings.",
        ("let the music sing “Row, row, row your boat”", "sing “Row, row” in the music"),
        lines("""
            [let ]{what} (sing|sings) {lyrics:quote}
            sing {lyrics:quote} (in|to|over) {what}
        """),
        _sung,
    ),
    Form(
        "no lyrics",
        "sounds",
        "Have nothing sung in music any more.",
        ("let nobody sing in the music",),
        lines("""
            let (nobody|no one) sing in {what}
        """),
        _unsung,
    ),
    Form(
        "another take",
        "sounds",
        "Make something again, otherwise.",
        ("another take of line 9", "redo the thunder", "try the rain again"),
        lines("""
            [i want |give me |do |make ](another|a new|a different|one more|a fresh) (take|version|try) (of|for) {what}
            (try|do|record|generate|make|say) {what} (again|once more|over|anew)
            (redo|retake|regenerate|rerecord|re-record|remake) {what}
        """),
        _again,
    ),
    Form(
        "take",
        "sounds",
        "Go back to a take by its number in the list of takes, which starts at 0.",
        ("take 0 for line 9", "use take 1 of the thunder"),
        lines("""
            [use |pick |choose |i prefer |i like |go back to ]take {take:int} (for|of|on) {what}
            {what}: take {take:int}
        """),
        _take,
    ),
    Form(
        "pan",
        "sounds",
        "From the left, the right or the middle; “a bit” is less, “hard” all the way.",
        ("the knock from the left", "pan the footsteps right", "pan Mary a bit left"),
        lines("""
            {what} (from|on|to) the {side=left|right|middle|centre|center}
            (pan|move|place|put) {what} [{how=a bit|slightly|a little|hard|far|fully} ]\
                [to (the )|on the |in the ]{side=left|right|middle|centre|center}
            {what} in the {side=middle|centre|center}
        """),
        _pan,
    ),
    Form(
        "tool",
        "sounds",
        "Have something made by a tool of your choice.",
        ("make the music with hum", "use click for the knock"),
        lines("""
            make {what} with {tool:name}
            use {tool:name} for {what}
        """),
        _tool,
    ),
    Form(
        "lock",
        "sounds",
        "Keep a line, a sound or a character's voice as it is, whatever is changed or planned anew.",
        ("lock line 4", "lock the captain", "keep the thunder as it is"),
        lines("""
            (lock|protect|freeze|pin) {what}
            (keep|leave) {what} (as (it|he|she) is|as they are|alone|unchanged)
            don't (touch|change) {what}
        """),
        _locking(Lock),
    ),
    Form(
        "unlock",
        "sounds",
        "Let what was locked be changed again.",
        ("unlock line 11", "unlock Mary"),
        lines("""
            (unlock|unfreeze|unpin|release) {what}
        """),
        _locking(Unlock),
    ),
)
