"""One person, one conversation: whatever ids Meta gives, and whatever becomes of them."""

from __future__ import annotations

import re

import pytest

from sigap.channels.whatsapp import people
from sigap.channels.whatsapp.protocol import Sender
from sigap.store.session import Store
from sigap.store.tables import WhatsappPerson

PHONE, OTHER_PHONE = "6281100000001", "6281100000002"
USER, OTHER_USER = "ID.13491208655302741918", "ID.99991208655302741918"

pytestmark = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True, scope="session")


class Book:
    """The table of people."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, user: str | None = None, phone: str | None = None) -> str:
        with self._store.work() as session:
            found = people.conversation_of(session, Sender(user, phone))
            session.commit()
            return found

    def move(self, old: Sender, new: Sender) -> None:
        with self._store.work() as session:
            people.move(session, people.find(session, old), new)
            session.commit()

    def ids(self, conversation_id: str) -> tuple[str | None, str | None]:
        with self._store.work() as session:
            person = session.get(WhatsappPerson, conversation_id)
            return person.user_id, person.phone


@pytest.fixture
def book(store: Store) -> Book:
    return Book(store)


def test_the_conversation_id_says_nothing_of_the_person(book: Book) -> None:
    assert re.fullmatch(r"wa:[0-9a-f]{24}", book.of(USER, PHONE))


def test_two_people_have_two_conversations(book: Book) -> None:
    assert book.of(USER, PHONE) != book.of(OTHER_USER, OTHER_PHONE)
    assert book.of(None, "6281100000009") not in {book.of(USER), book.of(OTHER_USER)}


@pytest.mark.parametrize(
    "seen",
    [
        [(USER, None), (USER, None)],
        [(None, PHONE), (None, PHONE)],
        [(None, PHONE), (USER, PHONE), (USER, None)],
        [(USER, None), (USER, PHONE), (None, PHONE)],
        [(USER, PHONE), (USER, None), (None, PHONE)],
        [(USER, PHONE), (USER, OTHER_PHONE), (None, OTHER_PHONE)],
    ],
)
def test_the_same_person_comes_back_to_the_same_conversation(
    book: Book, seen: list[tuple[str | None, str | None]]
) -> None:
    assert len({book.of(user, phone) for user, phone in seen}) == 1


def test_a_number_with_another_user_id_has_a_new_owner(book: Book) -> None:
    before = book.of(USER, PHONE)
    after = book.of(OTHER_USER, PHONE)
    assert after != before
    assert book.ids(before) == (USER, None)
    assert book.of(None, PHONE) == after


def test_two_conversations_that_turn_out_to_be_one_persons_go_on_as_the_one_of_the_user_id(book: Book) -> None:
    by_number, by_user = book.of(None, PHONE), book.of(USER)
    assert book.of(USER, PHONE) == by_user
    assert book.of(None, PHONE) == by_user
    assert book.ids(by_number) == (None, None)


def test_a_new_number_keeps_the_conversation_and_gives_the_old_number_away(book: Book) -> None:
    before = book.of(None, PHONE)
    book.move(Sender(None, PHONE), Sender(None, OTHER_PHONE))
    assert book.of(None, OTHER_PHONE) == before
    assert book.of(None, PHONE) != before


def test_a_new_number_takes_a_new_user_id_with_it(book: Book) -> None:
    before = book.of(USER, PHONE)
    book.move(Sender(USER, PHONE), Sender(None, OTHER_PHONE))
    assert book.of(OTHER_USER, OTHER_PHONE) == before
    assert book.ids(before) == (OTHER_USER, OTHER_PHONE)


def test_a_new_user_id_keeps_conversation_and_number(book: Book) -> None:
    before = book.of(USER, PHONE)
    book.move(Sender(USER, None), Sender(OTHER_USER, None))
    assert book.ids(before) == (OTHER_USER, PHONE)


def test_a_number_that_somebody_else_has_goes_to_whom_meta_names(book: Book) -> None:
    mover, other = book.of(USER, PHONE), book.of(None, OTHER_PHONE)
    book.move(Sender(USER, PHONE), Sender(OTHER_USER, OTHER_PHONE))
    assert book.ids(mover) == (OTHER_USER, OTHER_PHONE)
    assert book.ids(other) == (None, None)
