"""The eSpeak NG process: utterances in on stdin, sound and word events out on stdout.

Run as a script by `tools/espeak.py`, with nothing but the standard library, so that libespeak-ng (GPL-3.0)
is only ever loaded in a process of its own:

    python -I -S engine.py LIBRARY DATA < request > reply

libespeak-ng keeps state from one utterance to the next (noise, intonation, the last voice), which changes the
sound of the same text. So where the system can fork, every utterance is spoken by a child of a process that is
initialised and has never spoken; elsewhere the caller starts a process for each. What an utterance sounds like
then depends on that utterance alone.

A request is a JSON array of `Utterance`s. The reply holds, for each in order: the header (the child's exit
status, as `os.waitstatus_to_exitcode` gives it; bytes of sound; number of words), 16-bit mono samples, and for
each word the frame where it starts, its first character, and its length in characters.
"""

import array
import ctypes
import json
import os
import signal
import struct
import sys
from typing import BinaryIO, NamedTuple, NoReturn

RATE = 22_050
"""Hertz of what eSpeak NG makes."""

HEADER = struct.Struct("=iII")
"""Exit status, bytes of sound, number of words."""

CAN_FORK = hasattr(os, "fork")

NO_VOICE, NO_LIBRARY, UNSPOKEN = 3, 4, 5
"""Exit statuses: the library knows no such voice; it cannot be used; it would not speak."""


class Utterance(NamedTuple):
    """What to say and how, in the library's own units; `limit` is the seconds after which it is given up."""

    text: str
    voice: str
    rate: int
    pitch: int
    range: int
    volume: int
    word_gap: int
    limit: float


class Clip(NamedTuple):
    """What came back: 16-bit samples, and (frame, first character counted from 1, characters) of each word."""

    status: int
    samples: bytes
    words: tuple[tuple[int, int, int], ...]


# espeak-ng/speak_lib.h
_SYNCHRONOUS, _DONT_EXIT = 2, 0x8000
_CHARACTER, _UTF8, _END_PAUSE = 1, 1, 0x1000
_WORD_EVENT = 1
_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4, "word_gap": 7}


class _Name(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Name),
    ]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Engine:
    """libespeak-ng, initialised, and silent so far."""

    def __init__(self, library: str, data: str) -> None:
        self._samples = bytearray()
        self._words = array.array("i")
        self._heard = _Callback(self._hear)  # the library keeps a pointer to it: it must live as long
        try:
            self._library = ctypes.CDLL(library)
        except OSError as error:
            _fail(str(error))
        rate = self._library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT)
        if rate != RATE:
            _fail(f"it does not speak with the voices in {data!r}, and answered {rate}")
        self._library.espeak_SetSynthCallback(self._heard)

    def say(self, utterance: Utterance) -> Clip:
        """The sound of an utterance. Only the first call starts from a clean state."""
        if self._library.espeak_SetVoiceByName(utterance.voice.encode()) != 0:
            return Clip(NO_VOICE, b"", ())
        self._library.espeak_ng_SetRandSeed(ctypes.c_long(1))
        for name, number in _PARAMETERS.items():
            self._library.espeak_SetParameter(number, getattr(utterance, name), 0)
        text = utterance.text.encode() + b"\0"
        size = ctypes.c_size_t(len(text))
        options = _UTF8 | _END_PAUSE  # neither SSML nor [[phonemes]]: text is only ever text
        status = self._library.espeak_Synth(text, size, 0, _CHARACTER, 0, options, None, None)
        flat = iter(self._words)
        return Clip(UNSPOKEN if status else 0, bytes(self._samples), tuple(zip(flat, flat, flat, strict=True)))

    def _hear(self, samples: "ctypes._Pointer[ctypes.c_short]", count: int, events: "ctypes._Pointer[_Event]") -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, 2 * count)
        index = 0
        while events[index].type:
            event = events[index]
            if event.type == _WORD_EVENT:
                self._words.extend((event.sample, event.text_position, event.length))
            index += 1
        return 0


def _fail(message: str) -> NoReturn:
    sys.stderr.write(message + "\n")
    sys.exit(NO_LIBRARY)


def write_clip(stream: BinaryIO, clip: Clip) -> None:
    stream.write(HEADER.pack(clip.status, len(clip.samples), len(clip.words)))
    stream.write(clip.samples)
    stream.write(array.array("i", [number for word in clip.words for number in word]).tobytes())


def read_clip(stream: BinaryIO) -> Clip | None:
    """The next clip, or None where the stream ends or breaks off."""
    header = stream.read(HEADER.size)
    if len(header) < HEADER.size:
        return None
    status, size, count = HEADER.unpack(header)
    samples, packed = stream.read(size), stream.read(12 * count)
    if len(samples) < size or len(packed) < 12 * count:
        return None
    flat = iter(array.array("i", packed))
    return Clip(status, samples, tuple(zip(flat, flat, flat, strict=True)))


def _in_child(engine: Engine, utterance: Utterance) -> Clip:
    """The clip that a fork of this process makes."""
    source, sink = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with open(sink, "wb") as stream:
                _speak(engine, utterance, stream)
            os._exit(0)
        finally:
            os._exit(1)
    os.close(sink)
    with open(source, "rb") as stream:
        clip = read_clip(stream)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return clip if clip and status == 0 else Clip(status or 1, b"", ())


def _speak(engine: Engine, utterance: Utterance, stream: BinaryIO) -> None:
    """Write the clip that this process makes; its own alarm ends it where it takes too long."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, utterance.limit)
    write_clip(stream, engine.say(utterance))


def main(library: str, data: str) -> None:
    """Speak what stdin asks for. The last utterance needs no fork: nothing comes after it."""
    utterances = [Utterance(*fields) for fields in json.load(sys.stdin.buffer)]
    engine = Engine(library, data)
    for utterance in utterances[:-1]:
        write_clip(sys.stdout.buffer, _in_child(engine, utterance))
    sys.stdout.buffer.flush()
    _speak(engine, utterances[-1], sys.stdout.buffer)


if __name__ == "__main__":
    main(*sys.argv[1:])
