"""How a booking is shown: as text and as a picture."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from actions.turn import Turn
from actions.wording import hour_text, weekday_date
from sigap.booking import Ticket
from sigap.tickets import Section, TicketPicture, draw


def show_ticket(turn: Turn, ticket: Ticket, response: str) -> None:
    """Say a ticket with its picture, and first that it is a demonstration where it is one."""
    if ticket.demo:
        turn.say("utter_data_demo")
    address = turn.services.pictures.keep(draw(picture_of(turn, ticket)))
    turn.say(response, image=address, **ticket_variables(turn, ticket))


def ticket_variables(turn: Turn, ticket: Ticket) -> dict[str, Any]:
    """The variables of a ticket for a response."""
    office = turn.services.knowledge.offices.get(ticket.office_id)
    return {
        "kode": ticket.code,
        "nomor": _numbers(ticket, " sampai "),
        "kantor": office_name(turn, ticket.office_id),
        "alamat": office.alamat.isi if office and office.alamat else "",
        "tanggal": weekday_date(ticket.day),
        "jam": hour_text(ticket.hour),
        "zona": ticket.zone,
    }


def picture_of(turn: Turn, ticket: Ticket) -> TicketPicture:
    """What stands on the picture of a ticket."""
    words, said = turn.words_of, ticket_variables(turn, ticket)
    earlier = timedelta(minutes=turn.services.knowledge.number("datang_lebih_awal"))
    come_at = (datetime.combine(ticket.day, ticket.hour) - earlier).time()
    address = (Section(words("utter_gambar_alamat"), (said["alamat"],)),) if said["alamat"] else ()
    return TicketPicture(
        heading=words("utter_gambar_judul"),
        office=words("utter_gambar_kantor", kantor=said["kantor"]),
        code_label=words("utter_gambar_kode"),
        code=ticket.code,
        number_label=words("utter_gambar_nomor"),
        numbers=_numbers(ticket, "–"),
        day=said["tanggal"],
        hour=words("utter_gambar_jam", jam=said["jam"], zona=ticket.zone),
        advice=words("utter_gambar_awal", jam=hour_text(come_at), zona=ticket.zone),
        sections=(*address, *_documents(turn, ticket)),
        footer=words("utter_gambar_kaki"),
        notice=words("utter_gambar_contoh") if ticket.demo else None,
    )


def office_name(turn: Turn, office_id: str) -> str:
    """ "Jakarta Pusat" for jakarta_pusat."""
    office = turn.services.knowledge.offices.get(office_id)
    return office.nama.removeprefix("Kantor Imigrasi ") if office else office_id


def _documents(turn: Turn, ticket: Ticket) -> list[Section]:
    """What to bring, for each group among the applicants."""
    knowledge = turn.services.knowledge
    groups = dict.fromkeys(knowledge.group(birth, ticket.day) for birth in ticket.birth_dates)
    wanted = dict.fromkeys(knowledge.requirement(group, ticket.kind) for group in groups)
    return [
        Section(turn.words_of("utter_gambar_dokumen", judul=entry.judul), entry.dokumen, listed=True)
        for entry in wanted
    ]


def _numbers(ticket: Ticket, between: str) -> str:
    last = ticket.first_number + ticket.places - 1
    return str(last) if last == ticket.first_number else f"{ticket.first_number}{between}{last}"
