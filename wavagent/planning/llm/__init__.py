"""Planning with a language model: it labels a narrative, writes a new story, and casts voices.

adapt(document, model)              every word of a narrative, with the model's labels where the rules do not disagree
write(idea, minutes, model, ...)    a new story of that length
cast(script, toolbox, model)        the model's voices for whoever has none
"""

from wavagent.planning.llm.adapt import adapt
from wavagent.planning.llm.cast import cast
from wavagent.planning.llm.planned import Note, Planned
from wavagent.planning.llm.write import write

__all__ = ["Note", "Planned", "adapt", "cast", "write"]
