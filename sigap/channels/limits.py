"""How much one sender may ask of the web chat. Counted in memory, so each server process counts for itself."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import deque
from collections.abc import Callable

# Beyond this many senders the ones that have gone quiet are forgotten.
_SWEEP_AT = 10_000


class Limit:
    """At most `most` events in any `seconds` for each key. `clock` tells seconds that never go back."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._events: dict[str, deque[float]] = {}

    def seconds_to_wait(self, key: str) -> int:
        """Count an event and return 0; or, when there were too many, the whole seconds until the next is welcome."""
        now = self._clock()
        events = self._events.setdefault(key, deque())
        while events and events[0] <= now - self._seconds:
            events.popleft()
        if len(events) >= self._most:
            return math.ceil(events[0] + self._seconds - now)
        events.append(now)
        if len(self._events) > _SWEEP_AT:
            self._events = {key: kept for key, kept in self._events.items() if kept[-1] > now - self._seconds}
        return 0


def network(address: str) -> str:
    """The key under which an address is counted: IPv4 as it is, IPv6 by its /64, which is what one subscriber gets."""
    try:
        read = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address
    if read.version == 4:
        return str(read)
    return str(ipaddress.ip_network(f"{read}/64", strict=False))
