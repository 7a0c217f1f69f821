"""Messages of applicants that SIGAP may have misunderstood, for an editor to file.

The events of the tracker store are read once, in order and in the background, and what wants a look is kept in an index
of its own (SQLite, beside the content): the page opens at once however much is stored. Nothing personal is kept: texts
are masked on the way in, and conversations are not told apart.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from sigap.dialogues.made_up import filled
from sigap.editor.near import fold, near_pairs

logger = logging.getLogger(__name__)

FALLBACK = "nlu_fallback"
EMPTY = "pesan_kosong"
# Below this, one in three guesses is wrong (reliability curve in docs/benchmark.md).
_UNSURE = 0.6
# The same wish in other words: soon after, and alike.
_SOON = 180.0
_ALIKE = 55
_THUMB_DOWN = "👎"
_BATCH = 5_000
_LONGEST = 400
_LIKE = 80
_RANKED = 3
_SHOWN = 25
# So many messages of a group are shown, and as many wordings of it at most become examples.
_TEXTS = 8
_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), last_event INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
  event INTEGER PRIMARY KEY, at REAL NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL, ranking TEXT NOT NULL,
  reason TEXT NOT NULL, likeness INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'terbuka', filed TEXT NOT NULL DEFAULT ''
);
CREATE INDEX IF NOT EXISTS open_groups ON messages (state, likeness, event);
CREATE TABLE IF NOT EXISTS pending (sender TEXT PRIMARY KEY, form INTEGER NOT NULL, latest TEXT);
"""


class Reason(str, Enum):
    """Why a message is in the inbox, the weightiest first."""

    FALLBACK = "tidak dipahami"
    THUMB_DOWN = "jawaban ditolak"
    REPHRASED = "diulang dengan kata lain"
    UNSURE = "kurang yakin"


@dataclass(frozen=True)
class Group:
    """Messages that are alike; `ranking` are intents and confidences (0 to 1) of the first, likeliest first."""

    id: int
    texts: tuple[str, ...]
    count: int
    reason: str
    ranking: tuple[tuple[str, float], ...]
    latest: float


@dataclass(frozen=True)
class Counts:
    """How many messages wait and were dealt with, and how many events are not read yet."""

    open: int
    done: int
    unread: int


class Inbox:
    """The index of one tracker store. Safe to share between threads."""

    def __init__(self, path: Path, conversations_url: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._events: Engine = create_engine(_read_only(conversations_url), future=True)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        with closing(self._connect()) as index:
            index.executescript(_SCHEMA)

    def follow(self, seconds: float = 10.0) -> threading.Thread:
        """Read what is new every few seconds, in the background, until `close`."""
        thread = threading.Thread(target=self._follow, args=(seconds,), name="kotak-masuk", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Stop reading."""
        self._stopping.set()
        self._events.dispose()

    def read_new(self) -> int:
        """Read the next events into the index; returns how many messages and forms were among them."""
        with self._lock, closing(self._connect()) as index:
            after = self._last(index)
            rows = self._rows(after)
            found = list(self._judged(index, rows))
            index.executemany(
                "INSERT OR REPLACE INTO messages (event, at, text, folded, ranking, reason, likeness) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(*one, one[0]) for one in found],
            )
            # While much is still to be read, likeness would be worked out again and again.
            if len(rows) < _BATCH:
                _group(index)
            if rows:
                index.execute("INSERT OR REPLACE INTO seen VALUES (1, ?)", (rows[-1][0],))
            index.commit()
            return len(rows)

    def groups(self, start: int = 0) -> list[Group]:
        """Open messages, grouped by likeness: the largest groups first, then the latest."""
        with closing(self._connect()) as index:
            heads = index.execute(
                "SELECT likeness, COUNT(*), MAX(at) FROM messages WHERE state = 'terbuka' GROUP BY likeness "
                "ORDER BY COUNT(*) DESC, MAX(at) DESC LIMIT ? OFFSET ?",
                (_SHOWN, start),
            ).fetchall()
            return [self._group(index, *head) for head in heads]

    def group(self, group: int) -> Group | None:
        """One group of open messages."""
        with closing(self._connect()) as index:
            count, latest = index.execute(
                "SELECT COUNT(*), MAX(at) FROM messages WHERE state = 'terbuka' AND likeness = ?", (group,)
            ).fetchone()
            return self._group(index, group, count, latest) if count else None

    def settle(self, group: int, state: str, filed: Sequence[str] = ()) -> None:
        """A group is dealt with; `filed` notes what undoing must take back, for instance the new examples."""
        with self._lock, closing(self._connect()) as index:
            index.execute(
                "UPDATE messages SET state = ?, filed = ? WHERE likeness = ? AND state = 'terbuka'",
                (state, json.dumps(list(filed), ensure_ascii=False), group),
            )
            index.commit()

    def reopen(self, group: int) -> list[str]:
        """Undo `settle`; returns what it had noted."""
        with self._lock, closing(self._connect()) as index:
            row = index.execute(
                "SELECT filed FROM messages WHERE likeness = ? AND state != 'terbuka'", (group,)
            ).fetchone()
            index.execute("UPDATE messages SET state = 'terbuka', filed = '' WHERE likeness = ?", (group,))
            index.commit()
            filed: list[str] = json.loads(row[0]) if row and row[0] else []
            return filed

    def counts(self) -> Counts:
        """How much is waiting."""
        with closing(self._connect()) as index:
            waiting, done = index.execute(
                "SELECT COALESCE(SUM(state = 'terbuka'), 0), COALESCE(SUM(state != 'terbuka'), 0) FROM messages"
            ).fetchone()
            last = self._last(index)
        try:
            with self._events.connect() as connection:
                newest = (
                    connection.execute(
                        text("SELECT id FROM events WHERE type_name = 'user' ORDER BY id DESC LIMIT 1")
                    ).scalar()
                    or 0
                )
        except SQLAlchemyError:
            newest = last
        return Counts(waiting, done, max(0, newest - last))

    def _follow(self, seconds: float) -> None:
        while not self._stopping.is_set():
            try:
                while self.read_new() and not self._stopping.is_set():
                    pass
            except (SQLAlchemyError, sqlite3.Error) as error:
                logger.error("the inbox could not be read: %s", type(error).__name__)
            self._stopping.wait(seconds)

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=30)

    def _last(self, index: sqlite3.Connection) -> int:
        row = index.execute("SELECT last_event FROM seen").fetchone()
        return int(row[0]) if row else 0

    def _rows(self, after: int) -> list[Any]:
        """The next messages and forms, in order; none where there is no tracker store yet."""
        try:
            with self._events.connect() as connection:
                return list(
                    connection.execute(
                        text(
                            "SELECT id, sender_id, type_name, timestamp, data FROM events "
                            "WHERE id > :after AND type_name IN ('user', 'active_loop') ORDER BY id LIMIT :many"
                        ),
                        {"after": after, "many": _BATCH},
                    )
                )
        except SQLAlchemyError:
            return []

    def _judged(self, index: sqlite3.Connection, rows: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
        """The messages that want a look; each is judged once the next one of its conversation is known, or at once."""
        known: dict[str, tuple[bool, dict[str, Any] | None]] = {}
        for number, sender, kind, at, data in rows:
            form, latest = known.get(sender) or _pending(index, sender)
            content = json.loads(data)
            if kind == "active_loop":
                known[sender] = (bool(content.get("name")), latest)
                continue
            parsed = content.get("parse_data") or {}
            message = {
                "event": number,
                "at": float(at or 0.0),
                "text": str(content.get("text") or "")[:_LONGEST],
                "intent": str((parsed.get("intent") or {}).get("name") or ""),
                "sure": float((parsed.get("intent") or {}).get("confidence") or 0.0),
                "ranking": [
                    (str(guess["name"]), float(guess["confidence"]))
                    for guess in (parsed.get("intent_ranking") or [])
                    if guess.get("name") not in {FALLBACK, EMPTY}
                ][:_RANKED],
                # What is typed into a form answers its question; it says nothing about intents.
                "settled": form,
            }
            if latest is not None and (reason := _later(latest, message)):
                yield _entry(latest, reason)
            if not form and (reason := _at_once(message)):
                yield _entry(message, reason)
                message["settled"] = True  # it has its reason already
            known[sender] = (form, message)
        index.executemany(
            "INSERT OR REPLACE INTO pending VALUES (?, ?, ?)",
            [(sender, form, json.dumps(latest, ensure_ascii=False)) for sender, (form, latest) in known.items()],
        )

    def _group(self, index: sqlite3.Connection, group: int, count: int, latest: float) -> Group:
        rows = index.execute(
            "SELECT text, ranking, reason FROM messages WHERE likeness = ? AND state = 'terbuka' "
            "ORDER BY event LIMIT ?",
            (group, _TEXTS),
        ).fetchall()
        texts = tuple(dict.fromkeys(row[0] for row in rows))
        ranking = tuple((name, confidence) for name, confidence in json.loads(rows[0][1]))
        return Group(group, texts, count, rows[0][2], ranking, latest)


def _pending(index: sqlite3.Connection, sender: str) -> tuple[bool, dict[str, Any] | None]:
    """Whether a conversation is in a form, and its latest message."""
    row = index.execute("SELECT form, latest FROM pending WHERE sender = ?", (sender,)).fetchone()
    return (bool(row[0]), json.loads(row[1])) if row else (False, None)


def _read_only(url: str) -> str:
    """The same database, never written to: SQLite would otherwise make an empty file where there is none yet."""
    path = url.removeprefix("sqlite:///")
    return url if path == url else f"sqlite:///file:{path}?mode=ro&uri=true"


def _at_once(message: dict[str, Any]) -> Reason | None:
    if not message["text"].strip() or message["text"].startswith("/"):
        return None
    if message["intent"] == FALLBACK:
        return Reason.FALLBACK
    return Reason.UNSURE if message["sure"] < _UNSURE and message["intent"] != EMPTY else None


def _later(before: dict[str, Any], after: dict[str, Any]) -> Reason | None:
    """What the next message of the conversation tells about the one before."""
    if before["settled"] or not before["text"].strip() or after["at"] - before["at"] > _SOON:
        return None
    if _THUMB_DOWN in after["text"]:
        return Reason.THUMB_DOWN
    first, second = fold(before["text"]), fold(after["text"])
    again = first != second and len(second.split()) > 1 and fuzz.token_set_ratio(first, second) >= _ALIKE
    return Reason.REPHRASED if again and before["intent"] != after["intent"] else None


def _entry(message: dict[str, Any], reason: Reason) -> tuple[Any, ...]:
    (shown,) = filled([" ".join(message["text"].split())])
    return (message["event"], message["at"], shown, fold(shown), json.dumps(message["ranking"]), reason.value)


def _group(index: sqlite3.Connection) -> None:
    """Give alike open messages one number: that of the earliest."""
    rows = index.execute("SELECT event, folded FROM messages WHERE state = 'terbuka' ORDER BY event").fetchall()
    leader = list(range(len(rows)))

    def first(one: int) -> int:
        while leader[one] != one:
            leader[one] = leader[leader[one]]
            one = leader[one]
        return one

    for one, other in near_pairs([row[1] for row in rows], _LIKE):
        low, high = sorted((first(one), first(other)))
        leader[high] = low
    index.executemany(
        "UPDATE messages SET likeness = ? WHERE event = ?",
        [(rows[first(position)][0], row[0]) for position, row in enumerate(rows)],
    )
