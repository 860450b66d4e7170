"""What somebody says when a voice is tried."""

from wavagent.script.script import Script
from wavagent.text import has_words, one_line


def sample(script: Script, who: str) -> str:
    """A line of `who` that is neither a word nor a speech."""
    lines = [one_line(line.text) for line in script.lines if line.who == who and has_words(line.text)]
    return min(lines, key=lambda line: abs(len(line) - 70), default="This is how I sound.")[:200]
