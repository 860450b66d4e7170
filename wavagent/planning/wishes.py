"""Wishes about a recording, read by rules: "remove the noise, put rain behind it, dub into French"."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import TypeAdapter

from wavagent.dsp.space import SPACES
from wavagent.planning.languages import LANGUAGES
from wavagent.planning.reasons import FILE, reason
from wavagent.planning.treatment import Behind, Treatment
from wavagent.script.step import Link
from wavagent.tool import installed

PLACES = {
    **{name.replace("_", " "): name for name in SPACES if name != "dry"},
    "telephone": "phone",
    "cathedral": "church",
    "concert hall": "hall",
    "big room": "large_room",
    "basement": "cellar",
    "street corner": "street",
    "the open": "outdoors",
    "the woods": "forest",
    "water": "underwater",
}
"""Spaces by what people call them."""

SIDES = {"left": -90.0, "right": 90.0, "behind": 180.0, "the back": 180.0, "front": 0.0, "the front": 0.0}

SPEAKERS = {"first": 1, "second": 2, "other": 2, "third": 3}
"""People who speak at once, as they are first heard."""

_MUSIC = re.compile(r"\b(music|piano|guitar|song|orchestra|strings|jazz|beat|drums?|melody|waltz|violin|choir)\b")
_VERB = (
    r"remove|reduce|delete|drop|take|clean|denoise|enhance|put|add|lay|play|dub|translate|keep|isolate|extract|trim|cut"
    r"|fade|speed|slow|make|place|pan|replace|mend|repair|fill|restore|upsample|convert|change|improve|sing|let|say"
    r"|separate|split|transcribe|caption|describe|tell|write|save|what|who"
)
_TIME = r"(?:\d+:\d\d(?::\d\d)?(?:\.\d+)?|\d+(?:\.\d+)?\s*(?:s|secs?|seconds?|ms|min|minutes?)?)"
_RANGE = rf"(?:from |between |at )?(?P<a>{_TIME}) ?(?:to|until|and|-|–) ?(?P<b>{_TIME})"
_IT = r"(?:it|this|that|him|her|them|the (?:voice|speech|recording|talk|file|whole)|everything)"
_VOICE = r"(?:speech|voices?|vocals|words|singing|singer)"
_OUT = r"(?:remove|delete|drop|take out)"
_UNHEARD = re.compile(
    rf"{_IT}|whole|recording|audio|sounds?|(?:everything|all|but|what)\b.*"
    r"|(?:.* )?(?:rest|else|one|speaker|person|talker|file|track|beginning|start|end|ending|middle|half|part|bit|intro"
    r"|outro|minutes?|seconds?|silences?|pauses?|gaps?|volume|level|loudness|pitch|speed|tempo|treble|highs|lows|echo"
    r"|reverb)"
)
"""What is in no sound by itself: a time, a measure, whoever "it" is."""
_WHOSE = r"(?:the voice (?:of )?(?P<voice>[\w-]+)|(?P<whose>[\w-]+)'s voice)"
_THE = r"(?:(?:the|a|an|some|any|all|all the|my|his|her) )?"

TOGETHER = 6
"""The most things that one clause names."""

Found = dict[str, Any]
Rule = Callable[[re.Match[str], float | None], Found | None]
_RULES: list[tuple[re.Pattern[str], Rule]] = []
_LINK: TypeAdapter[Link] = TypeAdapter(Link)


def wished(request: str, seconds: float | None = None) -> Treatment:
    """The treatment that `request` asks for; what no rule reads is named in it. `seconds`: how long the file is."""
    steps: list[Link] = []
    behind: list[Behind] = []
    gain, unknown = 0.0, []
    for clause, found in _clauses(request, seconds):
        if found is None:
            why = reason(clause)
            unknown.append(f"{clause} ({why})" if why else clause)
        elif "beds" in found:
            behind += [Behind.model_validate(one) for one in found["beds"]]
        elif "gain" in found:
            gain = max(-40.0, min(12.0, gain + found["gain"]))
        else:
            steps.append(_LINK.validate_python(found))
    return Treatment(steps=tuple(steps), behind=tuple(behind), gain=gain, unknown=tuple(unknown))


def _clauses(request: str, seconds: float | None) -> Iterator[tuple[str, Found | None]]:
    """Every clause of a wish, with what it means."""
    plain = re.sub(r"\bfade (?:it )?in and (?:fade )?(?:it )?out\b", "fade in, fade out", _tidy(request))
    plain = re.sub(rf"\b{_OUT} (?:everything|all)(?: else)? (?:but|except(?: for)?)\b", "keep only", plain)
    for piece in re.split(rf"\s*(?:[,;!?]|(?!{FILE.pattern})\.(?!\d)|\band then\b|\bthen\b)\s*", plain):
        piece = re.sub(r"^(?:first|finally|next|last|and)\b ?", "", piece)
        yield from _joined(re.split(r"\s+and\s+|^and\s+", piece), seconds)


def _joined(parts: list[str], seconds: float | None) -> Iterator[tuple[str, Found | None]]:
    """The parts that "and" joins, as many together as a rule reads; a part without a verb has that before it."""
    parts = [part for part in parts if part]
    verb, at = "", 0
    while at < len(parts):
        for end in range(min(len(parts), at + TOGETHER), at, -1):
            clause = " and ".join(parts[at:end])
            found = _read(clause, seconds)
            if found is None and verb and not re.match(rf"(?:{_VERB})\b", clause):
                found = _read(f"{verb} {clause}", seconds)
            if found is not None or end == at + 1:
                yield clause, found
                verb = next(iter(re.findall(rf"^(?:{_VERB})\b", clause)), verb)
                at = end
                break


def _read(clause: str, seconds: float | None) -> Found | None:
    """What a clause means, by the first rule that reads all of it; None: no rule does."""
    if re.search(rf"\band (?:{_VERB})\b", clause) or FILE.search(clause):
        return None  # two wishes, or a file, which is no sound by its name
    for pattern, rule in _RULES:
        match = pattern.fullmatch(clause)
        if match and (found := rule(match, seconds)) is not None:
            return found
    return None


def _tidy(request: str) -> str:
    plain = " ".join(request.lower().replace("’", "'").split())
    return re.sub(r"\b(?:please|also|just|can you|could you|i want you to|i'd like you to)\b ?", "", plain)


def _rule(pattern: str) -> Callable[[Rule], Rule]:
    def keep(rule: Rule) -> Rule:
        _RULES.append((re.compile(pattern), rule))
        return rule

    return keep


def _moment(text: str) -> float:
    """Seconds that a time such as "1:30", "2.5 s" or "300 ms" names."""
    if ":" in text:
        return sum((float(part) * 60.0**place for place, part in enumerate(reversed(text.split(":")))), 0.0)
    number, unit = re.fullmatch(r"([\d.]+)\s*([a-z]*)", text.strip()).groups()  # type: ignore[union-attr]  # a _TIME
    return float(number) * (0.001 if unit == "ms" else 60.0 if unit.startswith("min") else 1.0)


def _stretch(match: re.Match[str]) -> Found | None:
    start, end = _moment(match["a"]), _moment(match["b"])
    return {"start": start, "end": end} if end > start else None


@_rule(rf"(?:dub|translate) (?:{_IT} )?(?:in|into|to) (?P<language>[a-z]+)(?: (?P<over>over|with|keeping) .*)?")
@_rule(rf"(?:say|speak) {_IT} in (?P<language>[a-z]+)(?P<over>)?")
def _dub(match: re.Match[str], _: float | None) -> Found | None:
    tag = LANGUAGES.get(match["language"])
    return {"do": "dub", "language": tag, "behind": bool(match["over"])} if tag else None


@_rule(rf"replace {_THE}(?:.+? )?{_RANGE} (?:with|by) {_THE}(?P<what>.+)")
def _replace(match: re.Match[str], _: float | None) -> Found | None:
    stretch = _stretch(match)
    return stretch and {"do": "replace", "what": match["what"], **stretch}


@_rule(rf"(?:remove|mend|repair|fill|take out|cut|delete) {_THE}(?:.+? )?{_RANGE}")
def _mend(match: re.Match[str], _: float | None) -> Found | None:
    if match[0].startswith("cut"):
        return None  # it may be meant either way: only this, or all but this
    stretch = _stretch(match)
    return stretch and {"do": "mend", **stretch}


@_rule(rf"(?:trim|cut|keep)(?: {_IT})?(?: only| to| down to)* {_RANGE}")
def _trim(match: re.Match[str], _: float | None) -> Found | None:
    if match[0].startswith("cut") and " to " not in match[0].partition(match["a"])[0] + " ":
        return None
    stretch = _stretch(match)
    return stretch and {"do": "trim", **stretch}


@_rule(rf"(?:trim|cut|remove|take)(?: off)? the (?P<side>first|last) (?P<a>{_TIME})(?: off| out)?")
def _off(match: re.Match[str], seconds: float | None) -> Found | None:
    length = _moment(match["a"])
    if match["side"] == "first":
        return {"do": "trim", "start": length}
    return {"do": "trim", "end": seconds - length} if seconds is not None and seconds > length else None


@_rule(rf"keep(?: only)? the (?P<side>first|last) (?P<a>{_TIME})")
def _keep_side(match: re.Match[str], seconds: float | None) -> Found | None:
    length = _moment(match["a"])
    if match["side"] == "first":
        return {"do": "trim", "end": length} if length else None
    return {"do": "trim", "start": max(0.0, seconds - length)} if seconds is not None else None


@_rule(
    rf"(?:remove|reduce|delete|drop|take|clean) (?:out |away |up |off )?{_THE}(?:background |tape )?"
    r"(?:noises?|hiss|hum|static|buzz|rumble)(?: out| away| from .*| in .*)?"
)
@_rule(rf"(?:denoise|enhance|clean)(?: {_IT})?(?: up)?")
def _enhance(match: re.Match[str], _: float | None) -> Found:
    return {"do": "enhance"}


@_rule(
    rf"(?:put|add|lay|play) {_THE}(?P<what>.+?) (?:behind|under|underneath|beneath|in the background)(?: of)?(?: .*)?"
)
@_rule(rf"with {_THE}(?P<what>.+?) (?:behind|under|underneath|beneath) {_IT}")
@_rule(rf"(?:add|put in) {_THE}(?:background )?(?P<what>.*\b(?:music|ambience|atmosphere)\b.*)")
def _behind(match: re.Match[str], _: float | None) -> Found | None:
    what = match["what"]
    if re.fullmatch(_IT, what):
        return None  # it is the recording that is to go behind something
    return {"beds": [{"kind": "music" if _MUSIC.search(what) else "ambience", "what": what}]}


@_rule(
    rf"(?:keep(?: only)?|isolate|extract|leave only|(?P<drop>remove|delete|drop|take out)) {_THE}"
    rf"(?:(?P<order>first|second|third|other) (?:speaker|voice|person|talker)|speaker (?P<number>[123]))"
)
def _speaker(match: re.Match[str], _: float | None) -> Found | None:
    number = int(match["number"] or SPEAKERS[match["order"]])
    if match["drop"]:  # of two, the one that is left
        return {"do": "separate_speakers", "keep": 3 - number} if number < 3 else None
    return {"do": "separate_speakers", "keep": number}


@_rule(rf"(?:keep only|isolate|extract|leave only) {_THE}(?P<keep>{_VOICE}|music)")
def _isolate(match: re.Match[str], _: float | None) -> Found:
    return {"do": "separate", "keep": "music" if match["keep"] == "music" else "speech"}


@_rule(
    rf"(?:separate|split|isolate|extract) {_THE}(?P<keep>{_VOICE}|music)(?: out)? (?:from|off) {_THE}(?:background )?"
    rf"(?P<rest>{_VOICE}|music|background|song|track|band|recording|mix|rest|everything else)"
)
def _apart(match: re.Match[str], _: float | None) -> Found | None:
    keep, rest = ("speech" if re.fullmatch(_VOICE, match[one]) else match[one] for one in ("keep", "rest"))
    return {"do": "separate", "keep": keep} if keep != rest else None


@_rule(rf"{_OUT} {_THE}(?:background )?(?P<drop>{_VOICE}|music)")
def _without(match: re.Match[str], _: float | None) -> Found:
    return {"do": "separate", "keep": "speech" if match["drop"] == "music" else "music"}


@_rule(
    rf"(?P<how>extract|isolate|keep only|remove|delete|drop|take out) {_THE}(?!(?:the )?(?:first|last|third)\b)"
    rf"(?P<what>[a-z][a-z' -]*?)(?: (?:from|in) {_IT})?"
)
def _extract(match: re.Match[str], _: float | None) -> Found | None:
    if " and " in match["what"] or _UNHEARD.fullmatch(match["what"]):
        return None  # each by itself: one of them may be noise, or the music
    kept = match["how"] in ("extract", "isolate", "keep only")
    return {"do": "extract", "what": match["what"], "keep": "it" if kept else "rest"}


@_rule(rf"fade(?: {_IT})? (?P<way>in|out)(?: (?:over|in|for|within) (?:{_THE})?(?:last |first )?(?P<a>{_TIME}))?")
def _fade(match: re.Match[str], _: float | None) -> Found:
    return {"do": "fade", "rise" if match["way"] == "in" else "fall": _moment(match["a"]) if match["a"] else 2.0}


@_rule(rf"(?:speed {_IT} up|speed up|slow {_IT} down|slow down|make {_IT} (?:faster|slower))(?: by (?P<share>\d+) ?%)?")
def _faster(match: re.Match[str], _: float | None) -> Found | None:
    share = int(match["share"] or 25) / 100
    times = 1.0 - share if "slow" in match[0] else 1.0 + share
    return {"do": "speed", "times": times} if 0.25 <= times <= 4.0 else None


@_rule(
    rf"(?:play|make) {_IT} (?:at )?(?P<times>\d+(?:\.\d+)?|twice|half)(?: times| x)?(?: as fast| faster| the speed|)"
)
def _times(match: re.Match[str], _: float | None) -> Found | None:
    times = {"twice": 2.0, "half": 0.5}.get(match["times"]) or float(match["times"])
    return {"do": "speed", "times": times} if 0.25 <= times <= 4.0 else None


@_rule(
    rf"(?:put|place|make|let|have) {_IT} (?:sound )?(?:as if |as though |like )?(?:(?:it|he|she) (?:is|was|were) )?"
    rf"(?:in|into|inside|on|over|through|from|under)? ?{_THE}(?P<place>[a-z ]+)"
)
@_rule(rf"add {_THE}(?P<place>[a-z ]+?) (?:reverb|echo|acoustics?)")
def _room(match: re.Match[str], _: float | None) -> Found | None:
    place = PLACES.get(match["place"])
    return {"do": "room", "space": place} if place else None


@_rule(
    rf"(?:place|pan|put|move) {_IT} (?:to |on |in )?(?:the )?(?P<side>left|right|behind|back|front)(?: side)?"
    r"(?: (?:of )?(?:me|us|the listener))?"
)
def _side(match: re.Match[str], _: float | None) -> Found:
    return {"do": "binaural", "azimuth": SIDES.get(match["side"], 180.0)}


@_rule(r"(?:make (?:it|this) )?binaural(?: from (?:the )?(?P<side>left|right|behind|front))?")
def _binaural(match: re.Match[str], _: float | None) -> Found:
    return {"do": "binaural", "azimuth": SIDES[match["side"] or "front"]}


@_rule(r"cut (?:everything |all |the \w+ )?(?P<side>above|below) (?P<number>\d+(?:\.\d+)?) ?(?P<unit>k?)hz")
@_rule(r"(?P<side>low|high)[- ]?pass (?:it )?(?:at )?(?P<number>\d+(?:\.\d+)?) ?(?P<unit>k?)hz")
def _band(match: re.Match[str], _: float | None) -> Found | None:
    hertz = float(match["number"]) * (1000.0 if match["unit"] else 1.0)
    high = match["side"] in ("above", "low")
    return {"do": "band", "high" if high else "low": hertz} if 10.0 <= hertz <= 20_000.0 else None


@_rule(rf"(?:make|turn) {_IT} (?P<way>louder|quieter|softer|up|down)(?: by (?P<db>\d+(?:\.\d+)?) ?(?:db|decibels?))?")
def _louder(match: re.Match[str], _: float | None) -> Found:
    db = float(match["db"] or 6.0)
    return {"gain": db if match["way"] in ("louder", "up") else -db}


@_rule(r"(?:upsample|super-resol\w+|restore (?:its|the) (?:treble|highs|quality))(?: it)?")
def _upsample(match: re.Match[str], _: float | None) -> Found:
    return {"do": "upsample"}


@_rule(
    rf"(?:convert|change|turn) {_THE}voice (?:in)?to (?:the voice of |that of )?(?P<voice>[\w -]+?)(?:'s)?(?: voice)?"
)
@_rule(rf"(?:say|speak|read) {_IT} (?:again )?(?:in|with) {_WHOSE}")
@_rule(rf"give {_IT} {_WHOSE}")
@_rule(rf"let (?:the voice (?:of )?)?(?P<voice>(?!{_IT} )[\w-]+) (?:say|speak|read) {_IT}(?: again)?")
@_rule(rf"(?:make|let|have) {_IT} (?:sound|speak|talk) like {_WHOSE}")
def _convert(match: re.Match[str], _: float | None) -> Found:
    return {"do": "convert_voice", "voice": match["voice"] or match["whose"]}


@_rule(rf"(?:make|let|have) {_IT} (?:sound|speak|talk) like (?P<voice>[\w-]+)")
def _like(match: re.Match[str], _: float | None) -> Found | None:
    return {"do": "convert_voice", "voice": match["voice"]} if match["voice"] in _voices() else None


def _voices() -> frozenset[str]:
    """The voices that converters say they have: only what is one of them is a voice without being called so."""
    converters = (tool for tool in installed() if tool.card.task == "convert_voice")
    return frozenset(voice.id for tool in converters for voice in tool.card.voices)
