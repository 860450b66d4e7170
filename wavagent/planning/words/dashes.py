"""How the narrator breaks into a speech that a dash opens, by language, as patterns that run once over the text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Insertion:
    """`begins` matches where the narrator breaks in, `ends` where the speaker goes on.

    A sentence that matches `told`, and not `spoken`, is the narrator's. `by_dash`: a dash opens and closes what the
    narrator puts in; elsewhere only its verb shows it.
    """

    begins: re.Pattern[str]
    ends: re.Pattern[str]
    told: re.Pattern[str]
    spoken: re.Pattern[str]
    by_dash: bool


def _any(words: str) -> str:
    """A pattern of any of these words."""
    return "|".join(words.split())


_FRENCH_SAYING = _any(
    "dit disait disaient dirent fit firent faisait répondit répondait répondirent répond demanda demandait "
    "demandèrent reprit reprenait reprirent répliqua riposta ajouta ajoutait cria criait crièrent écria écriait "
    "écrièrent exclama exclamait murmura murmurait murmurèrent pensa pensait songea songeait continua continuait "
    "continuèrent poursuivit poursuivait répéta répétait répétèrent interrompit observa objecta balbutia bégaya "
    "soupira gémit gronda grommela grogna hurla chuchota souffla déclara déclarait affirma annonça assura avoua "
    "conclut commença commanda ordonna insista expliqua s'informa remarqua protesta proposa prononça promit "
    "supplia ricana rugit vociféra sanglota pleura lança jeta glissa acheva articula hasarda insinua interrogea "
    "questionna rectifia réfléchit rétorqua repartit risqua salua susurra susurraient tonna trancha raconta "
    "exclamèrent approuva appela appelait avança confirma consentit concéda dit-on intervint maugréa marmotta "
    "marmonna nota opina plaisanta pria recommença reconnut remercia renchérit répartit s'étonna étonna sourit "
    "rit suggéra témoigna termina accorda admit adjura"
)
_FRENCH_MINE = _any(
    "dis disais répondis repris demandai répliquai ajoutai criai écriai murmurai pensai pensais continuai fis songeai"
)
_FRENCH_CLITICS = r"(?:(?:lui|leur|me|nous|vous|se|te|en|y)\s|[msl]['’])"
_FRENCH_SUBJECTS = _any(
    "le la les un une son sa ses mon ma notre ce cet cette des plusieurs du de à en avec tout don doña maître monsieur "
    "madame mademoiselle celui celle celui-ci celle-ci tante oncle père mère doucement vivement tristement sèchement "
    "tranquillement froidement gaiement aussi encore alors enfin lentement brusquement simplement gravement vite "
    "violemment timidement"
)
_FRENCH_MANNER = (
    r"en|avec|d['’]une?|sans|non\ssans|quand|tandis|pendant|qui\s(?:\w['’])?\w+ait|les\s(?:yeux|mains|bras|dents)"
    r"|la\s(?:voix|main|tête)"
)
_FRENCH_SPEAKERS = (
    r"[Jj]e|[Tt]u|[Vv]ous|[Mm]oi|[Tt]oi|[Vv]otre|[Vv]os|[Mm]es|[Mm]on|[Mm]a|[Tt]on|[Tt]a|[Tt]es|[Nn]ous|[Nn]otre|est|sont"
    r"|ai|suis|c['’]est"
)
_FRENCH = Insertion(
    begins=re.compile(
        rf"(?<=[,!?….»;\]])\s+{_FRENCH_CLITICS}{{0,2}}(?:(?:{_FRENCH_MINE})-je\b"
        rf"|(?:{_FRENCH_SAYING})(?:-t)?(?:-(?:ils?|elles?|on|je|nous|ce)\b|(?=\s+(?:[A-ZÉÈÀ]|[ld]['’]|(?:{_FRENCH_SUBJECTS})\s)))"
        rf"|\w{{3,21}}(?<!r)a-t-(?:il|elle|on)\b|\w{{2,20}}(?:it|ut)-(?:il|elle|on)\b)",
    ),
    ends=re.compile(rf"[,;:](?!\s*(?:{_FRENCH_MANNER})\s)|(?<!\bM)(?<!\bMM)[.!?…]+"),
    told=re.compile(
        r"\b(?:[Ii]ls?|[Ee]lles?|[Oo]n|[A-ZÉ]\w+|(?:[Ll]e|[Ll]a|[Ll]es|[Uu]ne?|[Ss]on|[Ss]a|[Ss]es)(?:\s\w+){1,3}"
        r"|[Ll]['’]\w+|[Qq]ui)\s(?:(?:ne|se|lui|leur|la|le|les|en|y)\s|[nsly]['’])*"
        r"(?:\w{3,}(?:aient|ait)|\w*(?:[^e\W]it|ut|int|[^rl\W]a)|\w{3,}[rl]a|était|avait)\b"
        r"|\b(?![Cc]ela\b|[Vv]oil)\w{3,}(?:[^r\W]a|èrent|irent|urent|inrent)\b|\b[CcS]['’]était\b|\b[Ii]l y avait\b"
    ),
    spoken=re.compile(rf"\b(?:{_FRENCH_SPEAKERS})\b|,\s(?:monsieur|madame|mademoiselle)\b|\b[JjMmTt]['’]|-moi\b|[!?]"),
    by_dash=False,
)
_SPANISH = Insertion(
    begins=re.compile(r"(?:[—–―]|--)\s?(?=[a-záéíóúñ])"),
    ends=re.compile(r"(?:[—–―]|--)"),
    told=re.compile(r"(?!)"),
    spoken=re.compile(r"(?!)"),
    by_dash=True,
)
_RUSSIAN_PAST = r"[а-яё]{2,}(?:л|ла|ло|ли|лся|лась|лось|лись)\b"
_RUSSIAN = Insertion(
    begins=re.compile(
        rf"(?<=[,.!?…])\s*(?:[—–―]|-(?=\s))\s+(?:(?:[а-яё]+,?\s+){{0,6}}?{_RUSSIAN_PAST}|"
        rf"[А-ЯЁ][а-яё]+\s+(?:[а-яё]+\s+)?{_RUSSIAN_PAST}|(?:говорит|отвечает|спрашивает|думает|шепчет|кричит)\b)"
    ),
    ends=re.compile(r"(?<=[,.:;!?…])\s*(?:[—–―]|-(?=\s))\s"),
    told=re.compile(r"(?!)"),
    spoken=re.compile(r"(?!)"),
    by_dash=True,
)
_ENGLISH_SAYING = _any(
    "said says asked answered cried replied repeated continued began added exclaimed murmured muttered whispered "
    "shouted called remarked observed returned laughed sighed"
)
_ENGLISH = Insertion(
    begins=re.compile(
        rf"(?<=[,.!?])\s+(?:(?:he|she|I|they|[A-Z]\w+(?:\s[A-Z]\w+)?|[Tt]he\s\w+(?:\s\w+)?)\s(?:{_ENGLISH_SAYING})\b|"
        rf"(?:{_ENGLISH_SAYING})\s(?:he|she|I|they|[A-Z]\w+|the\s)\b)"
    ),
    ends=re.compile(r"[,;:](?=\s+[\w“‘]+(?!ing\b))|(?<!\bMr)(?<!\bMrs)[.!?]"),
    told=re.compile(r"\b(?:[Hh]e|[Ss]he|[Tt]hey|[A-Z]\w+)\s\w+(?:ed|ew|ood|ook|old)\b"),
    spoken=re.compile(r"\b(?:I|you|your|my|me|we|us|our|am|are|is|do|will|can|shall)\b|[!?]"),
    by_dash=False,
)
INSERTIONS: Mapping[str, Insertion] = {
    "en": _ENGLISH,
    "fr": _FRENCH,
    **dict.fromkeys(("es", "pt", "it", "pl"), _SPANISH),
    **dict.fromkeys(("ru", "uk"), _RUSSIAN),
}
OPENING = re.compile(r"[ \t\u3000]*(?:[—–―]|--|-(?=\s))[ \t\u00a0]*(?=\S)")
"""The dash with which a paragraph of direct speech starts."""

INLINE = re.compile(r"(?:(?<=[.!?…:\]])|(?<=»)(?=\s+\S+\s?«))\s+(?:[—–―]|--)\s?(?=[«“\"]?\s?[A-ZÀ-ÞА-ЯЁ¡¿])")
"""A dash inside a paragraph with which somebody else starts to speak."""
