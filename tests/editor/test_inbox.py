"""What was probably misunderstood reaches the editors, masked, grouped, and without waiting."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from sigap.benchmarks.stored import Said, many, write
from sigap.editor.inbox import Inbox

MANY = 100_000
OPENS_WITHIN = 2.0


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "conversations.db"


@pytest.fixture
def inbox(tmp_path: Path, store: Path) -> Inbox:
    return Inbox(tmp_path / "kotak.db", f"sqlite:///{store}")


def read_all(inbox: Inbox) -> None:
    while inbox.read_new():
        pass


def reasons(inbox: Inbox) -> dict[str, str]:
    return {text: group.reason for group in inbox.groups() for text in group.texts}


def test_messages_that_fell_back_or_were_unsure_are_found(inbox: Inbox, store: Path) -> None:
    write(
        store,
        [
            Said("wa:1", "blekotek simsalabim", "nlu_fallback", 0.3, others=(("sapa", 0.2), ("batal", 0.1))),
            Said("wa:2", "paspor hmm gitu deh", "syarat_paspor", 0.41),
            Said("wa:3", "berapa biaya paspor", "biaya_paspor"),
        ],
    )
    read_all(inbox)
    assert reasons(inbox) == {"blekotek simsalabim": "tidak dipahami", "paspor hmm gitu deh": "kurang yakin"}
    fallback = next(group for group in inbox.groups() if group.reason == "tidak dipahami")
    assert fallback.ranking == (("sapa", 0.2), ("batal", 0.1))


def test_a_message_said_again_in_other_words_or_answered_with_a_thumb_down_is_found(inbox: Inbox, store: Path) -> None:
    write(
        store,
        [
            Said("wa:1", "paspor anak saya sampai mana", "lama_proses"),
            Said("wa:1", "maksudnya status paspor anak saya sudah sampai mana", "cek_status"),
            Said("wa:2", "kantor yang buka sabtu", "cek_slot"),
            Said("wa:2", "👎", "tolak"),
            Said("wa:3", "syarat paspor anak", "syarat_paspor"),
            Said("wa:3", "syarat paspor anak berapa biayanya", "biaya_paspor", after=900.0),
        ],
    )
    read_all(inbox)
    assert reasons(inbox) == {
        "paspor anak saya sampai mana": "diulang dengan kata lain",
        "kantor yang buka sabtu": "jawaban ditolak",
    }


def test_what_is_typed_into_a_form_is_no_misunderstanding(inbox: Inbox, store: Path) -> None:
    write(
        store,
        [
            Said("wa:1", "Siti Aminah", "nlu_fallback", 0.2, form="antrean_form"),
            Said("wa:1", "hm", "nlu_fallback", 0.2),
            Said("wa:1", "ngomong apa sih ini", "nlu_fallback", 0.2, form=""),
        ],
    )
    read_all(inbox)
    assert list(reasons(inbox)) == ["ngomong apa sih ini"]


def test_labels_of_what_was_personal_are_shown_as_something_made_up(inbox: Inbox, store: Path) -> None:
    write(store, [Said("wa:1", "nik [NIK] nama saya [nama]  lahir [tanggal lahir]", "nlu_fallback")])
    read_all(inbox)
    assert list(reasons(inbox)) == ["nik 3171011708900001 nama saya Budi Santoso lahir 17-08-1990"]


def test_alike_messages_are_one_group_and_the_largest_comes_first(inbox: Inbox, store: Path) -> None:
    alike = ["paspor nyangkut di adjudikasi", "pasporku nyangkut di adjudikasi", "paspor nyangkut di ajudikasi"]
    messages = ["cuaca di bandung gimana nih", *alike]
    write(store, [Said(f"wa:{n}", text, "nlu_fallback", 0.3) for n, text in enumerate(messages)])
    read_all(inbox)
    assert [group.count for group in inbox.groups()] == [3, 1]
    assert set(inbox.groups()[0].texts) == set(alike)


def test_what_was_dealt_with_stays_away_until_it_is_undone(inbox: Inbox, store: Path) -> None:
    write(store, [Said("wa:1", "blekotek simsalabim", "nlu_fallback", 0.3)])
    read_all(inbox)
    (group,) = inbox.groups()
    inbox.settle(group.id, "diarsipkan", ["catatan"])
    write(store, [Said("wa:2", "lain lagi ini", "nlu_fallback", 0.3)])
    read_all(inbox)
    assert [found.texts for found in inbox.groups()] == [("lain lagi ini",)]
    assert inbox.counts().done == 1
    assert inbox.reopen(group.id) == ["catatan"]
    assert inbox.counts().open == 2


def test_a_store_that_is_not_there_yet_is_an_empty_inbox(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "kotak.db", f"sqlite:///{tmp_path / 'belum' / 'ada.db'}")
    assert inbox.read_new() == 0
    assert inbox.groups() == []
    assert inbox.counts().open == 0


def test_with_a_hundred_thousand_messages_the_inbox_opens_at_once(inbox: Inbox, store: Path) -> None:
    write(store, many(MANY))
    began = time.monotonic()
    inbox.groups()
    inbox.counts()
    before = time.monotonic() - began
    began = time.process_time()
    read_all(inbox)
    indexing = time.process_time() - began
    began = time.monotonic()
    groups, counts = inbox.groups(), inbox.counts()
    after = time.monotonic() - began
    print(f"\nopens in {before:.3f} s unread, {after:.3f} s read; {counts.open} waiting, {indexing:.0f} s of CPU")
    assert groups
    assert counts.unread == 0
    assert max(before, after) < OPENS_WITHIN
