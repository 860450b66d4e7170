"""The embedded speech tool: eSpeak NG, in a process of its own, with the time of every word.

Formant synthesis: not pretty, but some fifty languages, many voices, no weights, no network, and hundreds of
times faster than it is heard. What it makes depends on the request alone, to the bit (see `_espeak/engine.py`).
"""

import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np
from pydantic import Field

from wavagent.audio import Audio, Samples, Word
from wavagent.errors import Broken, Refused, ToolError, Unavailable
from wavagent.tool import Card, Licence, Request, Result, SpeechParams, Tool

from ._espeak import engine
from ._espeak import text as writing
from ._espeak.voices import LANGUAGES, NATURAL_RATE, VOICES, Voice

_VOLUME = 60
"""Of eSpeak's 100: the loudest voice stays clear of full scale."""

_QUIET = 0.01
"""Of a clip's peak (-40 dB): what lies under it before and after the speech is trimmed away."""

_LEAD, _TAIL = 0.004, 0.006
"""Seconds kept before the first and after the last sound: pauses are the mixer's."""

_BUSY = -getattr(signal, "SIGALRM", signal.SIGTERM)
"""Exit status of an utterance that went over its time."""

_INSTALL = "pip install 'espeakng-loader>=0.2.4,<0.3'"


class EspeakParams(SpeechParams):
    """What eSpeak NG takes beside the text and the voice; None: as the voice has it."""

    rate: int | None = Field(default=None, ge=80, le=450, description="words a minute at pace 1")
    pitch: int | None = Field(default=None, ge=0, le=99, description="sixths of a semitone; 50: the variant's own")
    range: int | None = Field(default=None, ge=0, le=99, description="0: monotone, 50: normal")
    volume: int = Field(default=_VOLUME, ge=0, le=100)
    word_gap: int = Field(default=0, ge=0, le=500, description="milliseconds between words, more than normal")


class Manner(NamedTuple):
    """What an emotion does to a voice at full intensity: factors, and steps of pitch."""

    rate: float = 1.0
    pitch: float = 0.0
    range: float = 1.0
    volume: float = 1.0

    def at(self, intensity: float) -> "Manner":
        """This manner, as much of it as `intensity` (0 to 1) says."""
        return Manner(*(rest + (full - rest) * intensity for rest, full in zip(Manner(), self, strict=True)))


_WHISPERED = "whisper whispers whispered whispering hushed"
_MANNERS: Mapping[str, Manner] = {
    _WHISPERED: Manner(rate=0.88, volume=0.6),
    "soft softly quiet quietly gentle gently tender calm soothing": Manner(0.9, -4, 0.75, 0.6),
    "shout shouts shouted shouting yell yelling scream screaming loud loudly": Manner(1.04, 18, 1.6, 1.6),
    "angry angrily anger furious fury rage annoyed irritated": Manner(1.1, 6, 1.6, 1.5),
    "sad sadly sorrow grief crying weeping mournful melancholy weary tired": Manner(0.76, -12, 0.5, 0.75),
    "excited excitedly eager thrilled enthusiastic": Manner(1.18, 14, 1.6, 1.2),
    "happy happily joy joyful joyous cheerful cheerfully delighted amused": Manner(1.08, 10, 1.4, 1.1),
    "afraid fear fearful scared frightened terrified anxious nervous panicked": Manner(1.18, 14, 1.2, 0.9),
    "surprised surprise astonished amazed shocked": Manner(1.04, 14, 1.7, 1.1),
    "urgent urgently hurried breathless desperate": Manner(1.25, 8, 1.2, 1.15),
    "solemn serious seriously stern sternly cold coldly grave": Manner(0.88, -8, 0.6, 1.0),
}
_MANNER_OF = {word: manner for words, manner in _MANNERS.items() for word in words.split()}

_PRIMARY_TAGS = tuple(dict.fromkeys(entry.tag.split("-")[0] for entry in LANGUAGES))
_TAGS = tuple(dict.fromkeys((*_PRIMARY_TAGS, *(entry.tag for entry in LANGUAGES))))
_ALIASES = {"cmn": "zh", "no": "nb"}


class Espeak(Tool):
    """Speech by eSpeak NG."""

    card = Card(
        name="espeak",
        version="1.52.0-1",
        task="speech",
        summary="eSpeak NG: formant speech in many languages and voices, with word times; no weights",
        languages=_TAGS,
        voices=tuple(voice.card for voice in VOICES.values()),
        rate=engine.RATE,
        longest_text=2000,
        batch=16,
        memory_mb=100,
        speed=250.0,
        seeded=False,
        code_licence=Licence(name="GPL-3.0-or-later", commercial=True),
        attribution=("eSpeak NG and its voices, by Jonathan Duddington, Reece H. Dunn and contributors",),
        requires=("espeakng_loader",),
        install=_INSTALL,
    )
    params = EspeakParams

    def __call__(self, requests: Sequence[Request]) -> Sequence[Result]:
        """The speech of each request and its words' times; one clean process or fork for each.

        Raises Refused for what `refusal` names, Unavailable without the library, and Broken when an utterance
        crashes the library or keeps it busy for more than a minute.
        """
        takes = [request.params for request in requests]
        for params in takes:
            if reason := self.refusal(params):
                raise Refused(reason)
        clips = _synthesize([_utterance(params) for params in takes])
        return [_result(params, clip) for params, clip in zip(takes, clips, strict=True)]

    def refusal(self, params: EspeakParams) -> str | None:
        voice = VOICES.get(params.voice)
        if voice is None:
            return _no_voice(params)
        if _primary(voice.card.language) != _primary(params.language):
            return _wrong_language(voice, params.language)
        if len(params.text) > (longest := self.card.longest_text or 0):
            return f"espeak takes {longest} characters at once and found {len(params.text)}; split the text"
        if not writing.speakable(params.text):
            return f"espeak found nothing to speak in {_quoted(params.text)}: no letter, digit or sign"
        return None

    def seconds(self, params: EspeakParams) -> float:
        """An estimate from the letters, digits and pauses of the text: half are within 5 % or so."""
        voice = _voice(params)
        text = writing.spoken(params.text).strip()
        letters = sum(character.isalpha() + 4 * character.isdigit() for character in text)
        natural = voice.language.letter * letters + 0.25 * len(_PAUSE.findall(text)) - 0.15
        return max(0.2, natural) * NATURAL_RATE / (_utterance(params).rate * voice.tempo)


_PAUSE = re.compile(r"[,;:.!?…—。，、！？：；،؟।۔։](?=\s|[^\W\d]|$)")


def _primary(tag: str) -> str:
    """The language of a BCP 47 tag, without its region."""
    language = tag.replace("_", "-").split("-")[0].lower()
    return _ALIASES.get(language, language)


def _speaking(language: str) -> list[str]:
    """The ids of the voices that speak `language`."""
    return [name for name, voice in VOICES.items() if _primary(voice.card.language) == _primary(language)]


def _voice(params: EspeakParams) -> Voice:
    """The voice that `params` name. Raises Refused when there is none."""
    try:
        return VOICES[params.voice]
    except KeyError:
        raise Refused(_no_voice(params)) from None


def _no_voice(params: EspeakParams) -> str:
    speaking = _speaking(params.language)
    if not speaking:
        return _no_language(params.language)
    close = get_close_matches(params.voice.lower(), speaking, n=4, cutoff=0.3) or speaking[:4]
    return f"espeak has no voice '{params.voice}'; the closest for '{params.language}' are {', '.join(close)}"


def _no_language(language: str) -> str:
    return f"espeak does not speak '{language}'; it speaks {', '.join(_PRIMARY_TAGS)}"


def _wrong_language(voice: Voice, language: str) -> str:
    speaking = _speaking(language)
    if not speaking:
        return _no_language(language)
    same = [name for name in speaking if VOICES[name].variant.name == voice.variant.name]
    spoken = voice.card.language
    return f"espeak's voice '{voice.card.id}' speaks {spoken}, not '{language}'; take '{(same or speaking)[0]}'"


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _utterance(params: EspeakParams) -> engine.Utterance:
    """What the library is told to say, and how."""
    voice = _voice(params)
    own = {**voice.card.settings, **params.model_dump(include={"rate", "pitch", "range"}, exclude_none=True)}
    feelings = set(re.findall(r"[a-z]+", params.emotion.lower()))
    manner = _manner(feelings, params.intensity)
    return engine.Utterance(
        text=writing.spoken(params.text),
        voice=voice.whisper if feelings.intersection(_WHISPERED.split()) else voice.identifier,
        rate=_within(80, own["rate"] * params.pace * manner.rate, 450),
        pitch=_within(0, own["pitch"] + manner.pitch, 99),
        range=_within(0, own["range"] * manner.range, 99),
        volume=_within(0, params.volume * manner.volume, 100),
        word_gap=round(params.word_gap / 10),
        limit=60.0 + 0.02 * len(params.text),
    )


def _manner(feelings: set[str], intensity: float) -> Manner:
    """All that the words of an emotion ask for together; words that are not known ask for nothing."""
    manners = {_MANNER_OF[word].at(intensity) for word in feelings if word in _MANNER_OF}
    rate, pitch, extent, volume = Manner()
    for manner in sorted(manners):
        rate, pitch = rate * manner.rate, pitch + manner.pitch
        extent, volume = extent * manner.range, volume * manner.volume
    return Manner(rate, pitch, extent, volume)


def _within(least: int, value: float, most: int) -> int:
    return round(min(max(value, least), most))


def _synthesize(utterances: Sequence[engine.Utterance]) -> Iterator[engine.Clip]:
    """A clip for each utterance, in order, all that were asked for and none that is broken."""
    command = [sys.executable, "-I", "-S", engine.__file__, *_library()]
    size = len(utterances) if engine.CAN_FORK else 1
    for first in range(0, len(utterances), size):
        yield from _run(command, utterances[first : first + size])


def _library() -> tuple[str, str]:
    """The paths of libespeak-ng and of its voices. Raises Unavailable where they are missing."""
    try:
        import espeakng_loader

        return espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    except (ImportError, RuntimeError) as error:
        raise Unavailable(f"espeak needs the library espeakng-loader ({error}); type: {_INSTALL}") from error


def _run(command: Sequence[str], utterances: Sequence[engine.Utterance]) -> Iterator[engine.Clip]:
    """The clips that one process makes."""
    request = json.dumps(utterances).encode()
    limit = 10.0 + sum(utterance.limit for utterance in utterances)
    try:
        done = subprocess.run(command, input=request, capture_output=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired as error:
        raise _broken(utterances[-1], _BUSY, "") from error
    except OSError as error:
        raise Unavailable(f"espeak's process does not start: {error}") from error
    said = done.stderr.decode(errors="replace").strip()
    if done.returncode == engine.NO_LIBRARY:
        raise Unavailable(f"libespeak-ng does not start ({said}); type: {_INSTALL}")
    reply = io.BytesIO(done.stdout)
    for utterance in utterances:
        clip = engine.read_clip(reply)
        if clip is None or clip.status != 0:
            raise _broken(utterance, clip.status if clip else done.returncode, said)
        yield clip


def _broken(utterance: engine.Utterance, status: int, said: str) -> ToolError:
    if status == engine.NO_VOICE:
        return Unavailable(f"this libespeak-ng has no voice '{utterance.voice}'; type: {_INSTALL}")
    text, message = _quoted(utterance.text), (said.splitlines() or ["it left no message"])[-1]
    return Broken(f"eSpeak NG {_end(status, utterance.limit)} on the text {text} ({message}); try another voice")


def _end(status: int, limit: float) -> str:
    """How a process ended that had an exit status and a time limit in seconds."""
    if status == _BUSY:
        return f"was still busy after {limit:g} s"
    if -status in signal.valid_signals():
        return f"died of {signal.Signals(-status).name}"
    return f"ended with status {status}"


def _result(params: EspeakParams, clip: engine.Clip) -> Result:
    samples = np.frombuffer(clip.samples, np.int16) * np.float32(1 / 32768)
    first, last = _sounding(samples)
    if last == first:
        raise Refused(f"espeak has no sounds for {_quoted(params.text)} in {params.language}")
    speech = samples[first:last]
    tail = min(round(_TAIL * engine.RATE), len(speech))
    speech[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
    events = [writing.Event(max(frame - first, 0), position - 1) for frame, position, _ in clip.words]
    words = tuple(
        Word(span.start / engine.RATE, span.end / engine.RATE, span.first, span.last)
        for span in writing.words(params.text, events, len(speech))
    )
    return Result(Audio.of(speech, engine.RATE), words)


def _sounding(samples: Samples) -> tuple[int, int]:
    """The frames from the first to the last sound, a little more at both ends; the same twice in silence."""
    level = np.abs(samples)
    loud = np.flatnonzero(level > _QUIET * level.max(initial=0.0))
    if not loud.size:
        return 0, 0
    return max(0, int(loud[0]) - round(_LEAD * engine.RATE)), int(loud[-1]) + 1 + round(_TAIL * engine.RATE)


TOOL = Espeak()
