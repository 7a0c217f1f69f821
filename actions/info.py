"""Answers to questions, from the facts."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.base import Events, SigapAction
from actions.turn import Button, Turn, button
from actions.wording import bullets, fact_text, numbered, rupiah, weekday_date
from sigap.clock import WIB
from sigap.knowledge import Fee, Office, Requirement
from sigap.language.ages import find_age
from sigap.language.coordinates import Coordinates, read_coordinates

CLARIFICATION_FORM = "rincian_form"
# What a question may be about; anything personal in it is not kept.
_KEPT = {"kelompok_pemohon", "jenis_permohonan", "jenis_paspor", "masa_berlaku", "kendala", "kantor"}
# Passports for children run five years at most; Permenkumham 18/2022.
_MINORS = {"anak", "bayi"}
_SPECIAL_KINDS = ("hilang", "rusak", "ubah_data")
_KIND_TALKED_OF = {"paspor_hilang": "hilang", "paspor_rusak": "rusak", "perpanjang_paspor": "penggantian"}


class Answer(SigapAction):
    """An answer to a question. It ends a clarification that the applicant has turned away from."""

    def perform(self, turn: Turn) -> Events:
        """Answer; where a detail is missing, ask for it."""
        missing = self.answer(turn)
        if missing is None:
            return close_clarification(turn)
        if turn.active_form in {None, CLARIFICATION_FORM}:
            # The question becomes the clarification form's; it asks in its own turn.
            said = {entity["entity"]: entity["value"] for entity in turn.entities if entity["entity"] in _KEPT}
            return [
                SlotSet("topik", missing),
                SlotSet("rincian", None),
                SlotSet("konteks", said),
                FollowupAction(CLARIFICATION_FORM),
            ]
        ask_detail(turn, missing)
        return []

    @abstractmethod
    def answer(self, turn: Turn) -> str | None:
        """Say the answer and return None, or say nothing and return the name of the missing detail."""


def close_clarification(turn: Turn) -> Events:
    """Events that end the clarification form if it is open."""
    if turn.active_form != CLARIFICATION_FORM:
        return []
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        SlotSet("topik", None),
        SlotSet("rincian", None),
        SlotSet("konteks", None),
    ]


def ask_detail(turn: Turn, detail: str) -> None:
    """Ask for the detail that a question lacks, with buttons whose sentences answer it completely."""
    knowledge = turn.services.knowledge
    choices: dict[str, list[Button]] = {
        "kelompok": [],
        "kendala": [button(trouble.tombol, trouble.judul) for trouble in knowledge.app_troubles.values()],
        "khusus": [button(topic.tombol, topic.judul) for topic in knowledge.special_topics],
        "kota": [],
    }
    turn.say(f"utter_tanya_{detail}", choices[detail])


class Facts(Answer):
    """The answer of intents whose wording needs nothing but facts: `utter_<intent>`."""

    action_name = "action_jawab"

    def answer(self, turn: Turn) -> str | None:
        """Say the response named after the intent."""
        turn.say(f"utter_{turn.intent}")
        return None


class Requirements(Answer):
    """Which documents to bring."""

    action_name = "action_syarat_paspor"

    def answer(self, turn: Turn) -> str | None:
        """The list for this applicant group and kind of application; asks for the group when it is not said."""
        knowledge = turn.services.knowledge
        circumstance = next((entry for entry in knowledge.child_circumstances if turn.mentions(entry.kata_kunci)), None)
        age = find_age(turn.words)
        group = _most_telling(turn, "kelompok_pemohon", "bayi") if age is None else knowledge.group_of_age(age)
        group = group or turn.slot("rincian") or ("anak" if circumstance else None)
        of_legalisation = turn.mentions(turn.cues.legalised)
        if group not in {"dewasa", "anak", "bayi", "lansia"}:
            # Questions about the papers themselves, whoever they are for.
            lists = [turn.offer("syarat", kelompok=each) for each in ("dewasa", "anak")]
            if of_legalisation:
                turn.say("utter_syarat_legalisasi", lists)
            elif turn.mentions(turn.cues.original_or_copy):
                turn.say("utter_syarat_asli", lists)
            else:
                return "kelompok"
            return None
        kind = _kind(turn) or "baru"
        requirement = knowledge.requirement(group, kind)
        turn.say(
            "utter_syarat_paspor",
            _other_requirements(turn, group, kind),
            judul=requirement.judul,
            dokumen=numbered(requirement.dokumen),
            catatan=_notes(requirement),
        )
        if circumstance and group in _MINORS:
            turn.say(
                "utter_syarat_keadaan_anak",
                judul=circumstance.judul,
                surat_pernyataan=circumstance.surat_pernyataan,
            )
        if of_legalisation:
            turn.say("utter_syarat_legalisasi")
        return None


def _most_telling(turn: Turn, name: str, *preferred: str) -> str | None:
    """Of several values of an entity a preferred one: "anak bayi" is a baby, "ganti yang robek" is a damaged book."""
    said = {entity["value"] for entity in turn.entities if entity["entity"] == name}
    return next((value for value in preferred if value in said), turn.entity(name))


def _kind(turn: Turn) -> str | None:
    """The kind of application said; of a question that says none, the one just talked of ("jadi bayarnya berapa?")."""
    said = _most_telling(turn, "jenis_permohonan", *_SPECIAL_KINDS)
    return said or _KIND_TALKED_OF.get(turn.intent_before or "")


def _notes(requirement: Requirement) -> str:
    return bullets(requirement.catatan_pemohon)


def _other_requirements(turn: Turn, group: str, kind: str) -> list[Button]:
    offers = []
    if kind == "baru":
        offers.append(turn.offer("syarat_penggantian", kelompok=group))
    else:
        offers.append(turn.offer("syarat_baru", kelompok=group))
    other = "dewasa" if group in _MINORS else "anak"
    offers.append(turn.offer("syarat", kelompok=other))
    offers.append(turn.offer("biaya"))
    return offers


class Fees(Answer):
    """What it costs."""

    action_name = "action_biaya_paspor"

    def answer(self, turn: Turn) -> str | None:
        """The prices that fit what was said, with what is added for a lost or damaged book, for all applicants."""
        knowledge = turn.services.knowledge
        if turn.mentions(turn.cues.travel_letter):
            turn.say("utter_biaya_splp")
            return None
        if turn.mentions(turn.cues.free):
            turn.say("utter_biaya_gratis", rincian=fact_text(knowledge.zero_tariff))
            return None
        kind = _kind(turn)
        group = _most_telling(turn, "kelompok_pemohon", "bayi")
        express = turn.mentions(turn.cues.express)
        surcharge = knowledge.fees.get(kind or "") or knowledge.fees.get("percepatan" if express else "")
        if express and kind in {"hilang", "rusak"}:
            turn.say("utter_biaya_tanpa_percepatan")
        books = [fee for fee in knowledge.fees.values() if _fits(fee, turn, group)]
        lines = [f"{fee.nama}: {rupiah(fee.rupiah)}" for fee in books]
        if surcharge:
            lines.append(f"{surcharge.nama}: {rupiah(surcharge.rupiah)}")
        turn.say("utter_biaya_paspor", judul=_fee_title(group), rincian=bullets(lines))
        people = int(turn.entity("jumlah_pemohon") or 1)
        if people > 1 or surcharge:
            extra = surcharge.rupiah if surcharge else 0
            totals = [f"{fee.nama}: *{rupiah((fee.rupiah + extra) * people)}*" for fee in books]
            turn.say("utter_biaya_total", jumlah=people, rincian=bullets(totals))
        return None


def _fits(fee: Fee, turn: Turn, group: str | None) -> bool:
    if fee.jenis_paspor is None:
        return False
    years = 5 if group in _MINORS else turn.entity("masa_berlaku")
    return turn.entity("jenis_paspor") in {None, fee.jenis_paspor} and years in {
        None,
        fee.masa_berlaku,
        str(fee.masa_berlaku),
    }


def _fee_title(group: str | None) -> str:
    return f"paspor {group}" if group else "paspor"


class ProcessingTime(Answer):
    """How long it takes, counted over the real holidays."""

    action_name = "action_lama_proses"

    def answer(self, turn: Turn) -> str | None:
        """With a date of interview: the day it is normally finished; without: the rule and today's example."""
        services = turn.services
        days = services.knowledge.number("hari_kerja_proses")
        wished = _day(turn.entity("tanggal")) or services.clock().astimezone(WIB).date()
        start = services.knowledge.working_days.next_working(wished)
        end = services.knowledge.working_days.after(start, days)
        closed = services.knowledge.working_days.closed_between(start, end)
        turn.say(
            "utter_lama_proses",
            hari_kerja=days,
            tanggal_mulai=weekday_date(start),
            tanggal_selesai=weekday_date(end),
            hari_libur="".join(f"\n• {weekday_date(day)}: {name}" for day, name in closed),
        )
        if not services.knowledge.working_days.knows(end):
            turn.say("utter_libur_belum_ditetapkan", tahun=end.year)
        return None


def _day(value: str | None) -> date | None:
    return datetime.strptime(value.split("/")[0], "%Y-%m-%d").date() if value else None


def _just_shown(turn: Turn) -> str | None:
    """The office that the message before asked for, when this one names only a day or an hour: "kalau Sabtu?"."""
    about_it = turn.intent_before == "info_kantor" and (turn.entity("tanggal") or turn.entity("waktu"))
    return turn.entity_before("kantor") if about_it else None


class OfficeInfo(Answer):
    """Where an office is and when it is open, or which one is nearest."""

    action_name = "action_info_kantor"

    def answer(self, turn: Turn) -> str | None:
        """The office that was named, those nearest to a place or a location, or the question which city."""
        offices = turn.services.knowledge.offices
        named = offices.get(turn.entity("kantor") or turn.slot("rincian") or "")
        if named:
            self._show(turn, named)
            return None
        here = read_coordinates(turn.text)
        if here:
            self._nearest(turn, "lokasi Anda", here)
            return None
        place = offices.place(turn.slot("rincian") or "") or next(
            (offices.place(name) for name in names(turn.words) if offices.place(name)), None
        )
        if place is None and (chosen := offices.get(turn.slot("antrean_kantor") or _just_shown(turn) or "")):
            self._show(turn, chosen)  # asked while booking there, or about another day there
            return None
        if place is None:
            return "kota"
        self._nearest(turn, place.nama, Coordinates(place.lintang, place.bujur))
        return None

    def _show(self, turn: Turn, office: Office) -> None:
        facts = turn.services.knowledge.facts
        unknown = fact_text(facts["belum_dipastikan"])
        turn.say(
            "utter_info_kantor",
            nama=office.nama,
            alamat=office.alamat.isi if office.alamat else unknown,
            jam=office.jam.isi if office.jam else fact_text(facts["jam_umum_kantor"]),
            zona=office.zona,
            situs=office.situs or unknown,
            telepon=office.telepon.isi if office.telepon else unknown,
        )

    def _nearest(self, turn: Turn, place: str, coordinates: Coordinates) -> None:
        nearest = turn.services.knowledge.offices.nearest(coordinates.latitude, coordinates.longitude)
        turn.say(
            "utter_info_kantor_terdekat",
            [turn.offer("alamat", nama=office.nama.removeprefix("Kantor Imigrasi ")) for office, _ in nearest],
            kota=place,
            daftar=bullets(f"{office.nama} (sekitar {distance:.0f} km)" for office, distance in nearest),
        )


def names(words: list[str]) -> list[str]:
    """Runs of one to three words, longest first, to be looked up as names of places."""
    return [" ".join(words[i : i + size]) for size in (3, 2, 1) for i in range(len(words) - size + 1)]


class AppHelp(Answer):
    """Help with the registration app."""

    action_name = "action_kendala_aplikasi"

    def answer(self, turn: Turn) -> str | None:
        """Steps for the kind of trouble that was named; asks for the kind otherwise."""
        trouble = turn.services.knowledge.app_troubles.get(turn.entity("kendala") or turn.slot("rincian") or "")
        if trouble is None:
            return "kendala"
        turn.say("utter_kendala_aplikasi", judul=trouble.judul, langkah=numbered(trouble.langkah))
        return None


class SpecialPassport(Answer):
    """Umrah, migrant work, sailors, living abroad, dual citizenship."""

    action_name = "action_paspor_khusus"

    def answer(self, turn: Turn) -> str | None:
        """What is special about the case that was named; asks which one otherwise."""
        topics = turn.services.knowledge.special_topics
        topic = next(
            (entry for entry in topics if entry.id == turn.slot("rincian") or turn.mentions(entry.kata_kunci)), None
        )
        # "anak saya umur 7, papanya di Malaysia, bikin paspornya bagaimana": what to bring, not what it is for.
        if topic is None and (turn.entity("kelompok_pemohon") or find_age(turn.words) is not None):
            return Requirements().answer(turn)
        if topic is None:
            return "khusus"
        turn.say(
            "utter_paspor_khusus",
            judul=topic.judul,
            isi=topic.isi if isinstance(topic.isi, str) else bullets(topic.isi),
        )
        return None


class OutsideService(Answer):
    """Immigration matters that are not passports: where to go."""

    action_name = "action_luar_layanan"

    def answer(self, turn: Turn) -> str | None:
        """Where to go for the matter that was named, or in general."""
        topics = turn.services.knowledge.outside_topics
        topic = next((entry for entry in topics if turn.mentions(entry.kata_kunci)), None)
        if topic:
            turn.say("utter_luar_layanan", isi=topic.isi if isinstance(topic.isi, str) else bullets(topic.isi))
        else:
            turn.say("utter_luar_layanan_umum")
        return None
