"""How a booking is shown."""

from __future__ import annotations

from typing import Any

from actions.turn import Turn
from actions.wording import hour_text, weekday_date
from sigap.booking import Ticket


def show_ticket(turn: Turn, ticket: Ticket, response: str) -> None:
    """Say a ticket, and that it is a demonstration where it is one."""
    turn.say(response, **ticket_variables(turn, ticket))
    if ticket.demo:
        turn.say("utter_data_demo")


def ticket_variables(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    """The variables of a ticket for a response."""
    office = turn.services.knowledge.offices.get(ticket.office_id)
    last = ticket.first_number + ticket.places - 1
    return {
        "kode": ticket.code,
        "nomor": str(ticket.first_number) if last == ticket.first_number else f"{ticket.first_number} sampai {last}",
        "kantor": office_name(turn, ticket.office_id),
        "alamat": office.alamat.isi if office and office.alamat else "",
        "tanggal": weekday_date(ticket.day),
        "jam": hour_text(ticket.hour),
        "zona": ticket.zone,
    }


def office_name(turn: Turn, office_id: str) -> str:
    """ "Jakarta Pusat" for jakarta_pusat."""
    office = turn.services.knowledge.offices.get(office_id)
    return office.nama.removeprefix("Kantor Imigrasi ") if office else office_id
