"""How much one sender may ask of the web chat."""

from __future__ import annotations

import pytest

from sigap.channels import limits
from sigap.channels.limits import Limit, network


class Watch:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_so_many_are_welcome_and_the_next_is_told_how_long_to_wait() -> None:
    watch = Watch()
    limit = Limit(3, 60, watch)
    assert [limit.seconds_to_wait("a") for _ in range(3)] == [0, 0, 0]
    watch.now += 10.5
    assert limit.seconds_to_wait("a") == 50
    assert limit.seconds_to_wait("b") == 0


def test_whoever_waits_as_long_as_told_is_welcome_again() -> None:
    watch = Watch()
    limit = Limit(2, 60, watch)
    limit.seconds_to_wait("a")
    watch.now += 20
    limit.seconds_to_wait("a")
    watch.now += limit.seconds_to_wait("a")
    assert limit.seconds_to_wait("a") == 0
    assert limit.seconds_to_wait("a") == 20


def test_asking_too_early_does_not_make_the_wait_longer() -> None:
    watch = Watch()
    limit = Limit(1, 60, watch)
    limit.seconds_to_wait("a")
    for _ in range(59):
        watch.now += 1
        assert limit.seconds_to_wait("a") > 0
    watch.now += 1
    assert limit.seconds_to_wait("a") == 0


def test_senders_who_have_gone_quiet_take_no_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_SWEEP_AT", 100)
    watch = Watch()
    limit = Limit(1, 60, watch)
    for number in range(1000):
        watch.now += 1
        limit.seconds_to_wait(str(number))
    assert len(limit._events) <= 101


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("unix", "unix"),
    ],
)
def test_an_ipv6_subscriber_counts_as_one_however_many_addresses_it_uses(address: str, counted_as: str) -> None:
    assert network(address) == counted_as
