"""Conversation ids of the web chat that nobody can claim for themselves."""

from __future__ import annotations

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given
from hypothesis import strategies as st

from sigap.channels.identity import Issuer

KEY = "k" * 32
ISSUER = Issuer(KEY)
TOKEN = ISSUER.issue()


def test_a_token_we_issued_opens_its_conversation() -> None:
    conversation = ISSUER.conversation(TOKEN)
    assert conversation == f"web:{TOKEN.split('.')[0]}"


def test_a_token_opens_the_same_conversation_after_a_restart() -> None:
    assert Issuer(KEY).conversation(TOKEN) == ISSUER.conversation(TOKEN)


def test_every_token_is_for_a_conversation_of_its_own() -> None:
    conversations = {ISSUER.conversation(ISSUER.issue()) for _ in range(500)}
    assert len(conversations) == 500
    assert None not in conversations


def test_an_id_cannot_be_guessed() -> None:
    # 16 random bytes in base 64.
    assert len(TOKEN.split(".")[0]) >= 22


def test_a_token_signed_with_another_key_is_refused() -> None:
    assert ISSUER.conversation(Issuer("x" * 32).issue()) is None


def test_the_signature_of_one_conversation_does_not_open_another() -> None:
    own_signature = TOKEN.partition(".")[2]
    other_id = ISSUER.issue().partition(".")[0]
    assert ISSUER.conversation(f"{other_id}.{own_signature}") is None


def test_a_signature_for_a_web_conversation_does_not_open_one_of_another_channel() -> None:
    new_id, _, signature = TOKEN.partition(".")
    assert ISSUER.conversation(f"wa:{new_id}.{signature}") is None
    assert ISSUER.conversation(f"web:{new_id}.{signature}") is None


@pytest.mark.parametrize(
    "token",
    ["", ".", "abc", "abc.", f".{TOKEN.split('.')[1]}", TOKEN + ".", TOKEN.split(".")[0]],
    ids=["nothing", "dot", "word", "word-dot", "dot-signature", "token-dot", "id"],  # tokens differ between processes
)
def test_a_piece_of_a_token_is_refused(token: str) -> None:
    assert ISSUER.conversation(token) is None


def test_an_empty_id_is_refused_even_with_a_genuine_signature() -> None:
    assert ISSUER.conversation("." + ISSUER._signature("")) is None


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_changing_any_one_character_makes_a_token_worthless(position: int, wrong: str) -> None:
    forged = TOKEN[:position] + wrong + TOKEN[position + 1 :]
    assert ISSUER.conversation(forged) == (ISSUER.conversation(TOKEN) if forged == TOKEN else None)


@given(ANY_TEXT, ANY_TEXT)
def test_nothing_a_client_makes_up_is_accepted_or_breaks_the_check(new_id: str, signature: str) -> None:
    assert ISSUER.conversation(f"{new_id}.{signature}") is None
