"""Plays one dialogue and notes what was not as it should be."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime
from time import perf_counter, process_time

from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, UserUttered

from sigap.dialogues import checks
from sigap.dialogues.circumstances import CIRCUMSTANCES
from sigap.dialogues.faults import FAULTS
from sigap.dialogues.house import House
from sigap.dialogues.moments import moment
from sigap.dialogues.played import Bubble, Heard, Met, Played, Turn
from sigap.dialogues.renderers import DEFAULT, RENDERERS, Renderer
from sigap.dialogues.script import Dialogue, Step, domain


def play(house: House, dialogue: Dialogue, channel: str | None = None) -> Played:
    """Play a dialogue up to its first wrong turn, on a channel or on the first that it allows."""
    channel = channel or (dialogue.channels[0] if dialogue.channels else DEFAULT)
    turns: list[Turn] = []
    began, began_working = perf_counter(), process_time()
    with house.conversation(dialogue.start, RENDERERS[channel]):
        house.actions.called.clear()
        player = _Player(house, dialogue, RENDERERS[channel], turns)
        player.run()
        met = _met(house, turns, player.trace)
    return Played(dialogue, channel, tuple(turns), perf_counter() - began, process_time() - began_working, met)


class _Player:
    """The course of one dialogue. Adds to `turns`, and stops at the first that is wrong."""

    def __init__(self, house: House, dialogue: Dialogue, renderer: Renderer, turns: list[Turn]) -> None:
        self._house = house
        self._dialogue = dialogue
        self._renderer = renderer
        self._turns = turns
        self._faults: dict[str, ExitStack] = {}
        self._latest: str | None = None
        self.trace: list[tuple[str, str | None]] = []

    def run(self) -> None:
        with ExitStack() as ending:
            ending.callback(self._mend)
            for name, arguments in self._dialogue.prepared:
                CIRCUMSTANCES[name](self._house, **arguments)
            for step in self._dialogue.steps:
                at = self._house.clock()
                if step.speaks:
                    self._turns.append(self._speak(step, at))
                    if self._turns[-1].problems:
                        return
                else:
                    self._change(step)
                    self._turns.append(Turn(step, self._house.clock()))

    def _change(self, step: Step) -> None:
        """The world changes: time passes, something breaks or works again, something is prepared."""
        if step.kind == "waktu":
            self._house.advance(moment(step.value, self._house.clock()))
        elif step.kind == "siapkan":
            CIRCUMSTANCES[step.value](self._house, **step.arguments)
        elif step.kind == "gangguan":
            self._faults[step.value] = stack = ExitStack()
            stack.enter_context(FAULTS[step.value](self._house))
        else:
            self._faults.pop(step.value).close()

    def _mend(self) -> None:
        for fault in self._faults.values():
            fault.close()

    def _speak(self, step: Step, at: datetime) -> Turn:
        earlier = [turn.heard for turn in self._turns if turn.heard]
        offered = earlier[-1].buttons if earlier else {}
        if step.kind == "tekan" and step.value not in offered:
            shown = ", ".join(offered) or "tidak ada tombol"
            return Turn(step, at, None, (f"tombol {step.value!r} tidak ditawarkan; yang ditawarkan: {shown}",))
        if step.kind == "kirim" and step.value not in self._renderer.sendable:
            known = ", ".join(self._renderer.sendable)
            return Turn(step, at, None, (f"di kanal ini tidak dapat dikirim {step.value!r}; yang dapat: {known}",))
        text = {"tekan": offered, "kirim": self._renderer.sendable}.get(step.kind, {}).get(step.value, step.value)
        heard = self._hear(text, self._house.say(text))
        problems = checks.always(self._dialogue, [*earlier, heard], broken=bool(self._faults))
        problems += checks.expected(self._house, step.expected, heard, earlier)
        return Turn(step, at, heard, tuple(problems))

    def _hear(self, said: str, bubbles: list[Bubble]) -> Heard:
        tracker = self._house.tracker()
        fresh = self._fresh(list(tracker.events))
        self.trace += _trace(fresh)
        understood = fresh[0] if fresh else None
        return Heard(
            said=said,
            bubbles=tuple(bubbles),
            intent=understood.intent_name if understood else None,
            confidence=float(understood.intent.get("confidence") or 0.0) if understood else 0.0,
            entities=tuple((entity["entity"], str(entity["value"])) for entity in understood.entities)
            if understood
            else (),
            responses=tuple(_responses(fresh)) or tuple(_of_the_guard(bubbles)),
            slots=tracker.current_slot_values(),
            form=tracker.active_loop_name,
        )

    def _fresh(self, events: list[Event]) -> list[Event]:
        """What has been recorded from this message on; nothing if a channel has answered it by itself."""
        said = [position for position, event in enumerate(events) if isinstance(event, UserUttered)]
        if not said or events[said[-1]].message_id == self._latest:
            return []
        self._latest = events[said[-1]].message_id
        return events[said[-1] :]


def _responses(events: list[Event]) -> list[str]:
    names = [event.metadata.get("utter_action") for event in events if isinstance(event, BotUttered)]
    return [str(name) for name in names if name]


def _of_the_guard(bubbles: list[Bubble]) -> list[str]:
    """Sentences that a channel has said by itself have no name; they are recognised by their text."""
    said = {bubble.text for bubble in bubbles}
    return [name for name, variations in domain()["responses"].items() if variations[0]["text"].strip() in said]


def _met(house: House, turns: list[Turn], trace: list[tuple[str, str | None]]) -> Met:
    heard = [turn.heard for turn in turns if turn.heard]
    asked = {str(one.slots["requested_slot"]) for one in heard if one.slots.get("requested_slot")}
    return Met(
        intents=frozenset(one.intent for one in heard if one.intent),
        responses=frozenset(name for one in heard for name in one.responses),
        actions=frozenset(house.actions.called),
        asked=frozenset(asked),
        filled=frozenset(name for one in heard for name, value in one.slots.items() if value is not None),
        trace=tuple(trace),
    )


def _trace(events: list[Event]) -> list[tuple[str, str | None]]:
    """Intents, actions and the opening and closing of forms, in the way in which rules are written."""
    trace: list[tuple[str, str | None]] = []
    for event in events:
        if isinstance(event, UserUttered):
            trace.append(("intent", event.intent_name))
        elif isinstance(event, ActionExecuted) and event.action_name != "action_listen":
            trace.append(("action", event.action_name))
        elif isinstance(event, ActiveLoop):
            trace.append(("active_loop", event.name))
    return trace
