"""Logs: one JSON object a line, from which nobody can be recognised.

A conversation appears as a hash with the signing key, so that one person's turns can be followed without knowing who it
is. Of an exception, kind and place are logged but not its words, which may quote the applicant.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from datetime import datetime

import structlog

from sigap.clock import WIB
from sigap.privacy.masking import mask_own_words

_conversation: ContextVar[str] = ContextVar("conversation", default="")
_SHOWN = 12
_FRAMES = 4
# Rasa names a model by the moment of its training; that is nobody's number.
_MODEL = re.compile(r"(\b\d{8}-\d{6}-[\w-]+\.tar\.gz)")
# These speak of every request or of every message.
_CHATTY = ("rasa", "rasa_sdk", "apscheduler", "sanic.access", "aiohttp", "matplotlib", "asyncio", "alembic")


def speaking_of(conversation_id: str) -> None:
    """What is logged from here on, in this task, belongs to this conversation."""
    _conversation.set(conversation_id)


class JsonLines(logging.Formatter):
    """Formats records as JSON lines."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key.encode()

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        said, conversation = record.getMessage(), _conversation.get()
        if conversation:
            said = said.replace(conversation, self.hash(conversation))
        line = {
            "at": datetime.fromtimestamp(record.created, WIB).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _masked(said),
        }
        if conversation:
            line["conversation"] = self.hash(conversation)
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _place(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)

    def hash(self, conversation_id: str) -> str:
        """The same for the same conversation, and different for every signing key."""
        return hmac.new(self._key, conversation_id.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
            :_SHOWN
        ]


def configure(key: str, level: int = logging.INFO) -> None:
    """Send all logs of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(key))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Rasa logs every message through structlog, at a level that nobody reads.
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[structlog.stdlib.render_to_log_kwargs],
        cache_logger_on_first_use=True,
    )
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)


def _masked(said: str) -> str:
    return "".join(part if place % 2 else mask_own_words(part) for place, part in enumerate(_MODEL.split(said)))


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return f"{type(error).__name__} at " + " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))
