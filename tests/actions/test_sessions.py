"""A conversation that goes on after a long silence."""

from __future__ import annotations

from harness import Chat


def test_whoever_was_filling_something_in_is_told_that_it_is_gone(chat: Chat) -> None:
    chat.form = "status_form"
    assert chat.tell("17-08-1990", "nlu_fallback", "action_session_start").responses == ["utter_isian_kedaluwarsa"]


def test_everybody_else_begins_without_a_word(chat: Chat) -> None:
    assert chat.tell("halo", "sapa", "action_session_start").responses == []
