"""The form that books a place in an office's queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions.base import Events
from actions.forms import CORRECTION_CUES, Filled, Form, Question, Reading, Stop, Wrong
from actions.tickets import office_name, ticket_variables
from actions.turn import Turn, button
from actions.waktu import DayQuestion, HourQuestion, Wish
from actions.wording import bullets, hour_text, weekday_date
from sigap.booking import AlreadyBooked, Applicant, Held, Ticket
from sigap.language.dates import Purpose, find_dates
from sigap.language.hash_message import read_hash_message
from sigap.language.names import read_name
from sigap.language.nik import Nik, NumberKind, find_long_numbers, read_nik

JOURNEY = "antrean"
_FIELDS = ("nama", "nik", "lahir")
# M-Paspor's own limit per account, until an office is chosen that sets another.
_MOST_APPLICANTS = 5
_KIND_WORDS = {
    "baru": ("baru", "pertama", "belum pernah", "belum punya"),
    "penggantian": ("penggantian", "ganti", "perpanjang", "perpanjangan", "lama", "habis", "penuh", "kedaluwarsa"),
    "hilang": ("hilang", "kehilangan"),
    "rusak": ("rusak",),
}
# Interviewed separately (BAP) before anything else, so no queue slot is booked for them. Permenkumham 8/2014.
_WALK_IN_KINDS = {"hilang", "rusak", "ubah_data"}


_OWN_BOOKING = [
    button("Ubah jadwal", "Saya mau ubah jadwal antrean saya"),
    button("Batalkan antrean", "Saya mau membatalkan antrean saya"),
]


class BookingWish(Wish):
    """The day and hour wished for in this form."""

    day_slot = "antrean_tanggal"
    hour_slot = "antrean_waktu"
    resets = ("antrean_konfirmasi",)

    def office_id(self, turn: Turn) -> str:
        """The office chosen in the form."""
        return str(turn.slot("antrean_kantor"))

    def places(self, turn: Turn) -> int:
        """One place for each applicant."""
        return int(turn.slot("antrean_jumlah"))

    def speaks_of_visit(self, turn: Turn) -> bool:
        """While personal data are asked for, dates are birth dates unless the message says otherwise."""
        if turn.mentions(("lahir", "kelahiran", "tanggal lahir")):
            return False
        return turn.slot("requested_slot") != "antrean_pemohon" or turn.mentions(("tanggal", "hari", "jadwal"))


WISH = BookingWish()


class OfficeQuestion(Question):
    """At which office."""

    slot = "antrean_kantor"
    resets = ("antrean_tanggal", "antrean_waktu", "antrean_konfirmasi")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """An office that takes bookings by chat; for another, the official way."""
        named = turn.entity("kantor") or (_misspelt_office(turn) if asked else None)
        if named is None:
            return None
        office = turn.services.queue.office(named)
        if office is not None and office.takes_bookings:
            return Filled({self.slot: named})
        known = turn.services.knowledge.offices.get(named)
        return Wrong(
            "utter_antrean_tidak_dilayani", {"kantor": known.nama if known else named, "daftar": offices_text(turn)}
        )

    def ask(self, turn: Turn) -> Reading:
        """Ask, offering the offices that take bookings by chat."""
        offices = turn.services.queue.offices()
        if not offices:
            return Stop("utter_antrean_belum_ada")
        names = [office_name(turn, office) for office in offices]
        turn.say("utter_tanya_antrean_kantor", [button(name[:20], f"Kantor Imigrasi {name}") for name in names])
        return None


class KindQuestion(Question):
    """For which kind of application."""

    slot = "antrean_jenis"
    resets = ("antrean_konfirmasi",)

    def read(self, turn: Turn, asked: bool) -> Reading:
        """New or replacement; lost, damaged and changed data are interviewed without a booking."""
        kind = turn.entity("jenis_permohonan")
        if kind == "ubah_data" and not asked and turn.slot("antrean_pemohon"):
            return None  # "nama saya salah" at the summary corrects the entry, not the passport
        if kind is None and asked:
            kind = next((kind for kind, words in _KIND_WORDS.items() if turn.mentions(words)), None)
        if kind in _WALK_IN_KINDS:
            return Stop("utter_antrean_datang_langsung")
        return Filled({self.slot: "penggantian" if kind == "penuh" else kind}) if kind else None

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_antrean_jenis")
        return None


class CountQuestion(Question):
    """For how many applicants."""

    slot = "antrean_jumlah"
    resets = ("antrean_waktu", "antrean_pemohon", "antrean_konfirmasi")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """A number up to the office's limit."""
        said = turn.entity("jumlah_pemohon")
        if said is None and asked and turn.text.strip().isdigit():
            said = turn.text.strip()
        if said is None:
            return None
        queue = turn.services.queue.office(WISH.office_id(turn))
        limit = queue.max_applicants if queue else _MOST_APPLICANTS
        if not 1 <= int(said) <= limit:
            return Wrong("utter_antrean_jumlah_keliru", {"batas": limit})
        return Filled({self.slot: int(said)})

    def ask(self, turn: Turn) -> Reading:
        """Ask with buttons."""
        turn.say("utter_tanya_antrean_jumlah")
        return None


class ApplicantsQuestion(Question):
    """Name, NIK and birth date of everyone, kept in the draft.

    The slot says only that they are complete, by counting how often they have been so.
    """

    slot = "antrean_pemohon"
    resets = ("antrean_konfirmasi",)

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Whatever of the three the message holds for the applicant who is being asked about."""
        if hash_message := read_hash_message(turn.text, WISH.today(turn)):
            birth = hash_message.birth.isoformat() if hash_message.birth else None
            _remember(turn, [{key: said for key, said in (("nama", hash_message.name), ("lahir", birth)) if said}])
            return None
        complete, person = _applicants(turn)
        if not asked and not turn.slot(self.slot):
            return None
        found: dict[str, str] = {}
        # Outside this question, and in a correction of the day, a date is a birth date only if the message says so.
        corrects_day = turn.mentions(CORRECTION_CUES) and WISH.speaks_of_visit(turn)
        speaks_of_birth = (asked and not corrects_day) or turn.mentions(("lahir", "kelahiran"))
        for read_field in (_read_nik, _read_birth_date) if speaks_of_birth else (_read_nik,):
            field = read_field(turn)
            if isinstance(field, Wrong):
                return field
            found |= field
        # A whole answer that is neither number nor date is the name, when that is what was asked.
        name = turn.entity("nama")
        if name is None and asked and not found and "nama" not in person and not turn.mentions(CORRECTION_CUES):
            name = _bare_name(turn)
        found |= {"nama": name} if name else {}
        if not found:
            return None
        if not asked:
            return self._correct(turn, complete, found)
        person = person | found
        if differs := _date_in_nik(person):
            turn.confide("tanggal lahir", differs)
            turn.say("utter_nik_tanggal_berbeda", tanggal=differs)
        _remember(turn, [*complete, person])
        wanted = int(turn.slot("antrean_jumlah") or 1)
        return Filled({self.slot: 1 if len(_applicants(turn)[0]) >= wanted else None})

    def verify(self, turn: Turn) -> Reading:
        """The draft is kept for an hour only; what has expired is asked again."""
        complete, _ = _applicants(turn)
        return None if complete else Wrong("utter_isian_kedaluwarsa")

    def _correct(self, turn: Turn, complete: list[dict[str, str]], found: dict[str, str]) -> Reading:
        """Change the only applicant; of several, it is not known whose entry is meant, so all are asked again."""
        if len(complete) != 1:
            turn.say("utter_antrean_ulang_pemohon")
            _remember(turn, [])
            return Filled({self.slot: None})
        _remember(turn, [complete[0] | found])
        return Filled({self.slot: int(turn.slot(self.slot)) + 1})

    def ask(self, turn: Turn) -> Reading:
        """Ask for the first thing that is still missing."""
        complete, person = _applicants(turn)
        which = f" ke-{len(complete) + 1}" if int(turn.slot("antrean_jumlah")) > 1 else ""
        turn.say(f"utter_tanya_pemohon_{_first_missing(person)}", pemohon=which)
        return None

    def explain(self, turn: Turn) -> None:
        """Explain the field that is being asked for."""
        turn.say(f"utter_jelaskan_pemohon_{_first_missing(_applicants(turn)[1])}")


class Confirmation(Question):
    """The summary, with the places held while the applicant reads it."""

    slot = "antrean_konfirmasi"
    confirms = True
    # When the last place is gone at the summary, day and hour are asked for again.
    resets = ("antrean_tanggal", "antrean_waktu")

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Yes; or no, which asks what to change."""
        if not asked:
            return None
        if turn.intent == "setuju":
            return Filled({self.slot: True})
        return Wrong("utter_antrean_ubah_apa") if turn.intent == "tolak" else None

    def ask(self, turn: Turn) -> Reading:
        """Hold the places and show the summary."""
        people = [
            Applicant(entry["nama"], entry["nik"], date.fromisoformat(entry["lahir"])) for entry in _applicants(turn)[0]
        ]
        turn.confide("nama", *(person.name for person in people))
        kantor, day, hour = turn.slot("antrean_kantor"), WISH.day(turn), WISH.hour(turn)
        outcome = turn.services.queue.hold(turn.conversation_id, kantor, day, hour, turn.slot("antrean_jenis"), people)
        if isinstance(outcome, AlreadyBooked):
            return Stop("utter_antrean_sudah_ada", ticket_variables(turn, outcome.ticket))
        if not isinstance(outcome, Held):
            return Wrong("utter_antrean_keburu_penuh")
        turn.say(
            "utter_antrean_ringkasan",
            kantor=office_name(turn, kantor),
            jenis=turn.slot("antrean_jenis"),
            tanggal=weekday_date(day),
            jam=hour_text(hour),
            zona=WISH.zone(turn),
            pemohon=bullets(f"{person.name} (NIK ••••{person.nik[-4:]})" for person in people),
            menit=_minutes_left(turn, outcome),
        )
        return None


class BookingForm(Form):
    """Books a place: office, kind, number of applicants, day, hour, who, and a confirmation."""

    form = "antrean_form"
    own_intents = frozenset({"daftar_antrean"})

    def perform(self, turn: Turn) -> Events:
        """As any form; whoever has a booking already is told so before being asked for anything."""
        booked = turn.services.queue.booking_of(turn.conversation_id)
        if isinstance(booked, Ticket):
            turn.say("utter_antrean_sudah_ada", _OWN_BOOKING, **ticket_variables(turn, booked))
            return self.closing_events(turn)
        return super().perform(turn)

    def begin(self, turn: Turn) -> None:
        """A new booking starts with no people of an earlier one."""
        if not turn.slot(ApplicantsQuestion.slot):
            self.forget(turn)

    def forget(self, turn: Turn) -> None:
        """Give back held places and forget the people."""
        turn.services.queue.release(turn.conversation_id)
        turn.services.drafts.forget(turn.conversation_id, JOURNEY)

    def questions(self, turn: Turn) -> Sequence[Question]:
        """Office first: everything else depends on it."""
        return (
            OfficeQuestion(),
            KindQuestion(),
            CountQuestion(),
            DayQuestion(WISH),
            HourQuestion(WISH),
            ApplicantsQuestion(),
            Confirmation(),
        )


def _misspelt_office(turn: Turn) -> str | None:
    """The office meant by a bare answer such as "surabya"."""
    offices = turn.services.knowledge.offices
    return next((office.id for word in turn.words if (office := offices.near_name(word))), None)


def offices_text(turn: Turn) -> str:
    """The offices that take bookings by chat, one line each."""
    return bullets(office_name(turn, office) for office in turn.services.queue.offices())


def _applicants(turn: Turn) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The applicants with all their data, and what is known so far of the next one."""
    people = turn.services.drafts.get(turn.conversation_id, JOURNEY).get("pemohon", [])
    complete = [person for person in people if len(person) == len(_FIELDS)][: turn.slot("antrean_jumlah")]
    return complete, next((person for person in people if len(person) < len(_FIELDS)), {})


def _remember(turn: Turn, people: list[dict[str, str]]) -> None:
    turn.confide("nama", *(person["nama"] for person in people if "nama" in person))
    turn.services.drafts.put(turn.conversation_id, JOURNEY, {"pemohon": people})


def _first_missing(person: dict[str, str]) -> str:
    return next(field for field in _FIELDS if field not in person)


def _bare_name(turn: Turn) -> str | None:
    """The message as a name, unless its words are the service's own ("ganti jam", "biaya")."""
    name = read_name(turn.text)
    own_words = name and any(turn.services.normaliser.is_field_word(word) for word in name.lower().split())
    return None if own_words else name


def _read_nik(turn: Turn) -> dict[str, str] | Wrong:
    number = next(iter(find_long_numbers(turn.text)), None)
    if number is None:
        return {}
    nik = read_nik(number.digits)
    if isinstance(nik, Nik):
        return {"nik": nik.digits}
    if number.kind is NumberKind.BILLING:
        return Wrong("utter_status_kode_billing")
    return Wrong(f"utter_nik_keliru_{nik.value}", {"panjang": len(number.digits)})


def _read_birth_date(turn: Turn) -> dict[str, str] | Wrong:
    today = WISH.today(turn)
    found = next((date for date in find_dates(turn.text, today, Purpose.BIRTH) if date.first == date.last), None)
    if found is None:
        return {}
    if found.first is None or found.first > today:
        return Wrong("utter_tanggal_lahir_keliru")
    return {"lahir": found.first.isoformat()}


def _date_in_nik(person: dict[str, str]) -> str | None:
    """The date written in the NIK, when NIK and birth date are both known and differ."""
    if not {"nik", "lahir"} <= person.keys():
        return None
    nik = read_nik(person["nik"])
    if not isinstance(nik, Nik) or nik.matches(date.fromisoformat(person["lahir"])):
        return None
    day, month, year = nik.birth_day_month_year
    return f"{day:02d}-{month:02d}-{year:02d}"


def _minutes_left(turn: Turn, held: Held) -> int:
    return round((held.until - turn.services.clock()).total_seconds() / 60)
