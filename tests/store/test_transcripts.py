"""What a page of the web chat finds again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from settable_clock import SettableClock

from sigap.store.drafts import Drafts
from sigap.store.session import Store
from sigap.store.transcripts import MOST_LINES, Begun, Transcripts

ID = "web:one"


@pytest.fixture
def transcripts(store: Store, clock: SettableClock) -> Transcripts:
    kept = Transcripts(store, clock)
    kept.open(ID)
    return kept


def texts(transcripts: Transcripts, after: int = 0) -> list[str]:
    return [line.content["text"] for line in transcripts.lines_after(ID, after) or []]


def test_a_question_and_its_answers_are_found_again_in_order(transcripts: Transcripts, clock: SettableClock) -> None:
    assert transcripts.begin(ID, "turn-1", {"text": "halo"}) is Begun.NEW
    transcripts.finish(ID, "turn-1", [{"text": "Selamat datang"}, {"text": "Ada yang bisa dibantu?"}])
    lines = transcripts.lines_after(ID, 0)
    assert lines is not None
    assert [(line.sequence, line.own, line.turn) for line in lines] == [
        (1, True, "turn-1"),
        (2, False, "turn-1"),
        (3, False, "turn-1"),
    ]
    assert {line.at for line in lines} == {clock()}
    assert texts(transcripts, after=2) == ["Ada yang bisa dibantu?"]


def test_a_repeated_message_is_neither_answered_nor_noted_again(transcripts: Transcripts) -> None:
    transcripts.begin(ID, "turn-1", {"text": "halo"})
    assert transcripts.begin(ID, "turn-1", {"text": "halo"}) is Begun.REPEATED
    assert transcripts.lines_of_turn(ID, "turn-1") is None
    transcripts.finish(ID, "turn-1", [{"text": "Selamat datang"}])
    assert transcripts.begin(ID, "turn-1", {"text": "halo"}) is Begun.REPEATED
    assert [line.content["text"] for line in transcripts.lines_of_turn(ID, "turn-1") or []] == [
        "halo",
        "Selamat datang",
    ]
    assert texts(transcripts) == ["halo", "Selamat datang"]


def test_a_turn_that_died_with_its_server_is_answered_anew(transcripts: Transcripts, clock: SettableClock) -> None:
    transcripts.begin(ID, "turn-1", {"text": "halo"})
    clock.advance(seconds=41)
    assert transcripts.begin(ID, "turn-1", {"text": "halo"}) is Begun.NEW
    assert transcripts.begin(ID, "turn-1", {"text": "halo"}) is Begun.REPEATED
    assert texts(transcripts) == ["halo"]


def test_what_sigap_says_on_its_own_account_stands_in_the_same_order(transcripts: Transcripts) -> None:
    transcripts.begin(ID, "turn-1", {"text": "halo"})
    assert transcripts.say(ID, [{"text": "Ada tempat kosong"}])
    transcripts.finish(ID, "turn-1", [{"text": "Selamat datang"}])
    assert texts(transcripts) == ["halo", "Ada tempat kosong", "Selamat datang"]


def test_nothing_can_be_written_to_or_read_from_a_conversation_that_was_never_opened(transcripts: Transcripts) -> None:
    assert transcripts.begin("wa:628123456789", "turn-1", {"text": "halo"}) is Begun.UNKNOWN_CONVERSATION
    assert not transcripts.say("wa:628123456789", [{"text": "halo"}])
    assert transcripts.lines_after("wa:628123456789", 0) is None


def test_only_the_newest_lines_of_a_long_conversation_are_handed_out(transcripts: Transcripts) -> None:
    transcripts.say(ID, [{"text": str(number)} for number in range(MOST_LINES + 50)])
    assert texts(transcripts)[0] == "50"
    assert len(texts(transcripts)) == MOST_LINES


def test_a_forgotten_conversation_leaves_nothing_and_opens_nothing(
    transcripts: Transcripts, store: Store, clock: SettableClock
) -> None:
    drafts = Drafts(store, clock)
    for conversation_id in (ID, "web:two"):
        drafts.put(conversation_id, "antrean", {"nama": "Siti"})
    transcripts.open("web:two")
    transcripts.begin("web:two", "turn-1", {"text": "hai"})
    transcripts.begin(ID, "turn-1", {"text": "halo"})
    transcripts.forget(ID)
    transcripts.finish(ID, "turn-1", [{"text": "terlambat"}])
    assert transcripts.lines_after(ID, 0) is None
    assert transcripts.lines_of_turn(ID, "turn-1") is None
    assert transcripts.begin(ID, "turn-2", {"text": "halo"}) is Begun.UNKNOWN_CONVERSATION
    assert drafts.get(ID, "antrean") == {}
    assert drafts.get("web:two", "antrean") == {"nama": "Siti"}
    assert [line.content["text"] for line in transcripts.lines_after("web:two", 0) or []] == ["hai"]


def test_a_conversation_is_old_when_nothing_was_said_in_it_for_long(
    transcripts: Transcripts, clock: SettableClock
) -> None:
    clock.advance(days=30)
    transcripts.open("web:two")
    clock.advance(days=1)
    assert transcripts.unused_since(clock() - timedelta(days=30)) == [ID]


def test_lines_written_at_the_same_moment_leave_no_gap(transcripts: Transcripts) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: transcripts.say(ID, [{"text": str(number)}]), range(12)))
    lines = transcripts.lines_after(ID, 0)
    assert lines is not None
    assert [line.sequence for line in lines] == list(range(1, 13))
    assert transcripts.newest([ID, "web:none"]) == {ID: 12}
