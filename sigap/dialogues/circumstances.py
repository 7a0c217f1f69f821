"""Circumstances in which a dialogue begins, by the names that editors use.

To add one: write a function that takes the house (and, by Indonesian keyword, what a dialogue may choose) and put it
into `CIRCUMSTANCES`. It prepares the database through the services or the tables, never the conversation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, update

from sigap.booking import PASSPORT, Applicant, Held
from sigap.clock import WIB
from sigap.dialogues.moments import moment
from sigap.store.tables import Application, Booking, LiveClaim, Office, Slot

if TYPE_CHECKING:
    from sigap.dialogues.house import House


def kuota_penuh(house: House, kantor: str | None = None, tanggal: str | None = None, jam: str | None = None) -> None:
    """Every hour is taken: everywhere, or only at this office, on this day, at this hour."""
    _take(house, kantor, tanggal, jam, left=0)


def satu_tempat_tersisa(house: House, kantor: str, tanggal: str | None = None, jam: str | None = None) -> None:
    """One place is left in each hour of this office, day and hour."""
    _take(house, kantor, tanggal, jam, left=1)


def _take(house: House, office: str | None, day: str | None, hour: str | None, left: int) -> None:
    chosen = update(Slot).values(taken=Slot.quota - left, priority_taken=Slot.priority_quota)
    if office:
        chosen = chosen.where(Slot.office_id == office)
    if day:
        chosen = chosen.where(Slot.day == date.fromisoformat(day))
    if hour:
        chosen = chosen.where(Slot.hour == time.fromisoformat(hour))
    _write(house, chosen)


def tempat_kosong_lagi(house: House, kantor: str, tanggal: str, jam: str, jumlah: int = 1) -> None:
    """Somebody gives back places of an hour; whoever waits for them is offered them."""
    hour = {
        "office_id": kantor,
        "service": PASSPORT,
        "day": date.fromisoformat(tanggal),
        "hour": time.fromisoformat(jam),
    }
    _write(house, update(Slot).filter_by(**hour).values(taken=Slot.taken - jumlah))
    house.services.queue.sweep()


def tempat_prioritas_saja(house: House, kantor: str) -> None:
    """Only the places for priority groups are left at this office."""
    _write(house, update(Slot).where(Slot.office_id == kantor).values(taken=Slot.quota))


def tidak_ada_kantor_yang_membuka_antrean(house: House) -> None:
    """No office takes bookings in this chat."""
    _write(house, update(Office).values(takes_bookings=False))


def permohonan(
    house: House,
    nomor: str,
    lahir: str,
    tahap: str,
    wawancara: str | None = None,
    siap: str | None = None,
    jadwal: str | None = None,
) -> None:
    """An application at this stage since yesterday; days of interview and completion; day and hour of the visit."""
    with house.store.work() as session:
        session.merge(
            Application(
                number=nomor,
                birth_date=date.fromisoformat(lahir),
                office_id="jakarta_pusat",
                kind="baru",
                stage=tahap,
                stage_since=house.clock() - timedelta(days=1),
                interviewed_on=date.fromisoformat(wawancara) if wawancara else None,
                ready_on=date.fromisoformat(siap) if siap else None,
                scheduled_for=moment(jadwal, house.clock()) if jadwal else None,
                demo=False,
            )
        )
        session.commit()


def paspor_siap_diambil(house: House, nomor: str = "1179000000098765", lahir: str = "1990-08-17") -> None:
    """An application whose passport can be collected since yesterday."""
    yesterday = (house.clock().astimezone(WIB).date() - timedelta(days=1)).isoformat()
    permohonan(house, nomor, lahir, "siap_diambil", siap=yesterday)


def sudah_punya_antrean(house: House, kantor: str = "bogor", tanggal: str | None = None, jam: str = "09:00") -> None:
    """This conversation has a confirmed booking, on the first free day unless one is named."""
    queue = house.services.queue
    day = date.fromisoformat(tanggal) if tanggal else queue.free_days(kantor)[0]
    person = Applicant(name="Budi Santoso", nik="3171011708900001", birth_date=date(1990, 8, 17))
    held = queue.hold(house.conversation_id, kantor, day, time.fromisoformat(jam), "baru", [person])
    if not isinstance(held, Held):
        raise ValueError(f"keadaan 'sudah punya antrean' tidak dapat disiapkan: {held}")
    queue.confirm(house.conversation_id)


def antrean_di_obrolan_lain(house: House, nik: str = "3171011708900001") -> None:
    """Budi Santoso, born on 17 August 1990, has a booking in another conversation; its code is `OTHERS_CODE`."""
    queue = house.services.queue
    person = Applicant(name="Budi Santoso", nik=nik, birth_date=date(1990, 8, 17))
    queue.hold("web:orang-lain", "bogor", queue.free_days("bogor")[0], time(13), "baru", [person])
    queue.confirm("web:orang-lain")
    _write(house, update(Booking).filter_by(conversation_id="web:orang-lain").values(code=OTHERS_CODE))


def sering_membatalkan(house: House, kali: int = 3) -> None:
    """This conversation has just cancelled so many bookings."""
    for hour in ("08:00", "10:00", "11:00", "13:00")[:kali]:
        sudah_punya_antrean(house, jam=hour)
        house.services.queue.cancel(house.conversation_id)


def batas_bulanan_terpakai(house: House) -> None:
    """This conversation has had as many bookings as an office allows in thirty days."""
    sudah_punya_antrean(house)
    _write(house, update(Office).values(month_limit=1))
    _write(house, update(Booking).values(state="no_show"))
    _write(house, delete(LiveClaim))


def aturan_pindah(house: House, kali: int = 1, hari: int = 1) -> None:
    """Every office lets a booking be moved so often, until so many days before it."""
    _write(house, update(Office).values(move_limit=kali, move_until_days=hari))


def kantor_tutup(house: House, kantor: str, tanggal: str, alasan: str = "Listrik padam") -> None:
    """An officer closes a day; whoever has a booking on it is told."""
    day = date.fromisoformat(tanggal)
    house.services.queue.quotas.close(kantor, day, day, alasan)


def kantor_buka_lagi(house: House, kantor: str, tanggal: str) -> None:
    """An officer takes the closure of a day back; whoever still has a booking on it is told."""
    day = date.fromisoformat(tanggal)
    house.services.queue.quotas.reopen(kantor, day, day)


def bukan_data_contoh(house: House) -> None:
    """Applications and offices are real ones, not demonstrations."""
    for table in (Application, Office):
        _write(house, update(table).values(demo=False))


def _write(house: House, change: Any) -> None:
    with house.store.work() as session:
        session.execute(change.execution_options(synchronize_session=False))
        session.commit()


# A genuine code, so that an editor can write it down.
OTHERS_CODE = "7KQM-4W24"

CIRCUMSTANCES: Mapping[str, Callable[..., None]] = {
    "kuota penuh": kuota_penuh,
    "satu tempat tersisa": satu_tempat_tersisa,
    "tempat kosong lagi": tempat_kosong_lagi,
    "tempat prioritas saja": tempat_prioritas_saja,
    "antrean di obrolan lain": antrean_di_obrolan_lain,
    "sering membatalkan": sering_membatalkan,
    "batas bulanan terpakai": batas_bulanan_terpakai,
    "aturan pindah": aturan_pindah,
    "tidak ada kantor yang membuka antrean": tidak_ada_kantor_yang_membuka_antrean,
    "kantor tutup": kantor_tutup,
    "kantor buka lagi": kantor_buka_lagi,
    "permohonan": permohonan,
    "paspor siap diambil": paspor_siap_diambil,
    "sudah punya antrean": sudah_punya_antrean,
    "bukan data contoh": bukan_data_contoh,
}
