"""Settings: where a scene takes place, and so in what space its voices sound."""

import re
from collections import Counter
from collections.abc import Mapping

from wavagent.script import Space

_PLACES: Mapping[Space, str] = {
    "room": "room parlour parlor kitchen bedroom bedchamber drawing-room sitting-room dining-room study library "
    "office cabin chamber apartment apartments lodge bar-room shop tool-shed hut cottage flat studio lounge "
    "nursery schoolroom salon",
    "small_room": "closet cell cupboard pantry compartment coach-interior garret attic hansom",
    "hall": "hall ballroom ball-room theatre theater courtroom vestibule palace station gallery",
    "church": "church cathedral chapel abbey minster",
    "outdoors": "garden field fields lawn moor moors hill hills beach shore deck desert meadow orchard plain prairie "
    "mountain mountains park river lake island farm courtyard terrace heath cliff yard graveyard churchyard",
    "forest": "forest wood woods jungle grove thicket",
    "cave": "cave cavern vault vaults catacombs crypt dungeon grotto cellar cellars",
    "street": "street streets road lane square market pavement alley marketplace market-place highway",
    "tunnel": "tunnel mine passage",
}
_SPACE: Mapping[str, Space] = {word: space for space, places in _PLACES.items() for word in places.split()}
_PLACE = re.compile(
    r"\b(?:in|into|through|across|along|inside|within|entered|on|at|upon|down|up|over|round|reached|out into)\s+"
    r"(?:the|a|an|his|her|their|our|my|its|this|that)\s+(?=((?:[\w-]+\s+){0,2}[\w-]+))",
    re.IGNORECASE,
)
_ENOUGH = 2


def setting_of(text: str) -> tuple[Space, str]:
    """The space of a scene and the word for its place; dry and "" where the text does not settle it."""
    phrases = (match[1].lower().split() for match in _PLACE.finditer(text))
    places = [place for phrase in phrases if (place := next((word for word in phrase if word in _SPACE), ""))]
    if not places:
        return "dry", ""
    spaces = Counter(_SPACE[word] for word in places)
    (space, most), *rest = spaces.most_common(2)
    if most < _ENOUGH or (rest and most < 1.5 * rest[0][1]):
        return "dry", ""
    return space, Counter(word for word in places if _SPACE[word] == space).most_common(1)[0][0]
