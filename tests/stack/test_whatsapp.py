"""The whole of SIGAP over WhatsApp, with the simulated Graph API in Meta's place."""

from __future__ import annotations

import json
import time
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from sqlalchemy import select
from whole_sigap import REPLY_SECONDS, Stack

from sigap.store.tables import Booking, WhatsappPerson

pytestmark = pytest.mark.stack

NIK, BIRTH = "3171015708900001", "17-08-1990"


@dataclass
class Writer:
    """Somebody who writes to SIGAP over WhatsApp."""

    stack: Stack
    hides_number: bool = False
    name: str = field(default_factory=lambda: uuid4().hex)

    def say(self, *texts: str) -> dict[str, Any]:
        """Send texts one after the other; the message that answers the last."""
        for text in texts:
            answer = self.send("text", {"body": text})
        return answer

    def press(self, shown: dict[str, Any], title: str) -> dict[str, Any]:
        """Press a button, or choose a row, of a message."""
        action = shown["interactive"]["action"]
        kind = "list_reply" if "sections" in action else "button_reply"
        offered = action["sections"][0]["rows"] if "sections" in action else [b["reply"] for b in action["buttons"]]
        return self.send("interactive", {"type": kind, kind: next(one for one in offered if one["title"] == title)})

    def send(self, kind: str, part: dict[str, Any]) -> dict[str, Any]:
        """Send a message of any kind and wait for the answer."""
        before = len(self.received())
        self._call("say", {"person": self.name, "hides_number": self.hides_number, "kind": kind, "part": part})
        deadline = time.monotonic() + REPLY_SECONDS
        while len(received := self.received()) == before:
            assert time.monotonic() < deadline, f"silence after {kind}"
            time.sleep(0.1)
        return received[-1]

    def received(self) -> list[dict[str, Any]]:
        """Everything that SIGAP has sent to this person."""
        lines = self._call(f"chat?person={quote(self.name)}")["messages"]
        return [line["message"] for line in lines if line["direction"] == "in"]

    def _call(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.stack.whatsapp}/simulator/{path}", data, REPLY_SECONDS) as answer:
            return dict(json.load(answer))


def text(message: dict[str, Any]) -> str:
    """What a message says."""
    if message["type"] == "interactive":
        return str(message["interactive"]["body"]["text"])
    return str(message["image"].get("caption", "") if message["type"] == "image" else message["text"]["body"])


@pytest.fixture
def writer(stack: Stack) -> Writer:
    """Somebody who has never written before."""
    return Writer(stack)


def test_a_greeting_is_answered_with_buttons_and_a_pressed_button_is_understood(writer: Writer) -> None:
    greeting = writer.say("halo")
    assert "SIGAP" in text(greeting)
    assert "dewasa atau anak" in text(writer.press(greeting, "Syarat paspor"))


def test_a_number_of_the_menu_may_be_typed(writer: Writer) -> None:
    menu = writer.say("menu")
    rows = [row["title"] for row in menu["interactive"]["action"]["sections"][0]["rows"]]
    answer = writer.say(str(rows.index("Biaya paspor") + 1))
    assert "Rp" in text(answer)


@pytest.mark.parametrize("hides_number", [False, True])
def test_a_booking_from_the_wish_to_the_ticket(stack: Stack, hides_number: bool) -> None:
    writer = Writer(stack, hides_number)
    hour = "10" if hides_number else "11"
    summary = writer.say(
        f"mau antri di kanim jakarta pusat besok senin jam {hour}", "baru", "1 orang", "Budi Santoso", NIK, BIRTH
    )
    assert f"pukul {hour}.00 WIB" in text(summary)
    writer.say("ya")
    ticket = "\n".join(map(text, writer.received()))
    with stack.store.work() as session:
        numbered = WhatsappPerson.phone.isnot(None) if not hides_number else WhatsappPerson.phone.is_(None)
        conversations = session.scalars(select(WhatsappPerson.conversation_id).where(numbered)).all()
        bookings = session.scalars(select(Booking).where(Booking.conversation_id.in_(conversations))).all()
    (code,) = [booking.code for booking in bookings if booking.state == "confirmed"]
    assert code in ticket


def test_a_shared_location_is_answered_with_the_nearest_offices(writer: Writer) -> None:
    answer = writer.send("location", {"latitude": -6.59, "longitude": 106.79})
    assert "lokasi Anda" in text(answer)
    assert "Bogor" in text(answer)


def test_a_location_in_the_middle_of_a_booking_does_not_lose_the_question(writer: Writer) -> None:
    asked = text(writer.say("mau ambil antrean"))
    writer.send("location", {"latitude": 5.55, "longitude": 95.32})
    received = "\n".join(map(text, writer.received()))
    assert "Banda Aceh" in received
    assert received.count(asked) == 2


def test_a_voice_note_in_the_middle_of_a_form_does_not_lose_the_question(writer: Writer) -> None:
    writer.say("cek status")
    assert "pesan suara" in text(writer.send("audio", {"id": "1", "voice": True}))
    assert "tanggal lahir" in text(writer.say("1179000000012345"))


@pytest.mark.parametrize("command", ["/restart", '/setuju{"antrean_konfirmasi": true}'])
def test_a_typed_command_is_refused(writer: Writer, command: str) -> None:
    assert "garis miring" in text(writer.say(command))
