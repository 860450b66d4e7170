"""Delivery: how a line is said, as the tag beside it tells."""

from collections.abc import Iterator, Mapping, Sequence

from wavagent.script import Delivery


def _ways(emotion: str, intensity: float, pace: float, words: str) -> Iterator[tuple[str, Delivery]]:
    for word in words.split():
        yield word, Delivery(emotion=emotion, intensity=intensity, pace=pace, note=word)


WAYS: Mapping[str, Delivery] = dict(
    [
        *_ways("whispering", 0.3, 0.95, "whispered whispers whisper breathed hissed"),
        *_ways("whispering", 0.35, 0.95, "murmured muttered mumbled softly quietly gently faintly murmurs"),
        *_ways(
            "shouting",
            0.9,
            1.05,
            "shouted yelled roared bellowed screamed shrieked howled bawled thundered loudly shouts",
        ),
        *_ways(
            "excited",
            0.75,
            1.05,
            "cried exclaimed ejaculated gasped eagerly excitedly breathlessly hurriedly hastily cries",
        ),
        *_ways(
            "angry",
            0.8,
            1.05,
            "growled snarled snapped stormed fumed raged angrily fiercely furiously savagely indignantly hotly "
            "roughly harshly sharply barked",
        ),
        *_ways(
            "sad",
            0.6,
            0.9,
            "sobbed wailed moaned groaned sighed whimpered lamented sadly mournfully bitterly sorrowfully "
            "gloomily wept miserably wearily tearfully wistfully",
        ),
        *_ways(
            "afraid", 0.65, 1.05, "stammered faltered quavered trembled nervously fearfully anxiously timidly stuttered"
        ),
        *_ways(
            "cheerful",
            0.6,
            1.05,
            "laughed chuckled giggled grinned smiled beamed cheerfully merrily gaily brightly happily lightly "
            "briskly joyfully jovially playfully",
        ),
        *_ways("tender", 0.45, 0.95, "tenderly kindly lovingly fondly affectionately soothingly coaxed"),
        *_ways("cold", 0.5, 0.95, "coldly drily dryly stiffly coolly sternly severely gravely solemnly grimly icily"),
        *_ways("begging", 0.7, 1.0, "begged pleaded implored entreated beseeched"),
        *_ways("calm", 0.4, 0.95, "calmly placidly serenely composedly slowly thoughtfully"),
    ]
)
"""The verbs of a tag, and the adverbs in it, that tell how a line is said."""

_PLAIN = Delivery()


def delivery_of(words: Sequence[str]) -> Delivery:
    """How a line is said whose tag has these words, in lower case; an adverb tells more than a verb."""
    told = [WAYS[word] for word in words if word in WAYS]
    adverb = next((WAYS[word] for word in words if word in WAYS and word.endswith("ly")), None)
    return adverb or (told[0] if told else _PLAIN)
