"""The operations: everything that can be done with a story, in one table. Every face offers the same.

desk = Desk(folder, studio)
proposal = propose(desk, operation("edit"), {"operations": [...]})   # what it would do: sentences, a diff, a quote
answer = do(desk, operation(proposal.operation), proposal.params)    # done, and nothing else than what was proposed
"""

from difflib import get_close_matches
from typing import Any

from wavagent.errors import InputError
from wavagent.operations.beginning import BEGINNING
from wavagent.operations.cloning import CLONING
from wavagent.operations.desk import Desk, do, propose
from wavagent.operations.editing import EDITING
from wavagent.operations.making import MAKING
from wavagent.operations.measuring import MEASURING
from wavagent.operations.operation import Answer, Operation, Proposal
from wavagent.operations.past import PAST
from wavagent.operations.people import PEOPLE
from wavagent.operations.telling import TELLING
from wavagent.text import shown

OPERATIONS: dict[str, Operation[Any]] = {
    one.name: one for one in (*TELLING, *EDITING, *PAST, *PEOPLE, *CLONING, *MAKING, *MEASURING, *BEGINNING)
}
"""Every operation there is, by name."""


def operation(name: str) -> Operation[Any]:
    """The operation called `name`. Raises InputError."""
    if name in OPERATIONS:
        return OPERATIONS[name]
    near = get_close_matches(name, OPERATIONS, 1)
    hint = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(OPERATIONS)}"
    raise InputError(f"there is no operation '{shown(name)}'; {hint}")


__all__ = ["Answer", "Desk", "OPERATIONS", "Operation", "Proposal", "do", "operation", "propose"]
