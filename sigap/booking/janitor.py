"""Does by itself what falls due: a thread of any process that has the queue."""

from __future__ import annotations

import logging
import threading

from sigap.booking.service import Queue

logger = logging.getLogger(__name__)

# An offer waits for minutes; whoever is next in line need not wait much longer.
PAUSE_SECONDS = 15.0


class Janitor(threading.Thread):
    """Runs `Queue.sweep` again and again until stopped. Several at once, in several processes, do no harm."""

    def __init__(self, queue: Queue, pause: float = PAUSE_SECONDS) -> None:
        super().__init__(name="janitor", daemon=True)
        self._queue = queue
        self._pause = pause
        self._stopping = threading.Event()

    def run(self) -> None:
        """Sweep, wait, sweep; a database that is down for a while is tried again."""
        while not self._stopping.is_set():
            try:
                self._queue.sweep()
            except Exception as error:
                # The exception's text may quote records; its type does not.
                logger.error("sweeping the queue failed: %s", type(error).__name__)
            self._stopping.wait(self._pause)

    def stop(self) -> None:
        """End after the sweep at hand."""
        self._stopping.set()
        self.join()
