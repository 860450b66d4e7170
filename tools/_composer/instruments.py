"""The instruments: their General MIDI programs, ranges, and the envelopes they are played with.

The synthesizer plays a bank's samples without their envelopes: a harp would sustain like an organ. So each
instrument says how it begins, dies away and ends.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["lead", "pad", "figure", "bass"]
ROLES: tuple[Role, ...] = ("lead", "pad", "figure", "bass")
_LETTERS: dict[str, Role] = {"L": "lead", "P": "pad", "F": "figure", "B": "bass"}


@dataclass(frozen=True, slots=True)
class Instrument:
    """`low` to `high` is its comfortable range under speech; times are in seconds, `cutoff` in hertz.

    `decay` is how long middle C takes to fall by 60 dB, 0.0 for what sustains.
    """

    name: str
    program: int
    low: int
    high: int
    roles: tuple[Role, ...]
    attack: float
    decay: float
    release: float
    cutoff: float
    words: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it can carry a piece alone, as a piano can and a flute cannot."""
        return {"lead", "figure", "bass"} <= set(self.roles)


def _struck(name: str, program: int, low: int, high: int, roles: str, decay: float, *words: str) -> Instrument:
    return Instrument(name, program, low, high, _roles(roles), 0.002, decay, 0.25, 5000.0, _names(name, *words))


def _held(name: str, program: int, low: int, high: int, roles: str, attack: float, *words: str) -> Instrument:
    release = 0.12 + attack
    return Instrument(name, program, low, high, _roles(roles), attack, 0.0, release, 3600.0, _names(name, *words))


def _roles(letters: str) -> tuple[Role, ...]:
    return tuple(_LETTERS[letter] for letter in letters)


def _names(name: str, *words: str) -> tuple[str, ...]:
    return (name, f"{name}s", *words)


_ALL = (
    _struck("piano", 0, 33, 84, "LFB", 14.0, "pianoforte", "keyboard", "keys"),
    _struck("electric piano", 4, 36, 80, "LFB", 9.0, "rhodes", "wurlitzer"),
    _struck("harpsichord", 6, 36, 79, "LFB", 4.0, "clavichord", "virginal"),
    _struck("celesta", 8, 60, 88, "LF", 3.5, "celeste"),
    _struck("glockenspiel", 9, 67, 91, "LF", 4.0),
    _struck("music box", 10, 60, 86, "LF", 4.5, "musical box", "musicbox"),
    _struck("vibraphone", 11, 53, 82, "LF", 7.0, "vibes"),
    _struck("marimba", 12, 45, 79, "LFB", 1.2),
    _struck("xylophone", 13, 60, 84, "LF", 0.9),
    _struck("bells", 14, 55, 79, "LF", 9.0, "tubular bells", "church bells", "bell", "chimes"),
    _struck("dulcimer", 15, 50, 81, "LF", 4.0, "cimbalom", "zither", "psaltery"),
    _held("organ", 19, 36, 79, "LPFB", 0.05, "church organ", "pipe organ"),
    _held("accordion", 21, 48, 79, "LPF", 0.05, "concertina", "squeezebox", "bandoneon"),
    _held("harmonica", 22, 55, 79, "L", 0.04, "mouth organ"),
    _struck("guitar", 24, 40, 76, "LFB", 6.0, "nylon guitar", "classical guitar", "acoustic guitar"),
    _struck("lute", 24, 43, 76, "LFB", 4.5, "oud", "theorbo", "bouzouki", "mandolin", "ukulele"),
    _struck("steel guitar", 25, 40, 76, "LFB", 6.0, "steel string guitar", "folk guitar"),
    _struck("electric guitar", 27, 40, 76, "LFB", 6.0),
    _struck("double bass", 32, 28, 55, "B", 3.0, "upright bass", "acoustic bass", "contrabass", "bass"),
    _struck("electric bass", 33, 28, 55, "B", 4.0, "bass guitar"),
    _held("violin", 40, 57, 81, "L", 0.08),
    _held("fiddle", 40, 57, 81, "L", 0.03),
    _held("viola", 41, 50, 76, "L", 0.08),
    _held("cello", 42, 36, 67, "LB", 0.09, "celli", "violoncello"),
    _held("low strings", 43, 28, 60, "B", 0.10, "contrabasses", "basses"),
    _held("tremolo strings", 44, 43, 76, "PF", 0.12, "tremolo"),
    _struck("pizzicato", 45, 40, 79, "LFB", 0.8, "pizzicato strings", "plucked strings"),
    _struck("harp", 46, 36, 84, "LFB", 6.0, "lyre"),
    _struck("timpani", 47, 36, 55, "B", 2.5, "kettledrums"),
    _held("strings", 48, 36, 81, "LPFB", 0.15, "string", "string quartet", "string section"),
    _held("choir", 52, 48, 74, "P", 0.25, "voices", "chorus", "monks", "chant", "choral"),
    # Program 56, the trumpet itself, reads past its sample in symusic 0.5.8: a note is not twice the same.
    _held("trumpet", 61, 55, 77, "L", 0.04, "bugle", "cornet", "fanfare"),
    _struck("tuba", 58, 29, 55, "B", 3.0),
    _held("horn", 60, 43, 74, "LP", 0.07, "french horn", "horns"),
    _held("brass", 61, 41, 74, "LPF", 0.05, "brass band", "trombone"),
    _held("saxophone", 66, 48, 75, "L", 0.05, "sax"),
    _held("oboe", 68, 58, 79, "L", 0.05),
    _held("english horn", 69, 52, 74, "L", 0.06, "cor anglais"),
    _held("bassoon", 70, 36, 67, "LB", 0.05),
    _held("clarinet", 71, 52, 79, "L", 0.05),
    _held("flute", 73, 60, 81, "L", 0.06, "piccolo"),
    _held("recorder", 74, 60, 81, "L", 0.04, "whistle", "tin whistle", "penny whistle", "pan pipe", "pipes"),
    _held("shakuhachi", 77, 57, 79, "L", 0.08, "bamboo flute"),
    _held("ocarina", 79, 60, 79, "L", 0.05),
    _held("warm pad", 89, 43, 76, "P", 0.60, "pad", "synth", "synthesizer", "synth pad", "drone"),
    _held("bowed pad", 92, 43, 76, "P", 0.80, "glass harmonica"),
    _held("halo pad", 94, 43, 76, "P", 0.80),
    _held("sweep pad", 95, 43, 76, "P", 0.60),
    _struck("sitar", 104, 48, 76, "LF", 5.0),
    _struck("banjo", 105, 48, 76, "LF", 2.5),
    _struck("koto", 107, 48, 79, "LF", 4.0, "shamisen", "guzheng"),
    _struck("kalimba", 108, 55, 81, "LF", 2.5, "thumb piano", "mbira"),
    _held("bagpipe", 109, 57, 76, "L", 0.05, "bagpipes"),
)

INSTRUMENTS: dict[str, Instrument] = {instrument.name: instrument for instrument in _ALL}

BY_WORD: dict[str, Instrument] = {word: instrument for instrument in _ALL for word in instrument.words}
"""Every name an instrument goes by; several words are told apart by spaces."""
