"""Keeps a server to one core of the machine.

Python computes in one thread at a time. Where those that take turns wander over several cores, each turn costs the
kernel's help: under load a message took half as much time again (docs/benchmark.md measures servers that keep to one).
"""

from __future__ import annotations

import os


def own_cores() -> list[int]:
    """The numbers of the cores that this process may use; empty where the system does not tell."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def keep_to(core: int) -> None:
    """Keep this process to one of its cores. Threads that were started before stay where they are."""
    os.sched_setaffinity(0, {core})
