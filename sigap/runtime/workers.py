"""Several processes that answer on one port, forked from one that has loaded the model.

What is loaded before the fork exists once in memory as long as nobody changes it: two workers need little more than one
server. The parent answers nobody; it starts a worker again that ends by itself, and ends with them.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess

logger = logging.getLogger(__name__)
# Workers that end so many times in so many seconds would end again: whoever started them has to look.
_MOST_ENDS, _WITHIN_SECONDS = 4, 60.0
# How late a signal may be noticed, or a fork tried again that the system refused.
_LOOK_SECONDS = 0.1
# A worker finishes its turns within half of this (sigap.runtime.server); one that has not ended by then never will.
_STOP_SECONDS = 60.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# What Prometheus's library calls the folder in which processes count together; it looks when it is imported.
COUNTS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"

# In a worker: the end of a pipe that is closed when the parent is gone.
_parent_gone: int | None = None


class Workers:
    """Runs `work(0)` to `work(count - 1)`, each in a process of its own.

    `ended` is told the process id of each that has ended; `stopping` is called before all are asked to end. Neither
    threads nor connections survive a fork: start none before `run`.
    """

    def __init__(
        self, count: int, work: Callable[[int], None], ended: Callable[[int], None], stopping: Callable[[], None]
    ) -> None:
        self._count, self._work, self._ended, self._stopping = count, work, ended, stopping
        self._running: dict[int, ForkProcess] = {}
        self._ends: deque[float] = deque(maxlen=_MOST_ENDS)
        self._stop, self._asked_at = False, 0.0
        self._alive, self._held = os.pipe()

    def run(self) -> int:
        """Until SIGTERM or Ctrl-C, when every worker gets SIGTERM and all are waited for; returns the exit code."""
        # What exists now will not be looked at by any collection, which would touch it and so copy it.
        gc.collect()
        gc.freeze()
        for one in _SIGNALS:
            signal.signal(one, self._wish_to_stop)
        code = 0
        while not self._stop or self._running:
            if not self._stop:
                self._start_missing()
            wait([worker.sentinel for worker in self._running.values()], _LOOK_SECONDS)
            if self._stop:
                self._ask_to_end()
            if self._collect() and not self._stop:
                code, self._stop = 1, True
        return code

    def _wish_to_stop(self, *_: object) -> None:
        self._stop = True

    def _start_missing(self) -> None:
        for number in set(range(self._count)) - self._running.keys():
            worker = multiprocessing.get_context("fork").Process(target=self._begin, args=(number,), daemon=True)
            # Until the worker has its own handlers: this parent's would only note a wish in a copy of itself.
            signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
            try:
                worker.start()
                self._running[number] = worker
            except OSError as error:  # no memory, or too many processes; perhaps not in a moment
                logger.error("worker %d cannot be started: %s", number, error.strerror)
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)

    def _begin(self, number: int) -> None:
        global _parent_gone
        os.close(self._held)
        _parent_gone = self._alive
        # Ctrl-C reaches every process of a terminal; the parent passes on what is meant for the workers.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        self._work(number)

    def _ask_to_end(self) -> None:
        if not self._asked_at:
            self._asked_at = time.monotonic()
            self._stopping()
            for worker in self._running.values():
                worker.terminate()
        elif time.monotonic() - self._asked_at > _STOP_SECONDS:
            for worker in self._running.values():
                worker.kill()

    def _collect(self) -> bool:
        """Let go of those that have ended; whether too many have, by themselves."""
        for number, worker in [*self._running.items()]:
            if worker.is_alive():
                continue
            del self._running[number]
            self._ended(worker.pid or 0)
            if not self._stop:
                logger.error("worker %d ended by itself, with code %s", number, worker.exitcode)
                self._ends.append(time.monotonic())
        return len(self._ends) == _MOST_ENDS and self._ends[-1] - self._ends[0] < _WITHIN_SECONDS


def end_with_parent(stop: Callable[[], None]) -> None:
    """In a worker, once its event loop runs: call `stop` when the parent is gone, however it went."""
    if _parent_gone is None:
        return
    loop, gone = asyncio.get_running_loop(), _parent_gone

    def end() -> None:
        loop.remove_reader(gone)
        stop()

    loop.add_reader(gone, end)
