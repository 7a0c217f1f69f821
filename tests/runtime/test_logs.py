"""Logs are JSON lines from which nobody can be recognised."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from sigap.runtime import logs

WHO = "wa:6281234567890"


@pytest.fixture
def lines() -> logs.JsonLines:
    return logs.JsonLines("key")


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("rasa.core.processor", logging.WARNING, __file__, 1, message, args, trace)


def test_a_conversation_appears_as_a_hash_that_stays_the_same(lines: logs.JsonLines) -> None:
    logs.speaking_of(WHO)
    try:
        first = json.loads(lines.format(record("Circuit breaker tripped for sender '%s'.", WHO)))
        again = json.loads(lines.format(record("again")))
    finally:
        logs.speaking_of("")
    assert WHO not in json.dumps(first)
    assert first["conversation"] == again["conversation"] != logs.JsonLines("another").hash(WHO)
    assert "conversation" not in json.loads(lines.format(record("start")))


def test_numbers_in_a_message_are_blotted_out(lines: logs.JsonLines) -> None:
    assert json.loads(lines.format(record("cannot read %s", "3171015708900001")))["message"] == "cannot read [NIK]"


def test_the_name_of_a_model_stays_readable(lines: logs.JsonLines) -> None:
    name = "20261125-231246-one-passenger.tar.gz"
    said = json.loads(lines.format(record("now answering with %s, not 3171015708900001", name)))["message"]
    assert said == f"now answering with {name}, not [NIK]"


def test_of_an_error_the_kind_and_the_place_are_logged_and_not_the_words(lines: logs.JsonLines) -> None:
    try:
        raise ValueError("Siti Aminah")
    except ValueError:
        line = lines.format(record("a turn failed", error=sys.exc_info()[1]))
    assert "Siti" not in line
    assert json.loads(line)["error"].startswith("ValueError at ")
    assert "test_logs.py" in line
