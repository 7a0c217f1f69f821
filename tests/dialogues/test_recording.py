"""A stored conversation becomes a dialogue that names nobody."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from sigap.dialogues import script
from sigap.dialogues.masking import Message, masked
from sigap.dialogues.recorder import record
from sigap.language.nik import Nik, read_nik

TODAY = date(2026, 11, 22)


def test_numbers_names_and_birth_dates_are_replaced_and_stay_consistent() -> None:
    texts = masked(
        [
            Message("cek 1179000000077777 lahir 3 maret 1985", TODAY),
            Message("1179000000077777", TODAY),
            Message("Rina Kusuma", TODAY, asked_name=True),
            Message("saya rina, 0812-3456-7890, rina.k@surel.id, dilayani pak Hartono tanggal 24 november", TODAY),
            Message("NIK saya 3273014303850004", TODAY),
        ]
    )
    everything = " ".join(texts).lower()
    assert not [
        secret
        for secret in ("77777", "1985", "rina", "kusuma", "3456", "surel.id", "hartono", "3273014303850004")
        if secret in everything
    ]
    assert texts[1] in texts[0]
    assert texts[2].lower() in texts[3].lower()
    assert "24 november" in texts[3]


def test_a_masked_nik_still_fits_the_masked_birth_date() -> None:
    number, birth = masked([Message("3273014303850004", TODAY), Message("03-03-1985", TODAY)])
    nik = read_nik(number)
    assert isinstance(nik, Nik)
    assert nik.female
    day, month, year = birth.split("-")
    assert nik.birth_day_month_year == (int(day), int(month), int(year) % 100)


def test_demonstration_records_stay_so_that_the_dialogue_can_be_played() -> None:
    text = "cek status 1179000000012345 lahir 17-08-1990"
    assert masked([Message(text, TODAY)]) == [text]


@pytest.fixture
def endpoints(tmp_path: Path) -> Path:
    file = tmp_path / "endpoints.yml"
    file.write_text(f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {tmp_path / 'conversations.db'}\n")
    return file


def test_a_conversation_in_the_tracker_store_becomes_a_dialogue_file(endpoints: Path, tmp_path: Path) -> None:
    store = SQLTrackerStore(Domain.empty(), dialect="sqlite", db=str(tmp_path / "conversations.db"))
    at = 1_795_320_000.0
    tracker = DialogueStateTracker("web:1", [])
    for seconds, text, intent, response in (
        (0, "cek status punya Rina", "cek_status", "utter_tanya_status_nomor"),
        (7200, "1179000000077777", "nlu_fallback", "utter_tanya_status_lahir"),
    ):
        said = UserUttered(text, {"name": intent, "confidence": 0.9}, timestamp=at + seconds)
        tracker.update(said)
        tracker.update(BotUttered("…", metadata={"utter_action": response}, timestamp=at + seconds))
    asyncio.run(store.save(tracker))

    text = record("web:1", endpoints)
    file = tmp_path / "rekaman.yml"
    file.write_text(text, encoding="utf-8")
    (dialogue,) = script.read(file)
    assert [(step.kind, step.value) for step in dialogue.steps][1:] == [
        ("waktu", "+120 menit"),
        ("kata", "1179000000099001"),
    ]
    assert dialogue.steps[0].expected.responses == ("utter_tanya_status_nomor",)
    assert dialogue.steps[0].expected.intent == "cek_status"


def test_a_conversation_that_is_not_there_is_said_so(endpoints: Path) -> None:
    with pytest.raises(LookupError, match="web:404"):
        record("web:404", endpoints)
