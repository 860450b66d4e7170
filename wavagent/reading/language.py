"""Which language a text is in: by its script, then by the letters or the small words that only one language has."""

import re
from collections import Counter

_SAMPLE = 20_000
_SCRIPTS = {
    "Latin": r"a-zA-ZÀ-ÖØ-öø-ɏḀ-ỿ",
    "Cyrillic": r"Ѐ-ӿ",
    "Han": r"㐀-鿿",
    "Kana": r"぀-ヿ",
    "Hangul": r"가-힯",
    "Arabic": r"؀-ۿ",
    "el": r"Ͱ-Ͽἀ-῿",
    "he": r"֐-׿",
    "hi": r"ऀ-ॿ",
    "bn": r"ঀ-৿",
    "ta": r"஀-௿",
    "te": r"ఀ-౿",
    "th": r"฀-๿",
    "ka": r"Ⴀ-ჿ",
    "hy": r"԰-֏",
    "am": r"ሀ-፿",
}
_CLASSES = {name: re.compile(f"[{letters}]") for name, letters in _SCRIPTS.items()}
_WORDS = {
    "en": "the and of to a in was he that it his her with had i you for she as not at but said they which is",
    "fr": "le la les de des et un une il elle que qui dans en du pas ne je vous est était à au sur se dit avec ce",
    "de": "der die das und ich er sie es nicht ein eine zu den mit war dem sich auf ist von aber wie hatte so daß",
    "es": "el la los las de y que en un una no se con su por lo le del era había como al más dijo pero es para",
    "it": "il lo la gli le di e che un una non si con era per del della in come è aveva ma più disse al nel i",
    "pt": "o a os as de e que um uma não se com do da em para era por como mais disse mas ao no na seu lhe foi",
    "nl": "de het een en van in dat hij ik zijn niet was te met op zij ze voor had aan er maar is naar zei hem",
    "sv": "och att det en i jag som han på hon inte var är för med den av sig till hade men sade om så ett",
    "da": "og at det en i jeg som han på hun ikke var er for med den af sig til havde men sagde om så et",
    "no": "og å det en i jeg som han på hun ikke var er for med den av seg til hadde men sa om så et",
    "fi": "ja on ei se hän oli että en niin mutta kun minä hänen sitä kuin myös ovat jos joka sanoi mitä",
    "pl": "i w nie się na z że do to jest jak ale był go co po tak za jego od o by ja ten pan",
    "cs": "a se v na je že to s z do jsem by ale jako byl za tak co si pan ho když by jeho",
    "sk": "a sa v na je že to s z do som by ale ako bol za tak čo si pán ho keď jeho",
    "hu": "a az és nem hogy is egy meg de volt ez mint csak már ki mondta ő aki van úgy",
    "ro": "și în de a nu să cu că o la un pe din se era mai care ce lui au fost el",
    "tr": "ve bir bu da de o ne için gibi çok ama ben dedi değil daha sonra kadar var ile mi",
    "ca": "el la els les de i que en un una no es amb per va del com més però al era seva seu",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada ia saya ke ada dia mereka juga",
    "vi": "và của là không có một cho được với người anh đã trong này những tôi ông nhà đến",
    "eo": "la kaj de en li ne ke al estas mi kiu por sed tio ŝi kun sur oni estis diris",
    "la": "et in est non ad cum ut sed qui quod ex ab si nec per atque erat hoc quae",
}
_STOP = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_CYRILLIC = (("uk", "іїєґ"), ("be", "ў"), ("sr", "ђјљњћџ"), ("mk", "ѓќѕ"), ("ru", "ыэё"))
_ARABIC = (("ur", "ٹڈڑےں"), ("fa", "پچژگ"))
_TOKEN = re.compile(r"[^\W\d_]+")


def language(text: str) -> str | None:
    """The BCP 47 primary tag of the language of `text`, or None when it does not show.

    Certain for languages with a script of their own; for the 22 that share the Latin one, it needs about twenty words.
    """
    middle = max(0, len(text) // 2 - _SAMPLE // 2)
    sample = text[:_SAMPLE] + text[max(_SAMPLE, middle) : max(_SAMPLE, middle) + _SAMPLE]
    counts = Counter({name: len(letters.findall(sample)) for name, letters in _CLASSES.items()})
    script, most = counts.most_common(1)[0]
    if most == 0:
        return None
    if script in ("Han", "Kana"):
        return "ja" if counts["Kana"] > 0.05 * counts["Han"] else "zh"
    if script == "Latin":
        return _latin(sample)
    if script == "Cyrillic":
        return _by_letters(sample, _CYRILLIC, "bg" if "ъ" in sample else "ru")
    if script == "Arabic":
        return _by_letters(sample, _ARABIC, "ar")
    return "ko" if script == "Hangul" else script


def _by_letters(sample: str, marks: tuple[tuple[str, str], ...], otherwise: str) -> str:
    """The language whose own letters occur most; they are a fiftieth of its text or more, so a loan is no matter."""
    lower = sample.lower()
    counts = {tag: sum(lower.count(letter) for letter in letters) for tag, letters in marks}
    best = max(counts, key=lambda tag: counts[tag])
    return best if counts[best] * 400 > len(lower) else otherwise


def _latin(sample: str) -> str | None:
    tokens = Counter(_TOKEN.findall(sample.lower()))
    total = sum(tokens.values())
    scores = {tag: sum(tokens[word] for word in words) for tag, words in _STOP.items()}
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] >= 2 and scores[best] > 0.08 * total else None
