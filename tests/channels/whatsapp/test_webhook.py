"""Who may speak to the webhook, and what it says."""

from __future__ import annotations

import json
import logging
from typing import Any

import aiohttp
import pytest
from whatsapp_office import SECRET, VERIFY, Office, Rasa, free_socket, serving

from sigap.channels.whatsapp import WhatsAppInput
from sigap.channels.whatsapp.channel import LARGEST_BODY
from sigap.channels.whatsapp.settings import WhatsAppSettings
from sigap.channels.whatsapp.signature import signed
from sigap.settings import SettingsError
from sigap.store.session import Store
from sigap.store.tables import WhatsappIncoming
from sigap.whatsapp_simulator.deliveries import Person

COMPLETE = {
    "SIGAP_WHATSAPP_TOKEN": "token",
    "SIGAP_WHATSAPP_PHONE_NUMBER_ID": "1",
    "SIGAP_WHATSAPP_APP_SECRET": "secret",
    "SIGAP_WHATSAPP_VERIFY_TOKEN": "verify",
}


def delivery(office: Office, person: Person) -> dict[str, Any]:
    return office.meta.courier.envelope([person.message("text", {"body": "halo"})], [person])


async def subscribe(office: Office, **parameters: str) -> tuple[int, str]:
    query = {f"hub.{name}": value for name, value in parameters.items()}
    async with office.session.get(office.address, params=query) as answer:
        return answer.status, await answer.text()


# Subscribing


async def test_a_subscription_with_our_verify_token_is_confirmed(office: Office) -> None:
    assert await subscribe(office, mode="subscribe", verify_token=VERIFY, challenge="1158201444") == (200, "1158201444")


@pytest.mark.parametrize(
    "parameters",
    [
        {"mode": "subscribe", "verify_token": "wrong", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY, "challenge": "1"},
        {"verify_token": VERIFY, "challenge": "1"},
        {"mode": "subscribe", "verify_token": "kué", "challenge": "1"},
        {},
    ],
)
async def test_any_other_subscription_is_refused(office: Office, parameters: dict[str, str]) -> None:
    assert (await subscribe(office, **parameters))[0] == 403


# Signatures


async def test_a_delivery_without_a_signature_is_refused(office: Office, budi: Person) -> None:
    async with office.session.post(office.address, json=delivery(office, budi)) as answer:
        assert answer.status == 401
    assert office.rows(WhatsappIncoming) == []


@pytest.mark.parametrize("signature", ["sha256=", "sha256=00", "sha1=00", "00", "x" * 500])
async def test_a_delivery_with_a_wrong_signature_is_refused(office: Office, budi: Person, signature: str) -> None:
    assert await office.deliver(delivery(office, budi), signature=signature) == 403
    assert office.rows(WhatsappIncoming) == []
    assert office.rasa.asked == []


async def test_a_signature_with_another_secret_is_refused(office: Office, budi: Person) -> None:
    raw = json.dumps(delivery(office, budi)).encode()
    assert await office.deliver(None, raw, signed(raw, SECRET + "x")) == 403


async def test_the_signature_is_of_the_bytes_as_they_arrive(office: Office, budi: Person) -> None:
    raw = json.dumps(delivery(office, budi), indent=3).encode() + b"\n"
    assert await office.deliver(None, raw) == 200
    assert await office.deliver(None, raw + b" ", signed(raw, SECRET)) == 403


async def test_a_signature_of_one_delivery_does_not_open_another(office: Office, budi: Person) -> None:
    first, second = (json.dumps(delivery(office, budi)).encode() for _ in range(2))
    assert await office.deliver(None, second, signed(first, SECRET)) == 403


async def test_a_delivery_larger_than_any_of_metas_is_not_read(office: Office) -> None:
    assert await office.deliver(None, b" " * (LARGEST_BODY + 1)) in {413, None}
    assert await office.deliver(None, b"{}" + b" " * (LARGEST_BODY - 2)) == 200


# Configuration


async def test_without_settings_the_channel_has_no_address(store: Store) -> None:
    sock, webhook = free_socket()
    async with serving(WhatsAppInput(None, store), Rasa(), sock), aiohttp.ClientSession() as session:
        for request in (session.get(webhook), session.post(webhook, json={})):
            async with request as answer:
                assert answer.status == 404


def test_without_variables_it_is_off_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("SIGAP_WHATSAPP_TOKEN", raising=False)
    with caplog.at_level(logging.WARNING):
        assert WhatsAppInput.from_credentials({})._settings is None
    assert "WhatsApp is off" in caplog.text


@pytest.mark.parametrize("missing", COMPLETE)
def test_half_a_configuration_is_refused_with_what_is_missing(missing: str) -> None:
    environment = {name: value for name, value in COMPLETE.items() if name != missing}
    with pytest.raises(SettingsError, match=missing):
        WhatsAppSettings.from_environment(False, environment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGAP_WHATSAPP_MAX_AGE_HOURS", "soon"),
        ("SIGAP_WHATSAPP_MAX_AGE_HOURS", "0"),
        ("SIGAP_WHATSAPP_MAX_AGE_HOURS", "25"),
        ("SIGAP_WHATSAPP_TEMPLATES", "pengingat"),
        ("SIGAP_WHATSAPP_TEMPLATES", "pengingat=Nama Templat"),
        ("SIGAP_WHATSAPP_GRAPH_URL", "http://localhost:5080/v23.0"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        WhatsAppSettings.from_environment(True, {**COMPLETE, name: value})


def test_a_complete_configuration_keeps_its_secrets_to_itself() -> None:
    read = WhatsAppSettings.from_environment(
        True, {**COMPLETE, "SIGAP_WHATSAPP_TEMPLATES": "pengingat=sigap_pengingat, tawaran=sigap_tawaran"}
    )
    assert read is not None
    assert read.templates == {"pengingat": "sigap_pengingat", "tawaran": "sigap_tawaran"}
    assert "token" not in repr(read).replace("verify_token", "")
    assert "secret" not in repr(read)
