"""Forms on the cast: voices, names, who is who."""

import re
from collections.abc import Iterator, Sequence

from wavagent.grammar.finding import Missing, Open, Unfit, listed
from wavagent.grammar.form import Form, Reading, lines
from wavagent.grammar.understood import Call
from wavagent.grammar.vocabulary import ACCENTS, AGE_WORDS, AGES, GENDER_WORDS, MANNERS, STEPS, TRAITS
from wavagent.script import Character
from wavagent.script.patch import Edit, MergeCharacters, Recast, RemoveCharacter, RenameCharacter, SetTraits, Uncast
from wavagent.text import shown
from wavagent.tool import Tool, VoiceCard


def _character(reading: Reading, id: str) -> Character:
    return reading.script.character(id)


def _traits(reading: Reading) -> Sequence[Edit]:
    who = reading.refer.people.one(reading["who"])
    wanted = re.sub(r"^(?:be|sound|more|rather|a|an) ", "", reading["trait"].lower().strip())
    wanted = re.sub(r"(?:'s)? voice$| one$", "", wanted)
    return [SetTraits.model_validate({"character": who, **_trait(_character(reading, who), wanted)})]


def _trait(one: Character, wanted: str) -> dict[str, str]:
    if wanted in STEPS:
        return {"age": _aged(one, STEPS[wanted])}
    if wanted in AGE_WORDS:
        return {"age": AGE_WORDS[wanted]}
    if wanted in GENDER_WORDS:
        return {"gender": GENDER_WORDS[wanted]}
    accent = wanted.removesuffix(" accent").removeprefix("with ").removeprefix("a ").removeprefix("an ")
    if accent in ACCENTS:
        return {"accent": accent}
    if wanted in MANNERS:
        return {"manner": wanted}
    both = [word for word in re.split(r",? and |, ?| ", wanted) if word]
    if 1 < len(both) <= 3:
        found = [_trait(one, word) for word in both]
        if len({name for each in found for name in each}) == len(found):
            return {name: value for each in found for name, value in each.items()}
    raise Unfit(f"“{wanted}” is no trait of a voice that is known")


def _aged(one: Character, step: int) -> str:
    now = one.traits.age.value if one.traits.age else "adult"
    at = AGES.index(now) if now in AGES else AGES.index("adult")
    to = max(0, min(len(AGES) - 1, at + step))
    if to == at:
        raise Missing(f"{one.name} is {now} already, and there is nothing {'older' if step > 0 else 'younger'}")
    return AGES[to]


def _voice(reading: Reading) -> Sequence[Edit]:
    who = reading.refer.people.one(reading["who"])
    wanted = reading.text("voice").strip()
    plain = wanted.lower()
    if plain in TRAITS:
        raise Unfit("that is a trait of a voice, no voice")
    if reading.toolbox is None:
        raise Missing(f"no tools are at hand, so nothing is known of a voice “{shown(wanted, 40)}”")
    found = [
        (tool, card)
        for tool, card in _offers(reading)
        if plain
        in (
            card.id.lower(),
            card.name.lower(),
            f"{tool.card.name} {card.id}".lower(),
            f"{tool.card.name}/{card.id}".lower(),
        )
    ]
    if not found:
        raise Missing(
            f"no voice is called “{shown(wanted, 40)}”; `wavagent voices` lists them, "
            f"or say: voice of {reading['who']}: older"
        )
    if len(found) > 1:
        return [_picked(reading, who, found, f"voice: {plain}")]
    return [_recast(who, *found[0])]


def _recast(who: str, tool: Tool, card: VoiceCard) -> Recast:
    return Recast(character=who, tool=tool.card.name, voice=card.id, settings=dict(card.settings), reason="asked for")


def _another(reading: Reading) -> Sequence[Edit]:
    """Another voice: of those that suit, the one that is chosen. Without tools at hand, casting is left to choose."""
    who = reading.refer.people.one(reading["who"])
    one = _character(reading, who)
    if reading.toolbox is None:
        if one.voice is None:
            raise Missing(f"{one.name} has no voice of their own yet; say what it is like: voice of {one.name}: older")
        return [Uncast(character=who)]
    offers = list(_suiting(reading, one))
    if not offers:
        raise Missing(f"there is no other voice for {one.name} in '{shown(reading.script.language, 20)}'")
    return [_picked(reading, who, offers, f"voice of {who}")]


def _picked(reading: Reading, who: str, offers: Sequence[tuple[Tool, VoiceCard]], about: str) -> Recast:
    """The voice that was settled on. Raises Open."""
    cards = {f"{tool.card.name} {card.id}": (tool, card) for tool, card in offers}
    if (settled := reading.refer.settled.get(about)) and settled[0] in cards:
        return _recast(who, *cards[settled[0]])
    labels = {
        key: f"{card.name}, {card.gender}, {card.age}, {card.language} ({key})" for key, (_, card) in cards.items()
    }
    raise Open(about, f"which voice for {_character(reading, who).name}?", listed(labels))


def _suiting(reading: Reading, one: Character) -> Iterator[tuple[Tool, VoiceCard]]:
    """The voices that suit somebody and are not their own, those that nobody has first."""
    language = reading.script.language.lower().partition("-")[0]
    gender = one.traits.gender.value if one.traits.gender else ""
    used = {(other.voice.tool, other.voice.id) for other in reading.script.cast if other.voice}
    own = (one.voice.tool, one.voice.id) if one.voice else None
    fit = [
        (tool, card)
        for tool, card in _offers(reading)
        if card.language.lower().partition("-")[0] == language
        and card.gender in (gender or card.gender, "neutral")
        and (tool.card.name, card.id) != own
    ]
    return iter(sorted(fit, key=lambda offer: (offer[0].card.name, offer[1].id) in used))


def _offers(reading: Reading) -> Iterator[tuple[Tool, VoiceCard]]:
    if reading.toolbox is not None:
        for tool in reading.toolbox.doing("speech"):
            yield from ((tool, card) for card in tool.card.voices)


def _cloned(reading: Reading) -> Call:
    """A recording's voice, with who allowed it. Raises Missing where nobody is said to have."""
    file = reading.text("file")
    if "." not in file:
        raise Unfit("that names no file")
    who = reading.refer.people.one(reading["who"])
    if "statement" not in reading:
        raise Missing(
            "nobody's voice is taken from a recording without their consent; say who gave it, when, and in which "
            f"words: let {reading['who']} speak with the voice of {shown(file, 40)}, allowed by NAME on DATE: “…”"
        )
    told = {name: reading.text(name).strip(" :,") for name in ("person", "date") if name in reading}
    told |= {name: reading.text(name) for name in ("statement", "words") if name in reading}
    return Call(name="clone", params={"character": who, "file": file, **told})


def _rename(reading: Reading) -> Sequence[Edit]:
    if reading.refer.places.find(reading["who"]):
        raise Unfit("that is a scene")
    who = reading.refer.people.one(reading["who"])
    name = reading.text("name").strip()
    taken = {one.name.casefold(): one.id for one in reading.script.cast}
    if taken.get(name.casefold(), who) != who:
        raise Missing(
            f"there is somebody called {shown(name, 40)} already; to make them one, "
            f"say: merge {reading['who']} and {name}"
        )
    return [RenameCharacter(character=who, name=name)]


def _merge(reading: Reading) -> Sequence[Edit]:
    one, other = (reading.refer.people.one(reading[slot]) for slot in ("who", "other"))
    if one == other:
        raise Missing(f"“{reading['who']}” and “{reading['other']}” are one character already")
    into, gone = (other, one) if reading["way"].lower() == "into" or other == "narrator" else (one, other)
    return [MergeCharacters(into=into, others=(gone,))]


def _leave(reading: Reading) -> Sequence[Edit]:
    who = reading.refer.people.one(reading["who"])
    if "other" in reading:
        return [RemoveCharacter(character=who, lines_to=reading.refer.people.one(reading["other"]))]
    count = sum(line.who == who for line in reading.script.lines)
    if count:
        name = _character(reading, who).name
        raise Missing(f"{name} speaks {count} lines; say who speaks them: remove {name} from the cast, lines to Mary")
    return [RemoveCharacter(character=who)]


_ALLOWED = (
    "[, which says {words:quote}][[,] (allowed by|with the consent of) {person:name} on {date:words}[:| in the words|,]"
    " {statement:quote}]"
)
"""The consent to a cloned voice, as it is said after it."""

FORMS = (
    Form(
        "voice so",
        "cast",
        "How a character sounds: older, younger, a child, female, male, an accent, a manner. Casting chooses anew.",
        (
            "voice of the captain: older",
            "give the captain an older voice",
            "Mary should sound younger",
            "make the captain sound hoarse",
            "give Mary a Scottish accent",
        ),
        lines("""
            [the ]voice of {who:name}(:| is| should be| sounds|) {trait:trait}
            {who:name}'s voice[:| is| should be| sounds] {trait:trait}
            (give|get|find|choose|pick|use) {who:name} (a|an|the) {trait:trait} voice
            (a|an|use a|use an|i want a|i want an) {trait:trait} voice (for|of) {who:name}
            {trait:trait} voice (for|of) {who:name}
            give {who:name} (a|an) {trait:trait} accent
            {who:name} (speaks|has|should have|should speak) (with |)(a|an) {trait:trait} (accent|voice)
            make {who:name}['s voice] [sound |be ]{trait:trait}
            {who:name} (should|must) (sound|be) [a |an |like a |like an ]{trait:trait}
            make {who:name} (a|an) {trait:trait}
            {who:name} {trait=older|much older|a bit older|slightly older|\
                younger|much younger|a bit younger|slightly younger}
            {who:name} (sounds|sounds like|is) [a |an ]{trait:trait}
        """),
        _traits,
    ),
    Form(
        "voice",
        "cast",
        "A voice by its id or its name; `wavagent voices` lists them.",
        ("voice of the captain: adam", "cast Mary as Bea"),
        lines("""
            [the |use |set the ]voice (of|for) {who:name}(:| is| should be| to| =) [voice ]{voice:word}
            {who:name}'s voice(:| is| should be) [voice ]{voice:word}
            (cast|recast) {who:name} (as|with|to) {voice:name}
            give {who:name} [the ]voice {voice:word}
            use [the ]voice {voice:name} for {who:name}
        """),
        _voice,
    ),
    Form(
        "clone",
        "cast",
        "The voice that is heard in a file you added; only as whoever speaks there allowed it. What is said in the "
        "file may come first: “…, which says “…”, allowed by …”.",
        (
            "let Mary speak with the voice of anna.wav, allowed by Anna Smith on 2026-11-21: “Yes, use my voice.”",
            "clone anna.wav for the captain, allowed by Anna Smith on 21 November 2026: “You may.”",
        ),
        lines(f"""
            [let ]{{who:name}} (speak|speaks) (with|in) the voice (of|in|from) {{file:word}}{_ALLOWED}
            [let ]{{who:name}} (speak|speaks) (with|in) the voice (of|in|from) {{file:quote}}{_ALLOWED}
            give {{who:name}} the voice (of|in|from) {{file:word}}{_ALLOWED}
            give {{who:name}} the voice (of|in|from) {{file:quote}}{_ALLOWED}
            (clone|clone the voice of|use the voice of) {{file:word}} for {{who:name}}{_ALLOWED}
            (clone|clone the voice of|use the voice of) {{file:quote}} for {{who:name}}{_ALLOWED}
        """),
        _cloned,
    ),
    Form(
        "recast",
        "cast",
        "Another voice for a character; you are asked which.",
        ("recast Mary", "another voice for the captain"),
        lines("""
            recast {who:name}
            (another|a new|a different|some other) voice (for|of) {who:name}
            give {who:name} (another|a new|a different|some other) voice
            (change|replace) the voice of {who:name}
            (change|replace) {who:name}'s voice
            (try|find|get|pick) (another|a new|a different) voice for {who:name}
        """),
        _another,
    ),
    Form(
        "rename",
        "cast",
        "Call a character otherwise; the words of the text stay.",
        ("rename Bob to Robert", "call the captain “Captain Ahab”"),
        lines("""
            rename {who:name} (to|as|into) {name:name}
            rename {who:name} (to|as|into) {name:quote}
            call {who:name} {name:quote}
            {who:name} is [now ]called {name:quote}
        """),
        _rename,
    ),
    Form(
        "merge characters",
        "cast",
        "Two characters are one person; the first one named stays, or the one after “into”.",
        ("merge Bob and Rob", "Bob and Rob are the same person"),
        lines("""
            (merge|join|combine|unite) {who:name} {way=and|with|into} {other:name}
            {who:name} {way=and|is} {other:name} are the same[ person| character]
            {who:name} is the same[ person| character] as {other:name}
        """),
        _merge,
    ),
    Form(
        "remove a character",
        "cast",
        "Somebody leaves the cast, and another speaks their lines.",
        ("remove Bob from the cast, lines to Mary",),
        lines("""
            (remove|delete|drop) {who:name} from the cast[,]\
                [ (and give |)[their |his |her |the |all ]lines to {other:name}]
        """),
        _leave,
    ),
)
