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
    text,
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
    """An attempt to see an application or a booking without the matching birth date.

    The number or code itself is not kept; `subject` is a keyed hash that tells it again.
    """

    __tablename__ = "failed_proofs"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    subject: str | None = Column(String(64))
    at: datetime = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        Index("ix_failed_proofs_conversation_at", "conversation_id", "at"),
        Index("ix_failed_proofs_subject_at", "subject", "at"),
    )


class Office(Base):
    """How one office runs its queue. Name and address are facts and live in data/knowledge.

    Quotas open weekly at `opens_at` on `opens_weekday` (0 is Monday) for the week that follows, or day by day as the
    window moves on where both are empty; `opened_through` is the last day that has been opened. A booking may be moved
    `move_limit` times, the last time `move_until_days` before its day.
    """

    __tablename__ = "offices"

    id: str = Column(String(60), primary_key=True)
    zone: str = Column(String(4), nullable=False)
    takes_bookings: bool = Column(Boolean, nullable=False, default=False)
    kinds: list[str] = Column(JSON, nullable=False, default=lambda: ["baru", "penggantian", "ambil"])
    window_days: int = Column(Integer, nullable=False, default=14)
    opens_weekday: int | None = Column(Integer)
    opens_at: time | None = Column(Time)
    opened_through: date | None = Column(Date)
    max_applicants: int = Column(Integer, nullable=False, default=5)
    move_limit: int = Column(Integer, nullable=False, default=1)
    move_until_days: int = Column(Integer, nullable=False, default=1)
    month_limit: int = Column(Integer, nullable=False, default=4)
    demo: bool = Column(Boolean, nullable=False, default=False)

    __table_args__ = (
        CheckConstraint("zone IN ('WIB', 'WITA', 'WIT')", name="ck_offices_zone"),
        CheckConstraint("max_applicants BETWEEN 1 AND 20", name="ck_offices_max_applicants"),
        CheckConstraint("(opens_weekday IS NULL) = (opens_at IS NULL)", name="ck_offices_opening"),
    )


class WeeklyHour(Base):
    """The places of one hour of an office's ordinary week. `weekday` 0 is Monday; an hour without a row is a break."""

    __tablename__ = "weekly_hours"

    office_id: str = Column(ForeignKey("offices.id"), primary_key=True)
    service: str = Column(String(8), primary_key=True)
    weekday: int = Column(Integer, primary_key=True)
    hour: time = Column(Time, primary_key=True)
    quota: int = Column(Integer, nullable=False)
    priority_quota: int = Column(Integer, nullable=False, default=0)

    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="ck_weekly_hours_weekday"),
        CheckConstraint("quota >= 0 AND priority_quota >= 0", name="ck_weekly_hours_quota"),
    )


class Closure(Base):
    """A day on which an office is closed although its week says otherwise."""

    __tablename__ = "closures"

    office_id: str = Column(ForeignKey("offices.id"), primary_key=True)
    day: date = Column(Date, primary_key=True)
    reason: str = Column(String(120), nullable=False)


class OfficeDay(Base):
    """One day of one office's queue; hands out the queue numbers of that day."""

    __tablename__ = "office_days"

    office_id: str = Column(ForeignKey("offices.id"), primary_key=True)
    day: date = Column(Date, primary_key=True)
    last_number: int = Column(Integer, nullable=False, default=0)


class Slot(Base):
    """The places of one office in one hour, for all and for priority groups. What is taken is held or confirmed."""

    __tablename__ = "slots"

    id: int = Column(Integer, primary_key=True)
    office_id: str = Column(ForeignKey("offices.id"), nullable=False)
    service: str = Column(String(8), nullable=False, default="paspor")
    day: date = Column(Date, nullable=False)
    hour: time = Column(Time, nullable=False)
    quota: int = Column(Integer, nullable=False)
    taken: int = Column(Integer, nullable=False, default=0)
    priority_quota: int = Column(Integer, nullable=False, default=0)
    priority_taken: int = Column(Integer, nullable=False, default=0)

    __table_args__ = (
        UniqueConstraint("office_id", "service", "day", "hour", name="uq_slots_office_service_day_hour"),
        # The last guard against overselling: the database itself refuses one place too many.
        CheckConstraint("taken >= 0 AND taken <= quota", name="ck_slots_taken"),
        CheckConstraint("priority_taken >= 0 AND priority_taken <= priority_quota", name="ck_slots_priority_taken"),
    )


class Booking(Base):
    """A place in the queue, from the offer or the hold to the day itself. `office_id` and `day` are its slot's.

    `closure_told` says that its day was closed after it was booked and its owner has been told; `forgotten_at` is when
    the names and numbers of its people were removed.
    """

    __tablename__ = "bookings"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    slot_id: int = Column(ForeignKey("slots.id"), nullable=False)
    office_id: str = Column(String(60), nullable=False)
    service: str = Column(String(8), nullable=False, default="paspor")
    day: date = Column(Date, nullable=False)
    kind: str = Column(String(20), nullable=False)
    places: int = Column(Integer, nullable=False)
    priority: bool = Column(Boolean, nullable=False, default=False)
    proxy: bool = Column(Boolean, nullable=False, default=False)
    state: str = Column(String(12), nullable=False)
    held_until: datetime | None = Column(UtcDateTime)
    code: str | None = Column(String(12), unique=True)
    first_number: int | None = Column(Integer)
    moves: int = Column(Integer, nullable=False, default=0)
    created_at: datetime = Column(UtcDateTime, nullable=False)
    confirmed_at: datetime | None = Column(UtcDateTime)
    ended_at: datetime | None = Column(UtcDateTime)
    closure_told: bool = Column(Boolean, nullable=False, default=False)
    forgotten_at: datetime | None = Column(UtcDateTime)

    slot = relationship(Slot, lazy="joined", innerjoin=True)
    applicants = relationship(
        "BookedApplicant", order_by="BookedApplicant.position", cascade="all, delete-orphan", lazy="selectin"
    )

    __table_args__ = (
        CheckConstraint(
            "state IN ('held', 'offered', 'confirmed', 'arrived', 'no_show', 'cancelled', 'lapsed')",
            name="ck_bookings_state",
        ),
        CheckConstraint("places >= 1", name="ck_bookings_places"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'arrived', 'no_show') OR (code IS NOT NULL AND first_number IS NOT NULL)",
            name="ck_bookings_confirmed",
        ),
        CheckConstraint("state NOT IN ('held', 'offered') OR held_until IS NOT NULL", name="ck_bookings_held"),
        UniqueConstraint("office_id", "day", "first_number", name="uq_bookings_number"),
        Index("ix_bookings_conversation_state", "conversation_id", "state"),
        Index("ix_bookings_slot_state", "slot_id", "state"),
        Index("ix_bookings_state_held_until", "state", "held_until"),
        Index("ix_bookings_state_day", "state", "day"),
        Index(
            "ix_bookings_closure_told",
            "day",
            sqlite_where=text("closure_told"),
            postgresql_where=text("closure_told"),
        ),
        Index(
            "ix_bookings_not_forgotten",
            "day",
            sqlite_where=text("forgotten_at IS NULL"),
            postgresql_where=text("forgotten_at IS NULL"),
        ),
    )


class BookedApplicant(Base):
    """One person of a booking. `nik_key` is a keyed hash that tells the same NIK again.

    A pick-up has no NIK. Everything but the position is removed some time after the visit (sigap.booking.retention).
    """

    __tablename__ = "booked_applicants"

    booking_id: int = Column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    position: int = Column(Integer, primary_key=True)
    name: str | None = Column(String(120))
    nik: str | None = Column(String(16))
    nik_key: str | None = Column(String(64))
    birth_date: date | None = Column(Date)

    __table_args__ = (Index("ix_booked_applicants_nik_key", "nik_key"),)


class LiveClaim(Base):
    """What only one live booking may have: a conversation, a NIK, an application, a conversation's hold.

    The primary key is the guard: the database itself refuses a second live booking.
    """

    __tablename__ = "live_claims"

    key: str = Column(String(240), primary_key=True)
    booking_id: int = Column(ForeignKey("bookings.id"), nullable=False)

    __table_args__ = (Index("ix_live_claims_booking", "booking_id"),)


class Waiter(Base):
    """A conversation that waits for places; `booking_id` is the offer it has now or had last."""

    __tablename__ = "waiters"

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(160), nullable=False)
    office_id: str = Column(ForeignKey("offices.id"), nullable=False)
    kind: str = Column(String(20), nullable=False)
    places: int = Column(Integer, nullable=False)
    priority: bool = Column(Boolean, nullable=False, default=False)
    first_day: date = Column(Date, nullable=False)
    last_day: date = Column(Date, nullable=False)
    first_hour: time | None = Column(Time)
    last_hour: time | None = Column(Time)
    state: str = Column(String(12), nullable=False, default="waiting")
    offers: int = Column(Integer, nullable=False, default=0)
    booking_id: int | None = Column(ForeignKey("bookings.id"))
    joined_at: datetime = Column(UtcDateTime, nullable=False)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'served', 'left', 'expired')", name="ck_waiters_state"),
        CheckConstraint("places >= 1 AND first_day <= last_day", name="ck_waiters_wish"),
        Index(
            "uq_waiters_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("state IN ('waiting', 'offered')"),
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
        Index("ix_waiters_office_state", "office_id", "state"),
    )


class TrippedLimit(Base):
    """A limit that held somebody back; for officers, who look for brokers."""

    __tablename__ = "tripped_limits"

    id: int = Column(Integer, primary_key=True)
    at: datetime = Column(UtcDateTime, nullable=False)
    conversation_id: str = Column(String(160), nullable=False)
    office_id: str | None = Column(String(60))
    limit: str = Column("limit_kind", String(20), nullable=False)
    until: datetime | None = Column(UtcDateTime)

    __table_args__ = (Index("ix_tripped_limits_at", "at"),)


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


class WebConversation(Base):
    """A conversation of the web chat whose token the server has issued. Without this row a token opens nothing."""

    __tablename__ = "web_conversations"

    id: str = Column(String(160), primary_key=True)
    last_sequence: int = Column(Integer, nullable=False, default=0)
    last_used_at: datetime = Column(UtcDateTime, nullable=False)

    __table_args__ = (Index("ix_web_conversations_last_used_at", "last_used_at"),)


class WebTurn(Base):
    """A message of the web chat by the name its page gave it, so that a repeated one is not answered twice."""

    __tablename__ = "web_turns"

    conversation_id: str = Column(ForeignKey("web_conversations.id", ondelete="CASCADE"), primary_key=True)
    name: str = Column(String(64), primary_key=True)
    started_at: datetime = Column(UtcDateTime, nullable=False)
    finished: bool = Column(Boolean, nullable=False, default=False)


class WebMessage(Base):
    """One line of what was said in the web chat, with personal numbers masked. `turn` is empty where SIGAP began."""

    __tablename__ = "web_messages"

    conversation_id: str = Column(ForeignKey("web_conversations.id", ondelete="CASCADE"), primary_key=True)
    sequence: int = Column(Integer, primary_key=True)
    own: bool = Column(Boolean, nullable=False)
    turn: str | None = Column(String(64))
    content: dict[str, Any] = Column(JSON, nullable=False)
    created_at: datetime = Column(UtcDateTime, nullable=False)


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
