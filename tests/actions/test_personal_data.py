"""Questions about one's own data, and its erasure in the chat."""

from __future__ import annotations

import pytest
from harness import Chat
from sqlalchemy import select

from actions.services import Services
from sigap.feedback import Feedback
from sigap.store.conversations import Conversations
from sigap.store.session import Store
from sigap.store.tables import Appreciation


@pytest.fixture
def chat(services: Services, store: Store) -> Chat:
    Conversations.open(str(store.engine.url)).upgrade()
    return Chat("wa:6281234567890", services)


def ask(chat: Chat, text: str) -> list[str]:
    return chat.tell(text, "keamanan_data", "action_data_pribadi").responses


@pytest.mark.parametrize("text", ["apakah data saya aman", "apakah akun M-Paspor bisa dihapus", "chat ini direkam?"])
def test_a_question_about_data_is_answered(chat: Chat, text: str) -> None:
    assert ask(chat, text) == ["utter_keamanan_data"]


@pytest.mark.parametrize(
    "text",
    [
        "hapus data saya",
        "tolong hapus data gue dong",
        "min boleh hapus data aku ga",
        "hapus riwayat chat",
        "hapus dong semua data obrolan saya",
    ],
)
def test_the_wish_to_erase_is_asked_back_and_erases_nothing_yet(chat: Chat, store: Store, text: str) -> None:
    Feedback(store, chat.services.clock).praise(chat.id, "bagus")
    assert ask(chat, text) == ["utter_hapus_data"]
    with store.work() as session:
        assert session.scalars(select(Appreciation)).all()


def test_the_button_under_the_question_erases(chat: Chat, store: Store) -> None:
    Feedback(store, chat.services.clock).praise(chat.id, "bagus")
    wish = chat.tell("hapus data saya", "keamanan_data", "action_data_pribadi")
    assert ask(chat, wish.buttons[0]) == ["utter_data_dihapus"]
    with store.work() as session:
        assert not session.scalars(select(Appreciation)).all()


def test_a_yes_to_that_question_erases_and_a_yes_to_anything_else_does_not(chat: Chat, store: Store) -> None:
    Feedback(store, chat.services.clock).praise(chat.id, "bagus")
    ask(chat, "apakah data saya aman")
    assert chat.tell("ya", "setuju", "action_setuju").responses == ["utter_setuju"]
    ask(chat, "hapus data saya dong")
    assert chat.tell("iya", "setuju", "action_setuju").responses == ["utter_data_dihapus"]
    assert chat.tell("ya", "setuju", "action_setuju").responses == ["utter_setuju"]
    with store.work() as session:
        assert not session.scalars(select(Appreciation)).all()
