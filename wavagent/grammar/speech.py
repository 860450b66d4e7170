"""Forms on lines: how they are said, what they say, who says them."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from wavagent.grammar.finding import Missing, Unfit
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.levels import FASTEST, SLOWEST, pace_factor, within
from wavagent.grammar.moment import spot
from wavagent.grammar.pattern import OPENING
from wavagent.grammar.vocabulary import way
from wavagent.script import Speech
from wavagent.script.patch import (
    Add,
    Edit,
    MergeLines,
    ReplaceText,
    SetDelivery,
    SetSpeaker,
    SetSpoken,
    SplitLine,
)
from wavagent.text import one_line, shown

MOST_LINES = 2000
"""Lines in which words are replaced at once."""


_VOICE = re.compile(r"\bvoices?\b", re.I)
_SAYING = re.compile(r"\b(?:say|said|speak|spoken|read|sound|deliver)\b", re.I)


def _said(reading: Reading) -> Sequence[Edit]:
    word = reading["way"].lower()
    if _VOICE.search(reading["what"]):
        raise Unfit("a voice is cast, a line is spoken")
    told = way(word)
    if told is None and not _SAYING.search(reading.request.text):
        raise Unfit("that is no way to speak")
    if told is None:
        raise Missing(
            f"I know no way to speak “{shown(word, 30)}”; say one like angrily, sadly, whispering, excitedly, calmly, "
            "tenderly, afraid, or give a note: note for line 14: “like a tired king”"
        )
    ids = reading.refer.speech(reading["what"])
    return [SetDelivery(ids=ids, emotion=told.emotion, intensity=told.intensity, note=word)]


def _plainly(reading: Reading) -> Sequence[Edit]:
    return [SetDelivery(ids=reading.refer.speech(reading["what"]), emotion="", intensity=0.5, pace=1.0, note="")]


def _note(reading: Reading) -> Sequence[Edit]:
    return [SetDelivery(ids=reading.refer.speech(reading["what"]), note=one_line(reading.text("note")))]


def _pace(faster: bool) -> Callable[[Reading], Sequence[Edit]]:
    def read(reading: Reading) -> Sequence[Edit]:
        factor = pace_factor(f"{reading['how']} {reading['how2']}", faster)
        groups: dict[float, list[str]] = defaultdict(list)
        for id in reading.refer.speech(reading["what"]):
            line = reading.refer.by_id[id]
            assert isinstance(line, Speech)
            pace = round(within(line.delivery.pace * factor, SLOWEST, FASTEST), 3)
            if pace != line.delivery.pace:
                groups[pace].append(id)
        if not groups:
            raise Missing(f"“{reading['what']}” is as {'fast' if faster else 'slow'} as it can be already")
        return [SetDelivery(ids=tuple(ids), pace=pace) for pace, ids in groups.items()]

    return read


def _text(reading: Reading) -> Sequence[Edit]:
    id = reading.refer.line(reading["what"])
    line = reading.refer.by_id[id]
    assert isinstance(line, Speech)
    new = reading.text("new")
    if not new.strip():
        raise Missing("there is nothing between the quotation marks; to take a line out, say: remove line 5")
    return [ReplaceText(id=id, text=_kept_ends(line.text, new))]


def _kept_ends(old: str, new: str) -> str:
    """`new` with the white space around it that `old` has: it parts the line from the next."""
    bare = old.strip()
    if not bare:
        return new
    head = old[: old.index(bare)]
    return head + new.strip() + old[len(head) + len(bare) :]


def _word(reading: Reading) -> Sequence[Edit]:
    old, new = reading.text("old"), reading.text("new")
    where = reading["what"] or "all lines"
    ids = reading.refer.speech("all lines" if where.lower() in ("everywhere", "the whole story", "all") else where)
    pattern = re.compile(
        rf"(?<!\w){re.escape(old)}(?!\w)" if old[:1].isalnum() and old[-1:].isalnum() else re.escape(old)
    )
    edits: list[Edit] = []
    for id in ids[:MOST_LINES]:
        line = reading.refer.by_id[id]
        if isinstance(line, Speech) and old and pattern.search(line.text):
            edits.append(ReplaceText(id=id, text=pattern.sub(lambda _: new, line.text)))
    if not edits:
        raise Missing(f"“{shown(old, 40)}” is not a word of {'that line' if len(ids) == 1 else 'these lines'}")
    return edits


def _without(reading: Reading) -> Sequence[Edit]:
    old = reading.text("old")
    id = reading.refer.line(reading["what"])
    line = reading.refer.by_id[id]
    if not isinstance(line, Speech) or line.text.count(old) != 1 or not old.strip():
        raise Missing(f"“{shown(old, 40)}” must be in that line exactly once")
    head, _, tail = line.text.partition(old)
    if head.endswith(" ") and tail[:1] in (" ", ",", ".", ";", ":", "!", "?"):
        head = head[:-1]
    return [ReplaceText(id=id, text=head + tail)]


def _spoken(reading: Reading) -> Sequence[Edit]:
    if reading["what"].startswith(OPENING):
        raise Unfit("a word alone is pronounced so wherever it stands")
    return [SetSpoken(id=reading.refer.line(reading["what"]), spoken=one_line(reading.text("new")) or None)]


def _unspoken(reading: Reading) -> Sequence[Edit]:
    return [SetSpoken(id=reading.refer.line(reading["what"]), spoken=None)]


def _speaker(reading: Reading) -> Sequence[Edit]:
    who = reading.refer.people.one(reading["who"])
    ids = tuple(id for id in reading.refer.speech(reading["what"]))
    return [SetSpeaker(ids=ids, who=who)]


def _add(reading: Reading) -> Sequence[Edit]:
    who = reading.refer.people.one(reading["who"]) if "who" in reading else "narrator"
    where = spot(reading, reading["place"])
    if where.place is None:
        raise Missing("say where it comes: after line 5, before line 9, at the end of scene 2")
    mode = "narration" if who == "narrator" else "dialogue"
    new = {"kind": "speech", "who": who, "text": f"{reading.text('new').strip()}\n\n", "mode": mode}
    if not new["text"].strip():
        raise Missing("there is nothing between the quotation marks")
    return [Add.model_validate({"element": new, **where.place})]


def _split(reading: Reading) -> Sequence[Edit]:
    return [SplitLine(id=reading.refer.line(reading["what"]), at=reading.text("at"))]


def _merge(reading: Reading) -> Sequence[Edit]:
    ids = reading.refer.lines.find(reading["what"], reading.refer.settled)
    if ids is None or len(ids) < 2:
        raise Unfit("these are no lines to be merged")
    return [MergeLines(ids=ids)]


FORMS = (
    Form(
        "said so",
        "lines",
        "How lines are said, in an adverb or an adjective.",
        (
            "line 14: say it angrily",
            "whisper line 3",
            "make the captain sound sad",
            "Mary should sound afraid in line 2",
        ),
        lines("""
            {what}[:|,] [(say|said|speak|spoken|read|sound|do) ][it |this |that |them ]{way:word}
            (say|speak|read|deliver|do) {what} {way:word}
            {way=whisper|shout|yell|scream|mutter|murmur} {what}
            make {what} {way:word}
            make {what} [be |sound |feel |more ]{way:word}
            {what} (should|must) [be |sound ][more ](said |spoken |read )?{way:word}
            {who:name} (should|must) sound {way:word} in {what}
            {what}: {way:word}
        """),
        _said,
    ),
    Form(
        "said plainly",
        "lines",
        "Take the delivery away: no emotion, usual pace.",
        ("say line 14 neutrally", "line 14 without emotion"),
        lines("""
            (say|read|speak) {what} (neutrally|plainly|normally)
            {what}[:] (without emotion|neutral|plain|normally|neutrally)
        """),
        _plainly,
    ),
    Form(
        "note",
        "lines",
        "A word to the actor, in quotation marks.",
        ("note for line 14: “like a tired king”",),
        lines("""
            [add a |a ]note (for|to|on) {what}[:] {note:quote}
            {what}[:] (say it|read it|as if|note)[:] {note:quote}
        """),
        _note,
    ),
    Form(
        "faster",
        "lines",
        "The pace: 15% faster, “a bit” 7%, “much” 30%, or by percent; never more than twice the voice's own.",
        ("line 14 faster", "everyone a bit faster", "make Mary speak 20% faster"),
        lines("""
            [make |have |let |say |read ]{what}[:] [say it |speak |talk |read |go |be ]\
                [{how:how} ](faster|quicker|more quickly)
            [{how:how} ]faster {what}
            speed up {what}[ {how2:how}]
            speed {what} up[ {how2:how}]
            {what} (speaks|talks|reads|is|are|speak|talk) [{how:how} ]too (slow|slowly)
        """),
        _pace(True),
    ),
    Form(
        "slower",
        "lines",
        "The pace, the other way; never less than half the voice's own.",
        ("everyone slower", "line 14: say it slower", "the narrator speaks too fast"),
        lines("""
            [make |have |let |say |read ]{what}[:] [say it |speak |talk |read |go |be ]\
                [{how:how} ](slower|more slowly)
            [{how:how} ]slower {what}
            slow down {what}[ {how2:how}]
            slow {what} down[ {how2:how}]
            {what} (speaks|talks|reads|is|are|speak|talk) [{how:how} ]too (fast|quick|quickly)
        """),
        _pace(False),
    ),
    Form(
        "text",
        "lines",
        "Other words for a line, in quotation marks. Where the script is its source word for word you are asked first.",
        ("change line 5 to “The storm is over.”", "line 5 should be “We are lost!”"),
        lines("""
            (change|set|rewrite|rephrase|make) {what} (to|as|into|say)[:] {new:quote}
            [let ]{what} (should be|should say|should read|says|reads|is now)[:] {new:quote}
            (replace|swap) {what} (with|by)[:] {new:quote}
            {what}[:| =] {new:quote}
            [new |the ]text (of|for) {what}[:] {new:quote}
        """),
        _text,
    ),
    Form(
        "word",
        "lines",
        "Another word for a word, in lines or everywhere.",
        ("replace “colour” with “color” in line 3", "change “grey” to “gray” everywhere"),
        lines("""
            (replace|swap|change) [the word |the words ]{old:quote} (with|by|to|into|for) {new:quote}\
                [ (in |)[all of ]{what}]
            in {what}[,] (replace|swap|change) {old:quote} (with|by|to|into) {new:quote}
        """),
        _word,
    ),
    Form(
        "without a word",
        "lines",
        "Take words out of a line.",
        ("remove “very” from line 6",),
        lines("""
            (remove|cut|delete|drop|take out|strike) [the word |the words ]{old:quote} (from|in|of) {what}
        """),
        _without,
    ),
    Form(
        "spoken form",
        "lines",
        "Have the voice say something other than is written; the text stays.",
        ("say line 3 as “nineteen eighty-four”",),
        lines("""
            (say|speak|read|pronounce) {what} as {new:quote}
        """),
        _spoken,
    ),
    Form(
        "as written",
        "lines",
        "Say a line as it is written.",
        ("say line 3 as it is written",),
        lines("""
            (say|speak|read) {what} as [it is |it's |]written
        """),
        _unspoken,
    ),
    Form(
        "speaker",
        "lines",
        "Who speaks a line.",
        ("line 7 is spoken by Mary", "give line 8 to the captain", "Bob says line 9", "give Bob's lines to Mary"),
        lines("""
            {what} (is|are|should be|must be) (spoken|said|read) by {who:name}
            (give|assign|hand) {what} to {who:name}
            {who:name} (says|speaks|reads|should say|should speak|should read) {what}
            (let|have) {who:name} (say|speak|read) {what}
            (change the|the) speaker of {what} (is|to|should be) {who:name}
            it (is|was) {who:name} who (says|speaks) {what}
        """),
        _speaker,
    ),
    Form(
        "add a line",
        "lines",
        "A new line for somebody, or for the narrator.",
        ("add a line for Mary after line 3: “Who goes there?”", "after line 3 Mary says “Not again.”"),
        lines("""
            add a line (for|by|of) {who:name} {place:place}[:] {new:quote}
            add a line {place:place}[:] {new:quote}
            add {new:quote} (as|by|for|from) {who:name} {place:place}
            {place:place}, {who:name} (says|said)[,|:] {new:quote}
            {place:line} {who:name} (says|said)[,|:] {new:quote}
            [have |let ]{who:name} (say|says)[:|,] {new:quote} {place:place}
        """),
        _add,
    ),
    Form(
        "split a line",
        "lines",
        "Cut a line in two where these words begin.",
        ("split line 5 at “But then”",),
        lines("""
            (split|cut|break) {what} (at|before) {at:quote}
        """),
        _split,
    ),
    Form(
        "merge lines",
        "lines",
        "Make one line of lines that follow each other and have one speaker.",
        ("merge lines 4 and 5",),
        lines("""
            (merge|join|combine) {what}
        """),
        _merge,
    ),
)
