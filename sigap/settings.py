"""Settings, read from the environment in one place."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sigap.clock import Clock, fixed_clock, system_clock

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
KNOWLEDGE = DATA / "knowledge"
LANGUAGE = DATA / "bahasa"


_DEVELOPMENT_KEY = "development-only-signing-key-not-a-secret"


class SettingsError(ValueError):
    """A setting is wrong; the message says which one and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """What an operator may set.

    `database_url` and `conversations_url` are SQLAlchemy URLs; the record of conversations may share the database.
    `production` switches off what is meant for development (a fixed clock, the
    bare REST channel, demo data); `signing_key` signs the conversation ids of the web chat.
    """

    database_url: str
    conversations_url: str
    production: bool
    clock: Clock
    signing_key: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read SIGAP_* variables. Raises `SettingsError` when they contradict each other or cannot be read."""
        env = os.environ if environment is None else environment
        production = _is_production(env.get("SIGAP_ENV"))
        return cls(
            database_url=env.get("SIGAP_DATABASE_URL") or f"sqlite:///{ROOT / 'sigap.db'}",
            conversations_url=env.get("SIGAP_CONVERSATIONS_URL") or f"sqlite:///{ROOT / 'conversations.db'}",
            production=production,
            clock=_clock(env.get("SIGAP_NOW"), production),
            signing_key=_signing_key(env.get("SIGAP_SIGNING_KEY"), production),
        )


def _is_production(environment: str | None) -> bool:
    if environment in {None, "", "development"}:
        return False
    if environment == "production":
        return True
    raise SettingsError(f"SIGAP_ENV={environment!r} is neither 'production' nor 'development'.")


def _clock(now: str | None, production: bool) -> Clock:
    if not now:
        return system_clock
    if production:
        raise SettingsError("SIGAP_NOW fixes the clock and is for tests only; unset it when SIGAP_ENV=production.")
    try:
        return fixed_clock(datetime.fromisoformat(now))
    except ValueError as error:
        raise SettingsError(f"SIGAP_NOW={now!r} cannot be read: {error}") from error


def _signing_key(key: str | None, production: bool) -> str:
    if key and len(key) >= 32 and not (production and key == _DEVELOPMENT_KEY):
        return key
    if production:
        raise SettingsError("Set SIGAP_SIGNING_KEY to a secret of at least 32 characters (openssl rand -hex 32).")
    return key or _DEVELOPMENT_KEY
