"""Pauses between lines, where the script does not say: a reader's breath, a paragraph, a change of voice, a scene."""

from collections.abc import Iterator

from wavagent.passes.draft import Draft
from wavagent.script import Element, Pause, Scene, Script, Speech

SENTENCE = 0.25
PARAGRAPH = 0.5
SPEAKER = 0.35
HEADING = 1.2
SCENE = 1.5
WITHIN = 0.12
"""Seconds. WITHIN parts a quotation from the narrator's "she said": one breath, two voices."""


def pacing(draft: Draft) -> Draft:
    """`draft` with `pause_before` on every line."""
    before: Speech | Pause | None = None
    scenes = []
    for scene in draft.script.scenes:
        paced = tuple(_paced(scene, before))
        scenes.append(scene.model_copy(update={"elements": paced}))
        before = next((e for e in reversed(paced) if isinstance(e, Speech | Pause)), before)
    return draft.with_script(Script.model_copy(draft.script, update={"scenes": tuple(scenes)}))


def _paced(scene: Scene, before: Speech | Pause | None) -> Iterator[Element]:
    first = True
    for element in scene.elements:
        if isinstance(element, Speech):
            if element.pause_before is None:
                element = element.model_copy(update={"pause_before": _pause(before, element, first)})
            before, first = element, False
        elif isinstance(element, Pause):
            before, first = element, False
        yield element


def _pause(before: Speech | Pause | None, line: Speech, opens: bool) -> float:
    if before is None or isinstance(before, Pause) or before.pause_after is not None:
        return 0.0  # the silence is already there
    if opens:
        return SCENE
    if "heading" in (before.mode, line.mode):
        return HEADING
    if "\n" in before.text[len(before.text.rstrip()) :]:
        return PARAGRAPH
    if before.who != line.who:
        return SPEAKER if ends_sentence(before) else WITHIN
    return SENTENCE


def ends_sentence(line: Speech) -> bool:
    """Whether a line ends a sentence, closing marks left aside."""
    return line.text.rstrip(" \n\t\"'”’»“)]").endswith((".", "!", "?", "…", "。", "！", "？"))
