"""The budget: what a run may take of time and money."""

from dataclasses import dataclass

from wavagent.run.call import Ready
from wavagent.tool import price_of


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that a run may last, in `minutes`, and what its calls may cost, in dollars; None: no limit."""

    minutes: float | None = None
    cost: float | None = None


class Purse:
    """The money of one run."""

    def __init__(self, cost: float | None = None) -> None:
        self._cost = cost
        self.spent = 0.0

    def pays(self, call: Ready) -> bool:
        """Pay for `call`, if that is still within the budget. Every attempt is paid: a server may charge for each."""
        price = price_of(call.tool, call.params)
        # A millionth of a cent is a rounding error, not a cost.
        if price and self._cost is not None and self.spent + price > self._cost + 1e-8:
            return False
        self.spent += price
        return True
