"""Cues: the sounds that the narration names, each with the word that names it.

A sound counts only where it happens then and there: not in somebody's words, not denied, compared, supposed,
remembered or usual. What is left out is lost to nobody, and a wrong bell is heard by all, so doubt means silence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from wavagent.text import words

_NEAR = 7
"""Words between what sounds and the word that says so, at most."""
_APART = 60
"""Words between two sounds, at least."""
_AGAIN = 220
"""Words before the same sound may come again."""


@dataclass(frozen=True, slots=True)
class Noise:
    """`what` is heard where a word of `verbs` stands near one of `things`; a bed goes on until its scene ends."""

    what: str
    verbs: frozenset[str]
    things: frozenset[str]
    seconds: float | None = None
    bed: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A noise named in a stretch of text: the number of the word that names it, counted as `text.words` does."""

    noise: Noise
    word: int


def _noise(what: str, verbs: str, things: str, seconds: float | None = None, bed: bool = False) -> Noise:
    return Noise(what, frozenset(verbs.split()), frozenset(things.split()), seconds, bed)


_DOORS = "door doors gate hall-door front-door back-door street-door house-door"
NOISES = (
    _noise(
        "a knock on a wooden door",
        "knock knocked knocking knocks rapped tapped tap tapping rap hammered",
        _DOORS + " panel",
        1.5,
    ),
    _noise("a door slams", "slammed slam slams banged bang", _DOORS, 1.2),
    _noise("a door closes", "closed shut closing", _DOORS, 1.2),
    _noise("a door opens with a creak", "opened creaked creaking opening opens", _DOORS, 1.5),
    _noise("a telephone rings", "rang rings ringing rung", "telephone phone", 2.5),
    _noise(
        "a bell rings",
        "rang rings ringing tolled pealed jingled clanged tinkled peal chimed",
        "bell bells doorbell door-bell",
        2.5,
    ),
    _noise("a clock strikes", "struck chimed strikes striking", "clock clocks", 3.0),
    _noise("a clock ticks", "ticked ticking ticks", "clock watch", 4.0),
    _noise(
        "thunder",
        "rolled crashed rumbled pealed growled boomed clap peal muttered roll crash rumble rolls",
        "thunder",
        4.0,
    ),
    _noise(
        "a dog barks",
        "barked bark barking growled yelped barks",
        "dog dogs hound hounds spaniel terrier puppy mastiff",
        1.5,
    ),
    _noise("a dog howls", "howled howl howling", "dog dogs hound hounds wolf wolves", 2.5),
    _noise("a cat meows", "mewed miaowed mewing meowed miaow", "cat kitten cats", 1.2),
    _noise("a horse neighs", "neighed whinnied neighing snorted neigh", "horse horses mare pony stallion", 1.8),
    _noise(
        "a horse gallops",
        "galloped gallop galloping thundered clattered trotted clatter",
        "horse horses mare pony hoofs hooves",
        3.0,
    ),
    _noise(
        "a horse-drawn carriage rattles past",
        "rattled rumbled rolled clattered rattle rumble rolling rumbling",
        "carriage cab coach cart waggon wagon hansom brougham wheels dog-cart chaise gig",
        4.0,
    ),
    _noise(
        "a steam train passes",
        "whistled roared rumbled steamed thundered whistle rattled",
        "train locomotive express",
        4.0,
    ),
    _noise("a car drives past", "hooted honked roared sped skidded purred", "car motor motor-car automobile taxi", 3.0),
    _noise(
        "a gunshot",
        "fired rang cracked exploded report echoed discharged",
        "shot gun rifle pistol revolver shots musket",
        1.5,
    ),
    _noise(
        "glass shatters",
        "shattered smashed broke crashed splintered shivered crash",
        "glass glasses bottle mirror tumbler pane panes goblet",
        1.5,
    ),
    _noise(
        "coins clink",
        "jingled clinked chinked clink chink jingling jingle",
        "coins money gold sovereigns coppers coin pennies silver",
        1.2,
    ),
    _noise("paper rustles", "rustled tore crackled rustle rustling", "paper papers letter newspaper pages", 1.2),
    _noise(
        "footsteps on wooden stairs",
        "heard came approached sounded echoed descended ascended",
        "footsteps footfalls footfall footstep",
        3.0,
    ),
    _noise("applause", "broke burst thundered rang followed greeted", "applause clapping", 3.5),
    _noise("an explosion", "exploded burst blew explosion", "bomb shell mine boiler powder magazine grenade", 2.5),
    _noise("a splash of water", "splashed splash plunged splashing", "water river lake sea pool pond stream", 1.5),
    _noise("a cock crows", "crew crowed crowing crows", "cock cocks rooster", 2.0),
    _noise("an owl hoots", "hooted hoot hooting", "owl owls", 2.0),
    _noise("a crowd cheers", "cheered roared shouted hurrahed cheering", "crowd mob audience throng multitude", 3.0),
    _noise(
        "rain",
        "fell beat pattered poured drummed lashed falling pouring beating streamed dripped pattering",
        "rain rain-drops raindrops",
        bed=True,
    ),
    _noise(
        "wind",
        "howled moaned roared whistled howling moaning shrieked wailed whistling",
        "wind winds gale storm tempest",
        bed=True,
    ),
    _noise("a crackling fire", "crackled blazed crackling blazing roared roaring", "fire flames logs hearth", bed=True),
    _noise(
        "waves on a shore",
        "broke breaking lapped lapping crashed crashing pounded murmured",
        "waves surf sea breakers tide",
        bed=True,
    ),
    _noise(
        "birds singing",
        "sang singing chirped twittered chirping twittering sing warbled",
        "birds larks thrushes sparrows thrush lark robins blackbird",
        bed=True,
    ),
    _noise("crickets at night", "chirped chirping sang singing", "crickets cicadas grasshoppers", bed=True),
)
_BY_VERB: Mapping[str, tuple[Noise, ...]] = {
    verb: tuple(noise for noise in NOISES if verb in noise.verbs) for noise in NOISES for verb in noise.verbs
}

_UNREAL = frozenset(
    "no not never without neither nor nothing hardly scarcely barely cannot couldn't didn't wouldn't don't "
    "doesn't wasn't weren't hadn't if would could might should may must perhaps like unless until till seemed "
    "seem seems resembled imagined imagine fancied dreamed dreamt dream remembered remember recalled thought "
    "thinking had has have used always often usually sometimes every whenever generally will shall let supposed "
    "pretended expected expecting waited waiting listened listening all ceased stopped nobody almost nearly before "
    "ago once wished promised hoped wanted to".split()
)
"""Words that make what follows them in their clause denied, supposed, compared, usual, or past already."""
_COMPARED = re.compile(r"\bas\s+(?:if|though|a|an|the|loud|soft|sharp|sudden)\b|\bsort of\b|\bkind of\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[.!?;:…—]|--|,\s+(?:and|but|when|while|then|as)\b|\n\s*\n")


def named(stretches: Sequence[str]) -> Iterator[tuple[int, Named]]:
    """The noises that stretches of narration name, each with the index of its stretch, far enough from each other."""
    heard: dict[str, int] = {}
    passed, latest = 0, -_APART
    for index, text in enumerate(stretches):
        spans = words(text)
        lower = [text[start:end].lower().replace("’", "'") for start, end in spans]
        for at, noise in _of(text, spans, lower):
            here = passed + at
            if here - latest >= _APART and here - heard.get(noise.what, -_AGAIN) >= _AGAIN:
                yield index, Named(noise, at)
                heard[noise.what] = latest = here
        passed += len(spans)


def _of(text: str, spans: Sequence[tuple[int, int]], lower: Sequence[str]) -> Iterator[tuple[int, Noise]]:
    clauses = [0, *(match.end() for match in _CLAUSE.finditer(text)), len(text) + 1]
    clause = 0
    for at, verb in enumerate(lower):
        while spans[at][0] >= clauses[clause + 1]:
            clause += 1
        if verb not in _BY_VERB:
            continue
        inside = [
            other
            for other in range(max(0, at - 2 * _NEAR), min(len(lower), at + 2 * _NEAR))
            if clauses[clause] <= spans[other][0] < clauses[clause + 1]
        ]
        noise = next((noise for noise in _BY_VERB[verb] if _sounds(noise, at, inside, lower)), None)
        if noise and verb.endswith("ing") and at + 1 < len(lower) and lower[at + 1] in noise.things:
            continue  # "ringing bells" are bells of some kind
        if noise and _happens(text[clauses[clause] : clauses[clause + 1]], at, inside, lower):
            yield at, noise


def _sounds(noise: Noise, at: int, inside: Sequence[int], lower: Sequence[str]) -> bool:
    """Whether one of the things that make this noise stands near."""
    return any(abs(other - at) <= _NEAR and lower[other] in noise.things for other in inside)


def _happens(clause: str, at: int, inside: Sequence[int], lower: Sequence[str]) -> bool:
    """Whether the clause says that it happens, and now."""
    unreal = any(lower[other] in _UNREAL or lower[other].endswith("n't") for other in inside if other <= at + 2)
    return not unreal and not _COMPARED.search(clause)
