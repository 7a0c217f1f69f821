"""The tables. Times are stored in UTC; days and hours of the queue are the office's own local ones."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    Time,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import declarative_base, relationship

Base: Any = declarative_base()


class UtcDateTime(TypeDecorator):
    """A moment. Refuses times without a zone; SQLite would silently drop it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises `ValueError` for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """In UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Application(Base):
    """A passport application as the office's back end last reported it."""

    __tablename__ = "applications"

    number: str = Column(String(16), primary_key=True)
    birth_date: date = Column(Date, nullable=False)
    office_id: str = Column(String(60), nullable=False)
    kind: str = Column(String(20), nullable=False)
    stage: str = Column(String(40), nullable=False)
    stage_since: datetime = Column(UtcDateTime, nullable=False)
    scheduled_for: datetime | None = Column(UtcDateTime)
    interviewed_on: date | None = Column(Date)
    ready_on: date | None = Column(Date)
    demo: bool = Column(Boolean, nullable=False, default=False)


class FailedProof(Base):
    """An attempt to see an application without the matching birth date; the number itself is not kept."""

    __tablename__ = "failed_proofs"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    at: datetime = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_failed_proofs_conversation_at", "conversation_id", "at"),)


class Office(Base):
    """How one office runs its queue. Name and address are facts and live in data/knowledge."""

    __tablename__ = "offices"

    id: str = Column(String(60), primary_key=True)
    zone: str = Column(String(4), nullable=False)
    takes_bookings: bool = Column(Boolean, nullable=False, default=False)
    window_days: int = Column(Integer, nullable=False, default=14)
    max_applicants: int = Column(Integer, nullable=False, default=5)
    demo: bool = Column(Boolean, nullable=False, default=False)

    __table_args__ = (
        CheckConstraint("zone IN ('WIB', 'WITA', 'WIT')", name="ck_offices_zone"),
        CheckConstraint("max_applicants BETWEEN 1 AND 20", name="ck_offices_max_applicants"),
    )


class OfficeDay(Base):
    """One day of one office's queue; hands out the queue numbers of that day."""

    __tablename__ = "office_days"

    office_id: str = Column(ForeignKey("offices.id"), primary_key=True)
    day: date = Column(Date, primary_key=True)
    last_number: int = Column(Integer, nullable=False, default=0)


class Slot(Base):
    """The places of one office in one hour. `taken` counts held and confirmed places."""

    __tablename__ = "slots"

    id: int = Column(Integer, primary_key=True)
    office_id: str = Column(ForeignKey("offices.id"), nullable=False)
    day: date = Column(Date, nullable=False)
    hour: time = Column(Time, nullable=False)
    quota: int = Column(Integer, nullable=False)
    taken: int = Column(Integer, nullable=False, default=0)

    __table_args__ = (
        UniqueConstraint("office_id", "day", "hour", name="uq_slots_office_day_hour"),
        # The last guard against overselling: the database itself refuses one place too many.
        CheckConstraint("taken >= 0 AND taken <= quota", name="ck_slots_taken"),
    )


class Booking(Base):
    """A place in the queue, from the timed hold to the day itself."""

    __tablename__ = "bookings"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    slot_id: int = Column(ForeignKey("slots.id"), nullable=False)
    kind: str = Column(String(20), nullable=False)
    places: int = Column(Integer, nullable=False)
    state: str = Column(String(12), nullable=False)
    held_until: datetime | None = Column(UtcDateTime)
    code: str | None = Column(String(12), unique=True)
    first_number: int | None = Column(Integer)
    created_at: datetime = Column(UtcDateTime, nullable=False)

    slot = relationship(Slot, lazy="joined")
    applicants = relationship(
        "BookedApplicant", order_by="BookedApplicant.position", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        CheckConstraint("state IN ('held', 'confirmed', 'cancelled', 'lapsed')", name="ck_bookings_state"),
        CheckConstraint("places >= 1", name="ck_bookings_places"),
        CheckConstraint(
            "state <> 'confirmed' OR (code IS NOT NULL AND first_number IS NOT NULL)", name="ck_bookings_confirmed"
        ),
        Index("ix_bookings_conversation_state", "conversation_id", "state"),
        Index("ix_bookings_slot_state", "slot_id", "state"),
    )


class BookedApplicant(Base):
    """One person of a booking."""

    __tablename__ = "booked_applicants"

    booking_id: int = Column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    position: int = Column(Integer, primary_key=True)
    name: str = Column(String(120), nullable=False)
    nik: str = Column(String(16), nullable=False)
    birth_date: date = Column(Date, nullable=False)


class Draft(Base):
    """What an applicant has entered so far. Personal entries live here and not in the conversation's slots."""

    __tablename__ = "drafts"

    conversation_id: str = Column(String(160), primary_key=True)
    journey: str = Column(String(20), primary_key=True)
    entries: dict[str, Any] = Column(JSON, nullable=False)
    updated_at: datetime = Column(UtcDateTime, nullable=False)


class Complaint(Base):
    """A complaint and the ticket number under which it can be followed up."""

    __tablename__ = "complaints"

    ticket: str = Column(String(12), primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    category: str = Column(String(20), nullable=False)
    text: str = Column(Text, nullable=False)
    may_contact: bool = Column(Boolean, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False)


class Appreciation(Base):
    """Praise or a suggestion."""

    __tablename__ = "appreciations"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    text: str = Column(Text, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False)


class Handover(Base):
    """A conversation that asked for an officer."""

    __tablename__ = "handovers"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    asked_at: datetime = Column(UtcDateTime, nullable=False)
    answered_at: datetime | None = Column(UtcDateTime)

    __table_args__ = (Index("ix_handovers_open", "answered_at", "asked_at"),)


class Picture(Base):
    """A picture made for one applicant, such as a ticket. Its address is known only to them, so only a hash is kept."""

    __tablename__ = "pictures"

    address_hash: str = Column(String(64), primary_key=True)
    png: bytes = Column(LargeBinary, nullable=False)
    expires_at: datetime = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_pictures_expires_at", "expires_at"),)


class OutboxEntry(Base):
    """Something that SIGAP has to tell an applicant unasked. `data` holds nothing personal."""

    __tablename__ = "notifications"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    topic: str = Column(String(40), nullable=False)
    data: dict[str, Any] = Column(JSON, nullable=False)
    state: str = Column(String(12), nullable=False, default="waiting")
    created_at: datetime = Column(UtcDateTime, nullable=False)
    expires_at: datetime = Column(UtcDateTime, nullable=False)
    due_at: datetime = Column(UtcDateTime, nullable=False)
    leased: bool = Column(Boolean, nullable=False, default=False)
    attempts: int = Column(Integer, nullable=False, default=0)
    repeats: int = Column(Integer, nullable=False, default=0)
    reason: str | None = Column(String(200))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'delivered', 'expired', 'lost')", name="ck_notifications_state"),
        CheckConstraint("repeats BETWEEN 0 AND 1", name="ck_notifications_repeats"),
        Index("ix_notifications_state_due", "state", "due_at"),
    )


class WhatsappPerson(Base):
    """Somebody who has written over WhatsApp: the mapping of Meta's ids to our conversation id, and who attends to it.

    `lease_until` is when another process may take the conversation over from `worker`; `paused_until` is how long
    nothing more may be sent; `choices` is what was last offered, so that a typed number or label is understood.
    """

    __tablename__ = "whatsapp_people"

    conversation_id: str = Column(String(160), primary_key=True)
    user_id: str | None = Column(String(160), unique=True)
    phone: str | None = Column(String(20), unique=True)
    last_wrote_at: datetime | None = Column(UtcDateTime)
    choices: dict[str, Any] | None = Column(JSON(none_as_null=True))
    worker: str | None = Column(String(40))
    lease_until: datetime | None = Column(UtcDateTime)
    paused_until: datetime | None = Column(UtcDateTime)


class WhatsappIncoming(Base):
    """A message that was acknowledged. `content` is removed as soon as the message is answered."""

    __tablename__ = "whatsapp_incoming"

    id: int = Column(Integer, primary_key=True)
    message_id: str = Column(String(255), nullable=False, unique=True)
    conversation_id: str = Column(String(160), nullable=False)
    content: dict[str, Any] | None = Column(JSON(none_as_null=True))
    state: str = Column(String(10), nullable=False)
    attempts: int = Column(Integer, nullable=False, default=0)
    sent_at: datetime = Column(UtcDateTime, nullable=False)
    received_at: datetime = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'answered', 'late', 'given_up')", name="ck_whatsapp_incoming_state"),
        Index("ix_whatsapp_incoming_state_conversation", "state", "conversation_id"),
        Index("ix_whatsapp_incoming_received", "received_at"),
    )


class WhatsappOutgoing(Base):
    """A message to be sent, in order within its conversation. `content` is removed once it is sent or given up.

    `attempts` counts tries; `unclear` those whose outcome is unknown (a lost connection, a killed process), after which
    the applicant may have received the message twice. `error_code` is Meta's.
    """

    __tablename__ = "whatsapp_outgoing"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    answers: int | None = Column(ForeignKey("whatsapp_incoming.id", ondelete="SET NULL"))
    content: dict[str, Any] | None = Column(JSON(none_as_null=True))
    template: dict[str, Any] | None = Column(JSON(none_as_null=True))
    state: str = Column(String(10), nullable=False)
    attempts: int = Column(Integer, nullable=False, default=0)
    unclear: int = Column(Integer, nullable=False, default=0)
    error_code: int | None = Column(Integer)
    sent_as: str | None = Column(String(255))
    created_at: datetime = Column(UtcDateTime, nullable=False)
    done_at: datetime | None = Column(UtcDateTime)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'sent', 'failed')", name="ck_whatsapp_outgoing_state"),
        Index("ix_whatsapp_outgoing_state_conversation", "state", "conversation_id"),
        Index("ix_whatsapp_outgoing_sent_as", "sent_as"),
        Index("ix_whatsapp_outgoing_created", "created_at"),
    )


class WhatsappMedia(Base):
    """A picture that Meta already has, so that it is not uploaded again."""

    __tablename__ = "whatsapp_media"

    picture: str = Column(String(255), primary_key=True)
    media_id: str = Column(String(255), nullable=False)
    uploaded_at: datetime = Column(UtcDateTime, nullable=False)
