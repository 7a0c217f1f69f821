"""Settings, read from the environment in one place."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from sigap.clock import Clock, fixed_clock, system_clock

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
KNOWLEDGE = DATA / "knowledge"
LANGUAGE = DATA / "bahasa"
# Servers and workbenches that share this folder share the published models.
MODELS = Path(os.environ.get("SIGAP_MODELS") or ROOT / "models")
KEPT_DAYS = 30
"""Days after a visit for which the names of a booking are kept: the default, and the least, since the limit of bookings
in thirty days needs to know whose they were."""


_HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?").fullmatch
_DEVELOPMENT_KEY = "development-only-signing-key-not-a-secret"
_DEVELOPMENT_SECRET = "development-only-action-secret-not-a-secret"
LOCAL_ACTIONS = "local"


class SettingsError(ValueError):
    """A setting is wrong; the message says which one and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """What an operator may set.

    `database_url` and `conversations_url` are SQLAlchemy URLs; the record of conversations may share the database.
    `production` switches off what is meant for development (a fixed clock, the bare REST channel, demo data);
    `signing_key` signs the conversation ids of the web chat. `web_origins` are the sites
    ("https://kantor.example.go.id") that may embed it, `web_new_per_hour` the conversations that one address may begin
    in an hour, `web_kept_days` the days after which an unused one may be purged. `booking_kept_days` is how long after
    the booked day names, NIK and birth dates are kept.

    For more than one process: `action_urls` are the addresses of action servers, parted by commas ("local" runs the
    actions inside Rasa's process), `action_secret` is what Rasa shows them, and `locks_url` is where conversations are
    locked (memory://, redis://…, postgresql://…). `events_url` is a RabbitMQ that gets the recorded events (amqp://…;
    empty for none). A process takes at most `most_turns` turns at once and answers
    further ones with an apology.
    """

    database_url: str
    conversations_url: str
    production: bool
    clock: Clock
    signing_key: str
    web_origins: tuple[str, ...]
    web_new_per_hour: int
    web_kept_days: int
    booking_kept_days: int
    action_urls: str
    action_secret: str
    locks_url: str
    events_url: str
    most_turns: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read SIGAP_* variables. Raises `SettingsError` when they contradict each other or cannot be read."""
        env = os.environ if environment is None else environment
        production = _is_production(env.get("SIGAP_ENV"))
        action_urls = env.get("SIGAP_ACTION_URL") or LOCAL_ACTIONS
        return cls(
            database_url=env.get("SIGAP_DATABASE_URL") or f"sqlite:///{ROOT / 'sigap.db'}",
            conversations_url=env.get("SIGAP_CONVERSATIONS_URL") or f"sqlite:///{ROOT / 'conversations.db'}",
            production=production,
            clock=_clock(env.get("SIGAP_NOW"), production),
            web_origins=tuple(map(_origin, (env.get("SIGAP_WEB_ORIGINS") or "").split())),
            booking_kept_days=_booking_kept_days(env),
            web_new_per_hour=_number(env, "SIGAP_WEB_NEW_PER_HOUR", 30),
            web_kept_days=_number(env, "SIGAP_WEB_KEPT_DAYS", 30),
            signing_key=_secret(env, "SIGAP_SIGNING_KEY", _DEVELOPMENT_KEY, required=production),
            action_urls=action_urls,
            action_secret=_secret(
                env,
                "SIGAP_ACTION_SECRET",
                _DEVELOPMENT_SECRET,
                required=production and action_urls != LOCAL_ACTIONS,
            ),
            locks_url=env.get("SIGAP_LOCKS_URL") or "memory://",
            events_url=_events_url(env.get("SIGAP_EVENTS_URL") or ""),
            most_turns=_number(env, "SIGAP_MOST_TURNS", 128),
        )


def _events_url(written: str) -> str:
    if written and urlsplit(written).scheme not in {"amqp", "amqps"}:
        raise SettingsError("SIGAP_EVENTS_URL is no address of RabbitMQ. Write amqp://user:password@host:5672/")
    return written


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


def _origin(written: str) -> str:
    parts = urlsplit(written)
    # These words end up in a Content-Security-Policy, where a ";" or a "*" would open more than one site.
    if (
        parts.scheme not in {"http", "https"}
        or written != f"{parts.scheme}://{parts.netloc}"
        or not _HOST(parts.netloc)
    ):
        raise SettingsError(
            f"SIGAP_WEB_ORIGINS: {written!r} is no origin. Write scheme and host only, separated by spaces: "
            "https://kantor.example.go.id"
        )
    return written


def _secret(env: Mapping[str, str], name: str, development: str, required: bool) -> str:
    value = env.get(name)
    if value and len(value) >= 32 and not (required and value == development):
        return value
    if required:
        raise SettingsError(f"Set {name} to a secret of at least 32 characters (openssl rand -hex 32).")
    return value or development


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise SettingsError(f"{name}={value!r} is no whole number of 1 or more.")
    return int(value)


def _booking_kept_days(env: Mapping[str, str]) -> int:
    days = _number(env, "SIGAP_BOOKING_KEPT_DAYS", KEPT_DAYS)
    if days < KEPT_DAYS:
        raise SettingsError(
            f"SIGAP_BOOKING_KEPT_DAYS={days} is too short: the limit of bookings in {KEPT_DAYS} days needs to know "
            f"whose they were. Write {KEPT_DAYS} or more."
        )
    return days
