"""Who may do what in the workbench, and how they prove who they are."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path

from sigap.clock import Clock

_SESSION = timedelta(hours=10)
_MOST_FAILURES = 5
_PAUSE = timedelta(minutes=5)
SHORTEST_PASSWORD = 12
# OWASP's parameters for scrypt (Password Storage Cheat Sheet): N=2^17, r=8, p=1.
_SCRYPT = {"n": 1 << 17, "r": 8, "p": 1, "maxmem": 1 << 28, "dklen": 32}


class Role(IntEnum):
    """Each may do what those before it may."""

    PEMBACA = 1
    PENYUNTING = 2
    PENERBIT = 3


@dataclass(frozen=True)
class Person:
    """Somebody at work. The name goes into the commits."""

    name: str
    role: Role


class AccessError(ValueError):
    """Somebody may not come in; the message says why, in Indonesian."""


@dataclass(frozen=True)
class Users:
    """The people of the workbench, in a JSON file that only its owner may read; passwords as scrypt hashes."""

    path: Path

    def add(self, name: str, role: Role, password: str) -> None:
        """Add somebody, or change their role and password. Raises `AccessError` for a password that is too short."""
        if len(password) < SHORTEST_PASSWORD:
            raise AccessError(f"Kata sandi paling sedikit {SHORTEST_PASSWORD} huruf.")
        salt = secrets.token_bytes(16)
        known = self._read()
        known[name] = {"role": role.name.lower(), "salt": salt.hex(), "hash": _hash(password, salt).hex()}
        self.path.touch(mode=0o600, exist_ok=True)
        self.path.write_text(json.dumps(known, indent=2, ensure_ascii=False), encoding="utf-8")

    def check(self, name: str, password: str) -> Person | None:
        """The person, or None. Takes as long for a name that nobody has."""
        entry = self._read().get(name)
        salt = bytes.fromhex(entry["salt"]) if entry else b"0" * 16
        given = _hash(password, salt)
        if entry is None or not hmac.compare_digest(given, bytes.fromhex(entry["hash"])):
            return None
        return Person(name, Role[entry["role"].upper()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def _read(self) -> dict[str, dict[str, str]]:
        known: dict[str, dict[str, str]] = json.loads(self.path.read_text("utf-8")) if self.path.exists() else {}
        return known


@dataclass
class Door:
    """Lets people in. Sessions live in memory: after a restart everybody logs in again."""

    users: Users
    clock: Clock
    _sessions: dict[str, tuple[Person, datetime]] = field(default_factory=dict)
    _failures: dict[str, list[datetime]] = field(default_factory=dict)

    def enter(self, name: str, password: str) -> str:
        """A new session's token. Raises `AccessError` for a wrong pair, and for a while after several of them."""
        now = self.clock()
        recent = [moment for moment in self._failures.get(name, []) if now - moment < _PAUSE]
        if len(recent) >= _MOST_FAILURES:
            raise AccessError("Terlalu banyak percobaan. Tunggu lima menit, lalu coba lagi.")
        person = self.users.check(name, password)
        if person is None:
            self._failures[name] = [*recent, now]
            raise AccessError("Nama atau kata sandi keliru.")
        self._failures.pop(name, None)
        token = secrets.token_urlsafe(32)
        self._sessions[token] = (person, now + _SESSION)
        return token

    def person(self, token: str | None) -> Person | None:
        """Whose session this is, while it lasts."""
        person, until = self._sessions.get(token or "", (None, None))
        return person if until is not None and self.clock() < until else None

    def leave(self, token: str | None) -> None:
        """End a session."""
        self._sessions.pop(token or "", None)


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_SCRYPT)
