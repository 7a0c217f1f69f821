"""Nothing that says who wrote or what, and no secret, reaches a log."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from settable_clock import SettableClock
from test_payloads import PAYLOADS, deliver, read
from whatsapp_office import SECRET, TOKEN, VERIFY, Office, open_office, until

from sigap.store.session import Store
from sigap.whatsapp_simulator.server import Failure

PHONE, NIK = "6281299998888", "3171015708900001"


async def test_no_number_text_or_secret_is_logged_whatever_happens(
    store: Store, clock: SettableClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("SIGAP_DATABASE_URL", str(store.engine.url))
    caplog.set_level(logging.DEBUG)
    async with open_office(store, clock) as office:
        office.meta.check_windows = False
        person = office.meta.person("Siti Aminah")
        object.__setattr__(person, "phone", PHONE)

        async def fail(_: object) -> None:
            raise RuntimeError(f"{NIK} of {PHONE}")

        office.rasa.replies[NIK] = fail  # type: ignore[assignment]
        # Busy, wrong, unreachable, a lost connection, a refused token.
        for failure in (Failure(131016), Failure(131009), Failure(131026), Failure(), Failure(190)):
            office.meta.failures.append(failure)
            await office.hear(person, "text", {"body": NIK}, clock().timestamp())
            await until(lambda: _settled(office, clock))
        for path in PAYLOADS:
            await deliver(office, read(path))
        assert await office.deliver(None, NIK.encode(), "sha256=00") == 403
        conversations = {conversation for conversation, _ in office.rasa.asked}
    logged = caplog.text
    assert "WhatsApp letter" in logged
    assert [
        secret for secret in (TOKEN, SECRET, VERIFY, PHONE, NIK, "Siti Aminah", person.user_id) if secret in logged
    ] == []
    assert [text for path in PAYLOADS for text in spoken(path) if text in logged] == []
    assert [conversation for conversation in conversations if PHONE in conversation] == []


def _settled(office: Office, clock: SettableClock) -> bool:
    """Whether nothing waits any more; time passes meanwhile."""
    clock.advance(seconds=10)
    return not office.waiting()


def spoken(path: Path) -> list[str]:
    """The texts and numbers of a payload that are long enough to be told apart from a log's own words."""
    values = [
        message
        for body in read(path)["deliveries"]
        if isinstance(body, dict)
        for entry in body.get("entry") or []
        if isinstance(entry, dict)
        for change in entry.get("changes") or []
        for message in (change.get("value") or {}).get("messages") or []
        if isinstance(message, dict)
    ]
    texts = [
        str(message.get("text", {}).get("body", "")) for message in values if isinstance(message.get("text"), dict)
    ]
    numbers = [str(message.get("from", "")) for message in values]
    return [text for text in [*texts, *numbers] if len(text) > 10]
