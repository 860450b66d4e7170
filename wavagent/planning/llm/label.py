"""Labels: who says a line, and how, as a model tells it; held against what the rules know."""

from wavagent.planning.llm.wire import Pace, Share, Wire, Word
from wavagent.script import NARRATOR, Delivery, Speech

EXPLICIT = 0.95
"""The rules' confidence from which on a line's speaker stands in the text: "said Mary"."""
DISPUTED = 0.45
"""The confidence of a line of which rules and model say different things: it is marked for review."""
LIKELY = 0.5
"""A model's confidence below which the narrator speaks."""
_MOST = 0.9
"""A model's word alone is never surer than that."""
_UNSAID = frozenset({"narration", "heading"})


class Label(Wire):
    """What a model says of one line."""

    id: str
    who: str
    confidence: Share = 0.5
    emotion: Word = ""
    intensity: Share = 0.5
    pace: Pace = 1.0


def is_open(line: Speech) -> bool:
    """Whether it can be asked who says a line: narration and headings are the narrator's."""
    return line.mode not in _UNSAID


def is_explicit(line: Speech) -> bool:
    """Whether the text itself says who says a line."""
    named = line.who != NARRATOR or line.evidence.startswith("tag")
    return named and line.confidence >= EXPLICIT


def settled(line: Speech, label: Label, who: str) -> Speech:
    """`line` with what `label` says of it, whose speaker is the character `who`."""
    line = line.model_copy(update={"delivery": _delivery(line.delivery, label)})
    if who == line.who:
        sure = line.confidence if who == NARRATOR else max(line.confidence, min(_MOST, label.confidence))
        return line.model_copy(update={"confidence": sure})
    if is_explicit(line):
        return _disputed(line, who, line.who)
    if who == NARRATOR:  # the model knows nobody; the rules do
        return line
    if line.who != NARRATOR:
        return _disputed(line, who, who if label.confidence >= _MOST else line.who)
    if label.confidence < LIKELY:
        return line.model_copy(update={"evidence": f"{line.evidence}; the model guesses '{who}'"})
    confidence = round(min(_MOST, label.confidence), 3)
    return line.model_copy(update={"who": who, "confidence": confidence, "evidence": "the model's reading"})


def _disputed(line: Speech, model: str, kept: str) -> Speech:
    evidence = f"{line.evidence or 'the rules'} ('{line.who}'), but the model says '{model}'"
    return line.model_copy(update={"who": kept, "confidence": DISPUTED, "evidence": evidence})


def _delivery(told: Delivery, label: Label) -> Delivery:
    """How a line is said: what its tag tells goes before what the model feels."""
    if told != Delivery():
        return told
    emotion = label.emotion.lower() if _plain(label.emotion) else ""
    return Delivery(emotion=emotion, intensity=label.intensity, pace=label.pace) if emotion else told


def _plain(emotion: str) -> bool:
    """Whether it is a word or two, and nothing that a voice could take for text or markup."""
    return len(emotion) <= 30 and all(letter.isalpha() or letter in " -" for letter in emotion)
