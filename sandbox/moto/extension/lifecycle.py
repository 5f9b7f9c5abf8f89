"""From one state to the next: a change is seen under way once, and is done when it is looked at again.

AWS takes minutes, and a client that waits asks again and again. moto's things are ready, and gone, at once.
"""

import time
from collections.abc import MutableMapping
from typing import Any, ClassVar


class Lifecycle:
    """A thing whose changes take a while. A subclass names its states as its service does."""

    # Every state that passes, and what it becomes.
    becomes: ClassVar[dict[str, str]]
    # After these seconds a change, other than a deletion, is also done for a client that tries again without a look.
    patience: ClassVar[float] = float("inf")

    _status = ""
    _seen = False
    _since = 0.0

    # Some of moto's own classes change their status when it is read.
    @property
    def status(self) -> str:
        return self._status

    @status.setter
    def status(self, value: str) -> None:
        self._status = value

    def begin(self, status: str) -> None:
        """Start a change."""
        self._status, self._seen, self._since = status, False, time.monotonic()

    def settle(self) -> None:
        """End the change if it has been seen, or if it began long enough ago."""
        after = self.becomes.get(self._status)
        if after is None:
            return
        is_late = time.monotonic() - self._since > self.patience and after.lower() != "deleted"
        if self._seen or is_late:
            self._status = after

    def look(self) -> None:
        """A client looks at the thing."""
        self.settle()
        self._seen = True

    @property
    def is_gone(self) -> bool:
        return self._status.lower() == "deleted"


def look_at(things: MutableMapping[str, Any], key: str | None) -> list[Any]:
    """Look at the named thing, or at all; returns those that are gone now, which are no longer in ``things``."""
    seen = [things[k] for k in ([key] if key else list(things)) if isinstance(things.get(k), Lifecycle)]
    for thing in seen:
        thing.look()
    gone = [k for k, thing in things.items() if any(thing is one for one in seen) and thing.is_gone]
    return [things.pop(k) for k in gone]
