"""The phonemes of a text, from libespeak-ng.

Run as a script, with nothing but the standard library, so that libespeak-ng (GPL-3.0) is only ever loaded in a process
of its own:

    python -I -S ipa.py LIBRARY DATA LANGUAGE ... < text > phonemes

The first of the languages that the library knows is taken. Phonemes are in the alphabet of the IPA, with `_` between
two of them and a space between two words.
"""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence

NO_VOICE, NO_LIBRARY = 3, 4
"""Exit statuses: the library knows none of the languages; it cannot be used."""

# espeak-ng/speak_lib.h
_SYNCHRONOUS, _DONT_EXIT, _UTF8 = 2, 0x8000, 1
_IPA, _SEPARATED = 0x02, ord("_") << 8


def phonemes(library: ctypes.CDLL, text: str) -> Iterator[str]:
    """The phonemes of every clause."""
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    left = ctypes.c_char_p(text.encode())
    while left.value is not None:  # the library moves it on, and to nothing after the last clause
        yield library.espeak_TextToPhonemes(ctypes.byref(left), _UTF8, _IPA | _SEPARATED).decode().strip()


def main(path: str, data: str, languages: Sequence[str]) -> int:
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return NO_LIBRARY
    if library.espeak_Initialize(_SYNCHRONOUS, 0, os.fsencode(data), _DONT_EXIT) < 0:
        return NO_LIBRARY
    if all(library.espeak_SetVoiceByName(language.encode()) for language in languages):
        return NO_VOICE
    said = " ".join(filter(None, phonemes(library, sys.stdin.buffer.read().decode())))
    sys.stdout.buffer.write(said.encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
