"""OpenTimelineIO (https://opentimelineio.readthedocs.io): the mix as tracks of clips, for editors that read it.

Written as the JSON that its file format is; the schemas are those of OTIO 0.15 to 0.18. All times are frames of the
mix. A track holds one clip at a time, so what overlaps is on a second one; a loop is its clip, again and again.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from pydantic import JsonValue

from wavagent.export.place import write_text
from wavagent.export.session import Take, apart, repeats, session
from wavagent.programme import Mark, Programme
from wavagent.text import one_line, shown

Schema = dict[str, JsonValue]


def write(programme: Programme, path: Path) -> None:
    """Write `programme` to `path`, and its clips to a folder beside it. Raises OutputError."""
    rate = programme.rate
    rows: list[JsonValue] = [
        _track(track.name if not number else f"{track.name} {number + 1}", row, rate)
        for track in session(programme, path)
        for number, row in enumerate(apart(track.takes))
    ]
    stack = _schema(
        "Stack.1",
        "tracks",
        children=rows,
        source_range=None,
        effects=[],
        markers=[_marker(mark, rate) for mark in programme.chapters],
        enabled=True,
    )
    timeline = _schema("Timeline.1", one_line(programme.tags.title), global_start_time=None, tracks=stack)
    write_text(path, json.dumps(timeline, ensure_ascii=False, indent=1) + "\n")


def _schema(schema: str, name: str, **fields: JsonValue) -> Schema:
    return {"OTIO_SCHEMA": schema, "metadata": {}, "name": name, **fields}


def _track(name: str, takes: list[Take], rate: int) -> Schema:
    return _schema(
        "Track.1",
        name,
        children=list(_children(takes, rate)),
        source_range=None,
        effects=[],
        markers=[],
        enabled=True,
        kind="Audio",
    )


def _children(takes: list[Take], rate: int) -> Iterator[Schema]:
    at = 0
    for take in takes:
        if take.placed.start > at:
            yield _gap(take.placed.start - at, rate)
            at = take.placed.start
        for start, stop in repeats(take):
            yield _clip(take, start, stop, rate)
            at += stop - start


def _gap(frames: int, rate: int) -> Schema:
    return _schema("Gap.1", "", source_range=_range(0, frames, rate), effects=[], markers=[], enabled=True)


def _clip(take: Take, start: int, stop: int, rate: int) -> Schema:
    cue = take.placed.cue
    media = _schema(
        "ExternalReference.1",
        "",
        available_range=_range(0, take.frames, rate),
        available_image_bounds=None,
        target_url=quote(take.file),
    )
    clip = _schema(
        "Clip.2",
        shown(cue.text) or cue.id,
        source_range=_range(start, stop - start, rate),
        effects=[],
        markers=[],
        enabled=True,
        media_references={"DEFAULT_MEDIA": media},
        active_media_reference_key="DEFAULT_MEDIA",
    )
    said: Schema = {
        "cue": cue.id,
        "text": one_line(cue.text),
        "role": cue.role,
        "speaker": cue.speaker,
        "scene": cue.scene,
        "space": cue.space,
        "gain_db": take.gain,
        "pan": cue.pan,
        "fade_in_seconds": take.fade_in,
        "fade_out_seconds": take.fade_out,
    }
    return {**clip, "metadata": {"wavagent": said}}


def _marker(mark: Mark, rate: int) -> Schema:
    start = round(mark.start * rate)
    return _schema(
        "Marker.2",
        one_line(mark.title),
        color="GREEN",
        comment="",
        marked_range=_range(start, round(mark.end * rate) - start, rate),
    )


def _range(start: int, frames: int, rate: int) -> Schema:
    return {"OTIO_SCHEMA": "TimeRange.1", "duration": _time(frames, rate), "start_time": _time(start, rate)}


def _time(frames: int, rate: int) -> Schema:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}
