"""Messages in and out, kept in the database until they are dealt with, and shared out among processes.

A conversation belongs to one worker at a time, for as long as its lease runs; so its messages are answered in order,
and what a killed process leaves behind is taken over by another. Everything that decides is one conditional statement,
so that it holds on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from sigap.channels.whatsapp import people
from sigap.channels.whatsapp.protocol import Content, Delivery, Failure, Incoming, NewIdentity, Sender
from sigap.clock import Clock
from sigap.store.session import Store
from sigap.store.tables import WhatsappIncoming, WhatsappMedia, WhatsappOutgoing, WhatsappPerson

# A worker renews its leases every few seconds; whoever misses several renewals is dead.
LEASE = timedelta(seconds=20)
# Meta repeats a delivery for up to seven days; until then its id must be remembered.
KEPT = timedelta(days=14)
# Meta accepts an uploaded picture for thirty days.
MEDIA_KEPT = timedelta(days=25)
# Free text may be sent within 24 hours of the applicant's last message; later only approved templates.
WINDOW = timedelta(hours=24)
# Meta's code for free text after that.
OUTSIDE_WINDOW = 131047
# A message whose answering has killed two workers is not tried a third time.
MOST_ATTEMPTS = 2
# Unknown outcomes are tried once more, since Meta has no way to recognise a repetition.
MOST_UNCLEAR = 1
# SQLAlchemy 1.4 has no types of its own: as an expression, a column is not what its attribute is annotated with.
_PERSON: Any = WhatsappPerson
_IN: Any = WhatsappIncoming
_OUT: Any = WhatsappOutgoing


@dataclass(frozen=True)
class Waiting:
    """A message to be answered, and what was last offered in its conversation.

    `attempts` counts this try too; `next_sent_at` is when the message after it was sent.
    """

    id: int
    conversation_id: str
    message_id: str
    sent_at: datetime
    content: Content
    attempts: int
    choices: dict[str, Any] | None = None
    next_sent_at: datetime | None = None


@dataclass(frozen=True)
class Letter:
    """A message to be sent to `to`, in words of the Graph API but for the recipient. `attempts` counts this try too."""

    id: int
    conversation_id: str
    to: Sender
    content: dict[str, Any]
    created_at: datetime
    attempts: int
    unclear: int


Step = Waiting | Letter
"""What a worker does next in a conversation."""


@dataclass(frozen=True)
class Draft:
    """A message to be sent; `template` replaces it where 24 hours have passed since the applicant last wrote."""

    content: dict[str, Any]
    template: dict[str, Any] | None = None


class Mailbox:
    """The database of the channel. Methods block; the worker calls them in threads. `worker` names this process."""

    def __init__(self, store: Store, clock: Clock, worker: str) -> None:
        self._store = store
        self._clock = clock
        self.worker = worker

    # Receiving

    def receive(self, delivery: Delivery) -> int:
        """Keep a delivery; returns how many of its messages are new. Repeated ones change nothing.

        Raises `SQLAlchemyError` when the database does not take it; then Meta must not be told that it is kept.
        """
        try:
            return self._receive(delivery)
        except (IntegrityError, OperationalError):
            # Somebody's first two messages arrived at two processes at once; the second finds what the first has made.
            return self._receive(delivery)

    def _receive(self, delivery: Delivery) -> int:
        with self._store.work() as session:
            for change in delivery.changes:
                self._move(session, change)
            new = sum(self._keep(session, message) for message in delivery.messages)
            for failure in delivery.failures:
                self._note_failure(session, failure)
            session.commit()
        return new

    def _keep(self, session: Session, message: Incoming) -> bool:
        conversation_id = people.conversation_of(session, message.sender)
        return self._insert(session, message.message_id, conversation_id, message.sent_at, message.content.to_json())

    def _insert(
        self, session: Session, message_id: str, conversation_id: str, sent_at: datetime, content: dict[str, str] | None
    ) -> bool:
        values = {
            "message_id": message_id,
            "conversation_id": conversation_id,
            "content": content,
            "state": "waiting" if content else "answered",
            "attempts": 0,
            "sent_at": sent_at,
            "received_at": self._clock(),
        }
        new = bool(session.execute(_insert_new(session, _IN, values)).rowcount)
        if new and content:
            seen = (_PERSON.last_wrote_at.is_(None)) | (_PERSON.last_wrote_at < sent_at)
            person = (_PERSON.conversation_id == conversation_id) & seen
            session.execute(update(_PERSON).where(person).values(last_wrote_at=sent_at))
        return new

    def _move(self, session: Session, change: NewIdentity) -> None:
        person = people.find(session, change.old)
        if person and self._insert(session, change.message_id, person.conversation_id, change.sent_at, None):
            people.move(session, person, change.new)

    def _note_failure(self, session: Session, failure: Failure) -> None:
        """A message that Meta took and could not deliver: its code is recorded; a template may go in its place."""
        letter = _OUT.sent_as == failure.sent_as
        again = letter & _OUT.template.isnot(None) & (failure.code == OUTSIDE_WINDOW)
        session.execute(
            update(_OUT)
            .where(letter)
            .values(state="failed", error_code=failure.code)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(_OUT)
            .where(again)
            .values(state="waiting", content=_OUT.template, template=None, sent_as=None, done_at=None)
            .execution_options(synchronize_session=False)
        )

    # Sharing out

    def claim(self, most: int, attended: Collection[str]) -> list[Step]:
        """Take up to `most` conversations in which something is to be done and which nobody attends to.

        Those `attended` to by this worker itself are left alone even when their lease has run out meanwhile. Returns
        the first step of each. What records the outcome of a step returns the next; after the last, the
        conversation is nobody's again.
        """
        now = self._clock()
        free = or_(_PERSON.worker.is_(None), _PERSON.lease_until < now) & _PERSON.conversation_id.notin_(attended)
        with self._store.work() as session:
            ids = session.scalars(select(_PERSON.conversation_id).where(free, _has_work(now)).limit(most)).all()
            steps = [self._next(session, id_) for id_ in ids if self._take(session, id_, free, now + LEASE)]
            session.commit()
        return [step for step in steps if step is not None]

    def _take(self, session: Session, conversation_id: str, free: Any, until: datetime) -> bool:
        taking = (
            update(_PERSON)
            .where(_PERSON.conversation_id == conversation_id, free)
            .values(worker=self.worker, lease_until=until)
            .execution_options(synchronize_session=False)
        )
        return bool(session.execute(taking).rowcount)

    def renew(self, attended: Collection[str]) -> None:
        """Keep what this worker attends to."""
        with self._store.work() as session:
            session.execute(
                update(_PERSON)
                .where(_PERSON.worker == self.worker, _PERSON.conversation_id.in_(attended))
                .values(lease_until=self._clock() + LEASE)
                .execution_options(synchronize_session=False)
            )
            session.commit()

    def _next(self, session: Session, conversation_id: str) -> Step | None:
        """Letters go before the next message is answered, unless sending is paused."""
        person = session.get(_PERSON, conversation_id, with_for_update=True, populate_existing=True)
        if person.worker != self.worker:
            return None
        step: Step | None = None
        if person.paused_until is None or person.paused_until <= self._clock():
            step = self._next_letter(session, person)
        step = step or self._next_message(session, person)
        if step is None:
            person.worker = person.lease_until = None
        return step

    def _next_letter(self, session: Session, person: Any) -> Letter | None:
        unsent = select(_OUT).where(
            _OUT.conversation_id == person.conversation_id,
            _OUT.state.in_(["waiting", "sending"]),
        )
        for letter in session.scalars(unsent.order_by(_OUT.id)):
            if letter.state == "sending":  # a worker was killed in between: nobody knows whether it arrived
                letter.unclear += 1
                if letter.unclear > MOST_UNCLEAR:
                    self._finish(letter, "failed")
                    continue
            if letter.template is not None and self._window_closed(person):
                letter.content, letter.template = letter.template, None
            letter.state, letter.attempts = "sending", letter.attempts + 1
            to = Sender(person.user_id, person.phone)
            return Letter(
                letter.id,
                person.conversation_id,
                to,
                letter.content,
                letter.created_at,
                letter.attempts,
                letter.unclear,
            )
        return None

    def _window_closed(self, person: Any) -> bool:
        return person.last_wrote_at is None or person.last_wrote_at < self._clock() - WINDOW

    @staticmethod
    def _next_message(session: Session, person: Any) -> Waiting | None:
        waiting = session.scalars(
            select(_IN)
            .where(_IN.conversation_id == person.conversation_id, _IN.state == "waiting")
            .order_by(_IN.sent_at, _IN.id)
            .limit(2)
        ).all()
        if not waiting:
            return None
        message, *later = waiting
        message.attempts += 1
        return Waiting(
            message.id,
            person.conversation_id,
            message.message_id,
            message.sent_at,
            Content.from_json(message.content),
            message.attempts,
            person.choices,
            later[0].sent_at if later else None,
        )

    def release(self) -> None:
        """Give back everything that this worker still holds."""
        with self._store.work() as session:
            session.execute(
                update(_PERSON)
                .where(_PERSON.worker == self.worker)
                .values(worker=None, lease_until=None)
                .execution_options(synchronize_session=False)
            )
            session.commit()

    # Answering

    def answered(
        self,
        message: Waiting,
        letters: Sequence[dict[str, Any]],
        choices: dict[str, Any] | None,
        state: str = "answered",
    ) -> Step | None:
        """Record the answer of a message and queue its letters, in one go; nothing where another worker was quicker."""
        with self._store.work() as session:
            person = session.get(_PERSON, message.conversation_id, with_for_update=True)
            row = session.get(_IN, message.id)
            if person.worker != self.worker or row.state != "waiting":
                return None
            row.state, row.content = state, None
            person.choices = choices
            session.add_all(self._letter(message.conversation_id, Draft(content), message.id) for content in letters)
            return self._go_on(session, message.conversation_id)

    def reachable(self, conversation_id: str, by_template: bool) -> bool:
        """Whether news may be sent: within 24 hours of the person's last message, later only by a template."""
        with self._store.reading() as session:
            person = session.get(_PERSON, conversation_id)
            return person is not None and (by_template or not self._window_closed(person))

    def post(self, conversation_id: str, drafts: Sequence[Draft], choices: dict[str, Any] | None) -> None:
        """Queue letters that answer no message, to somebody who is `reachable`."""
        with self._store.work() as session:
            session.get(_PERSON, conversation_id, with_for_update=True).choices = choices
            for draft in drafts:
                session.add(self._letter(conversation_id, draft, None))
            session.commit()

    def _letter(self, conversation_id: str, draft: Draft, answers: int | None) -> Any:
        return _OUT(
            conversation_id=conversation_id,
            answers=answers,
            content=draft.content,
            template=draft.template,
            state="waiting",
            created_at=self._clock(),
        )

    # Sending

    def sent(self, letter: Letter, sent_as: str | None) -> Step | None:
        """The Graph API has taken a letter under this id."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.sent_as = sent_as
            self._finish(row, "sent")
            return self._go_on(session, letter.conversation_id)

    def failed(self, letter: Letter, code: int | None) -> Step | None:
        """A letter is given up; the code says why."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.error_code = code
            self._finish(row, "failed")
            return self._go_on(session, letter.conversation_id)

    def retry(
        self,
        letter: Letter,
        code: int | None,
        after: timedelta = timedelta(),
        unclear: bool = False,
        content: dict[str, Any] | None = None,
    ) -> Step | None:
        """A letter goes again after a pause, perhaps with other content; nothing else is sent in between."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.state, row.error_code = "waiting", code
            row.unclear += unclear
            row.content = content or row.content
            person = session.get(_PERSON, letter.conversation_id, with_for_update=True)
            person.paused_until = self._clock() + after
            return self._go_on(session, letter.conversation_id)

    def refused_as_late(self, letter: Letter, code: int | None) -> Step | None:
        """The 24-hour window had closed: the letter's template goes in its place, where it has one."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.error_code = code
            if row.template is None:
                self._finish(row, "failed")
            else:
                row.state, row.content, row.template = "waiting", row.template, None
            return self._go_on(session, letter.conversation_id)

    def _go_on(self, session: Session, conversation_id: str) -> Step | None:
        session.flush()
        step = self._next(session, conversation_id)
        session.commit()
        return step

    def _finish(self, row: Any, state: str) -> None:
        # A template is kept: Meta may report only later that the window had closed.
        row.state, row.content, row.done_at = state, None, self._clock()

    # Pictures

    def media(self, picture: str) -> str | None:
        """The id under which Meta still has a picture, named by the SHA-256 of its bytes."""
        with self._store.reading() as session:
            found = session.get(WhatsappMedia, picture)
            fresh = found is not None and found.uploaded_at > self._clock() - MEDIA_KEPT
            return str(found.media_id) if fresh else None

    def remember_media(self, picture: str, media_id: str) -> None:
        """Keep the id of an uploaded picture."""
        with self._store.work() as session:
            session.merge(WhatsappMedia(picture=picture, media_id=media_id, uploaded_at=self._clock()))
            session.commit()

    # Keeping house

    def purge(self) -> None:
        """Forget what is done and older than `KEPT`, and templates that nobody will ask for any more."""
        now = self._clock()
        with self._store.work() as session:
            done = _OUT.state.in_(["sent", "failed"])
            session.execute(delete(_OUT).where(done, _OUT.created_at < now - KEPT))
            session.execute(delete(_IN).where(_IN.state != "waiting", _IN.received_at < now - KEPT))
            session.execute(
                update(_OUT)
                .where(done, _OUT.template.isnot(None), _OUT.done_at < now - WINDOW)
                .values(template=None)
                .execution_options(synchronize_session=False)
            )
            session.execute(delete(WhatsappMedia).where(WhatsappMedia.uploaded_at < now - MEDIA_KEPT))
            session.commit()


def _has_work(now: datetime) -> Any:
    same_in = _IN.conversation_id == _PERSON.conversation_id
    same_out = _OUT.conversation_id == _PERSON.conversation_id
    to_answer = exists().where(and_(same_in, _IN.state == "waiting"))
    to_send = exists().where(and_(same_out, _OUT.state.in_(["waiting", "sending"])))
    may_send = or_(_PERSON.paused_until.is_(None), _PERSON.paused_until <= now)
    return or_(to_answer, and_(to_send, may_send))


def _insert_new(session: Session, table: Any, values: dict[str, Any]) -> Any:
    """An insert that does nothing where the message is known already."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(table).values(**values).on_conflict_do_nothing()
