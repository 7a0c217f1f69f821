"""Leaves out of Rasa what SIGAP's pipeline never calls.

Importing Rasa imports TensorFlow, a dozen chat platforms, four database drivers and a plotting library, whether they
are used or not: 350 MB and ten seconds. In their place stand modules whose names can be imported but not used. Whoever
needs one of them (another pipeline, a stock channel) gets an error that says so; SIGAP_FULL_IMPORTS=1 imports all.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn

# Rasa's own modules that exist for the components that train with TensorFlow, or for `rasa test`.
_OF_RASA = (
    "rasa.utils.tensorflow.callback",
    "rasa.utils.tensorflow.data_generator",
    "rasa.utils.tensorflow.model_data",
    "rasa.utils.tensorflow.model_data_utils",
)
_FOR_TRAINING = (
    "rasa.core.test",
    "rasa.graph_components.validators.default_recipe_validator",
    "rasa.nlu.test",
    "rasa.utils.plotting",
)
# Platforms and stores that SIGAP does not use.
_OF_OTHERS = (
    "aiogram", "boto3", "botocore", "fbmessenger", "mattermostwrapper", "prompt_toolkit", "pymongo", "questionary",
    "rocketchat_API", "slack_sdk", "socketio", "twilio", "webexteamssdk",
)  # fmt: skip


class LeftOut(Exception):
    """What is imported instead of a class or function that is left out."""

    def __init__(self, *_: Any, **__: Any) -> None:
        _refuse(type(self).__name__)


class _LeftOutModule(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        standing_in = type(name, (LeftOut,), {"__module__": self.__name__})
        setattr(self, name, standing_in)
        return standing_in


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, left_out: frozenset[str]) -> None:
        self._left_out = left_out

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name in self._left_out or name.partition(".")[0] in self._left_out:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _LeftOutModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Call before Rasa is imported, in a process that serves: training needs some of what is left out."""
    if os.environ.get("SIGAP_FULL_IMPORTS") == "1":
        return
    left_out = {*_OF_RASA, *_FOR_TRAINING, *_OF_OTHERS}
    sys.meta_path.insert(0, _Finder(frozenset(left_out)))
    # spaCy's foundation looks for TensorFlow and for a GPU, and takes an ImportError for "there is none".
    sys.modules.setdefault("tensorflow", None)  # type: ignore[arg-type]


def _refuse(name: str) -> NoReturn:
    raise RuntimeError(f"{name} is left out to start quickly; set SIGAP_FULL_IMPORTS=1 to import all of Rasa.")
