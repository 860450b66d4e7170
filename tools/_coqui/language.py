"""Languages as a script names them (BCP 47), and as a model does."""

from collections.abc import Iterable


def nearest(language: str, known: Iterable[str]) -> str | None:
    """Which of `known` is `language`: `zh-cn` for zh-TW, `fr-fr` for fr, `en` for en-GB. None: it is none of them."""
    wanted = _plain(language)
    tags = {_plain(tag): tag for tag in known}
    if wanted in tags:
        return tags[wanted]
    return next((tag for plain, tag in tags.items() if _primary(plain) == _primary(wanted)), None)


def _plain(tag: str) -> str:
    return tag.strip().lower().replace("_", "-")


def _primary(tag: str) -> str:
    return tag.partition("-")[0]
