"""Pictures for applicants: found by whoever was told their address, for a day, and by nobody else."""

from __future__ import annotations

import pytest
from settable_clock import SettableClock
from sqlalchemy import func, select, text

from sigap.store.pictures import KEPT, Pictures
from sigap.store.session import Store
from sigap.store.tables import Picture

PNG = b"\x89PNG one"


@pytest.fixture
def pictures(store: Store, clock: SettableClock) -> Pictures:
    return Pictures(store, clock)


def test_a_picture_is_found_at_its_address(pictures: Pictures) -> None:
    first, second = pictures.keep(PNG), pictures.keep(b"\x89PNG two")
    assert (pictures.find(first), pictures.find(second)) == (PNG, b"\x89PNG two")


def test_a_channel_that_knows_only_the_token_finds_it_too(pictures: Pictures) -> None:
    token = pictures.keep(PNG).removeprefix("tiket/").removesuffix(".png")
    assert pictures.find(token) == PNG


def test_an_address_cannot_be_guessed(pictures: Pictures) -> None:
    addresses = {pictures.keep(PNG) for _ in range(50)}
    assert len(addresses) == 50
    # 32 random bytes in base 64.
    assert {len(address) for address in addresses} == {len("tiket/.png") + 43}


@pytest.mark.parametrize(
    "address", ["", "tiket/.png", "tiket/" + "A" * 43 + ".png", "../" + "A" * 43, "7KQM-4W2P", "%"]
)
def test_nothing_is_found_at_an_address_that_was_never_given(pictures: Pictures, address: str) -> None:
    pictures.keep(PNG)
    assert pictures.find(address) is None


def test_a_picture_is_found_for_a_day_and_then_removed(pictures: Pictures, clock: SettableClock, store: Store) -> None:
    address = pictures.keep(PNG)
    clock.advance(seconds=KEPT.total_seconds() - 1)
    assert pictures.find(address) == PNG
    clock.advance(seconds=1)
    assert pictures.find(address) is None
    pictures.keep(PNG)
    with store.work() as session:
        assert session.execute(select(func.count()).select_from(Picture)).scalar_one() == 1


def test_the_database_does_not_know_the_address(pictures: Pictures, store: Store) -> None:
    token = pictures.keep(PNG).removeprefix("tiket/").removesuffix(".png")
    with store.work() as session:
        assert token not in str(session.execute(text("SELECT * FROM pictures")).all())
