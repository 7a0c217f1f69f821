"""Settings from the environment, and what production refuses."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from sigap.clock import WIB, fixed_clock, system_clock
from sigap.settings import ROOT, Settings, SettingsError

KEY = "0123456789abcdef0123456789abcdef"
PRODUCTION = {"SIGAP_ENV": "production", "SIGAP_SIGNING_KEY": KEY, "SIGAP_DATABASE_URL": "postgresql://db/sigap"}


def test_without_any_setting_it_runs_for_development_on_a_local_database() -> None:
    settings = Settings.from_environment({})
    assert not settings.production
    assert settings.database_url == f"sqlite:///{ROOT / 'sigap.db'}"
    assert settings.clock is system_clock
    assert len(settings.signing_key) >= 32


def test_the_real_environment_is_read_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SIGAP_ENV", "SIGAP_NOW", "SIGAP_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SIGAP_DATABASE_URL", "sqlite:///elsewhere.db")
    assert Settings.from_environment().database_url == "sqlite:///elsewhere.db"


def test_production_runs_with_a_key_and_the_real_clock() -> None:
    settings = Settings.from_environment(PRODUCTION)
    assert settings.production
    assert settings.clock is system_clock
    assert (settings.signing_key, settings.database_url) == (KEY, "postgresql://db/sigap")


def test_production_refuses_a_fixed_clock() -> None:
    with pytest.raises(SettingsError, match="SIGAP_NOW"):
        Settings.from_environment(PRODUCTION | {"SIGAP_NOW": "2026-11-23T08:00:00+07:00"})


@pytest.mark.parametrize("key", [None, "", "short", "x" * 31])
def test_production_demands_a_signing_key_of_32_characters(key: str | None) -> None:
    environment = {
        name: value for name, value in (PRODUCTION | {"SIGAP_SIGNING_KEY": key}).items() if value is not None
    }
    with pytest.raises(SettingsError, match="SIGAP_SIGNING_KEY"):
        Settings.from_environment(environment)


def test_the_key_for_development_is_not_taken_in_production() -> None:
    development = Settings.from_environment({}).signing_key
    assert Settings.from_environment(PRODUCTION).signing_key != development
    with pytest.raises(SettingsError, match="SIGAP_SIGNING_KEY"):
        Settings.from_environment(PRODUCTION | {"SIGAP_SIGNING_KEY": development})


@pytest.mark.parametrize("written", ["prod", "Production", "PRODUCTION ", "produksi"])
def test_a_misspelt_environment_is_refused_instead_of_running_unprotected(written: str) -> None:
    with pytest.raises(SettingsError, match="SIGAP_ENV"):
        Settings.from_environment(PRODUCTION | {"SIGAP_ENV": written})


def test_a_fixed_clock_stands_still_where_it_was_set() -> None:
    clock = Settings.from_environment({"SIGAP_NOW": "2026-11-23T08:00:00+07:00"}).clock
    assert clock() == clock() == datetime(2026, 11, 23, 8, 0, tzinfo=WIB)


@pytest.mark.parametrize("now", ["besok", "2026-11-23T08:00:00", "2026-11-23", "2026-13-01T00:00:00+07:00"])
def test_a_clock_that_cannot_be_set_is_refused_with_what_was_written(now: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"SIGAP_NOW='{now}'")):
        Settings.from_environment({"SIGAP_NOW": now})


def test_a_fixed_clock_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        fixed_clock(datetime(2026, 11, 23, 8, 0))


def test_the_system_clock_tells_the_time_of_western_indonesia() -> None:
    assert system_clock().utcoffset() == timedelta(hours=7)
    assert abs(system_clock() - datetime.now(tz=WIB)) < timedelta(minutes=1)


def test_the_sites_that_may_embed_the_chat_are_none_unless_named() -> None:
    assert Settings.from_environment({}).web_origins == ()
    named = Settings.from_environment({"SIGAP_WEB_ORIGINS": "https://kantor.example.go.id  http://localhost:8000"})
    assert named.web_origins == ("https://kantor.example.go.id", "http://localhost:8000")


@pytest.mark.parametrize(
    "written", ["*", "https://*", "kantor.example.go.id", "https://a.id/", "https://a.id;script-src", "https://u@a.id"]
)
def test_what_is_no_origin_is_refused_before_it_gets_into_a_security_policy(written: str) -> None:
    with pytest.raises(SettingsError, match="SIGAP_WEB_ORIGINS"):
        Settings.from_environment({"SIGAP_WEB_ORIGINS": written})


@pytest.mark.parametrize("name", ["SIGAP_WEB_NEW_PER_HOUR", "SIGAP_WEB_KEPT_DAYS", "SIGAP_BOOKING_KEPT_DAYS"])
@pytest.mark.parametrize("written", ["0", "-1", "banyak", "1.5"])
def test_a_count_that_is_none_is_refused(name: str, written: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: written})


def test_names_are_kept_for_thirty_days_after_a_visit_or_longer_where_an_operator_says_so() -> None:
    assert Settings.from_environment({}).booking_kept_days == 30
    assert Settings.from_environment({"SIGAP_BOOKING_KEPT_DAYS": "90"}).booking_kept_days == 90
    with pytest.raises(SettingsError, match="SIGAP_BOOKING_KEPT_DAYS=29 is too short"):
        Settings.from_environment({"SIGAP_BOOKING_KEPT_DAYS": "29"})
