"""The words that a description is read with: what is silent, what is manner, what is number; and inflections."""

import re

SILENT = (
    "train-of, train dress|gown|thought, train-for, train ticket|station, bell-pepper, hot-dog, tree-bark, "
    "bark tree, cricket match|bat|team|player, duck~ under|behind|down, type-of, shot-of, fan-of, "
    "football|movie fan, jet-black, search-engine, stream-of-consciousness, fruit-punch, punch-line, fire-drill, "
    "french-horn, hunting-horn, car-park, shopping-cart, wind-up, wind~ road, rain-check, rain-coat, cat-walk, "
    "paper-clip, bull-market, storm protest, heart-of-gold, step direction, key success, sea-of faces, flood-of, "
    "river tear, fire-fly, phone-number, phone-book, ring-finger, wave-of, under-fire, dog-ear, horse-power, "
    "bird-eye, drive~ crazy|mad|bargain, knock~ pregnant, walk~ life, walk~-stick, step government|process, "
    "chain-of, chain-mail, bark~-mad, wind-instrument, run~ business|company|office, run~-for, "
    "break~ promise|heart|record|law, drop~ subject, boat-in same, beat~ egg, whip~ cream, whipped-cream, "
    "cheer~-up, bear~ mind, kiss~ goodbye, lion share"
)
"""Phrases with a sounding word in them that name no sound."""

THINGS = frozenset(
    "bed book bottle bowl box breeder cage cake card catcher coat collar color colour costume drawing dress "
    "expert factory fighter figure food friend fur guide hair hat history holder house idea image instrument "
    "insurance jacket keeper leash lesson licence license lover magazine maker manual map meat menu mobile "
    "movie name novel owner painting park photo picture poem poster price proof race recipe rug salesman "
    "school science seat sergeant shape shop show skin soup sticker story tail tattoo team theory ticket "
    "tooth toy trainer tree umbrella".split()
)
"""Heads of compounds that make no sound: a dog food, a train ticket."""

DEPICTED = frozenset(
    "absence art colour color dream drawing hint idea image lack memory mention name painting photo photograph picture "
    "portrait scent sight sketch smell statue story symbol taste thought view".split()
)
"""`... of` these, and what follows is not heard."""

DENIED = frozenset(["no", "not", "without", "never", "nor", "neither", "isn't", "doesn't"])

GROUND = frozenset(
    "on in near by against through over under inside outside into at beside behind across beneath within".split()
)
"""Prepositions: what stands after one is where the sound happens, seldom what sounds."""

NUMBERS = {
    **dict.fromkeys(("single", "once", "one"), 1),
    **dict.fromkeys(("two", "twice", "double"), 2),
    **dict.fromkeys(("three", "thrice", "triple"), 3),
    **{word: number for number, word in enumerate("four five six seven eight nine ten eleven twelve".split(), 4)},
    "dozen": 12,
}
MOST = 12

DISTANT = frozenset("distant distance far faraway afar remote offshore background".split())
MUFFLED = frozenset("muffled muted dull".split())
LOUD = frozenset("loud loudly deafening blaring thunderous".split())
SOFT = frozenset("soft softly quiet quietly faint faintly gentle gently subdued".split())
SLOW = frozenset("slow slowly leisurely steady lazily".split())
FAST = frozenset("fast quick quickly rapid rapidly hurried hurriedly frantic frantically furiously swiftly".split())
HEAVY = frozenset(
    "heavy heavily hard strong strongly violent violently fierce torrential pouring downpour raging howling gale big "
    "large huge giant great massive deep hurricane blizzard".split()
)
LIGHT = frozenset(
    "light lightly slight slightly gentle gently small little tiny mild drizzle drizzling breeze thin".split()
)
MODIFIERS = (
    DISTANT
    | MUFFLED
    | LOUD
    | SOFT
    | SLOW
    | FAST
    | HEAVY
    | LIGHT
    | {"sharp", "short", "long", "hollow", "wooden", "more"}
)

IRREGULAR = {
    "beat": "beaten",
    "bite": "bit bitten",
    "blow": "blew blown",
    "break": "broke broken",
    "burst": "bursting bursts",
    "calf": "calves",
    "child": "children",
    "draw": "drew drawn",
    "drink": "drank drunk",
    "drive": "drove driven",
    "eat": "ate eaten",
    "fall": "fell fallen",
    "fly": "flies flew flown",
    "foot": "feet",
    "goose": "geese",
    "hoof": "hooves",
    "knife": "knives",
    "leaf": "leaves",
    "light": "lit",
    "man": "men",
    "person": "people persons",
    "ride": "rode ridden",
    "ring": "rang rung",
    "run": "ran",
    "saw": "sawn",
    "shake": "shook shaken",
    "shoot": "shot shots",
    "sing": "sang sung",
    "sleep": "slept",
    "speak": "spoke spoken",
    "spin": "spun",
    "steal": "stole stolen",
    "strike": "struck stricken",
    "sweep": "swept",
    "swing": "swung",
    "take": "took taken",
    "tear": "tore torn",
    "tooth": "teeth",
    "wolf": "wolves",
    "woman": "women",
    "write": "wrote written",
}

BETWEEN = frozenset("a an the any more sound sounds sign trace of".split())
ARTICLES = frozenset("a an the his her its their some my your our".split())

Forms = frozenset[str]


def forms(word: str) -> Forms:
    """Every form of a pattern's word: `door` its plural too, `slam~` as a verb, `=waves` only itself."""
    if word.startswith("="):
        return frozenset([word[1:]])
    stem = word.removesuffix("~")
    found = {stem, _plural(stem), *IRREGULAR.get(stem, "").split()}
    if word.endswith("~"):
        root = stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else _doubled(stem)
        past = f"{stem[:-1]}ied" if re.search(r"[^aeiou]y$", stem) else f"{root}ed"
        found |= {f"{root}ing", past}
    return frozenset(found)


def _plural(stem: str) -> str:
    if re.search(r"(s|x|z|ch|sh)$", stem):
        return f"{stem}es"
    return f"{stem[:-1]}ies" if re.search(r"[^aeiou]y$", stem) else f"{stem}s"


def _doubled(stem: str) -> str:
    """`slam` to `slamm`: one vowel between consonants, in a word of one syllable, doubles the last."""
    short = re.fullmatch(r"[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]", stem)
    return stem + stem[-1] if short else stem
