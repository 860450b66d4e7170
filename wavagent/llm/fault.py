"""What can go wrong with a language model.

* PlanError
  * ModelError      a language model gave nothing that can be used
    * NoModel       its library or its key is missing, or nobody knows the name
    * Denied        the server will not serve this user, or does not have this model
    * Unreachable   the server is busy, slow, broken or gone; asked again it may answer
    * Unsupported   the server does not take answers in the form that was asked for
    * TooLong       the question or the answer does not fit: a smaller part may
    * Declined      the model will not answer this
    * Unreadable    no answer could be read, however often it was asked
    * OverBudget    the next question could cost more than the user allows
"""

from wavagent.errors import PlanError


class ModelError(PlanError):
    """A language model gave nothing that can be used."""


class NoModel(ModelError):
    """A model's library or key is missing, or its name is unknown."""


class Denied(ModelError):
    """The server will not serve this user, or does not have this model."""


class Unreachable(ModelError):
    """The server is busy, slow, broken or gone.

    `after` are the seconds it asks to wait; `billed` whether it may have worked, and charge for it.
    """

    def __init__(self, message: str, after: float | None = None, *, billed: bool = False) -> None:
        super().__init__(message)
        self.after, self.billed = after, billed


class Unsupported(ModelError):
    """The server does not take answers in the form that was asked for."""


class TooLong(ModelError):
    """The question or the answer does not fit."""


class Declined(ModelError):
    """The model will not answer this."""


class Unreadable(ModelError):
    """No answer could be read."""


class OverBudget(ModelError):
    """The next question could cost more than the user allows."""
