"""A conversation that goes on after a long silence: Rasa has begun a new session, and no form is open any more."""

from __future__ import annotations

from harness import Chat

TOLD = "utter_isian_kedaluwarsa"


def begin_new_session(chat: Chat) -> None:
    chat.form = None
    chat.slots = dict.fromkeys(chat.slots)
    chat.record({"event": "action", "name": "action_session_start"}, {"event": "session_started"})
    chat.record({"event": "action", "name": "action_listen"})


def open_form(chat: Chat) -> None:
    chat.fill("status_form", "cek status", "cek_status")
    chat.record({"event": "active_loop", "name": "status_form"})


def test_whoever_was_filling_something_in_is_told_once_that_it_is_gone(chat: Chat) -> None:
    open_form(chat)
    begin_new_session(chat)
    assert chat.tell("oke", "setuju", "action_jawab").responses == [TOLD, "utter_setuju"]
    assert chat.tell("halo", "sapa", "action_jawab").responses == ["utter_sapa"]


def test_whoever_had_finished_is_told_nothing(chat: Chat) -> None:
    open_form(chat)
    chat.record({"event": "active_loop", "name": None})
    begin_new_session(chat)
    assert TOLD not in chat.tell("halo", "sapa", "action_jawab").responses


def test_in_the_first_session_nothing_is_told(chat: Chat) -> None:
    begin_new_session(chat)
    assert TOLD not in chat.tell("halo", "sapa", "action_jawab").responses
