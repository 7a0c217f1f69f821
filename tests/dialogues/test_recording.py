"""A recorded conversation becomes a dialogue that names nobody and can be played."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from sigap.dialogues import script
from sigap.dialogues.made_up import filled
from sigap.dialogues.recorder import record
from sigap.language.nik import Nik, read_nik
from sigap.runtime.tracker_store import SigapTrackerStore
from sigap.store.conversations import Conversations


def test_a_made_up_nik_fits_the_made_up_birth_date() -> None:
    number, birth = filled(["NIK saya [NIK]", "[tanggal lahir]"])
    nik = read_nik(number.removeprefix("NIK saya "))
    assert isinstance(nik, Nik)
    day, month, year = birth.split("-")
    assert nik.birth_day_month_year == (int(day), int(month), int(year) % 100)


def test_every_further_person_is_another() -> None:
    assert len(set(filled(["[NIK]", "[NIK]", "[NIK]"]))) == 3


def test_what_is_no_label_stays() -> None:
    assert filled(["mau ke [kantor] bogor, 24 november"]) == ["mau ke [kantor] bogor, 24 november"]


async def test_a_recorded_conversation_becomes_a_dialogue_file(conversations: Conversations, tmp_path: Path) -> None:
    at = 1_795_320_000.0
    tracker = DialogueStateTracker("web:1", [])
    for seconds, text, intent, response in (
        (0, "cek status punya Rina", "cek_status", "utter_tanya_status_nomor"),
        (7200, "1179000000077777", "nlu_fallback", "utter_tanya_status_lahir"),
    ):
        said = UserUttered(text, {"name": intent, "confidence": 0.9}, timestamp=at + seconds)
        tracker.update(said)
        tracker.update(BotUttered("…", metadata={"utter_action": response}, timestamp=at + seconds))
    await SigapTrackerStore(Domain.empty(), record=conversations).save(tracker)

    text = record("web:1", conversations)
    file = tmp_path / "rekaman.yml"
    file.write_text(text, encoding="utf-8")
    (dialogue,) = script.read(file)
    assert [(step.kind, step.value) for step in dialogue.steps][1:] == [
        ("waktu", "+120 menit"),
        ("kata", "1179000000012345"),
    ]
    assert dialogue.steps[0].expected.responses == ("utter_tanya_status_nomor",)
    assert dialogue.steps[0].expected.intent == "cek_status"


def test_a_conversation_that_is_not_there_is_said_so(conversations: Conversations) -> None:
    with pytest.raises(LookupError, match="web:404"):
        record("web:404", conversations)
