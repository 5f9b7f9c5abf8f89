"""How a thing gets from one state to the next: it is seen under way once, and is done when it is looked at again.

AWS takes minutes; whoever waits for it asks again and again. moto's clusters are available, and gone, at once.
Who does not ask but tries again finds it available after a moment.
"""

import time
from collections.abc import MutableMapping
from typing import Any

_DONE_AT_LOOK = 2
_DONE_AFTER_SECONDS = 0.5


class UnderWay:
    """A cluster or an instance. Reading its status does not change it, as it does in moto."""

    _status = "available"
    _looks = 0
    _since = 0.0

    @property
    def status(self) -> str:
        return self._status

    @status.setter
    def status(self, value: str) -> None:
        self._status = value

    def begin(self, status: str) -> None:
        self._status = status
        self._looks = 0
        self._since = time.monotonic()

    def is_available(self) -> bool:
        """Whether it can be changed or deleted now."""
        if self._status != "deleting" and time.monotonic() - self._since > _DONE_AFTER_SECONDS:
            self._status = "available"
        return self._status == "available"

    def look(self) -> bool:
        """Called when somebody asks for it; whether it is gone now."""
        if self._status == "available":
            return False
        self._looks += 1
        if self._looks < _DONE_AT_LOOK:
            return False
        if self._status == "deleting":
            return True
        self._status = "available"
        return False


def look_at(things: MutableMapping[str, Any], identifier: str | None) -> list[Any]:
    """Look at the named thing, or at all; returns those that are gone now, which are no longer in ``things``."""
    looked_at = [identifier] if identifier else list(things)
    gone = [key for key in looked_at if isinstance(things.get(key), UnderWay) and things[key].look()]
    return [things.pop(key) for key in gone]
