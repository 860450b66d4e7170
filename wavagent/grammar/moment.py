"""Moments and places, as a request names them: after line 12, on the word "now", at the start of scene 3."""

import re
from dataclasses import dataclass

from wavagent.grammar.amount import SECONDS, seconds
from wavagent.grammar.finding import Missing, Open, one_of
from wavagent.grammar.form import Reading
from wavagent.grammar.understood import Choice
from wavagent.script import Anchor, Speech
from wavagent.script.scene import takes_a_turn
from wavagent.text import shown, words

_BESIDE = re.compile(r"(?:to |right |just |directly )*(?P<side>after|before|behind|following) (?P<what>.+)", re.I)
_EDGE = re.compile(
    r"(?:to |at |from |with |when |as |until )*(?:the )?(?P<edge>very beginning|beginning|start|very end|end)"
    r"(?: of (?P<what>.+))?", re.I
)  # fmt: skip
_OFFSET = re.compile(rf"(?:to )?(?P<time>{SECONDS}) (?P<side>after|before|into) (?P<what>.+)", re.I)
_WORD = re.compile(r"(?:to |on |at |with |over )+(?:the )?word (?P<word>\S+)(?: (?:of|in|from) (?P<what>.+))?", re.I)
_AT = re.compile(
    r"(?:to |at |on |with |when |as |from |under )+(?P<what>.+?)(?P<verb> (?:starts|begins|ends|is over|is said))?",
    re.I,
)
_IN = re.compile(r"(?:to|in|into|for|under|throughout|during|beneath|below|over) (?P<what>.+)", re.I)


EITHER = frozenset(["put", "place", "bring"])
"""Verbs of what is new, "a gunshot", and of what is there already, "the gunshot"."""

NEW = re.compile(r"(?:an?|some|more|another) ", re.I)


@dataclass(frozen=True)
class Spot:
    """Where something is to stand: in its turn at a place, or at a moment; `scene` where only a scene was named."""

    place: dict[str, str] | None = None
    anchor: Anchor | None = None
    scene: str = ""
    under: bool = False  # whether it is to lie under the scene
    over: tuple[str, ...] = ()  # the elements it is to lie under


def spot(reading: Reading, words_: str) -> Spot:
    """The spot that `words_` name. Raises Open, and Missing for no such thing."""
    plain = words_.strip()
    for kind in (_offset, _word, _beside, _edge, _within, _at):
        if (found := kind(reading, plain)) is not None:
            return found
    raise Missing(f"I do not know where “{shown(plain, 40)}” is; say: after line 12, at the start of scene 3, …")


def _offset(reading: Reading, plain: str) -> Spot | None:
    if not (match := _OFFSET.fullmatch(plain)):
        return None
    what = re.sub(r"^(?:the )?(?:start|end|beginning) of ", "", match["what"], flags=re.I)
    bare, verb = _verb(what)
    target = _target(reading, bare)
    side = match["side"].lower()
    ends = bool(re.match(r"(?:the )?end of ", match["what"], re.I)) or verb in ("ends", "is over")
    starts = bool(re.match(r"(?:the )?(?:start|beginning) of ", match["what"], re.I)) or verb in ("starts", "begins")
    edge = "end" if ends or (side == "after" and not starts) else "start"
    offset = seconds(match["time"]) * (-1 if side == "before" else 1)
    return Spot(anchor=Anchor(element=target, edge=edge, offset=offset))


def _verb(what: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.+?) (starts|begins|ends|is over)", what, re.I)
    return (match[1], match[2].lower()) if match else (what, "")


def _word(reading: Reading, plain: str) -> Spot | None:
    if not (match := _WORD.fullmatch(plain)):
        return None
    wanted = reading.request.quote(match["word"]) if match["word"].startswith("\ue000") else match["word"]
    wanted = wanted.strip(" .,;:!?").lower()
    ids = [reading.refer.line(match["what"])] if match["what"] else [line.id for line in reading.script.lines]
    found = {
        f"{line.id} {at}": f"{reading.refer.lines.label(line.id)}, word {at + 1}"
        for line in reading.script.lines
        if line.id in ids
        for at, (start, end) in enumerate(words(line.text))
        if line.text[start:end].lower() == wanted
    }
    if not found:
        raise Missing(f"the word “{shown(wanted, 40)}” is not " + ("in that line" if match["what"] else "in the text"))
    line, at = one_of(f"the word “{wanted}”", "word", found, reading.refer.settled, many=False)[0].split()
    return Spot(anchor=Anchor(element=line, edge="word", word=int(at)))


def _beside(reading: Reading, plain: str) -> Spot | None:
    if not (match := _BESIDE.fullmatch(plain)):
        return None
    side = "before" if match["side"].lower() == "before" else "after"
    if scenes := reading.refer.places.find(match["what"]):
        scene = scenes[0] if side == "before" else scenes[-1]
        return Spot(place={"first_in" if side == "before" else "last_in": scene})
    return Spot(place={side: _target(reading, match["what"], last=side == "after")})


def _edge(reading: Reading, plain: str) -> Spot | None:
    if not (match := _EDGE.fullmatch(plain)):
        return None
    first = not match["edge"].lower().endswith("end")
    if match["what"] is None or match["what"].lower() in ("the story", "story", "the script"):
        ids = reading.refer.places.ids
        if not ids:
            raise Missing("the script has no scenes yet")
        return Spot(place={"first_in": ids[0]} if first else {"last_in": ids[-1]})
    if reading.refer.places.find(match["what"]):
        scene = reading.refer.places.one(match["what"])
        return Spot(place={"first_in": scene} if first else {"last_in": scene})
    target = _target(reading, match["what"])
    return Spot(anchor=Anchor(element=target, edge="start" if first else "end"))


def _within(reading: Reading, plain: str) -> Spot | None:
    if not (match := _IN.fullmatch(plain)):
        return None
    under = plain.lower().startswith(("under ", "beneath ", "below ", "over ", "during ", "throughout "))
    if reading.refer.places.find(match["what"]):
        return Spot(scene=reading.refer.places.one(match["what"]), under=under)
    if under:
        found = reading.refer.sounding(match["what"])
        return Spot(over=found)
    return None


def _at(reading: Reading, plain: str) -> Spot | None:
    if not (match := _AT.fullmatch(plain)):
        return None
    edge = "end" if match["verb"] and match["verb"].strip() in ("ends", "is over") else "start"
    return Spot(anchor=Anchor(element=_target(reading, match["what"]), edge=edge))


def _target(reading: Reading, phrase: str, last: bool = False) -> str:
    """The one element, or of several lines that were numbered together the outermost."""
    found = reading.refer.elements(phrase)
    if len(found) > 1 and not all(isinstance(reading.refer.by_id[id], Speech) for id in found):
        raise Missing(f"“{shown(phrase, 40)}” are {len(found)}; name one of them")
    return found[-1] if last else found[0]


def first_turn(reading: Reading, id: str) -> str:
    """The element with which the scene of `id` begins to be heard. Raises Missing."""
    scene = next(scene for scene in reading.script.scenes if any(one.id == id for one in scene.elements))
    turns = [one.id for one in scene.elements if takes_a_turn(one) and one.id != id]
    if not turns:
        raise Missing(f"nothing takes its turn in {reading.refer.places.label(scene.id)} yet")
    return turns[0]


_CUT = re.compile(
    rf" (?=(?:(?:right |just |directly )?(?:after|before) |(?:in|into|to|under|beneath|below|throughout|during|at|on"
    rf"|over|for|from|with|when) |{SECONDS} (?:after|before|into) )\S)",
    re.I,
)
_MOST_CUTS = 6


def parted(reading: Reading, text: str) -> tuple[str, Spot]:
    """A thing and the spot it goes to: "rain on the roof in scene 2" is rain on the roof, in scene 2.

    Raises Open where there are two ways to read it, and Missing where there is none.
    """
    ways: dict[str, tuple[str, Spot]] = {}
    trouble: list[Exception] = []
    times = [match.span() for match in re.finditer(rf"\b{SECONDS}(?= (?:after|before|into) )", text, re.I)]
    cuts = [match.end() for match in _CUT.finditer(text)]
    cuts = [cut for cut in cuts if not any(start < cut <= end + 1 for start, end in times)]
    for cut in cuts[-_MOST_CUTS:]:
        try:
            ways[str(cut)] = (text[:cut].strip(), spot(reading, text[cut:]))
        except (Missing, Open) as error:
            trouble.append(error)
    if ways:
        labels = {cut: f"“{what}”, {text[int(cut) :]}" for cut, (what, _) in ways.items()}
        return ways[one_of(text, "reading", labels, reading.refer.settled, many=False)[0]]
    if opened := [error for error in trouble if isinstance(error, Open)]:
        raise opened[-1]
    if trouble:
        raise trouble[-1]
    raise Missing("say where: after line 12, in scene 3, on the word “now”")


def side(reading: Reading, what: str, scene: str) -> str:
    """Whether a sound comes first or last in a scene, which somebody has to say. Raises Open."""
    about = f"side: {what.lower()} {scene}"
    if about in reading.refer.settled:
        return reading.refer.settled[about][0]
    name = reading.refer.places.label(scene)
    choices = [
        Choice(label=f"at the start of {name}", means=("first_in",)),
        Choice(label=f"at the end of {name}", means=("last_in",)),
    ]
    raise Open(about, f"where in {name}? (Or say: after line 12.)", choices)
