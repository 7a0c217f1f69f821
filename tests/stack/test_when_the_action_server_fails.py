"""An action server that hangs, recovers and at last dies."""

from __future__ import annotations

import os
import signal
import time

import pytest
from whole_sigap import Applicant, Stack

pytestmark = pytest.mark.stack

# sigap.channels.guard.TURN_SECONDS, and a little for the way there and back.
IN_TIME = 25.0
QUESTION = "cara bayar paspor gimana"


def test_whatever_the_action_server_does_the_applicant_and_the_operator_are_told(fragile_stack: Stack) -> None:
    applicant = Applicant(fragile_stack)
    victim = fragile_stack.children()["actions"]

    os.kill(victim, signal.SIGSTOP)
    began = time.monotonic()
    try:
        answer = applicant.say(QUESTION).text
        waited = time.monotonic() - began
    finally:
        os.kill(victim, signal.SIGCONT)
    assert "terganggu" in answer
    assert waited < IN_TIME

    assert "kode billing" in applicant.say(QUESTION).text
    assert "kode billing" in Applicant(fragile_stack).say(QUESTION).text

    os.kill(victim, signal.SIGKILL)
    assert fragile_stack.process.wait(30) == 1
    assert "logs/actions.log" in fragile_stack.output.read_text()
