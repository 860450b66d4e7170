"""What lies beside the lines of a scene: music where it opens and closes, the sounds it names."""

from collections.abc import Iterable, Iterator, Sequence

from wavagent.planning.cues import Named, named
from wavagent.planning.mood import Mood
from wavagent.script import Ambience, Anchor, Element, Music, Scene, Sound, Speech

_OPENING = 20.0
"""Seconds of the music that opens a scene: it leads in and leaves."""
_CLOSING = 14.0
_UNDER_LAST = 3.0
"""Seconds for which the closing music already lies under the last words."""
_LANGUAGES = frozenset({"en"})
"""Languages whose words for sounds are known."""


def opening(number: int, mood: Mood) -> tuple[Music, ...]:
    """The music with which scene `number` begins."""
    return (Music(id=f"music-{number}", what=mood.music, seconds=_OPENING, fade_in=0.5, fade_out=6.0),)


def closing(scene: Scene) -> Scene:
    """The last scene with music that begins under its last words and ends the story."""
    last = next((element for element in reversed(scene.elements) if isinstance(element, Speech)), None)
    music = next((element for element in scene.elements if isinstance(element, Music)), None)
    if last is None:
        return scene
    start = Anchor(element=last.id, edge="end", offset=-_UNDER_LAST)
    what = music.what if music else f"{scene.mood} piano, slow"
    end = Music(id="music-end", what=what, start=start, seconds=_CLOSING, fade_in=2.0, fade_out=5.0)
    return scene.model_copy(update={"elements": (*scene.elements, end)})


def heard(number: int, elements: Sequence[Element], language: str) -> Iterator[Element]:
    """The elements with the sounds that their narration names, each before its line and anchored to its word."""
    if language[:2] not in _LANGUAGES:
        yield from elements
        return
    told = [element for element in elements if isinstance(element, Speech) and element.mode == "narration"]
    sounds: dict[str, list[Named]] = {}
    for index, cue in named([line.text for line in told]):
        sounds.setdefault(told[index].id, []).append(cue)
    beds: set[str] = set()
    for element in elements:
        yield from _of_line(number, element.id, sounds.get(element.id, ()), beds)
        yield element


def _of_line(number: int, line: str, cues: Iterable[Named], beds: set[str]) -> Iterator[Element]:
    for cue in cues:
        anchor = Anchor(element=line, edge="word", word=cue.word)
        if not cue.noise.bed:
            id = line.replace("line", "sound") + f".{cue.word}"
            yield Sound(id=id, what=cue.noise.what, seconds=cue.noise.seconds, anchor=anchor)
        elif not beds:
            beds.add(cue.noise.what)
            yield Ambience(id=f"ambience-{number}", what=cue.noise.what, start=anchor, level="quiet")
