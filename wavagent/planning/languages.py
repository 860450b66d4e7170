"""Languages by name, and their names."""

LANGUAGES = {
    name: tag
    for tag, names in {
        "ar": "arabic", "bn": "bengali", "ca": "catalan", "cs": "czech", "cy": "welsh", "da": "danish",
        "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "fa": "persian farsi",
        "fi": "finnish", "fr": "french", "he": "hebrew", "hi": "hindi", "hu": "hungarian", "id": "indonesian",
        "it": "italian", "ja": "japanese", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "nl": "dutch",
        "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sk": "slovak",
        "sl": "slovenian", "sv": "swedish", "sw": "swahili", "ta": "tamil", "te": "telugu", "th": "thai",
        "tr": "turkish", "uk": "ukrainian", "ur": "urdu", "vi": "vietnamese", "zh": "chinese mandarin",
    }.items()
    for name in names.split()
}  # fmt: skip
"""Languages by their English names, as BCP 47 has them."""

_NAMES = {tag: name.title() for name, tag in reversed(LANGUAGES.items())}


def named(tag: str) -> str:
    """A language as people call it: "French", "Portuguese (pt-BR)"; one without a name here is "the language 'xx'"."""
    name = _NAMES.get(tag.partition("-")[0].lower())
    if name is None:
        return f"the language '{tag}'"
    return f"{name} ({tag})" if "-" in tag else name
