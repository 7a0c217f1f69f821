"""Who is who: which conversation a business-scoped user id and a phone number belong to.

Meta always names the user id since 2026 and the number only where the person shows it; before, it was the number alone.
The conversation id itself is made here and says nothing of either.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sigap.channels.whatsapp.protocol import Sender
from sigap.store.tables import WhatsappPerson


def conversation_of(session: Session, sender: Sender) -> str:
    """The conversation id of a sender, a new one where he has never written. Learns the id that was missing.

    The user id decides; the number only where one of both user ids is not known. A number that comes with another user
    id than before has a new owner, who must not see the old one's conversation.
    """
    by_user = _by(session, WhatsappPerson.user_id, sender.user_id)
    by_phone = _by(session, WhatsappPerson.phone, sender.phone)
    person = by_user
    if person is None and by_phone is not None and (by_phone.user_id is None or sender.user_id is None):
        person = by_phone
    if by_phone is not None and by_phone is not person:
        by_phone.phone = None
        session.flush()
    if person is None:
        # Two first messages at once: the database lets one of them have these ids.
        person = WhatsappPerson(conversation_id=f"wa:{secrets.token_hex(12)}")
        session.add(person)
    person.user_id = person.user_id or sender.user_id
    person.phone = sender.phone or person.phone
    session.flush()
    return str(person.conversation_id)


def find(session: Session, sender: Sender) -> Any:
    """The person with this user id or else this number, or None."""
    return _by(session, WhatsappPerson.user_id, sender.user_id) or _by(session, WhatsappPerson.phone, sender.phone)


def move(session: Session, person: Any, new: Sender) -> None:
    """A person's number or user id has changed; his conversation stays.

    A user id belongs to one number: with a new number and no new id named, the old id is not his any more.
    """
    moved = new.phone is not None and new.phone != person.phone
    _take(session, person, new.user_id or (None if moved else person.user_id), new.phone or person.phone)


def _take(session: Session, person: Any, user_id: str | None, phone: str | None) -> None:
    """Give a person these ids; whoever had them before has them no longer."""
    for name, value in (("user_id", user_id), ("phone", phone)):
        other = _by(session, getattr(WhatsappPerson, name), value)
        if other is not None and other is not person:
            setattr(other, name, None)
    session.flush()
    person.user_id, person.phone = user_id, phone
    session.flush()


def _by(session: Session, column: Any, value: str | None) -> Any:
    return session.scalars(select(WhatsappPerson).where(column == value)).first() if value else None
