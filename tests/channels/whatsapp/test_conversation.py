"""Writing to SIGAP over WhatsApp."""

from __future__ import annotations

from whatsapp_office import Office

from sigap.whatsapp_simulator.deliveries import Person


async def test_a_text_is_answered(office: Office, budi: Person) -> None:
    (answer,) = await office.say(budi, "halo")
    assert answer["text"]["body"] == "Jawaban: halo"
    assert answer["to"] == budi.phone


async def test_somebody_without_a_number_is_answered_under_the_user_id(office: Office, siti: Person) -> None:
    (answer,) = await office.say(siti, "halo")
    assert answer["recipient"] == siti.user_id
    assert "to" not in answer
    assert office.meta.dropped == []
