"""A person's rights in what SIGAP keeps: a copy of it, its erasure, and that it ends by itself.

UU 27/2022 (perlindungan data pribadi): pasal 7 gives access and a copy, pasal 8 erasure, pasal 16 ayat 2 huruf g and
pasal 43 the end of storage. An applicant is known to SIGAP only as a conversation, so the conversation is the unit.
Applications belong to the office's own system and are only mirrored here; they are not touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from sigap.clock import WIB, Clock
from sigap.privacy.masking import mask, personal_spans
from sigap.store.conversations import Conversations
from sigap.store.session import Store
from sigap.store.tables import Base, BookedApplicant, Booking, Complaint
from sigap.store.transcripts import Transcripts

# In the place of a conversation that is no longer known.
ANONYMOUS = "terhapus"
_BOOKINGS, _APPLICANTS = (Base.metadata.tables[name] for name in ("bookings", "booked_applicants"))
_LIVE = ("held", "offered", "confirmed")


class Fate(Enum):
    """What erasure does with the rows of a table."""

    DELETE = "delete"
    # The row stays for the office's figures, without the person.
    ANONYMISE = "anonymise"
    # Guards against abuse, without content; they end with their own period.
    KEEP = "keep"


FATES = {
    "drafts": Fate.DELETE,
    "appreciations": Fate.DELETE,
    "handovers": Fate.DELETE,
    "notifications": Fate.DELETE,
    "waiters": Fate.DELETE,
    "web_messages": Fate.DELETE,
    # What says that a message was answered already, so that it is not answered twice; no content.
    "web_turns": Fate.KEEP,
    "bookings": Fate.ANONYMISE,
    # Complaints about public services are part of the office's record (UU 25/2009 pasal 36), the complainant is not.
    "complaints": Fate.ANONYMISE,
    "failed_proofs": Fate.KEEP,
    "tripped_limits": Fate.KEEP,
    # Messages lose their content when they are dealt with; the number is needed to answer at all. See `let_go`.
    "whatsapp_incoming": Fate.KEEP,
    "whatsapp_outgoing": Fate.KEEP,
    "whatsapp_people": Fate.KEEP,
}
# By which moment a row's age is counted.
_AGE = {
    "appreciations": "created_at",
    "drafts": "updated_at",
    "handovers": "asked_at",
    "notifications": "created_at",
    "tripped_limits": "at",
    "whatsapp_people": "last_wrote_at",
}


@dataclass(frozen=True)
class Periods:
    """How long things are kept, in days since they happened.

    Bookings and failed proofs end by themselves (sigap.booking.retention). `web_conversations` is what the web chat's
    page promises (SIGAP_WEB_KEPT_DAYS).
    """

    conversations: int = 30
    web_conversations: int = 30
    complaints: int = 365
    appreciations: int = 365
    handovers: int = 90
    notifications: int = 30
    tripped_limits: int = 90
    whatsapp_people: int = 90
    drafts: int = 1


@dataclass(frozen=True)
class Erased:
    """What is gone: rows by table, "events" for what was said."""

    rows: Mapping[str, int]


@dataclass(frozen=True)
class StillBooked:
    """Nothing was erased: a place in the queue is still needed for its day, or must be given back first."""


class PersonalRecords:
    """Hands out, erases and lets go of what is kept."""

    def __init__(self, store: Store, conversations: Conversations, clock: Clock) -> None:
        self._store = store
        self._conversations = conversations
        self._clock = clock

    def export(self, conversation_id: str) -> dict[str, Any]:
        """A copy, as JSON-compatible lists by table; what was said is masked as it is kept."""
        copy: dict[str, Any] = {"conversation": conversation_id}
        with self._store.reading() as session:
            for table in personal_tables():
                rows = session.execute(select(table).where(table.c.conversation_id == conversation_id)).mappings()
                copy[table.name] = [_plain(row) for row in rows]
            booked = select(BookedApplicant.__table__).join(Booking.__table__)
            rows = session.execute(booked.where(Booking.conversation_id == conversation_id)).mappings()
            copy["booked_applicants"] = [_plain(row) for row in rows]
        copy["events"] = [json.loads(one.data) for one in self._conversations.everything(conversation_id)]
        return copy

    def erase(self, conversation_id: str) -> Erased | StillBooked:
        """Erase what is kept about a conversation. Asked twice, there is nothing left to do."""
        with self._store.work() as session:
            # A day has passed everywhere in Indonesia when it has passed in its west.
            live = _BOOKINGS.c.state.in_(_LIVE) & (Booking.day >= self._clock().astimezone(WIB).date())
            if session.execute(select(Booking.id).where(Booking.conversation_id == conversation_id, live)).first():
                return StillBooked()
            rows = {}
            _anonymise_bookings(session, Booking.conversation_id == conversation_id)
            for table in personal_tables():
                if FATES[table.name] is Fate.DELETE:
                    own = table.c.conversation_id == conversation_id
                    rows[table.name] = int(session.execute(delete(table).where(own)).rowcount)
            rows["bookings"] = _rename(session, Booking, conversation_id)
            rows["complaints"] = self._anonymise_complaints(session, Complaint.conversation_id == conversation_id)
            session.commit()
        rows["events"] = self._conversations.forget(conversation_id)
        return Erased(rows)

    def let_go(self, periods: Periods) -> Erased:
        """Erase what is older than its period; for a daily job."""
        now = self._clock()
        rows = {}
        with self._store.work() as session:
            for name, moment in _AGE.items():
                table = Base.metadata.tables[name]
                old = table.c[moment] < now - timedelta(days=getattr(periods, name))
                rows[name] = int(session.execute(delete(table).where(old)).rowcount)
            long_ago = Complaint.created_at < now - timedelta(days=periods.complaints)
            rows["complaints"] = self._anonymise_complaints(
                session, long_ago & (Complaint.conversation_id != ANONYMOUS)
            )
            session.commit()
        rows["web_conversations"] = self._forget_unused_web(now - timedelta(days=periods.web_conversations))
        rows["events"] = self._conversations.forget_before((now - timedelta(days=periods.conversations)).timestamp())
        return Erased(rows)

    def _forget_unused_web(self, moment: datetime) -> int:
        transcripts = Transcripts(self._store, self._clock)
        unused = transcripts.unused_since(moment)
        for conversation_id in unused:
            # The transcript last: it is what a second run finds the conversation by.
            self._conversations.forget(conversation_id)
            transcripts.forget(conversation_id)
        return len(unused)

    def _anonymise_complaints(self, session: Session, which: Any) -> int:
        complaints = list(session.scalars(select(Complaint).where(which)))
        for complaint in complaints:
            complaint.text = mask(complaint.text, personal_spans(complaint.text, self._clock().date()))
            complaint.may_contact = False
            complaint.conversation_id = ANONYMOUS
        return len(complaints)


def personal_tables() -> list[Table]:
    """Every table whose rows belong to a conversation."""
    return [table for table in Base.metadata.sorted_tables if "conversation_id" in table.c]


def _anonymise_bookings(session: Session, which: Any) -> None:
    blank: dict[str, Any] = {"name": None, "nik": None, "nik_key": None, "birth_date": None}
    statement = update(BookedApplicant).where(_APPLICANTS.c.booking_id.in_(select(Booking.id).where(which)))
    session.execute(statement.values(**blank), execution_options={"synchronize_session": False})


def _rename(session: Session, table: Any, conversation_id: str) -> int:
    statement = update(table).where(table.conversation_id == conversation_id).values(conversation_id=ANONYMOUS)
    return int(session.execute(statement, execution_options={"synchronize_session": False}).rowcount)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, (str, int, float, bool, dict, list, type(None))) else _written(value)
        for key, value in row.items()
    }


def _written(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)
