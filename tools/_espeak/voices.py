"""The voices that `tools/espeak.py` offers: eSpeak NG's languages times its variants, curated.

A voice is a language file (its identifier: the short name fails for some, `en-gb` among them) and a variant,
which moves the formants and the noise. Pitch, in eSpeak's 0 to 99 (about a sixth of a semitone each, 50 is the
variant's own), sets apart what the variants leave alike. Left out are variants that are robots, sound effects
or hard to follow, and languages that eSpeak NG reads badly: Japanese (no kanji), Hebrew (no vowels), Thai.

Within a language, gender and age the voices are ordered so that each is far from all before it in pitch and
timbre (measured, see the tests); the plainest of each kind comes first.
"""

from collections.abc import Iterator
from typing import NamedTuple

from wavagent.tool import Age, Gender, VoiceCard

NATURAL_RATE = 165
"""Words a minute of an adult voice."""

_RATE: dict[Age, int] = {"child": 180, "young": 175, "adult": NATURAL_RATE, "old": 140}
_RANGE: dict[Age, int] = {"child": 62, "young": 58, "adult": 50, "old": 50}
_TEMPO = {"Alicia": 0.88, "Andrea": 1.14}  # how fast a variant speaks at the rate it is given, where not as the rest


class Language(NamedTuple):
    """One of eSpeak NG's languages: BCP 47 tag, voice identifier, name, and seconds that a letter takes."""

    tag: str
    identifier: str
    name: str
    letter: float


class Variant(NamedTuple):
    """A way to speak any language."""

    name: str
    gender: Gender
    age: Age
    pitch: int


LANGUAGES = (
    Language("en-US", "gmw/en-US", "English (America)", 0.065),
    Language("en-GB", "gmw/en", "English (Great Britain)", 0.064),
    Language("en-GB-x-rp", "gmw/en-GB-x-rp", "English (Received Pronunciation)", 0.065),
    Language("en-GB-scotland", "gmw/en-GB-scotland", "English (Scotland)", 0.062),
    Language("en-GB-x-gbclan", "gmw/en-GB-x-gbclan", "English (Lancaster)", 0.065),
    Language("en-GB-x-gbcwmd", "gmw/en-GB-x-gbcwmd", "English (West Midlands)", 0.065),
    Language("en-029", "gmw/en-029", "English (Caribbean)", 0.065),
    Language("af", "gmw/af", "Afrikaans", 0.080),
    Language("ar", "sem/ar", "Arabic", 0.107),
    Language("bg", "zls/bg", "Bulgarian", 0.081),
    Language("bn", "inc/bn", "Bengali", 0.146),
    Language("bs", "zls/bs", "Bosnian", 0.074),
    Language("ca", "roa/ca", "Catalan", 0.066),
    Language("cs", "zlw/cs", "Czech", 0.081),
    Language("cy", "cel/cy", "Welsh", 0.077),
    Language("da", "gmq/da", "Danish", 0.063),
    Language("de", "gmw/de", "German", 0.061),
    Language("el", "grk/el", "Greek", 0.060),
    Language("eo", "art/eo", "Esperanto", 0.077),
    Language("es", "roa/es", "Spanish (Spain)", 0.066),
    Language("es-419", "roa/es-419", "Spanish (Latin America)", 0.072),
    Language("et", "urj/et", "Estonian", 0.076),
    Language("fa", "ira/fa", "Persian", 0.108),
    Language("fi", "urj/fi", "Finnish", 0.076),
    Language("fr", "roa/fr", "French (France)", 0.051),
    Language("fr-BE", "roa/fr-BE", "French (Belgium)", 0.051),
    Language("fr-CH", "roa/fr-CH", "French (Switzerland)", 0.051),
    Language("ga", "cel/ga", "Irish", 0.064),
    Language("hi", "inc/hi", "Hindi", 0.126),
    Language("hr", "zls/hr", "Croatian", 0.074),
    Language("hu", "urj/hu", "Hungarian", 0.077),
    Language("hy", "ine/hy", "Armenian", 0.086),
    Language("id", "poz/id", "Indonesian", 0.075),
    Language("is", "gmq/is", "Icelandic", 0.082),
    Language("it", "roa/it", "Italian", 0.069),
    Language("ka", "ccs/ka", "Georgian", 0.080),
    Language("ko", "ko", "Korean", 0.188),
    Language("la", "itc/la", "Latin", 0.083),
    Language("lt", "bat/lt", "Lithuanian", 0.086),
    Language("lv", "bat/lv", "Latvian", 0.076),
    Language("mk", "zls/mk", "Macedonian", 0.079),
    Language("ms", "poz/ms", "Malay", 0.076),
    Language("nb", "gmq/nb", "Norwegian", 0.077),
    Language("ne", "inc/ne", "Nepali", 0.144),
    Language("nl", "gmw/nl", "Dutch", 0.072),
    Language("pl", "zlw/pl", "Polish", 0.082),
    Language("pt", "roa/pt", "Portuguese (Portugal)", 0.071),
    Language("pt-BR", "roa/pt-BR", "Portuguese (Brazil)", 0.074),
    Language("ro", "roa/ro", "Romanian", 0.076),
    Language("ru", "zle/ru", "Russian", 0.057),
    Language("sk", "zlw/sk", "Slovak", 0.079),
    Language("sl", "zls/sl", "Slovenian", 0.086),
    Language("sq", "ine/sq", "Albanian", 0.071),
    Language("sr", "zls/sr", "Serbian", 0.075),
    Language("sv", "gmq/sv", "Swedish", 0.074),
    Language("sw", "bnt/sw", "Swahili", 0.090),
    Language("ta", "dra/ta", "Tamil", 0.109),
    Language("tr", "trk/tr", "Turkish", 0.081),
    Language("uk", "zle/uk", "Ukrainian", 0.080),
    Language("ur", "inc/ur", "Urdu", 0.096),
    Language("vi", "aav/vi", "Vietnamese (North)", 0.070),
    Language("yue", "sit/yue", "Chinese (Cantonese)", 0.215),
    Language("zh", "sit/cmn", "Chinese (Mandarin)", 0.258),
)

_US, _GB, _RP, _SCOTLAND, _LANCASTER, _MIDLANDS, _CARIBBEAN = LANGUAGES[:7]

# An accent is part of a character, so each English voice has one; where a listener hears only two or three
# voices, they have the accents that are understood everywhere.
_ENGLISH: tuple[tuple[Language, Variant], ...] = (
    (_US, Variant("f2", "female", "adult", 50)),
    (_US, Variant("m3", "male", "adult", 50)),
    (_RP, Variant("Alicia", "female", "adult", 52)),
    (_RP, Variant("m8", "male", "adult", 36)),
    (_GB, Variant("steph", "female", "adult", 30)),
    (_GB, Variant("m7", "male", "adult", 72)),
    (_US, Variant("Andrea", "female", "adult", 56)),
    (_US, Variant("pablo", "male", "adult", 74)),
    (_RP, Variant("f4", "female", "adult", 30)),
    (_RP, Variant("m4", "male", "adult", 28)),
    (_GB, Variant("belinda", "female", "adult", 54)),
    (_SCOTLAND, Variant("m5", "male", "adult", 68)),
    (_US, Variant("shelby", "female", "adult", 38)),
    (_US, Variant("michel", "male", "adult", 36)),
    (_GB, Variant("f1", "female", "adult", 40)),
    (_RP, Variant("sandro", "male", "adult", 66)),
    (_SCOTLAND, Variant("f3", "female", "adult", 52)),
    (_US, Variant("victor", "male", "adult", 30)),
    (_LANCASTER, Variant("Annie", "female", "adult", 52)),
    (_LANCASTER, Variant("m7", "male", "adult", 32)),
    (_SCOTLAND, Variant("f5", "female", "adult", 32)),
    (_RP, Variant("Gene", "male", "adult", 44)),
    (_RP, Variant("steph", "female", "adult", 58)),
    (_MIDLANDS, Variant("m2", "male", "adult", 62)),
    (_US, Variant("belinda", "female", "adult", 30)),
    (_GB, Variant("robert", "male", "adult", 54)),
    (_MIDLANDS, Variant("f2", "female", "adult", 34)),
    (_CARIBBEAN, Variant("m6", "male", "adult", 40)),
    (_CARIBBEAN, Variant("f4", "female", "adult", 56)),
    (_SCOTLAND, Variant("m8", "male", "adult", 66)),
    (_LANCASTER, Variant("Alicia", "female", "adult", 30)),
    (_LANCASTER, Variant("john", "male", "adult", 56)),
    (_CARIBBEAN, Variant("Andrea", "female", "adult", 32)),
    (_GB, Variant("max", "male", "adult", 58)),
    (_US, Variant("f5", "female", "young", 66)),
    (_US, Variant("m3", "male", "young", 72)),
    (_RP, Variant("Alicia", "female", "young", 70)),
    (_GB, Variant("Nguyen", "male", "young", 66)),
    (_GB, Variant("Andrea", "female", "young", 68)),
    (_RP, Variant("m7", "male", "young", 64)),
    (_SCOTLAND, Variant("f2", "female", "young", 60)),
    (_SCOTLAND, Variant("Gene2", "male", "young", 76)),
    (_RP, Variant("f3", "female", "young", 68)),
    (_LANCASTER, Variant("pablo", "male", "young", 76)),
    (_US, Variant("grandma", "female", "old", 36)),
    (_US, Variant("grandpa", "male", "old", 42)),
    (_RP, Variant("steph", "female", "old", 14)),
    (_RP, Variant("m8", "male", "old", 22)),
    (_GB, Variant("aunty", "female", "old", 28)),
    (_GB, Variant("m6", "male", "old", 60)),
    (_SCOTLAND, Variant("f1", "female", "old", 16)),
    (_SCOTLAND, Variant("m1", "male", "old", 26)),
    (_LANCASTER, Variant("grandma", "female", "old", 14)),
    (_LANCASTER, Variant("grandpa", "male", "old", 64)),
    (_US, Variant("f5", "female", "child", 84)),
    (_US, Variant("f4", "male", "child", 84)),
    (_RP, Variant("Alicia", "female", "child", 74)),
    (_RP, Variant("zac", "male", "child", 30)),
    (_GB, Variant("Annie", "female", "child", 78)),
    (_GB, Variant("shelby", "male", "child", 82)),
)

_ELSEWHERE = (
    Variant("f2", "female", "adult", 50),
    Variant("m3", "male", "adult", 50),
    Variant("Alicia", "female", "adult", 52),
    Variant("m8", "male", "adult", 36),
    Variant("steph", "female", "adult", 30),
    Variant("m7", "male", "adult", 72),
    Variant("f4", "female", "adult", 30),
    Variant("m4", "male", "adult", 28),
    Variant("f3", "female", "adult", 60),
    Variant("m5", "male", "adult", 68),
    Variant("f5", "female", "young", 66),
    Variant("pablo", "male", "young", 76),
    Variant("grandma", "female", "old", 36),
    Variant("grandpa", "male", "old", 42),
    Variant("Annie", "female", "child", 78),
    Variant("shelby", "male", "child", 82),
)


class Voice(NamedTuple):
    """A voice of the table: its card, the language it speaks, and the variant it speaks it with."""

    card: VoiceCard
    language: Language
    variant: Variant

    @property
    def identifier(self) -> str:
        """What `espeak_SetVoiceByName` is given."""
        return f"{self.language.identifier}+{self.variant.name}"

    @property
    def tempo(self) -> float:
        """How much faster than its rate says the voice speaks."""
        return _TEMPO.get(self.variant.name, 1.0)

    @property
    def whisper(self) -> str:
        """The same voice whispering, as near as the library has it."""
        return f"{self.language.identifier}+{'whisperf' if self.variant.gender == 'female' else 'whisper'}"


def _voice(language: Language, variant: Variant) -> Voice:
    age = "" if variant.age == "adult" else f"-{variant.age}"
    rate = round(_RATE[variant.age] / _TEMPO.get(variant.name, 1.0))
    card = VoiceCard(
        id=f"{language.tag}+{variant.name}{age}".lower(),
        name=f"{language.name}, {variant.name}{age}",
        language=language.tag,
        gender=variant.gender,
        age=variant.age,
        settings={"rate": rate, "pitch": variant.pitch, "range": _RANGE[variant.age]},
    )
    return Voice(card, language, variant)


def _table() -> Iterator[Voice]:
    for language, variant in _ENGLISH:
        yield _voice(language, variant)
    for language in LANGUAGES[7:]:
        for variant in _ELSEWHERE:
            yield _voice(language, variant)


VOICES = {voice.card.id: voice for voice in _table()}
"""Every voice, by its id, in order of preference."""
