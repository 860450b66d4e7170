"""The command grammar: requests in plain English become patches and operations, without a model.

`understand(text, script, focus)` reads a request: "louder storm", "pause 2 s after line 14", "undo". Every word of it
must be accounted for and every thing it names must be found, and found once; else it asks, or says what it missed.
`forms()` are the forms it knows.
"""

from wavagent.grammar.forms import forms
from wavagent.grammar.numbering import line_numbers
from wavagent.grammar.understand import understand
from wavagent.grammar.understood import Call, Choice, Focus, Question, Understood

__all__ = ["Call", "Choice", "Focus", "Question", "Understood", "forms", "line_numbers", "understand"]
