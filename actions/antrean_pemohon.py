"""Who comes: name, NIK and birth date of one to five applicants, in any order, with corrections of any one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from actions.forms import Filled, Question, Reading, Wrong
from actions.turn import Turn
from actions.wording import masked_nik
from sigap.booking import Applicant
from sigap.clock import WIB
from sigap.language.dates import DateFound, Purpose, find_dates
from sigap.language.names import read_name
from sigap.language.nik import LongNumber, Nik, NumberKind, find_long_numbers, read_nik
from sigap.language.people import PersonFound, corrected_name, find_people, which_person

JOURNEY = "antrean"
_FIELDS = ("nama", "nik", "lahir")
_WORDS_OF_A_NAME = 3
# A day so long ago is no day on which somebody wanted to come.
LONG_AGO = timedelta(days=60)


class Applicants:
    """What is known of the applicants of an unfinished booking. Kept in the draft, not in the conversation's slots.

    `pending` is a correction of several applicants' data for which it is not yet known whose it is.
    """

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        kept = turn.draft(JOURNEY)
        self.wanted = int(turn.slot("antrean_jumlah") or 1)
        self.people: list[dict[str, str]] = kept.get("pemohon", [])[: self.wanted]
        self.pending: dict[str, Any] | None = kept.get("ralat")

    @property
    def place(self) -> int:
        """The place (from 0) of the first applicant of whom something is missing."""
        return next((place for place, person in enumerate(self.people) if _missing(person)), len(self.people))

    @property
    def current(self) -> dict[str, str]:
        """What is known of that applicant."""
        return self.people[self.place] if self.place < len(self.people) else {}

    @property
    def complete(self) -> bool:
        """Whether everything is known of everyone."""
        return self.place >= self.wanted

    @property
    def names(self) -> list[str | None]:
        """The names in order; None where it is not known yet."""
        return [person.get("nama") for person in self.people]

    def set(self, place: int, found: dict[str, str]) -> None:
        """Add to, or change, what is known of one applicant."""
        self.people += [{} for _ in range(place + 1 - len(self.people))]
        self.people[place] = self.people[place] | found

    def clear(self, place: int, part: str | None) -> None:
        """Forget one part of what is known of an applicant, or all of it."""
        self.people[place] = {key: said for key, said in self.people[place].items() if part and key != part}

    def keep(self, pending: dict[str, Any] | None = None) -> None:
        """Write it down."""
        self._confide()
        entries = {"pemohon": self.people} | ({"ralat": pending} if pending else {})
        self._turn.keep_draft(JOURNEY, entries)

    def which(self, place: int) -> str:
        """ " ke-2"; nothing for an only applicant."""
        return f" ke-{place + 1}" if self.wanted > 1 else ""

    def all(self, disabled: bool = False) -> list[Applicant]:
        """The applicants for the booking service; `disabled` when one of them, it is not asked which, has said so."""
        self._confide()
        return [
            Applicant(person["nama"], person["nik"], date.fromisoformat(person["lahir"]), disabled and place == 0)
            for place, person in enumerate(self.people)
        ]

    def _confide(self) -> None:
        births = [shown_birth(date.fromisoformat(person["lahir"])) for person in self.people if "lahir" in person]
        self._turn.confide("nama", *filter(None, self.names))
        self._turn.confide("tanggal lahir", *births)


class ApplicantsQuestion(Question):
    """Name, NIK and birth date of everyone.

    The slot says only that they are complete, by counting how often they have been so.
    """

    slot = "antrean_pemohon"
    resets = ("antrean_konfirmasi",)

    def read(self, turn: Turn, asked: bool) -> Reading:
        """Whatever the message holds of one or of several applicants, or a correction of one of them."""
        applicants = Applicants(turn)
        if asked and applicants.pending:
            return self._settle(turn, applicants, applicants.pending)
        corrects = turn.mentions(turn.cues.correction)
        if not corrects and (people := find_people(turn.text, _today(turn))):
            return self._read_several(turn, applicants, people)
        found = self._found(turn, applicants, asked)
        if isinstance(found, Wrong):
            return _of_one(turn, applicants, applicants.place, found)
        if found and not corrects and not applicants.complete:
            return self._take(turn, applicants, applicants.place, found)
        part = next((part for part, words in turn.cues.parts.items() if turn.mentions(words)), None)
        place = which_person(turn.text, applicants.names)
        if not found and not (corrects and (part or (place is not None and turn.mentions(turn.cues.applicant)))):
            return None
        return self._correct(turn, applicants, {"isi": found, "bagian": part}, place)

    def verify(self, turn: Turn) -> Reading:
        """The draft is kept for an hour only; what has expired is asked again."""
        applicants = Applicants(turn)
        if applicants.complete:
            return None
        return Wrong("utter_isian_kedaluwarsa") if not applicants.people else Filled({self.slot: None})

    def ask(self, turn: Turn) -> Reading:
        """Ask whose data are to be corrected, or for the first thing that is still missing."""
        applicants = Applicants(turn)
        if applicants.pending:
            turn.say(
                "utter_tanya_pemohon_mana",
                [turn.offer("pemohon", nomor=place, nama=name) for place, name in enumerate(applicants.names, start=1)],
            )
            return None
        field = _missing(applicants.current)[0]
        turn.say(f"utter_tanya_pemohon_{field}", pemohon=applicants.which(applicants.place))
        return None

    def explain(self, turn: Turn) -> None:
        """Explain the field that is being asked for."""
        turn.say(f"utter_jelaskan_pemohon_{(_missing(Applicants(turn).current) or _FIELDS)[0]}")

    def _found(self, turn: Turn, applicants: Applicants, asked: bool) -> dict[str, str] | Wrong:
        """The fields in the message; `Wrong` when one of them cannot be."""
        corrects = turn.mentions(turn.cues.correction)
        numbers = find_long_numbers(turn.text)
        found: dict[str, str] = {}
        # Out of the blue, only what can be nothing but a NIK is taken for one.
        if numbers and (asked or numbers[0].kind is NumberKind.NIK):
            nik = _nik(numbers[0])
            if isinstance(nik, Wrong):
                return nik
            found["nik"] = nik
        # Outside this question, and in a correction of the day, a date is a birth date only if the message says so.
        corrects_day = corrects and turn.mentions(turn.cues.visit)
        said, today = _single_date(turn), _today(turn)
        long_ago = said is not None and said.last is not None and said.last < today - LONG_AGO
        if turn.mentions(turn.cues.birth) or (asked and not corrects_day) or (long_ago and applicants.people):
            birth = _birth(said, today)
            if isinstance(birth, Wrong):
                return birth
            found |= {"lahir": birth} if birth else {}
        name = _name(turn, applicants, asked and not corrects)
        return found | ({"nama": name} if name else {})

    def _take(self, turn: Turn, applicants: Applicants, place: int, found: dict[str, str]) -> Reading:
        """Keep what was said of one applicant, checked against the rest of what is known."""
        if wrong := _same_nik(applicants, place, found):
            return _of_one(turn, applicants, place, wrong)
        applicants.set(place, found)
        applicants.keep()
        _remark(turn, applicants, place, found)
        return self._filled(turn, applicants)

    def _read_several(self, turn: Turn, applicants: Applicants, people: Sequence[PersonFound]) -> Reading:
        """Keep what is right of each of several people; say of each what is wrong."""
        first = applicants.place if not applicants.complete else 0
        for place, person in enumerate(people[: applicants.wanted - first], start=first):
            parts = {
                "nik": _nik(person.number) if person.number else None,
                "lahir": _birth(person.birth, _today(turn)),
                "nama": person.name,
            }
            found = {part: said for part, said in parts.items() if isinstance(said, str)}
            faults = [said for said in parts.values() if isinstance(said, Wrong)]
            if wrong := _same_nik(applicants, place, found):
                faults.append(wrong)
                del found["nik"]
            applicants.set(place, found)
            for fault in faults:
                _of_one(turn, applicants, place, fault)
                turn.say(fault.response, **fault.variables)
            _remark(turn, applicants, place, found)
        applicants.keep()
        return self._filled(turn, applicants)

    def _correct(self, turn: Turn, applicants: Applicants, correction: dict[str, Any], place: int | None) -> Reading:
        """Change what is known of the one applicant who is meant; with several, ask whose data they are if unclear."""
        if place is None and len(applicants.people) == 1:
            place = 0
        place = _whose_date_fits(applicants, correction["isi"]) if place is None else place
        if place is None or place >= len(applicants.people):
            if not applicants.people:
                return self._take(turn, applicants, 0, correction["isi"]) if correction["isi"] else None
            applicants.keep(pending=correction)
            return Filled({self.slot: None})
        if correction["isi"]:
            return self._take(turn, applicants, place, correction["isi"])
        applicants.clear(place, correction["bagian"])
        applicants.keep()
        return self._filled(turn, applicants)

    def _settle(self, turn: Turn, applicants: Applicants, correction: dict[str, Any]) -> Reading:
        """The answer to whose data were to be corrected."""
        answer = turn.text.strip()
        place = int(answer) - 1 if answer.isdigit() else which_person(turn.text, applicants.names)
        if place is None or not 0 <= place < len(applicants.people):
            return None
        return self._correct(turn, applicants, correction, place)

    def _filled(self, turn: Turn, applicants: Applicants) -> Filled:
        return Filled({self.slot: int(turn.slot(self.slot) or 0) + 1 if applicants.complete else None})


def people_text(people: Sequence[Applicant]) -> list[str]:
    """One line for each applicant, the NIK masked."""
    return [f"{person.name} ({masked_nik(person.nik)}, lahir {shown_birth(person.birth_date)})" for person in people]


def shown_birth(day: date) -> str:
    """A birth date as it stands on identity cards."""
    return f"{day:%d-%m-%Y}"


def _missing(person: dict[str, str]) -> list[str]:
    return [field for field in _FIELDS if field not in person]


def _of_one(turn: Turn, applicants: Applicants, place: int, wrong: Wrong) -> Wrong:
    """Say first, among several, whose data the fault is in."""
    if applicants.wanted > 1:
        turn.say("utter_pemohon_keliru", pemohon=applicants.which(place))
    return wrong


def _today(turn: Turn) -> date:
    return turn.services.clock().astimezone(WIB).date()


def _name(turn: Turn, applicants: Applicants, answers: bool) -> str | None:
    """A name in the message. What stands beside number and date, or else a whole answer, is the name that was asked."""
    understood = corrected_name(turn.text) or turn.entity("nama")
    known = applicants.current.get("nama")
    if known is None and answers:
        beside = find_people(turn.text, _today(turn), at_least=1)
        return _answered_name(understood, beside[0].name if beside else _bare_name(turn))
    # Said again (the answer was lost on its way), only a part of it may be understood as a name.
    again = known and understood and understood.casefold() in known.casefold() in turn.text.casefold()
    return None if again else understood


def _answered_name(understood: str | None, whole: str | None) -> str | None:
    """The name in an answer: all of it where it is nothing else, because only half of it may have been understood."""
    if understood is None or whole is None:
        return understood or whole
    return whole if len(whole.split()) <= _WORDS_OF_A_NAME else understood


def _bare_name(turn: Turn) -> str | None:
    """The message as a name, unless its words are the service's own ("ganti jam", "biaya")."""
    name = read_name(turn.text)
    words = set(name.lower().split()) - set(turn.cues.also_names) if name else set()
    return None if any(turn.services.normaliser.is_field_word(word) for word in words) else name


def _single_date(turn: Turn) -> DateFound | None:
    found = find_dates(turn.text, _today(turn), Purpose.BIRTH)
    return next((date for date in found if date.first == date.last), None)


def _nik(number: LongNumber) -> str | Wrong:
    nik = read_nik(number.digits)
    if isinstance(nik, Nik):
        return nik.digits
    if number.kind is NumberKind.BILLING:
        return Wrong("utter_nik_kode_billing")
    return Wrong(f"utter_nik_keliru_{nik.value}", {"panjang": len(number.digits)})


def _birth(found: DateFound | None, today: date) -> str | Wrong | None:
    if found is None:
        return None
    if found.first is None or found.first > today:
        return Wrong("utter_tanggal_lahir_keliru")
    return found.first.isoformat()


def _same_nik(applicants: Applicants, place: int, found: dict[str, str]) -> Wrong | None:
    """Two people never share a NIK."""
    for other, person in enumerate(applicants.people):
        if other != place and "nik" in found and person.get("nik") == found["nik"]:
            return Wrong("utter_nik_sama", {"pemohon": applicants.which(other)})
    return None


def _remark(turn: Turn, applicants: Applicants, place: int, found: dict[str, str]) -> None:
    """Remark that a NIK bears another birth date. A hint only: such NIKs do exist, and officers see the KTP."""
    person = applicants.people[place]
    nik = read_nik(person["nik"]) if {"nik", "lahir"} <= person.keys() and {"nik", "lahir"} & found.keys() else None
    if isinstance(nik, Nik) and not nik.matches(date.fromisoformat(person["lahir"])):
        other = "{:02d}-{:02d}-{:02d}".format(*nik.birth_day_month_year)
        turn.confide("tanggal lahir", other)
        turn.say("utter_nik_tanggal_berbeda", tanggal=other, pemohon=applicants.which(place))


def _whose_date_fits(applicants: Applicants, found: dict[str, str]) -> int | None:
    """The one applicant whose NIK and birth date differ now and agree once this is changed."""
    if not {"nik", "lahir"} & found.keys():
        return None
    fitting = [
        place
        for place, person in enumerate(applicants.people)
        if not _missing(person) and not _agrees(person) and _agrees(person | found)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _agrees(person: dict[str, str]) -> bool:
    nik = read_nik(person["nik"])
    return isinstance(nik, Nik) and nik.matches(date.fromisoformat(person["lahir"]))
