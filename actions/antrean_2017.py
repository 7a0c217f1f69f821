"""Booking with the one message of 2017: `#NAMA#TGLLahir#TglKedatangan`."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from actions.antrean_pemohon import Applicants, shown_birth
from actions.turn import Turn
from actions.wording import weekday_date
from sigap.language.hash_message import HashMessage, Part, hash_example

# The person of the example in the announcement of 2017.
_EXAMPLE_NAME, _EXAMPLE_BIRTH = "BUDI", date(1987, 1, 25)


def take_2017(turn: Turn, message: HashMessage, today: date) -> dict[str, Any]:
    """Keep what is right of the message, say what is not; the slots it fills.

    The format is for one person. Whatever it lacks is asked for like in any booking.
    """
    applicants = Applicants(turn.with_slots({"antrean_jumlah": 1}))
    birth = message.birth.value
    known = {"nama": message.name.value, "lahir": birth.isoformat() if birth else None}
    applicants.people = []
    applicants.set(0, {part: said for part, said in known.items() if said})
    applicants.keep()
    if message.broken:
        turn.say("utter_format_keliru")
        for part in message.broken:
            if part.part is not Part.ARRIVAL:
                turn.confide("nama" if part.part is Part.NAME else "tanggal lahir", part.typed)
            turn.say(f"utter_format_{part.part.value}_{part.fault.value if part.fault else ''}", ditulis=part.typed)
        turn.say("utter_format_contoh", contoh=example(turn, today))
    else:
        assert birth is not None  # nothing is broken
        turn.say(
            "utter_format_terbaca",
            nama=message.name.value,
            lahir=shown_birth(birth),
            tanggal=weekday_date(message.arrival.value),
        )
    arrival = message.arrival.value
    return {
        "antrean_jumlah": 1,
        "antrean_tanggal": arrival.isoformat() if arrival else None,
        "antrean_waktu": None,
        "antrean_pemohon": None,
        "antrean_konfirmasi": None,
    }


def example(turn: Turn, today: date) -> str:
    """The format filled in for the next working day."""
    day = today + timedelta(days=1)
    while not turn.services.knowledge.working_days.is_working(day):
        day += timedelta(days=1)
    return hash_example(_EXAMPLE_NAME, _EXAMPLE_BIRTH, day)
