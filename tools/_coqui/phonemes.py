"""The phonemes of a text, in its language."""

import re
import subprocess
import sys

from wavagent.errors import Broken, Refused

from . import ipa

_OTHERWISE = {"en": "en-us", "zh-cn": "cmn", "zh": "cmn"}
"""What TTS means by a language where libespeak-ng means something else by it."""

_FOREIGN = re.compile(r"\([^)]*\)")
"""Where the language changes within the text, libespeak-ng says so in parentheses."""

LONGEST = 60.0
"""Seconds after which a text is given up."""


def phonemes(text: str, language: str) -> str:
    """The phonemes of `text`, with `_` between two of them.

    Raises Refused when nothing here knows the language, and Broken when eSpeak NG fails.
    """
    import espeakng_loader

    known = _OTHERWISE.get(language, language)
    languages = dict.fromkeys((known, known.partition("-")[0]))
    library, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
    command = [sys.executable, "-I", "-S", ipa.__file__, str(library), str(data), *languages]
    try:
        done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=LONGEST)
    except subprocess.TimeoutExpired as error:
        raise Broken(f"eSpeak NG made no phonemes of a line in {LONGEST:g} s; make the line shorter") from error
    if done.returncode == ipa.NO_VOICE:
        raise Refused(f"this voice wants phonemes of the language '{language}', which eSpeak NG does not know")
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip() or f"exit {done.returncode}"
        raise Broken(f"eSpeak NG made no phonemes: {said}")
    return _FOREIGN.sub("", done.stdout.decode())
