"""What the officers' commands share: the queue, and how its refusals are told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import click

from sigap.booking import Queue, TooManyTaken, UnknownOffice
from sigap.commands.reading import day_text
from sigap.knowledge.store import load_once
from sigap.settings import KNOWLEDGE, Settings
from sigap.store.session import Busy, Store


@lru_cache(maxsize=1)
def _queue_of(settings: Settings) -> Queue:
    knowledge = load_once(KNOWLEDGE)
    return Queue(
        Store.open(settings.database_url),
        settings.clock,
        key=settings.signing_key,
        holidays=knowledge.working_days.closed,
        neighbours=knowledge.offices.neighbours,
        kept_days=settings.booking_kept_days,
    )


def open_queue() -> Queue:
    """The queue on the database of the environment."""
    return _queue_of(Settings.from_environment())


@contextmanager
def told() -> Iterator[None]:
    """Turn what an officer can mend into a sentence."""
    try:
        yield
    except UnknownOffice as error:
        raise click.ClickException(
            f"Kantor '{error}' belum disiapkan. Lihat 'sigap office list', atau siapkan dengan 'sigap office set'."
        ) from error
    except TooManyTaken as error:
        raise click.ClickException(
            f"Sudah ada {error.taken} tempat yang terisi pada jam itu. Kuota tidak dapat lebih kecil dari jumlah itu."
        ) from error
    except Busy as error:
        raise click.ClickException("Basis data sedang sibuk. Tidak ada yang berubah; silakan coba lagi.") from error


def tell_booked(office_id: str, booked: Mapping[date, int]) -> None:
    """Say how many bookings stand on days that have just been closed."""
    for day, count in booked.items():
        click.echo(
            f"Masih ada {count} antrean pada {day_text(day)}. Pemohonnya dikabari dan dapat pindah jadwal. "
            f"Lihat dengan 'sigap booking list --office {office_id} --date {day:%d-%m-%Y}'."
        )


def show_json(content: Any) -> None:
    """Print records as JSON, one document."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
