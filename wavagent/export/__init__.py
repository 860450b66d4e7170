"""Files: one module per output format, the table of them, and what is measured on a file that was written.

Every format is a function `write(programme, path)`. All of them

* take the programme block by block, so that memory does not grow with its length,
* write to a new file beside the target that takes its place only when it is whole,
* give the same bytes for the same programme, and
* raise OutputError with one sentence when that cannot be done.

Libraries are imported where they are used.
"""

from wavagent.export.album import Album, together
from wavagent.export.certificate import Certificate, certified, certify
from wavagent.export.check import Check
from wavagent.export.decode import Track, decode
from wavagent.export.measure import Measurement, measure
from wavagent.export.profile import PROFILES, Profile, profile_named
from wavagent.export.table import FORMATS, Format, format_for

__all__ = [
    "FORMATS",
    "PROFILES",
    "Album",
    "Certificate",
    "Check",
    "Format",
    "Measurement",
    "Profile",
    "Track",
    "certified",
    "certify",
    "decode",
    "format_for",
    "measure",
    "profile_named",
    "together",
]
