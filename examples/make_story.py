"""A narrative becomes a finished file, in four lines."""

import sys
from pathlib import Path

import wavagent

out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
story = wavagent.plan(Path(__file__).with_name("the-gift-of-the-magi.txt"))
certificate = story.export(out / "the-gift-of-the-magi.m4b")
print(certificate)
