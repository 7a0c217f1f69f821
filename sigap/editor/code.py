"""What the Python code names of the editors' content, found by reading it: responses, their variables, actions."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_ANY = r"\w+"


@dataclass(frozen=True)
class Code:
    """Functions and classes. Nothing is imported or run."""

    modules: tuple[ast.Module, ...]

    @classmethod
    def read(cls, root: Path) -> Code:
        """Parse the modules that use the content: the actions, the channels, the facts' reader."""
        folders = ("actions", "sigap/channels", "sigap/knowledge")
        paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
        return cls(tuple(ast.parse(path.read_text(encoding="utf-8")) for path in paths))

    @cached_property
    def actions(self) -> frozenset[str]:
        """Names of the custom actions: classes with an `action_name`, and `validate_<form>` of those with a `form`."""
        found = set()
        for node in self._nodes(ast.ClassDef):
            for name, value in _constants(node):
                if name == "action_name":
                    found.add(value)
                elif name == "form":
                    found.add(f"validate_{value}")
        return frozenset(found - {"", "validate_"})

    def says(self, response: str, intents: Collection[str]) -> bool:
        """Whether some code may say this response. Code that says `utter_<intent>` is taken by its word."""
        return any(_fits(pattern, response, intents) for patterns in self._spoken for pattern in patterns)

    def variables(self, response: str, intents: Collection[str]) -> frozenset[str]:
        """All names that the functions which may say this response hand over, generously counted."""
        return frozenset(
            name
            for handed, patterns in zip(self._handed, self._spoken)
            if any(_fits(pattern, response, intents) for pattern in patterns)
            for name in self._provided(handed, depth=2)
        )

    @cached_property
    def responses(self) -> frozenset[str]:
        """Responses that the code names in full."""
        return frozenset(
            pattern for patterns in self._spoken for pattern in patterns if _ANY not in pattern and pattern != "utter_"
        )

    def mentions(self, name: str) -> bool:
        """Whether a piece of code names this word as a whole text, such as the id of a fact."""
        return name in self._texts

    @cached_property
    def _texts(self) -> frozenset[str]:
        return frozenset(
            node.value
            for node in self._nodes(ast.Constant)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )

    @cached_property
    def _functions(self) -> list[ast.AST]:
        """Every function; of each module, what stands outside functions."""
        outside = [
            ast.Module([node for node in module.body if not _holds_functions(node)], []) for module in self.modules
        ]
        return [*self._nodes(ast.FunctionDef, ast.AsyncFunctionDef), *outside]

    @cached_property
    def _spoken(self) -> list[frozenset[str]]:
        return [frozenset(_patterns(function)) for function in self._functions]

    @cached_property
    def _handed(self) -> list[_Handed]:
        return [_Handed.by(function) for function in self._functions]

    @cached_property
    def _by_name(self) -> dict[str, list[_Handed]]:
        named: dict[str, list[_Handed]] = {}
        for function, handed in zip(self._functions, self._handed):
            named.setdefault(getattr(function, "name", ""), []).append(handed)
        return named

    def _provided(self, handed: _Handed, depth: int) -> frozenset[str]:
        inner = (by for called in handed.called for by in self._by_name.get(called, ())) if depth else ()
        return handed.names.union(*(self._provided(by, depth - 1) for by in inner))

    def _nodes(self, *kinds: type[ast.AST]) -> Iterator[ast.AST]:
        return (node for module in self.modules for node in ast.walk(module) if isinstance(node, kinds))


@dataclass(frozen=True)
class _Handed:
    """The names that a function hands over (keywords, keys of a dictionary), and the functions that it calls."""

    names: frozenset[str]
    called: frozenset[str]

    @classmethod
    def by(cls, function: ast.AST) -> _Handed:
        names, called = set[str](), set[str]()
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                names |= {word.arg for word in node.keywords if word.arg}
                called.add(node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", ""))
            elif isinstance(node, ast.Dict):
                names |= {
                    key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)
                }
        return cls(frozenset(names), frozenset(called - {""}))


def _holds_functions(node: ast.AST) -> bool:
    return any(isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)) for inner in ast.walk(node))


def _constants(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Names that the body of a class sets to a text."""
    for statement in getattr(node, "body", ()):
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            yield from (
                (target.id, statement.value.value)
                for target in statement.targets
                if isinstance(target, ast.Name) and isinstance(statement.value.value, str)
            )


def _patterns(tree: ast.AST) -> Iterator[str]:
    """The responses that a piece of code names, as regular expressions; an f-string stands for all it may become."""
    parts_of_f_strings = {
        id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in parts_of_f_strings and isinstance(node.value, str):
            if re.fullmatch(r"utter_\w+", node.value):
                yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else _ANY for part in node.values]
            if parts[0].startswith("utter_"):
                yield "".join(parts)


def _fits(pattern: str, response: str, intents: Collection[str]) -> bool:
    if pattern == f"utter_{_ANY}":
        return response.removeprefix("utter_") in intents
    return pattern == response or (_ANY in pattern and re.fullmatch(pattern, response) is not None)
