"""Why a clause of a wish is not done, and what to do instead."""

import re

from wavagent.planning.languages import LANGUAGES

FILE = re.compile(r"\.(?:aac|aiff?|flac|m4[ab]|mp[34]|og[ag]|opus|wav|webm)\b")
"""How the name of a file of sound ends."""

_QUESTION = r"(?:(?:say|tell me|tell us|write|write down) )?(?:what|who)\b.*"
_REASONS = {
    r".*\bsing\b.*": (
        "no tool sings notes: the models that do are in no library that wavagent loads; ace_step sings words, given as "
        "the `lyrics` of music in a script"
    ),
    rf"(?=.*{FILE.pattern})(?:(?:say|speak|read)\b|(?:give|convert|change|turn|use|clone)\b.*\bvoice\b"
    r"|(?:let|make|have)\b.*\b(?:say|speak|read|sound|talk)\b).*": (
        "a recording's voice is taken only with the consent of whoever speaks there: give both in a script, as the "
        "`reference` and the `consent` of a step `convert_voice`"
    ),
    rf".*{FILE.pattern}.*": (
        "a wish names no files: in a script other recordings can be heard too, and --output says where the result goes"
    ),
    rf"(?!.*\b(?:{'|'.join(LANGUAGES)})\b)(?:(?:dub|translate)\b.*|(?:say|speak) \w+ in [a-z]+)": (
        "name a language that is known here: French, German, Hindi, Japanese, Spanish, or one of "
        f"{len(set(LANGUAGES.values())) - 5} others"
    ),
    r"replace\b.*": "say from when to when, the earlier time first: replace the dog from 3 to 4.5 s with a bell",
    r"(?:separate|split)\b.*": "say which part is to stay: separate the voice from the music, keep the first speaker",
    rf"transcribe\b.*|write (?:it|this|that)\b.*|{_QUESTION}\b(?:said|say|says|saying|spoken|words?)\b.*": (
        "what is said in a recording is told by: wavagent transcribe FILE"
    ),
    rf"(?:describe|caption)\b.*|{_QUESTION}": "what is heard in a recording is told by: wavagent caption FILE",
}
"""By the pattern of a clause; the first that fits holds."""


def reason(clause: str) -> str:
    """Why no rule does what `clause` asks, and what does; "" where nothing is known but that no rule reads it."""
    return next((why for pattern, why in _REASONS.items() if re.fullmatch(pattern, clause)), "")
