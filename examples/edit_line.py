"""One line is changed, and only that line is spoken again."""

import sys
from pathlib import Path

import wavagent

out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
story = wavagent.plan(Path(__file__).with_name("the-gift-of-the-magi.txt"))
story.export(out / "before.mp3")

line = next(line for line in story.lines if line.mode == "dialogue")
story.replace(line.id, "“Twenty dollars, and not a cent more,” ")
print(f"spoken again: {', '.join(story.render().made.ran)}")
story.export(out / "after.mp3")
