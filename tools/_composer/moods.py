"""Moods and styles: what a composer would do when asked for one. A style bends a mood, so a waltz can be sad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

C, D, EB, E, F, G, AB, A, BB, B = 0, 2, 3, 4, 5, 7, 8, 9, 10, 11


@dataclass(frozen=True, slots=True)
class Mood:
    """`tempo` in beats a minute; `motion` 0..1 how busy the melody is, `rest` 0..1 how much of it keeps silent.

    `legato` is the share of a note's time it sounds; `hall` the seconds a room rings, `wet` how much of it is heard;
    `centre` the pitch the melody circles; `divide` the parts of a beat, 3 for compound and swung time.
    """

    name: str
    words: tuple[str, ...]
    idiom: str
    tempo: float
    keys: tuple[int, ...]
    lead: str
    pad: str = ""
    figure: str = ""
    bass: str = ""
    pattern: str = "broken"
    line: str = "hold"
    beat: str = ""
    meter: int = 4
    divide: int = 2
    motion: float = 0.4
    rest: float = 0.2
    legato: float = 0.95
    hall: float = 1.6
    wet: float = 0.25
    centre: int = 67
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Style:
    """A kind of music that a description names, and the fields of a mood that it sets."""

    name: str
    words: tuple[str, ...]
    mood: str
    sets: Mapping[str, object]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_MOODS = (
    Mood("neutral", _words("neutral underscore background plain documentary"), "major", 84, (C, D, G),
         "piano", "strings", "harp", "low strings", motion=0.35, rest=0.35, weight=1),
    Mood("calm", _words("calm peaceful serene tranquil gentle quiet soft soothing relaxing relaxed meditative restful"
                        " still warm tender soothe mellow placid"), "floating", 66, (D, F, G),
         "piano", "warm pad", "harp", "low strings", motion=0.25, rest=0.3, hall=2.2, wet=0.32, weight=1),
    Mood("sad", _words("sad sorrow sorrowful sorrowfully mournful mourning grief grieving lament tragic tragedy"
                       " melancholy melancholic heartbroken tearful tears loss funeral weeping elegy lonely gloomy"
                       " despair bereft"),
         "minor", 60, (D, A, G), "cello", "strings", "piano", "low strings", motion=0.3, rest=0.25,
         hall=2.2, wet=0.3, centre=62),
    Mood("wistful", _words("wistful bittersweet longing yearning pensive reflective thoughtful contemplative"
                           " wistfully plaintive"),
         "wistful", 72, (E, A, D), "oboe", "strings", "piano", "low strings", "arpeggio", motion=0.35, hall=2.0),
    Mood("nostalgic", _words("nostalgic nostalgia memory memories remembering reminiscent childhood homesick"
                             " sentimental remembrance"),
         "romantic", 76, (F, BB, EB), "clarinet", "strings", "piano", "low strings", "broken", meter=3, motion=0.35),
    Mood("tense", _words("tense tension suspense suspenseful anxious anxiety nervous danger dangerous uneasy"
                         " ominous dread thriller thrilling worried foreboding threat threatening stalking"
                         " apprehensive unease"),
         "tense", 92, (C, D, E), "viola", "tremolo strings", "pizzicato", "low strings", "pulse", "drone", "tick",
         motion=0.25, rest=0.45, legato=0.8, centre=62),
    Mood("eerie", _words("eerie spooky ghost ghosts ghostly haunted haunting creepy horror scary frightening"
                         " uncanny supernatural unsettling sinister nightmare terror terrifying phantom weird"
                         " strange spectral macabre"),
         "eerie", 58, (B, C, EB), "celesta", "bowed pad", "vibraphone", "low strings", "drift", "drone",
         motion=0.15, rest=0.4, hall=2.8, wet=0.45, centre=70),
    Mood("dark", _words("dark bleak grim brooding evil villain menacing menace murder murderous death deadly doom"
                        " shadows dungeon malevolent gothic wicked heavy"),
         "dark", 62, (C, D, F), "bassoon", "choir", "tremolo strings", "low strings", "tremble", "hold", "slow",
         motion=0.2, rest=0.4, hall=2.5, wet=0.35, centre=55),
    Mood("mysterious", _words("mysterious mystery enigmatic secret secrets curious intrigue detective mystical"
                              " puzzling riddle strangeness investigation sleuth clue"),
         "dorian", 80, (E, B, G), "clarinet", "sweep pad", "harp", "double bass", "arpeggio", "two", motion=0.35,
         rest=0.35, hall=2.2, wet=0.3, centre=63),
    Mood("joyful", _words("joyful joy joyous happy happiness cheerful cheery merry bright upbeat sunny glad"
                          " celebration celebratory jubilant optimistic uplifting delighted exuberant festive lively"
                          " gleeful jolly"),
         "major", 116, (C, G, D, F), "flute", "strings", "guitar", "double bass", "alberti", "two", "light",
         motion=0.55, rest=0.15, legato=0.8, hall=1.2, wet=0.18),
    Mood("playful", _words("playful mischievous cheeky whimsical bouncy light lighthearted quirky teasing frolic"
                           " games toys children impish sprightly"),
         "major", 108, (F, C, G), "clarinet", "", "pizzicato", "pizzicato", "offbeat", "two", "",
         motion=0.6, rest=0.2, legato=0.55, hall=1.0, wet=0.16, centre=68),
    Mood("comic", _words("comic comical comedy funny humorous silly clumsy clown clowns goofy absurd slapstick"
                         " farce bumbling sneaky sneaking tiptoe"),
         "comic", 104, (F, BB, C), "bassoon", "", "pizzicato", "tuba", "offbeat", "two", "",
         motion=0.6, rest=0.25, legato=0.45, hall=0.9, wet=0.14, centre=57),
    Mood("romantic", _words("romantic romance love loving lovers passionate passion intimate kiss affection"
                            " affectionate wedding dreamlike sensual"),
         "romantic", 72, (EB, F, D), "violin", "strings", "harp", "low strings", "arpeggio", motion=0.4, rest=0.15,
         hall=2.0, wet=0.28),
    Mood("heroic", _words("heroic epic triumphant triumph victory victorious battle war glorious hero heroes majestic"
                          " grand noble powerful fanfare conquest mighty royal cinematic bombastic king legendary"),
         "epic", 104, (D, C, G), "horn", "strings", "strings", "low strings", "ostinato", "pulse", "epic",
         motion=0.4, rest=0.15, hall=2.2, wet=0.28, centre=64),
    Mood("adventure", _words("adventure adventurous journey voyage travel travelling traveling quest exploring"
                             " exploration expedition sailing discovery horizon riding"),
         "mixolydian", 112, (D, G, F), "horn", "strings", "pizzicato", "low strings", "alberti", "two", "light",
         motion=0.45, rest=0.2, hall=1.8, centre=65),
    Mood("urgent", _words("urgent chase chasing pursuit frantic racing hurry hurried rush rushing escape escaping"
                          " panic action desperate running flight breathless fight fighting intense"),
         "epic", 144, (E, D, A), "viola", "tremolo strings", "strings", "low strings", "ostinato", "pulse", "chase",
         motion=0.35, rest=0.35, legato=0.75, hall=1.2, wet=0.16, centre=63),
    Mood("solemn", _words("solemn sacred reverent church religious holy prayer hymn hymnal ceremonial dignified"
                          " stately spiritual cathedral worship somber sombre grave liturgical"),
         "hymn", 64, (C, F, EB), "organ", "choir", "organ", "organ", "roll", motion=0.2, rest=0.25, hall=3.0,
         wet=0.4, centre=65),
    Mood("pastoral", _words("pastoral countryside meadow meadows morning spring summer nature village rural sunrise"
                            " dawn garden forest woodland farm bucolic idyllic fields birds river"),
         "mixolydian", 80, (F, G, D), "flute", "strings", "harp", "low strings", "broken", meter=3, motion=0.45,
         rest=0.2, hall=1.8),
    Mood("wondrous", _words("wondrous wonder magic magical enchanted enchanting fairy fairytale dream dreamy dreams"
                            " starry stars awe sparkling shimmering ethereal celestial fantasy space twinkling"),
         "dreaming", 78, (D, E, A), "celesta", "halo pad", "harp", "low strings", "arpeggio", motion=0.35,
         hall=2.6, wet=0.38, centre=72),
    Mood("hopeful", _words("hopeful hope inspiring inspirational inspired encouraging reassuring comforting healing"
                           " resolution redemption relief courage"),
         "hymn", 84, (D, G, C), "piano", "strings", "guitar", "low strings", "arpeggio", motion=0.4, rest=0.2,
         hall=1.8),
    Mood("angry", _words("angry anger rage furious fury violent aggressive fierce storm stormy wrath hostile"
                         " brutal raging"),
         "dark", 126, (C, D, E), "brass", "tremolo strings", "strings", "low strings", "ostinato", "pulse", "epic",
         motion=0.25, rest=0.4, legato=0.7, hall=1.4, wet=0.2, centre=58),
)  # fmt: skip

MOODS: dict[str, Mood] = {mood.name: mood for mood in _MOODS}

STYLES: Sequence[Style] = (
    Style("waltz", _words("waltz waltzing ballroom"), "romantic",
          {"meter": 3, "pattern": "offbeat", "line": "hold", "motion": 0.45, "tempo": 132.0}),
    Style("march", _words("march marching military parade soldiers army regiment"), "heroic",
          {"idiom": "major", "tempo": 112.0, "beat": "march", "pattern": "offbeat", "line": "two", "lead": "trumpet",
           "pad": "", "figure": "horn", "bass": "tuba", "legato": 0.7, "motion": 0.5, "hall": 1.2}),
    Style("lullaby", _words("lullaby lullabies cradle bedtime sleepy nursery"), "calm",
          {"idiom": "major", "meter": 3, "tempo": 76.0, "pattern": "broken", "lead": "music box", "figure": "harp",
           "motion": 0.35, "centre": 72}),
    Style("folk", _words("folk folksy tavern inn peasant celtic irish scottish bluegrass country"), "joyful",
          {"idiom": "mixolydian", "lead": "fiddle", "pad": "", "figure": "steel guitar", "pattern": "offbeat",
           "line": "two", "beat": "folk"}),
    Style("shanty", _words("shanty shanties sailor sailors pirate pirates nautical"), "adventure",
          {"idiom": "dorian", "divide": 3, "lead": "accordion", "pad": "", "figure": "steel guitar",
           "pattern": "offbeat", "line": "two", "beat": "jig", "tempo": 104.0, "motion": 0.55}),
    Style("dance", _words("dance dancing jig reel polka gigue hornpipe"), "joyful",
          {"divide": 3, "beat": "jig", "motion": 0.6, "tempo": 120.0}),
    Style("jazz", _words("jazz jazzy swing blues bluesy noir bebop lounge cocktail speakeasy"), "nostalgic",
          {"idiom": "jazz", "meter": 4, "divide": 3, "tempo": 112.0, "lead": "saxophone", "pad": "",
           "figure": "piano", "bass": "double bass", "pattern": "comp", "line": "walk", "beat": "swing",
           "motion": 0.5, "legato": 0.85, "hall": 0.9, "wet": 0.14, "centre": 63}),
    Style("medieval", _words("medieval renaissance minstrel troubadour bard castle knight knights tudor"
                             " elizabethan court"), "pastoral",
          {"idiom": "dorian", "lead": "recorder", "pad": "", "figure": "lute", "bass": "lute", "pattern": "broken",
           "line": "two", "tempo": 92.0, "meter": 3}),
    Style("baroque", _words("baroque bach minuet gavotte sonata rococo classical mozart chamber"), "neutral",
          {"lead": "violin", "pad": "", "figure": "harpsichord", "bass": "cello", "pattern": "alberti",
           "line": "two", "motion": 0.55, "rest": 0.1, "hall": 1.3}),
    Style("ambient", _words("ambient atmospheric atmosphere drone soundscape drifting floating underwater"), "calm",
          {"tempo": 56.0, "lead": "", "pad": "warm pad", "figure": "vibraphone", "pattern": "drift",
           "line": "drone", "beat": "", "hall": 2.8, "wet": 0.45}),
    Style("oriental", _words("japanese chinese asian oriental japan china"), "calm",
          {"idiom": "dorian", "lead": "shakuhachi", "pad": "", "figure": "koto", "bass": "koto",
           "pattern": "broken"}),
    Style("circus", _words("circus carnival fairground carousel"), "comic",
          {"lead": "accordion", "meter": 3, "tempo": 150.0, "pattern": "offbeat", "line": "hold"}),
    Style("western", _words("western cowboy cowboys prairie frontier desert"), "adventure",
          {"lead": "harmonica", "pad": "strings", "figure": "steel guitar", "pattern": "alberti", "line": "two"}),
    Style("christmas", _words("christmas xmas carol carols winter snow sleigh"), "joyful",
          {"idiom": "hymn", "lead": "glockenspiel", "figure": "harp", "tempo": 96.0, "centre": 74}),
)  # fmt: skip
