"""Places where Rasa 3.6 does the same work again for each message, replaced by the work done once.

Results are the same (tests/runtime/test_rasa_speed.py); only the price differs. Found by profiling a running server.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

from rasa.core import processor
from rasa.core.actions import forms
from rasa.core.actions.action import RemoteAction
from rasa.core.policies import memoization, rule_policy
from rasa.core.policies.memoization import MemoizationPolicy
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode, GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from sigap.runtime.events import CLASSES

Plan = list[tuple[str, GraphNode, tuple[str, ...]]]


def install() -> None:
    """Call once, before messages are handled."""
    _check_answers_of_actions()
    _find_event_classes()
    _copy_slots()
    _copy_trackers()
    _run_graphs()
    _look_for_rules_once()
    _ask_stories_where_no_rule_fits()
    _know_the_domain()
    _log_without_copies()


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
    unhurried = Event.resolve_by_type

    def resolve(name: str, default: type[Event] | None = None) -> type[Event] | None:
        known = CLASSES.get(name)
        return known if known is not None else unhurried(name, default)

    Event.resolve_by_type = staticmethod(resolve)


def _copy_slots() -> None:
    # A tracker is copied for each action, with every slot; the general way of copying takes ten times as long.
    def copy(slot: Slot) -> Slot:
        same: Slot = object.__new__(type(slot))
        same.__dict__.update(slot.__dict__)
        return same

    Slot.__copy__ = copy


def _copy_trackers() -> None:
    # Rasa copies a tracker by applying all its events to a fresh one. What events build is all there is to copy.
    def copy(tracker: DialogueStateTracker) -> DialogueStateTracker:
        same: DialogueStateTracker = object.__new__(DialogueStateTracker)
        same.__dict__.update(tracker.__dict__)
        same.events = tracker.events.copy()
        same.slots = {name: slot.__copy__() for name, slot in tracker.slots.items()}
        same.active_loop = tracker.active_loop and replace(tracker.active_loop)
        same.model_id = same.assistant_id = None
        return same

    DialogueStateTracker.copy = copy


def _run_graphs() -> None:
    # Rasa lets dask find out for each message, and for each action to predict, in which order to run the same nodes.
    def run(
        runner: DaskGraphRunner, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
    ) -> dict[str, Any]:
        wanted = tuple(targets or runner._graph_schema.target_names)
        plans: dict[tuple[str, ...], Plan] = runner.__dict__.setdefault("_sigap_plans", {})
        if wanted not in plans:
            plans[wanted] = _plan(runner, list(wanted))
        done = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in plans[wanted]:
                done[name] = node(*(done.get(needed, needed) for needed in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return {name: done[name][1] for name in wanted}

    DaskGraphRunner.run = run


def _plan(runner: DaskGraphRunner, targets: list[str]) -> Plan:
    """The nodes that the targets need, each behind those whose results it takes."""
    schema: GraphSchema = runner._graph_schema.minimal_graph_schema(targets)
    ordered: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> None:
        # What is no node is an input.
        if name in schema.nodes and name not in ordered:
            needs = tuple(schema.nodes[name].needs.values())
            for needed in needs:
                visit(needed)
            ordered[name] = needs

    for target in targets:
        visit(target)
    return [(name, runner._instantiated_nodes[name], needs) for name, needs in ordered.items()]


def _look_for_rules_once() -> None:
    # After each message Rasa looks for a rule that names the message's own words before it looks for one that names its
    # intent. SIGAP's rules name intents only; then the first look finds nothing.
    unhurried = RulePolicy._find_action_from_rules

    def find(
        policy: RulePolicy, tracker: DialogueStateTracker, domain: Any, use_text_for_last_user_input: bool
    ) -> tuple[str | None, str | None, bool]:
        if use_text_for_last_user_input and not _names_words(policy):
            return None, None, False
        found: tuple[str | None, str | None, bool] = unhurried(policy, tracker, domain, use_text_for_last_user_input)
        return found

    RulePolicy._find_action_from_rules = find


def _names_words(policy: RulePolicy) -> bool:
    """Whether a rule could fit a message without its intent: one that names words, or answers to whatever is said."""
    if "_sigap_names_words" not in policy.__dict__:
        policy.__dict__["_sigap_names_words"] = any(
            state.get("prev_action", {}).get("action_name") == "action_listen"
            and not state.get("user", {}).get("intent")
            for state in _last_states(policy)
        )
    names_words: bool = policy.__dict__["_sigap_names_words"]
    return names_words


def _last_states(policy: RulePolicy) -> Iterator[dict[str, Any]]:
    for kind in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH):
        for key in policy.lookup.get(kind, {}):
            yield policy._rule_key_to_state(key)[-1]


def _ask_stories_where_no_rule_fits() -> None:
    # A rule that fits is certain, and a certain rule goes before a story (policies' priorities 6 and 3), whatever that
    # says. config.yml names the policy for rules first, and so `_plan` lets it predict first.
    by_rule, by_story = RulePolicy.predict_action_probabilities, MemoizationPolicy.predict_action_probabilities

    def rule(policy: RulePolicy, tracker: DialogueStateTracker, domain: Any, **more: Any) -> PolicyPrediction:
        prediction = by_rule(policy, tracker, domain, **more)
        tracker._sigap_ruled_at = len(tracker.events) if prediction.max_confidence == 1.0 else None
        return prediction

    def story(policy: MemoizationPolicy, tracker: DialogueStateTracker, domain: Any, **more: Any) -> PolicyPrediction:
        if tracker.__dict__.get("_sigap_ruled_at") == len(tracker.events):
            return policy._prediction(policy._default_predictions(domain))
        return by_story(policy, tracker, domain, **more)

    RulePolicy.predict_action_probabilities = rule
    MemoizationPolicy.predict_action_probabilities = story


def _know_the_domain() -> None:
    # Rasa asks for each message whether its domain is empty, and builds an empty one to compare.
    Domain.is_empty = lambda domain: not (domain.intents or domain.responses or domain.slots)


def _log_without_copies() -> None:
    # Rasa copies states and events, deeply, for debug messages that nobody reads (sigap.runtime.logs).
    quiet = ModuleType("copy")
    quiet.deepcopy = lambda value: value  # type: ignore[attr-defined]
    for module in (processor, memoization, rule_policy, forms):
        module.copy = quiet
    RulePolicy.format_tracker_states = staticmethod(lambda states: "")
