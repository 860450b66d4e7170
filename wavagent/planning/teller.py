"""The teller: whether a story is told by somebody in it, and by whom."""

from collections import Counter
from collections.abc import Container

from wavagent.planning.turn import Scenery

_FIRST = 0.008
"""The share of "I" among the words of narration from which on a story is told by somebody in it."""
_FEWEST = 300
"""Words of narration that are taken as a whole story; in fewer, a single "I" would be a large share."""
_CALLED = 2


def told_by_somebody(scenery: Scenery) -> bool:
    """Whether the narrator says "I", and so is somebody in the story."""
    first = scenery.tokens.lexicon.first_person
    subjects = {word for word in first if word in _SUBJECTS}
    words = [at for paragraph in range(len(scenery.parts)) for words in scenery.narration(paragraph) for at in words]
    return sum(scenery.tokens.words[at] in subjects for at in words) > _FIRST * max(_FEWEST, len(words))


def teller_of(scenery: Scenery, people: Container[int]) -> int | None:
    """The index in the cast of who tells the story: others call them by name, and they hardly ever do.

    `people` are those whose names are surely people's. None where nobody in it tells the story, or nobody stands out.
    """
    if not told_by_somebody(scenery):
        return None
    called = Counter(person for turn in scenery.turns() for person in turn.called)
    told = Counter(
        mention.people[0]
        for paragraph in range(len(scenery.parts))
        for words in scenery.narration(paragraph)
        for mention in scenery.mentions_in(words)
    )
    likely = [
        person
        for person, times in called.items()
        if person in people and times >= _CALLED and 2 * told[person] <= times
    ]
    return max(likely, key=lambda person: (called[person] - told[person], -person), default=None)


_SUBJECTS = frozenset({"I", "je", "Je", "j", "J", "ich", "Ich", "yo", "Yo", "я", "Я"})
