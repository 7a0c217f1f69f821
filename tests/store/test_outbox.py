"""News for applicants, from the service that has it to the channel that delivers it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from settable_clock import SettableClock
from sqlalchemy import select

from sigap.store.outbox import LEASE, Outbox
from sigap.store.session import Store
from sigap.store.tables import OutboxEntry


@pytest.fixture
def outbox(store: Store, clock: SettableClock) -> Outbox:
    """An empty outbox."""
    return Outbox(store, clock)


def put(store: Store, outbox: Outbox, clock: SettableClock, who: str = "wa:1", minutes: int = 60) -> None:
    with store.work() as session:
        outbox.put(session, who, "kabar_kuota", {"offer": 7}, clock() + timedelta(minutes=minutes))
        session.commit()


def entries(store: Store) -> list[OutboxEntry]:
    with store.work() as session:
        return list(session.scalars(select(OutboxEntry).order_by(OutboxEntry.id)))


def test_news_of_a_change_that_is_rolled_back_is_never_told(store: Store, outbox: Outbox, clock: SettableClock) -> None:
    with store.work() as session:
        outbox.put(session, "wa:1", "kabar_kuota", {}, clock() + timedelta(hours=1))
    assert outbox.claim("wa:") == []


def test_news_is_claimed_as_it_was_put(store: Store, outbox: Outbox, clock: SettableClock) -> None:
    put(store, outbox, clock)
    (news,) = outbox.claim("wa:")
    assert (news.conversation_id, news.topic, news.data, news.repeated) == ("wa:1", "kabar_kuota", {"offer": 7}, False)
    assert news.expires_at == clock() + timedelta(hours=1)


def test_a_channel_gets_only_the_news_of_its_own_conversations(
    store: Store, outbox: Outbox, clock: SettableClock
) -> None:
    for who in ("web:1", "wa:2", "wax:3", "wa:4"):
        put(store, outbox, clock, who)
    assert [news.conversation_id for news in outbox.claim("wa:")] == ["wa:2", "wa:4"]


@pytest.mark.parametrize("prefix", ["%", "w_:"])
def test_a_prefix_is_no_pattern(prefix: str, store: Store, outbox: Outbox, clock: SettableClock) -> None:
    put(store, outbox, clock)
    assert outbox.claim(prefix) == []


def test_the_oldest_news_comes_first_and_no_more_than_asked_for(
    store: Store, outbox: Outbox, clock: SettableClock
) -> None:
    for number in range(3):
        put(store, outbox, clock, f"wa:{number}")
    assert [news.conversation_id for news in outbox.claim("wa:", limit=2)] == ["wa:0", "wa:1"]
    assert [news.conversation_id for news in outbox.claim("wa:", limit=2)] == ["wa:2"]


def test_claimed_news_is_not_given_to_another(store: Store, outbox: Outbox, clock: SettableClock) -> None:
    put(store, outbox, clock)
    assert len(outbox.claim("wa:")) == 1
    assert outbox.claim("wa:") == []


def test_delivered_news_never_comes_back(store: Store, outbox: Outbox, clock: SettableClock) -> None:
    put(store, outbox, clock, minutes=600)
    (news,) = outbox.claim("wa:")
    outbox.done(news.id)
    clock.advance(hours=2)
    assert outbox.claim("wa:") == []
    assert [entry.state for entry in entries(store)] == ["delivered"]


def test_news_that_could_not_be_delivered_comes_back_after_a_growing_pause(
    store: Store, outbox: Outbox, clock: SettableClock
) -> None:
    put(store, outbox, clock)
    pauses = []
    for _ in range(3):
        (news,) = outbox.claim("wa:")
        outbox.retry(news.id, "not reachable now")
        pause = 0
        while not outbox.claim("wa:", limit=0) and entries(store)[0].due_at > clock():
            clock.advance(seconds=1)
            pause += 1
        pauses.append(pause)
    assert pauses == [5, 10, 20]
    (entry,) = entries(store)
    assert (entry.attempts, entry.repeats, entry.reason) == (3, 0, "not reachable now")


def test_news_that_is_too_old_is_not_told(store: Store, outbox: Outbox, clock: SettableClock) -> None:
    put(store, outbox, clock, minutes=10)
    clock.advance(minutes=10)
    assert outbox.claim("wa:") == []
    assert [entry.state for entry in entries(store)] == ["expired"]


def test_news_of_a_deliverer_that_died_is_told_once_more_and_marked(
    store: Store, outbox: Outbox, clock: SettableClock
) -> None:
    put(store, outbox, clock)
    outbox.claim("wa:")
    clock.now += LEASE
    (again,) = outbox.claim("wa:")
    assert again.repeated
    assert entries(store)[0].repeats == 1


def test_news_is_given_up_when_two_deliverers_died(store: Store, outbox: Outbox, clock: SettableClock) -> None:
    put(store, outbox, clock)
    for _ in range(2):
        outbox.claim("wa:")
        clock.now += LEASE
    assert outbox.claim("wa:") == []
    (entry,) = entries(store)
    assert (entry.state, entry.reason) == ("lost", "two deliverers died")


def test_many_deliverers_at_once_get_each_piece_of_news_once(
    store: Store, outbox: Outbox, clock: SettableClock
) -> None:
    for number in range(20):
        put(store, outbox, clock, f"wa:{number}")
    barrier = Barrier(5)

    def deliver(_: int) -> list[str]:
        barrier.wait()
        mine: list[str] = []
        while claimed := outbox.claim("wa:", limit=3):
            mine += [news.conversation_id for news in claimed]
        return mine

    with ThreadPoolExecutor(5) as threads:
        told = [who for mine in threads.map(deliver, range(5)) for who in mine]
    assert sorted(told) == sorted(f"wa:{number}" for number in range(20))
