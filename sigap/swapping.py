"""A running server takes a newly published model without stopping.

Every server that shares the folder of models notices by itself. The new model is loaded beside the old one, in a
thread, while the old one goes on answering; then one assignment puts it in place. A turn that is being answered ends
with the model it began with, and conversations live in the tracker store, so none is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sigap.channels import guard
from sigap.knowledge import KnowledgeError
from sigap.knowledge.store import load_once
from sigap.models import ModelError, Models

logger = logging.getLogger(__name__)
SECONDS = 1.0


@dataclass(frozen=True)
class _Wish:
    """A model file as it was when it was looked at."""

    path: Path
    changed: int

    @classmethod
    def of(cls, models: Models) -> _Wish | None:
        model = models.in_use()
        return cls(model, model.stat().st_mtime_ns) if model else None


async def follow(agent: Any, models: Models, seconds: float = SECONDS) -> None:
    """Take every model that becomes the one in use, looking every few `seconds`, for ever.

    `agent` is `rasa.core.agent.Agent`. A model that cannot be loaded is left out, noted and logged.
    """
    answering = seen = _Wish.of(models)
    if answering is not None and agent.model_name != answering.path.name:
        answering = None
    refused: _Wish | None = None
    _note(models, agent.model_name or "")
    while True:
        await asyncio.sleep(seconds)
        try:
            # Twice the same: a file that is still being written is not looked at.
            seen, wished = _Wish.of(models), seen
        except OSError:  # it vanished between two looks
            continue
        if wished is None or wished != seen or wished in (answering, refused):
            continue
        name = wished.path.name
        _note(models, agent.model_name or "", loading=name)
        try:
            await asyncio.to_thread(_load, agent, models, wished.path)
            answering = wished
            _note(models, name)
            logger.info("now answering with model %s", name)
        except Exception as error:  # the old model goes on answering, whatever is wrong with the new one
            refused = wished
            _note(models, agent.model_name or "", refused=name, reason=_reason(name, error))
            logger.error(
                "model %s was not taken (%s); %s goes on answering. Publish another model in `sigap editor`, or go "
                "back with `sigap model back`.",
                name,
                type(error).__name__,
                agent.model_name or "none",
            )


def take_newest(agent: Any, models: Models) -> None:
    """Load the model in use where it is another than the agent's; one that cannot be loaded is left to `follow`."""
    model = models.in_use()
    if model is None or model.name == agent.model_name:
        return
    try:
        _load(agent, models, model)
    except Exception as error:
        logger.error("model %s was not taken (%s)", model.name, type(error).__name__)


def _note(models: Models, model: str, **more: str) -> None:
    try:
        models.note_server(model, **more)
    except OSError as error:  # it answers all the same; only the workbench does not see it
        logger.warning("this server may not write into %s: %s", models.folder, type(error).__name__)


def _load(agent: Any, models: Models, model: Path) -> None:
    # What the model was trained with, where it was read long ago.
    load_once.cache_clear()
    agent.load_model(str(models.verified(model)))
    guard.speak_as(agent.domain.responses)


def _reason(name: str, error: Exception) -> str:
    """What an editor reads."""
    said = isinstance(error, (ModelError, KnowledgeError))
    return str(error) if said else f"Berkas model {name} rusak; ia tidak dapat dimuat."
