"""Forms that change nothing in the script: undo, play, export, and questions."""

import re
from collections.abc import Callable, Sequence

from pydantic import JsonValue

from wavagent.grammar.amount import integer, seconds
from wavagent.grammar.finding import Missing, Open, Told
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.places import SCENE
from wavagent.grammar.understood import Call, Choice
from wavagent.script import Scene

MOST_HEARD = 200
"""Elements that are heard at a time."""

_ROLES = frozenset("music speech ambience sound sounds voices story it everything mix".split())
FORMATS = "mp3 m4b m4a opus ogg flac wav epub srt vtt otio rpp".split()


def _call(name: str, **params: JsonValue) -> Callable[[Reading], Call]:
    return lambda reading: Call(name=name, params=params)


def _times(name: str) -> Callable[[Reading], Call]:
    def read(reading: Reading) -> Call:
        times = {"twice": 2, "two times": 2}.get(reading["times"].lower()) or integer(reading["times"] or "1")
        if not 0 < times <= 1000:
            raise Missing(f"{times} times is none, or too often")
        return Call(name=name, params={"steps": times})

    return read


def _length(reading: Reading) -> Call:
    return Call(
        name="length", params={"scene": reading.refer.places.one(reading["scene"])} if "scene" in reading else {}
    )


def _ids(ids: Sequence[str]) -> list[JsonValue]:
    return list(ids)


def _play(reading: Reading) -> Call:
    phrase = reading["what"]
    if reading.refer.places.find(phrase):
        scene = reading.refer.places.one(phrase)
        if not re.search(SCENE, phrase, re.IGNORECASE) and (things := reading.refer.things.find(phrase)):
            raise Missing(f"“{phrase}” is a scene and a sound; say: play {scene}, or: play {things[0]}")
        return Call(name="preview", params={"scene": scene})
    return _heard(reading.refer.sounding(phrase))


def _heard(ids: Sequence[str]) -> Call:
    if len(ids) > MOST_HEARD:
        raise Missing(
            f"these are {len(ids)} elements; {MOST_HEARD} can be heard at a time: play a scene, or from 1:30 to 2:00"
        )
    return Call(name="preview", params={"elements": _ids(ids)})


def _play_from(reading: Reading) -> Call:
    """From an element to the end of its scene."""
    scenes = reading.refer.places.find(reading["what"])
    if scenes:
        return Call(name="preview", params={"scene": scenes[0]})
    first = reading.refer.sounding(reading["what"])[0]
    held = [one.id for scene in reading.script.scenes for one in scene.elements if _holds(scene, first)]
    return _heard(held[held.index(first) :][:MOST_HEARD])


def _holds(scene: Scene, id: str) -> bool:
    return any(one.id == id for one in scene.elements)


def _play_range(reading: Reading) -> Call:
    start, end = seconds(reading["time"]), seconds(reading["time2"])
    if end <= start:
        raise Missing(f"{end:g} s is not after {start:g} s")
    return Call(name="preview", params={"start": start, "end": end})


def _play_at(reading: Reading) -> Call:
    return Call(name="preview", params={"start": seconds(reading["time"])})


def _export(reading: Reading) -> Call:
    form = reading["format"].lower().lstrip(".") or (reading.refer.settled.get("format") or ("",))[0]
    if not form:
        choices = [Choice(label=name, means=(name,)) for name in ("m4b", "mp3", "wav", "flac", "opus", "srt")]
        raise Open("format", "as what kind of file?", choices)
    return Call(name="export", params={"format": form})


def _show(reading: Reading) -> Call:
    phrase = reading["what"]
    if reading.refer.places.find(phrase):
        return Call(name="elements", params={"scene": reading.refer.places.one(phrase)})
    if phrase.lower() in ("the script", "script", "everything", "the whole script", "all"):
        return Call(name="elements")
    if reading.refer.people.find(phrase) and "line" not in phrase.lower():
        return Call(name="elements", params={"who": reading.refer.people.one(phrase)})
    return Call(name="elements", params={"ids": _ids(reading.refer.elements(phrase))})


def _said_by(reading: Reading) -> Call:
    return Call(name="elements", params={"who": reading.refer.people.one(reading["who"])})


def _find(reading: Reading) -> Call:
    text = reading.text("text").strip()
    if not text:
        raise Missing("say what to look for: find “lighthouse”")
    return Call(name="elements", params={"text": text})


def _explain(reading: Reading) -> Call:
    if len(found := reading.refer.people.find(reading["what"])) == 1:
        return Call(name="explain", params={"subject": found[0]})
    return Call(name="explain", params={"subject": reading.refer.element(reading["what"])})


def _why(reading: Reading) -> Call:
    """The measurements, of the scene that the thing is in where it is in one."""
    phrase = reading["what"].lower().removeprefix("the ")
    if phrase in _ROLES:
        return Call(name="measure")
    ids = reading.refer.sounding(reading["what"])
    homes = {scene.id for scene in reading.script.scenes for one in scene.elements if one.id in ids}
    return Call(name="measure", params={"scene": homes.pop()} if len(homes) == 1 else {})


def _takes(reading: Reading) -> Call:
    return Call(name="takes", params={"element": reading.refer.element(reading["what"])})


def _diff(reading: Reading) -> Call:
    if "one" not in reading:
        return Call(name="diff")
    return Call(name="diff", params={"before": reading["one"], "after": reading["two"]})


def _nothing(reading: Reading) -> Call:
    raise Told("nothing is open, and nothing is changed")


def _help(reading: Reading) -> Call:
    from wavagent.grammar.forms import forms  # which lists this very form

    raise Told("say it in plain words, such as: " + "; ".join(form.examples[0] for form in forms()))


FORMS = (
    Form(
        "undo", "asking", "Take back the last edit, or the last few.",
        ("undo", "undo 3", "take that back"),
        lines("""
            undo[ (that|this|it|the last (edit|change)|last)]
            undo {times:int}[ (edits|changes|steps|times)]
            undo the last {times:int}[ (edits|changes|steps)]
            (take that back|take it back|revert that|revert[ the last (edit|change)])
        """),
        _times("undo"),
    ),
    Form(
        "redo", "asking", "Do again what was undone.", ("redo", "redo 2"),
        lines("""
            redo[ (that|this|it)]
            redo {times:int}[ (edits|changes|steps|times)]
        """),
        _times("redo"),
    ),
    Form(
        "how long", "asking", "How long the story is, or a scene.", ("how long is it", "how long is scene 2"),
        lines("""
            how long (is|will|does) (it|the story|this|everything|the whole thing)[ (be|take|last|run)]
            (what is |what's )the (length|duration|running time)[ of (it|the story)]
            (length|duration)
            how long (is|does) {scene}[ (last|take|be|run)]
        """),
        _length,
    ),
    Form(
        "who speaks", "asking", "Who speaks, and how many lines.", ("who speaks", "how many lines does each have"),
        lines("""
            who (speaks|talks|is speaking|says how much)
            how many lines does (each|everyone|everybody)[ one] (have|speak)
            who has how many lines
        """),
        _call("cast"),
    ),
    Form(
        "cast", "asking", "The cast and their voices.", ("show the cast", "who is in it"),
        lines("""
            [(show|list)[ me] ][the ](cast|characters)
            who is (in it|in the story|in the cast|there)
        """),
        _call("cast"),
    ),
    Form(
        "scenes", "asking", "The scenes.", ("list the scenes", "how many scenes are there"),
        lines("""
            [(show|list)[ me] ][all |the |all the ](scenes|chapters)
            how many (scenes|chapters) (are there|does it have)
            which scenes are there
        """),
        _call("story"),
    ),
    Form(
        "voices", "asking", "The voices there are.", ("which voices are there",),
        lines("""
            (which|what) voices (are there|do you have|can i use)
            [(show|list)[ me] ][all |the |all the ]voices
        """),
        _call("voices"),
    ),
    Form(
        "show", "asking", "The script, or a part of it.",
        ("show scene 2", "show line 14", "show Mary's lines", "show the script"),
        lines("""
            (show|print|read|display|see|view|what is|what's)[ me] {what}
            what (happens|is) in {what}
        """),
        _show,
    ),
    Form(
        "what somebody says", "asking", "The lines of a character.", ("what does Mary say",),
        lines("""
            what does {who:name} say
            [show |list ][all ]lines of {who:name}
        """),
        _said_by,
    ),
    Form(
        "find", "asking", "Where words stand in the script.", ("find “letter”", "where is the word “now”"),
        lines("""
            (find|search|search for|look for|where is|where does it say) [the word |the words ]{text:quote}
            (find|search|search for|look for) {text:words}
        """),
        _find,
    ),
    Form(
        "changes", "asking", "What was changed last.", ("what changed", "diff 2 4"),
        lines("""
            what (changed|has changed|did you change|was changed|did you do)
            (diff|show the diff|show the changes|show changes|differences)
            diff {one:digits} {two:digits}
        """),
        _diff,
    ),
    Form(
        "log", "asking", "All edits.", ("log", "show the history"),
        lines("""
            [show ][me ][the ](log|history|edits)
        """),
        _call("log"),
    ),
    Form(
        "play", "asking", "Hear a scene, a line, a sound, or all from the start.",
        ("play scene 2", "play line 9", "let me hear the thunder"),
        lines("""
            (play|preview|hear|let me hear|listen to|i want to hear) {what}
        """),
        _play,
    ),
    Form(
        "play it", "asking", "Hear the story from its start.", ("play", "play it from the start"),
        lines("""
            (play|preview|listen|play it|play the story|play everything)[ from the (start|beginning)]
        """),
        _call("preview", start=0.0),
    ),
    Form(
        "play from", "asking", "Hear the story from an element on.",
        ("play from line 10",),
        lines("""
            (play|preview|listen|start|start playing)[ it] from {what}
        """),
        _play_from,
    ),
    Form(
        "play a range", "asking", "Hear some seconds.", ("play from 1:30 to 2:00",),
        lines("""
            (play|preview|listen)[ it][ from] {time:time} (to|until|till|-) {time2:time}
        """),
        _play_range,
    ),
    Form(
        "play at", "asking", "Hear the story from a second on.", ("play from 20 s",),
        lines("""
            (play|preview|listen)[ it] (from|at) {time:time}
        """),
        _play_at,
    ),
    Form(
        "render", "asking", "Make all clips and the mix.", ("render", "make it"),
        lines("""
            (render|make|build|produce|generate|mix)[ (it|the story|everything|all)][ (again|anew)]
        """),
        _call("render"),
    ),
    Form(
        "export", "asking", "Write a file of a format.",
        ("export m4b", "save it as mp3"),
        lines("""
            (export|save|write|deliver)[ (it|the story|this|everything)][ (as|to|in)][ (an|a)] {format=FORMATS}[ file]
            export[ (it|the story)]
            (give me|i want|i need|make)[ (an|a)] {format=FORMATS}[ file]
        """.replace("FORMATS", "|".join(FORMATS))),
        _export,
    ),
    Form(
        "quote", "asking", "What a render would take and cost.",
        ("what does it cost", "how long does it take to render"),
        lines("""
            quote
            (what does it cost|what will it cost|\
                how much (does|will|would) (it|that|this) (cost|be)|how expensive is it)
            how long (does|will|would) it take[ to (render|make)]
        """),
        _call("quote"),
    ),
    Form(
        "explain", "asking", "Why a tool makes an element, and why it runs again.",
        ("explain line 9", "why does the thunder sound like that"),
        lines("""
            explain {what}
            why (does|do) {what} sound (like that|so|this way)
            why (is|was) {what} made[ again| anew]
            how (is|was) {what} made
        """),
        _explain,
    ),
    Form(
        "why so loud", "asking", "How loud things were measured to be, beside each other.",
        ("why is the music too loud", "how loud is the rain"),
        lines("""
            why (is|are) {what} (too |so |)(loud|quiet|soft)
            how loud (is|are) {what}
            (is|are) {what} too (loud|quiet)
        """),
        _why,
    ),
    Form(
        "measure", "asking", "Loudness, balance and lengths, as measured.",
        ("measure", "how is the balance"),
        lines("""
            (measure|measurements|levels|loudness|balance)
            (how is|show|what is|check) the (balance|loudness|mix)
        """),
        _call("measure"),
    ),
    Form(
        "certify", "asking", "Measure the delivered file against its profile.", ("certify", "check the file"),
        lines("""
            (certify|check)[ (it|the story|the file)]
            (does it|will it) pass
        """),
        _call("certify"),
    ),
    Form(
        "takes", "asking", "The takes there are.", ("takes of line 9", "list the takes of the thunder"),
        lines("""
            [(show|list)[ me] ][the |all |all the ]takes (of|for) {what}
        """),
        _takes,
    ),
    Form(
        "audition", "asking", "Hear every voice of the cast say a sentence.", ("audition", "audition the cast"),
        lines("""
            audition[ (the cast|the voices|everyone)]
        """),
        _call("audition"),
    ),
    Form(
        "never mind", "asking", "Let go of what was asked; without a yes nothing was changed anyway.", ("never mind",),
        lines("""
            (never mind|nevermind|forget it|cancel|nothing)
        """),
        _nothing,
    ),
    Form(
        "help", "asking", "What can be said.", ("help", "what can you do"),
        lines("""
            (help|commands|forms)
            what can (you do|i say|i do)
            how does this work
        """),
        _help,
    ),
)  # fmt: skip
