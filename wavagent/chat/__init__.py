"""The conversation about a story: what is asked for is shown, agreed to, done, and remembered.

session = Session(desk, tell)        # by the command grammar
session = Session(desk, tell, hire)  # by a model that uses the operations as its tools
session.say("louder storm")          # tells what would change: session.pending
session.answer(True)
"""

from wavagent.chat.piece import Asked, Did, Failed, Said, Tell, Told, Using
from wavagent.chat.session import Session

__all__ = ["Asked", "Did", "Failed", "Said", "Session", "Tell", "Told", "Using"]
