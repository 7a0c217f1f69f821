"""Plays many dialogues, in as many processes as are worth their start."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from sigap.dialogues import script
from sigap.dialogues.script import Dialogue
from sigap.quiet import quieten_warnings
from sigap.runtime import lean_imports

if TYPE_CHECKING:
    from sigap.dialogues.house import House
    from sigap.dialogues.played import Played

# Loading the model takes a process about ten seconds, in which it could have played this many dialogues.
_WORTH_A_WORKER = 60


@dataclass(frozen=True)
class Selection:
    """The dialogues to play, and how many were left out because their channel is another."""

    dialogues: tuple[Dialogue, ...]
    skipped: int


def select(paths: Iterable[Path], filter_by: str | None, channel: str | None) -> Selection:
    """The dialogues under `paths` whose id contains every word of `filter_by` and that may be played on `channel`.

    Raises `ScriptError` for a file that cannot be used.
    """
    words = (filter_by or "").lower().split()
    read = [dialogue for file in script.find(paths) for dialogue in script.read(file)]
    wanted = [dialogue for dialogue in read if all(word in dialogue.id.lower() for word in words)]
    playable = [one for one in wanted if channel is None or not one.channels or channel in one.channels]
    return Selection(tuple(playable), len(wanted) - len(playable))


def worthwhile_workers(dialogues: int) -> int:
    """How many processes are worth their start: one for each core, but none for a handful of dialogues."""
    return max(1, min(os.cpu_count() or 1, dialogues // _WORTH_A_WORKER + 1))


@dataclass
class Loading:
    """How long the slowest worker took to load the model, in seconds."""

    seconds: float = 0.0


def play_all(dialogues: Sequence[Dialogue], channel: str | None, workers: int, loading: Loading) -> Iterator[Played]:
    """Play every dialogue, yielding each as it ends, in no certain order; notes in `loading` how long that took."""
    tasks = [(dialogue, channel) for dialogue in dialogues]
    # A process that has loaded the model must not be forked: threads of its libraries would not survive.
    with multiprocessing.get_context("spawn").Pool(workers, _begin_worker) as pool:
        for loaded_in, played in pool.imap_unordered(_play, tasks):
            loading.seconds = max(loading.seconds, loaded_in)
            yield played


@lru_cache(maxsize=1)
def house() -> tuple[House, float]:
    """This process's house, and how many seconds it took to load.

    Raises `FileNotFoundError` when no model has been trained.
    """
    began = perf_counter()
    from sigap.dialogues.house import load_house

    loaded = load_house()
    return loaded, perf_counter() - began


def _begin_worker() -> None:
    """A process that does nothing but play."""
    quieten_warnings()
    lean_imports.install()
    # Faults are made on purpose here, and a transcript tells more than a log.
    for name in ("rasa", "actions", "sigap"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _play(task: tuple[Dialogue, str | None]) -> tuple[float, Played]:
    here, loaded_in = house()
    from sigap.dialogues.player import play

    return loaded_in, play(here, *task)
