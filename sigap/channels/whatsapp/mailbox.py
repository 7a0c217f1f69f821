"""Messages in and out, kept in the database until they are dealt with, and shared out among processes.

A conversation belongs to one worker at a time, for as long as its lease runs; so its messages are answered in order,
and what a killed process leaves behind is taken over by another. Everything that decides is one conditional statement,
so that it holds on SQLite and on PostgreSQL alike.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    """A message to be answered; `attempts` counts this try too. `next_sent_at` is when the one after it was sent."""

    id: int
    conversation_id: str
    message_id: str
    sent_at: datetime
    content: Content
    attempts: int
    next_sent_at: datetime | None = None


@dataclass(frozen=True)
class Letter:
    """A message to be sent to `to`, in words of the Graph API but for the recipient. `attempts` counts this try too."""

    id: int
    conversation_id: str
    to: Sender
    content: dict[str, Any]
    attempts: int
    unclear: int


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

    def claim(self, most: int) -> list[str]:
        """Take up to `most` conversations in which something is to be done and which nobody attends to."""
        if most <= 0:
            return []
        now = self._clock()
        free = or_(_PERSON.worker.is_(None), _PERSON.lease_until < now)
        with self._store.work() as session:
            ids = session.scalars(select(_PERSON.conversation_id).where(free, _has_work(now)).limit(most)).all()
            taken = [
                conversation_id
                for conversation_id in ids
                if session.execute(
                    update(_PERSON)
                    .where(_PERSON.conversation_id == conversation_id, free)
                    .values(worker=self.worker, lease_until=now + LEASE)
                    .execution_options(synchronize_session=False)
                ).rowcount
            ]
            session.commit()
        return taken

    def renew(self) -> None:
        """Keep what this worker attends to."""
        with self._store.work() as session:
            session.execute(
                update(_PERSON)
                .where(_PERSON.worker == self.worker)
                .values(lease_until=self._clock() + LEASE)
                .execution_options(synchronize_session=False)
            )
            session.commit()

    def next_step(self, conversation_id: str) -> Waiting | Letter | None:
        """What to do next in a conversation of ours; None when nothing is left, and it is ours no longer.

        Letters go before the next message is answered, unless sending is paused.
        """
        with self._store.work() as session:
            person = session.get(_PERSON, conversation_id, with_for_update=True)
            if person.worker != self.worker:
                return None
            step: Waiting | Letter | None = None
            if person.paused_until is None or person.paused_until <= self._clock():
                step = self._next_letter(session, person)
            step = step or self._next_message(session, conversation_id)
            if step is None:
                person.worker = person.lease_until = None
            session.commit()
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
            return Letter(letter.id, person.conversation_id, to, letter.content, letter.attempts, letter.unclear)
        return None

    def _window_closed(self, person: Any) -> bool:
        return person.last_wrote_at is None or person.last_wrote_at < self._clock() - WINDOW

    @staticmethod
    def _next_message(session: Session, conversation_id: str) -> Waiting | None:
        waiting = session.scalars(
            select(_IN)
            .where(_IN.conversation_id == conversation_id, _IN.state == "waiting")
            .order_by(_IN.sent_at, _IN.id)
            .limit(2)
        ).all()
        if not waiting:
            return None
        message, *later = waiting
        message.attempts += 1
        return Waiting(
            message.id,
            conversation_id,
            message.message_id,
            message.sent_at,
            Content.from_json(message.content),
            message.attempts,
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

    def choices(self, conversation_id: str) -> dict[str, Any] | None:
        """What was last offered in a conversation."""
        with self._store.work() as session:
            person = session.get(_PERSON, conversation_id)
            return dict(person.choices) if person is not None and person.choices else None

    def answered(
        self,
        message: Waiting,
        letters: Sequence[dict[str, Any]],
        choices: dict[str, Any] | None,
        state: str = "answered",
    ) -> bool:
        """Record the answer of a message and queue its letters, in one go. False when another worker was quicker."""
        with self._store.work() as session:
            person = session.get(_PERSON, message.conversation_id, with_for_update=True)
            done = session.execute(
                update(_IN)
                .where(_IN.id == message.id, _IN.state == "waiting")
                .values(state=state, content=None)
                .execution_options(synchronize_session=False)
            ).rowcount
            if not done or person.worker != self.worker:
                return False
            person.choices = choices
            for content in letters:
                session.add(self._letter(message.conversation_id, Draft(content), message.id))
            session.commit()
        return True

    def reachable(self, conversation_id: str, by_template: bool) -> bool:
        """Whether news may be sent: within 24 hours of the person's last message, later only by a template."""
        with self._store.work() as session:
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

    def sent(self, letter: Letter, sent_as: str | None) -> None:
        """The Graph API has taken a letter under this id."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.sent_as = sent_as
            self._finish(row, "sent")
            session.commit()

    def failed(self, letter: Letter, code: int | None) -> None:
        """A letter is given up; the code says why."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.error_code = code
            self._finish(row, "failed")
            session.commit()

    def retry(
        self,
        letter: Letter,
        code: int | None,
        after: timedelta = timedelta(),
        unclear: bool = False,
        content: dict[str, Any] | None = None,
    ) -> None:
        """A letter goes again after a pause, perhaps with other content; nothing else is sent in between."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            row.state, row.error_code = "waiting", code
            row.unclear += unclear
            if content is not None:
                row.content = content
            person = session.get(_PERSON, letter.conversation_id)
            person.paused_until = self._clock() + after if after else None
            session.commit()

    def use_template(self, letter: Letter, code: int | None) -> bool:
        """Send the letter's template in its place. False when it has none."""
        with self._store.work() as session:
            row = session.get(_OUT, letter.id)
            if row.template is None:
                return False
            row.state, row.error_code, row.content, row.template = "waiting", code, row.template, None
            session.commit()
        return True

    def _finish(self, row: Any, state: str) -> None:
        # A template is kept: Meta may report only later that the window had closed.
        row.state, row.content, row.done_at = state, None, self._clock()

    # Pictures

    def media(self, picture: str) -> str | None:
        """The id under which Meta still has a picture, named by the SHA-256 of its bytes."""
        with self._store.work() as session:
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
