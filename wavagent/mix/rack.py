"""The rack: strips that several desks share, so that a bed under a whole scene is made, and held, once."""

from threading import Lock
from weakref import WeakValueDictionary

from wavagent.mix.strip import Source, Strip, strip
from wavagent.programme import Placed


class Slot:
    """The place of a cue's strip, which is made when it is first asked for; who asks meanwhile waits."""

    def __init__(self, placed: Placed, source: Source) -> None:
        self.placed = placed
        self._source = source
        self._strip: Strip | None = None
        self._making = Lock()

    @property
    def strip(self) -> Strip:
        with self._making:
            if self._strip is None:
                self._strip = strip(self.placed, self._source)
            return self._strip


class Rack:
    """Slots by cue. One is there as long as somebody holds it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._slots: WeakValueDictionary[str, Slot] = WeakValueDictionary()
        self._looking = Lock()

    def slot(self, placed: Placed) -> Slot:
        """The slot of `placed`."""
        with self._looking:
            found = self._slots.get(placed.cue.id)
            if found is None:
                found = self._slots[placed.cue.id] = Slot(placed, self._source)
            return found
