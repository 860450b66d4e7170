"""The command line. Standard output is for machines, standard error for people.

Exit codes: 0 ok, 1 error, 2 usage, 3 done, but not all of what was asked for.
"""

import sys

OK, ERROR, DEGRADED, INTERRUPTED = 0, 1, 3, 130


def main() -> None:
    """The entry point `wavagent`."""
    if sys.argv[1:] == ["--version"]:  # asked by scripts, all the time: answered before anything is imported
        from wavagent import __version__

        print(f"wavagent {__version__}")
        return
    from wavagent.cli.app import app
    from wavagent.errors import Cancelled, WavagentError

    try:
        app()
    except Cancelled as error:
        sys.exit(_say(str(error), INTERRUPTED))
    except WavagentError as error:
        sys.exit(_say(str(error), ERROR))


def _say(sentence: str, code: int) -> int:
    from wavagent.text import one_line

    print(f"wavagent: {one_line(sentence)}", file=sys.stderr)
    return code
