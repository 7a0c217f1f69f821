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


class SettingsError(ValueError):
    """A setting is wrong; the message says which one and what to write instead."""


@dataclass(frozen=True)
class Settings:
    """What an operator may set.

    `database_url` is an SQLAlchemy URL; `production` switches off what is meant for development (a fixed clock, the
    bare REST channel, demo data); `signing_key` signs the conversation ids of the web chat. `web_origins` are the sites
    ("https://kantor.example.go.id") that may embed it, `web_new_per_hour` the conversations that one address may begin
    in an hour, `web_kept_days` the days after which an unused one may be purged. `booking_kept_days` is how long after
    the booked day names, NIK and birth dates are kept.
    """

    database_url: str
    production: bool
    clock: Clock
    signing_key: str
    web_origins: tuple[str, ...]
    web_new_per_hour: int
    web_kept_days: int
    booking_kept_days: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read SIGAP_* variables. Raises `SettingsError` when they contradict each other or cannot be read."""
        env = os.environ if environment is None else environment
        production = _is_production(env.get("SIGAP_ENV"))
        return cls(
            database_url=env.get("SIGAP_DATABASE_URL") or f"sqlite:///{ROOT / 'sigap.db'}",
            production=production,
            clock=_clock(env.get("SIGAP_NOW"), production),
            signing_key=_signing_key(env.get("SIGAP_SIGNING_KEY"), production),
            web_origins=tuple(map(_origin, (env.get("SIGAP_WEB_ORIGINS") or "").split())),
            web_new_per_hour=_count("SIGAP_WEB_NEW_PER_HOUR", env.get("SIGAP_WEB_NEW_PER_HOUR") or "30"),
            web_kept_days=_count("SIGAP_WEB_KEPT_DAYS", env.get("SIGAP_WEB_KEPT_DAYS") or "30"),
            booking_kept_days=_booking_kept_days(env.get("SIGAP_BOOKING_KEPT_DAYS") or str(KEPT_DAYS)),
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


def _booking_kept_days(written: str) -> int:
    days = _count("SIGAP_BOOKING_KEPT_DAYS", written)
    if days < KEPT_DAYS:
        raise SettingsError(
            f"SIGAP_BOOKING_KEPT_DAYS={days} is too short: the limit of bookings in {KEPT_DAYS} days needs to know "
            f"whose they were. Write {KEPT_DAYS} or more."
        )
    return days


def _count(name: str, written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise SettingsError(f"{name}={written!r} is no whole number of 1 or more.")
    return int(written)
