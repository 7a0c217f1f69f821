"""The simulator as a person uses it: the page's calls, and the command that starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.error
import urllib.request

import aiohttp
import pytest
from whatsapp_office import NUMBER, TOKEN, Office, until

from sigap.settings import ROOT
from sigap.whatsapp_simulator.deliveries import Person

START_SECONDS = 60


async def test_what_is_written_on_the_page_is_answered_on_the_page(office: Office) -> None:
    async with aiohttp.ClientSession() as session:

        async def chat() -> list[tuple[str, str]]:
            async with session.get(f"{office.graph}/simulator/chat", params={"person": "Ani"}) as answer:
                lines = (await answer.json())["messages"]
            return [(line["direction"], line["message"]["text"]["body"]) for line in lines]

        part = {"person": "Ani", "kind": "text", "part": {"body": "halo"}, "hides_number": True}
        async with session.post(f"{office.graph}/simulator/say", json=part) as answer:
            assert answer.status == 200
        await until(lambda: bool(office.meta.sent))
        assert await chat() == [("out", "halo"), ("in", "Jawaban: halo")]


async def test_the_page_and_its_files_come_from_the_simulator_alone(office: Office) -> None:
    async with aiohttp.ClientSession() as session:
        for file in ("", "page.css", "page.js"):
            async with session.get(f"{office.graph}/{file}") as answer:
                assert answer.status == 200
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert "://" not in await answer.text()


async def test_a_repeated_and_overtaking_delivery_is_answered_once(office: Office) -> None:
    office.meta.courier.repeat, office.meta.courier.shuffle = 1.0, 0.5
    people = [office.meta.person(f"orang {number}") for number in range(10)]
    for person in people:
        office.meta.write(person, "text", {"body": person.name})
    await until(lambda: len(office.meta.courier.seconds) == 2 * len(people))
    await office.settle()
    assert sorted(message["text"]["body"] for message in office.meta.sent) == sorted(
        f"Jawaban: {person.name}" for person in people
    )


@pytest.mark.parametrize(
    ("token", "number", "code"), [("wrong", NUMBER, 190), (TOKEN, "999", 100)], ids=["token", "number"]
)
async def test_whoever_has_no_access_is_refused(
    office: Office, budi: Person, token: str, number: str, code: int
) -> None:
    message = {"messaging_product": "whatsapp", "to": budi.phone, "type": "text", "text": {"body": "x"}}
    headers = {"Authorization": f"Bearer {token}"}
    address = f"{office.graph}/v23.0/{number}/messages"
    async with office.session.post(address, json=message, headers=headers) as answer:
        assert (await answer.json())["error"]["code"] == code


async def test_a_user_id_in_the_place_of_the_number_is_dropped_without_a_word(office: Office, siti: Person) -> None:
    message = {"messaging_product": "whatsapp", "to": siti.user_id, "type": "text", "text": {"body": "x"}}
    address, headers = f"{office.graph}/v23.0/{NUMBER}/messages", {"Authorization": f"Bearer {TOKEN}"}
    async with office.session.post(address, json=message, headers=headers) as answer:
        assert answer.status == 200
    assert (office.meta.sent, len(office.meta.dropped)) == ([], 1)


def test_the_command_starts_it_alone_and_prints_the_settings(unused_tcp_port: int) -> None:
    command = [str(ROOT / ".venv" / "bin" / "sigap"), "whatsapp", "simulate", "--alone", "--port", str(unused_tcp_port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as running:
        try:
            assert running.stdout is not None
            printed = ""
            while "Ctrl-C" not in printed:
                line = running.stdout.readline()
                assert line, f"it stopped:\n{printed}"
                printed += line
            assert "export SIGAP_WHATSAPP_APP_SECRET=" in printed
            with urllib.request.urlopen(f"http://localhost:{unused_tcp_port}/", timeout=10) as page:
                assert b"Simulator WhatsApp" in page.read()
        finally:
            running.send_signal(signal.SIGINT)
        assert running.wait(START_SECONDS) == 0
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"http://localhost:{unused_tcp_port}/", timeout=2)


def test_it_is_refused_in_production() -> None:
    environment = {**os.environ, "SIGAP_ENV": "production", "SIGAP_SIGNING_KEY": "k" * 32}
    command = [str(ROOT / ".venv" / "bin" / "sigap"), "whatsapp", "simulate"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=START_SECONDS, check=False)
    assert done.returncode == 1
    assert "for development" in done.stderr
