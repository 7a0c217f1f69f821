"""Several processes that answer on one port, forked from one that has loaded the model.

What is loaded before the fork exists once in memory as long as nobody changes it: two workers need little more than one
server. The parent answers nobody; it starts a worker again that ends by itself, and ends with them.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess

logger = logging.getLogger(__name__)
# Workers that end so many times in so many seconds would end again: whoever started them has to look.
_MOST_ENDS, _WITHIN_SECONDS = 4, 60.0
# How late a signal may be noticed: it must not come in the middle of a fork.
_LOOK_SECONDS = 0.1


def keep_running(
    count: int, work: Callable[[int], None], ended: Callable[[int], None], stopping: Callable[[], None]
) -> int:
    """Run `work(0)` to `work(count - 1)`, each in a process of its own, until SIGTERM or Ctrl-C; returns the exit code.

    On a signal `stopping` is called, every worker gets SIGTERM, and all are waited for. `ended` is told the process id
    of each that has ended. Call before threads are started or connections opened: neither survives a fork.
    """
    context = multiprocessing.get_context("fork")
    # What exists now will not be looked at by any collection, which would touch it and so copy it.
    gc.collect()
    gc.freeze()
    workers: dict[int, ForkProcess] = {}
    ends: deque[float] = deque(maxlen=_MOST_ENDS)
    code, stop, told = 0, False, False

    def wish_to_stop(*_: object) -> None:
        nonlocal stop
        stop = True

    def start(number: int) -> None:
        workers[number] = context.Process(target=_begin, args=(work, number), name=f"worker-{number}")
        workers[number].start()

    signal.signal(signal.SIGTERM, wish_to_stop)
    signal.signal(signal.SIGINT, wish_to_stop)
    for number in range(count):
        start(number)
    while workers:
        wait([worker.sentinel for worker in workers.values()], _LOOK_SECONDS)
        if stop and not told:
            told = True
            stopping()
            for worker in workers.values():
                worker.terminate()
        for number, worker in [*workers.items()]:
            if worker.is_alive():
                continue
            del workers[number]
            ended(worker.pid or 0)
            if stop:
                continue
            logger.error("worker %d ended by itself, with code %s", number, worker.exitcode)
            ends.append(time.monotonic())
            if len(ends) == _MOST_ENDS and ends[-1] - ends[0] < _WITHIN_SECONDS:
                code, stop = 1, True
            else:
                start(number)
    return code


def end_with_parent(stop: Callable[[], None]) -> None:
    """In a worker, once its event loop runs: call `stop` when the parent is gone, however it went."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    loop, gone = asyncio.get_running_loop(), parent.sentinel

    def end() -> None:
        loop.remove_reader(gone)
        stop()

    loop.add_reader(gone, end)


def _begin(work: Callable[[int], None], number: int) -> None:
    # Ctrl-C reaches every process of a terminal; the parent passes on what is meant for the workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    work(number)
