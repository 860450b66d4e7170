"""Whether the libraries that tools require can be imported, which is tried in another process: some end it."""

import json
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping

SECONDS = 300.0
"""The most that it may take: a large library on a cold disk takes a minute."""

_IMPORT = """
import importlib, json, sys
faults = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        faults[name] = f"{type(error).__name__}: {error}".partition(chr(10))[0]
print(chr(10) + json.dumps(faults))
"""


def faults(names: Collection[str]) -> Mapping[str, str]:
    """What goes wrong when a library is imported, by its name; those that can be imported are left out."""
    tried = sorted(names)
    if not tried:
        return {}
    found = _faults(tried)
    if isinstance(found, str):  # one of them ends the process: which one, each shows by itself
        return {tried[0]: found} if len(tried) == 1 else {k: v for name in tried for k, v in faults([name]).items()}
    return found


def _faults(names: Collection[str]) -> Mapping[str, str] | str:
    """What goes wrong, by the library's name; or how importing them all ended the process."""
    command = [sys.executable, "-P", "-c", _IMPORT, *names]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, text=True, errors="replace"
        )
    except subprocess.TimeoutExpired:
        return f"it was not there after {SECONDS:.0f} s"
    if done.returncode < 0:
        return f"it ends the process: {signal.strsignal(-done.returncode)}"
    if done.returncode > 0:
        return f"it ends the process with exit code {done.returncode}"
    return dict(json.loads(done.stdout.splitlines()[-1]))
