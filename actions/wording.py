"""Which responses domain.yml has, which variables they need, and how facts fill them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal
from ruamel.yaml import YAML

from sigap.clock import ZONES
from sigap.knowledge import Fact, Knowledge
from sigap.settings import LANGUAGE, ROOT

_VARIABLE = re.compile(r"{([\w.]+)}")


@lru_cache(maxsize=1)
def responses(path: Path = ROOT / "domain.yml") -> Mapping[str, Any]:
    """The responses of domain.yml, each with its variations."""
    content: Mapping[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["responses"]
    return content


def variables_of(variations: Any) -> frozenset[str]:
    """The variables that the texts and buttons of a response mention."""
    return frozenset(_VARIABLE.findall(str(variations)))


def sentence(variations: Any, values: Mapping[str, Any]) -> str:
    """The text of a response with its variables filled in. Raises `KeyError` for one that is not given."""
    text = str(variations[0]["text"]).strip()
    return _VARIABLE.sub(lambda found: str(values[found.group(1)]), text)


@lru_cache(maxsize=1)
def button_words(path: Path = LANGUAGE / "tombol.yml") -> Mapping[str, tuple[str, str]]:
    """Title and sentence of each button that is filled with data, both with `{variables}`."""
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["tombol"]
    return {name: (words["tombol"], words["kalimat"]) for name, words in content.items()}


def read_anew() -> None:
    """Read the wording again when it is needed next."""
    for kept in (responses, button_words):
        kept.cache_clear()


def fact_variables(names: frozenset[str], knowledge: Knowledge) -> dict[str, str]:
    """Values for the variables that name a fact: `fakta.<id>`, `tarif.<kode>`, `dasar_tarif`.

    Raises `KeyError` for a fact that does not exist.
    """
    values: dict[str, str] = {}
    for name in names:
        group, _, key = name.partition(".")
        if group == "fakta":
            values[name] = fact_text(knowledge.facts[key])
        elif group == "tarif":
            values[name] = rupiah(knowledge.fees[key].rupiah)
        elif name == "dasar_tarif":
            basis = knowledge.tariff_basis
            values[name] = f"{basis.nama}, berlaku sejak {long_date(basis.berlaku)}"
    return values


def fact_text(fact: Fact) -> str:
    """A fact as shown: a list becomes bullet lines."""
    return fact.isi if isinstance(fact.isi, str) else bullets(fact.isi)


def bullets(items: Any) -> str:
    """One line per item."""
    return "\n".join(f"• {item}" for item in items)


def numbered(items: Any) -> str:
    """One numbered line per item."""
    return "\n".join(f"{position}. {item}" for position, item in enumerate(items, start=1))


def rupiah(amount: int) -> str:
    """Rp650.000."""
    return f"Rp{format_decimal(amount, locale='id')}"


def long_date(day: Any) -> str:
    """7 Desember 2026."""
    return str(format_date(day, "d MMMM y", locale="id"))


def weekday_date(day: Any) -> str:
    """Senin, 7 Desember 2026."""
    return str(format_date(day, "EEEE, d MMMM y", locale="id"))


def weekday_name(weekday: int) -> str:
    """Jumat for 4; 0 is Monday."""
    return str(get_day_names("wide", locale="id")[weekday])


def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes."""
    return round((until - now).total_seconds() / 60)


def moment_text(moment: datetime, zone: str) -> str:
    """Senin, 7 Desember 2026 pukul 09.00 WIB, in the zone of that name."""
    local = moment.astimezone(ZONES[zone])
    return f"{weekday_date(local)} pukul {hour_text(local)} {zone}"


def short_date(day: Any) -> str:
    """Sen 7 Des: fits a button."""
    return str(format_date(day, "EEE d MMM", locale="id"))


def masked_nik(nik: str) -> str:
    """NIK ••••0001."""
    return f"NIK ••••{nik[-4:]}"


def hour_text(hour: Any) -> str:
    """09.00."""
    return str(format_time(hour, "HH.mm", locale="id"))
