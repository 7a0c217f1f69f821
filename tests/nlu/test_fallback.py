"""What SIGAP does with a message that it is not sure to have understood."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.training_data.message import Message

from sigap.nlu.fallback import CarefulFallback

CONFIG = {"threshold": 0.35, "ambiguity_threshold": 0.0, "task_threshold": 0.6, "tasks": ["daftar_antrean"]}


@pytest.mark.parametrize(
    ("intent", "confidence", "understood"),
    [
        ("biaya_paspor", 0.36, "biaya_paspor"),
        ("biaya_paspor", 0.34, "nlu_fallback"),
        ("daftar_antrean", 0.61, "daftar_antrean"),
        ("daftar_antrean", 0.59, "nlu_fallback"),
    ],
)
def test_a_task_must_be_surer_than_a_question(intent: str, confidence: float, understood: str) -> None:
    best, second = {"name": intent, "confidence": confidence}, {"name": "sapa", "confidence": 0.01}
    message = Message({"intent": best, "intent_ranking": [best, second]})
    CarefulFallback(CONFIG).process([message])
    assert message.get("intent")["name"] == understood
    # What was thought of first is still there to be asked back.
    assert best in message.get("intent_ranking")[:2]
