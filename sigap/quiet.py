"""Keeps what libraries have to say about each other from whoever runs a command."""

from __future__ import annotations

import logging
import sys


def quieten_warnings() -> None:
    """Send Python's warnings nowhere, unless they were asked for with `python -W`.

    A filter would not do: Sanic switches deprecation warnings on for everybody as soon as it is imported.
    """
    if not sys.warnoptions:
        logging.captureWarnings(True)
        logging.getLogger("py.warnings").setLevel(logging.CRITICAL)
