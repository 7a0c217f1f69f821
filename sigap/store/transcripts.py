"""What was said in the web chat, so that a page finds it again after a reload or a lost connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import delete, desc, select
from sqlalchemy.orm import Session

from sigap.clock import Clock
from sigap.store.session import Store
from sigap.store.tables import Draft, WebConversation, WebMessage, WebTurn

# A turn takes at most 20 seconds (sigap.channels.guard); one that is still open after this died with its server.
ABANDONED = timedelta(seconds=40)
# More than anybody scrolls back through on a telephone.
MOST_LINES = 200


class Begun(Enum):
    """What became of a message that came in."""

    NEW = "new"
    REPEATED = "repeated"
    UNKNOWN_CONVERSATION = "unknown conversation"


@dataclass(frozen=True)
class Line:
    """One message; `content` is JSON as the page shows it, `sequence` counts within the conversation from 1."""

    sequence: int
    own: bool
    turn: str | None
    content: dict[str, Any]
    at: datetime


class Transcripts:
    """Keeps conversations until they are forgotten or purged. Contents are stored as given: mask them before."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def open(self, conversation_id: str) -> None:
        """Begin a conversation."""
        with self._store.work() as session:
            session.add(WebConversation(id=conversation_id, last_sequence=0, last_used_at=self._clock()))
            session.commit()

    def begin(self, conversation_id: str, turn: str, content: dict[str, Any]) -> Begun:
        """Note an applicant's message under the name that its page gave it, and say whether it is to be answered.

        A turn that died with its server is answered anew; any other repetition is not.
        """
        with self._store.work() as session:
            conversation = _locked(session, conversation_id)
            if conversation is None:
                return Begun.UNKNOWN_CONVERSATION
            known = session.get(WebTurn, (conversation_id, turn))
            if known is None:
                session.add(WebTurn(conversation_id=conversation_id, name=turn, started_at=self._clock()))
                self._append(session, conversation, [content], turn, own=True)
            elif known.finished or known.started_at > self._clock() - ABANDONED:
                return Begun.REPEATED
            else:
                known.started_at = self._clock()
            session.commit()
            return Begun.NEW

    def finish(self, conversation_id: str, turn: str, answers: Sequence[dict[str, Any]]) -> None:
        """Note the answers to a message. Nothing happens where the conversation was forgotten meanwhile."""
        with self._store.work() as session:
            conversation = _locked(session, conversation_id)
            if conversation is None:
                return
            session.get(WebTurn, (conversation_id, turn)).finished = True
            self._append(session, conversation, answers, turn, own=False)
            session.commit()

    def say(self, conversation_id: str, messages: Sequence[dict[str, Any]]) -> bool:
        """Note messages that answer nothing. False when the conversation does not exist or no longer."""
        with self._store.work() as session:
            conversation = _locked(session, conversation_id)
            if conversation is None:
                return False
            self._append(session, conversation, messages, None, own=False)
            session.commit()
            return True

    def lines_of_turn(self, conversation_id: str, turn: str) -> list[Line] | None:
        """A message and its answers; None while it is not answered yet."""
        with self._store.reading() as session:
            known = session.get(WebTurn, (conversation_id, turn))
            if known is None or not known.finished:
                return None
            return _lines(session, conversation_id, WebMessage.turn == turn)

    def lines_after(self, conversation_id: str, sequence: int) -> list[Line] | None:
        """The newest lines after a sequence number, oldest first; None when there is no such conversation."""
        with self._store.reading() as session:
            if session.get(WebConversation, conversation_id) is None:
                return None
            return _lines(session, conversation_id, WebMessage.sequence > sequence)

    def newest(self, conversation_ids: Sequence[str]) -> dict[str, int]:
        """The last sequence number of each conversation that exists."""
        columns = WebConversation.__table__.c
        wanted = select(columns.id, columns.last_sequence).where(columns.id.in_(conversation_ids))
        with self._store.reading() as session:
            return dict(session.execute(wanted).all())

    def forget(self, conversation_id: str) -> None:
        """Remove a conversation and the entries of its unfinished forms. Its token opens nothing any more."""
        with self._store.work() as session:
            session.execute(delete(Draft).filter_by(conversation_id=conversation_id))
            session.execute(delete(WebConversation).filter_by(id=conversation_id))
            session.commit()

    def unused_since(self, moment: datetime) -> list[str]:
        """Ids of the conversations in which nothing was said after `moment`."""
        with self._store.reading() as session:
            old = select(WebConversation.id).where(WebConversation.last_used_at < moment)
            return list(session.execute(old).scalars())

    def _append(
        self,
        session: Session,
        conversation: WebConversation,
        contents: Sequence[dict[str, Any]],
        turn: str | None,
        *,
        own: bool,
    ) -> None:
        now = self._clock()
        for content in contents:
            conversation.last_sequence += 1
            session.add(
                WebMessage(
                    conversation_id=conversation.id,
                    sequence=conversation.last_sequence,
                    own=own,
                    turn=turn,
                    content=content,
                    created_at=now,
                )
            )
        conversation.last_used_at = now


def _locked(session: Session, conversation_id: str) -> WebConversation | None:
    # One writer at a time, so that sequence numbers have no gaps and a page never overlooks a line.
    found: WebConversation | None = session.get(WebConversation, conversation_id, with_for_update=True)
    return found


def _lines(session: Session, conversation_id: str, condition: Any) -> list[Line]:
    newest = (
        select(WebMessage)
        .where(WebMessage.conversation_id == conversation_id, condition)
        .order_by(desc(WebMessage.sequence))
        .limit(MOST_LINES)
    )
    rows = list(session.execute(newest).scalars())
    return [Line(row.sequence, row.own, row.turn, row.content, row.created_at) for row in reversed(rows)]
