"""A running Rasa server takes a newly published model without stopping.

Every server that shares the folder of models notices by itself. The new model is loaded beside the old one, in a
thread, while the old one goes on answering; then one assignment puts it in place. A turn that is being answered ends
with the model it began with, and conversations live in the tracker store, so none is dropped.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from sigap.models import ModelError, Models

logger = logging.getLogger(__name__)
SECONDS = 2.0


async def follow(agent: Any, models: Models, seconds: float = SECONDS) -> None:
    """Look for another model in use every few `seconds`, for ever; a model that cannot be loaded is left out.

    `agent` is `rasa.core.agent.Agent`, already answering with the model in use.
    """
    answering = refused = _stamp(models)
    while True:
        await asyncio.sleep(seconds)
        wished = _stamp(models)
        if wished is None or wished in {answering, refused}:
            continue
        try:
            await asyncio.to_thread(_load, agent, models, wished[0])
            answering = wished
            logger.info("now answering with model %s", wished[0].name)
        except Exception as error:  # the old model goes on answering, whatever is wrong with the new one
            refused = wished
            logger.error("model %s was not taken: %s", wished[0].name, _reason(error))


def _load(agent: Any, models: Models, model: Path) -> None:
    agent.load_model(str(models.verified(model)))


def _stamp(models: Models) -> tuple[Path, float] | None:
    model = models.in_use()
    return (model, model.stat().st_mtime) if model else None


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ModelError) else type(error).__name__
