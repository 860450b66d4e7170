"""Times as captions write them."""


def stamp(seconds: float, point: str) -> str:
    """`seconds` as hours, minutes, seconds and milliseconds: 01:02:03.450, with `point` before the milliseconds."""
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{milliseconds // 1000:02}{point}{milliseconds % 1000:03}"


def short(seconds: float) -> str:
    """`seconds` as people write them: 0:07, 12:30, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
