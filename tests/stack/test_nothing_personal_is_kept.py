"""After whole conversations, no file but the service tables knows who was there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import text
from whole_sigap import Applicant, Stack

from sigap.settings import ROOT
from sigap.store.session import Store

pytestmark = pytest.mark.stack

NAME, NIK, BIRTH = "Raharja Wicaksono", "3171012402850007", "24-02-1985"
PHONE, NUMBER, STATUS_BIRTH = "0813-9876-5432", "1179000000056789", "21 mei 1995"
SECRETS = (
    *("Raharja", "raharja", "Wicaksono", NIK, "24-02-1985", "24021985", "1985-02-24"),
    *(PHONE, NUMBER, "56789", STATUS_BIRTH, "21-05-1995", "1995-05-21", "1995"),
)


def told(secret: str, content: str) -> bool:
    """Whether a file tells it; few digits count as a word only, for times and message ids hold any four by chance."""
    if secret.isdigit() and len(secret) < 8:
        return re.search(rf"(?<![\w.-]){secret}(?![\w-])", content) is not None
    return secret in content


def talk(new_applicant: Callable[[], Applicant]) -> list[str]:
    """A booking with a slip and a correction, a status in two messages and in one, a complaint; the codes shown."""
    booking = new_applicant()
    booking.say(
        "mau antre di makassar jumat jam 10 buat paspor baru 1 orang", f"nama saya {NAME}", NIK[:15], NIK, BIRTH
    )
    booking.say(f"eh salah, namanya {NAME} ya")
    ticket = booking.say("ya").text
    status = new_applicant()
    status.say("cek status", NUMBER, STATUS_BIRTH)
    new_applicant().say(f"cek status {NUMBER} lahir {STATUS_BIRTH}")
    new_applicant().say(f"mau lapor, petugas loket kasar sekali, nomor saya {PHONE} atas nama {NAME}", "boleh")
    new_applicant().say(f"#{NAME}#24021985#27112026")
    return [word.strip("*") for word in ticket.split() if word.strip("*").replace("-", "").isalnum() and "-" in word]


def test_neither_the_record_of_conversations_nor_a_log_knows_who_was_there(
    stack: Stack, new_applicant: Callable[[], Applicant]
) -> None:
    codes = talk(new_applicant)
    assert codes
    folder = stack.output.parent
    files = [*folder.glob("conversations.db*"), stack.output, *(ROOT / "logs").glob("*.log")]
    assert len(files) > 2
    for file in files:
        content = file.read_bytes().decode(errors="replace")
        found = [secret for secret in (*SECRETS, *codes) if told(secret, content)]
        assert found == [], file


def test_the_service_tables_hold_what_the_office_needs(stack: Stack, new_applicant: Callable[[], Applicant]) -> None:
    booking = new_applicant()
    booking.say("mau antre di surabaya jumat jam 13 buat paspor baru 1 orang", NAME, NIK.replace("0007", "0009"), BIRTH)
    assert "Kode booking" in booking.say("ya").text
    store: Store = stack.store
    with store.work() as session:
        kept = session.execute(text("SELECT name, nik, birth_date FROM booked_applicants")).all()
    assert (NAME, NIK.replace("0007", "0009"), str(date(1985, 2, 24))) in [tuple(map(str, row)) for row in kept]
