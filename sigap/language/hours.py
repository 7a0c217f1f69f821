"""Reads the hours and the parts of the day in Indonesian messages.

Passport offices are open from seven to five: "jam 2" without another word is 14:00, "jam 9" 09:00. "sore" counts as
"siang", since bookings know only these two parts of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sigap.language.pieces import Piece, at, number, pieces, variants, words

_OPENING = 6
"""Hours from 1 up to this one, said without a part of the day, are meant in the afternoon."""
_LAST_CLOCK_HOUR, _LAST_MINUTE = 24, 59
_HOUR_WORDS = words("jam at jm jma jmm pukul pkl pk pukl tabuh")
_PARTS = variants(
    {
        "pagi": "pg pgi pgai pagii pagian subuh morning esuk semengan enjing isuk pagipagi",
        "siang": "siagn sinag siangan afternoon",
        "sore": "soree sorean sonten petang",
        "malam": "mlm malem night evening",
    }
)
# "jam 9 isuk" has a morning; alone, these also mean tomorrow.
_ALONE_TOMORROW = frozenset({"isuk", "enjing"})
_SESSION = {"pagi": "pagi", "siang": "siang", "sore": "siang"}
_HALF = words("setengah stgh setngah stengah stngah setgh satengah")
_QUARTER = words("seperempat prapat")
_MINUS = words("kurang krg krang")
_PLUS = words("lewat lebih lwt lbh liwat")
_SIGNS = frozenset(".:,")
# After a number: an amount of time or something else counted, not a time of day.
_AMOUNTS = words(
    "jam menit mnt hari orang org ribu rb juta jt tahun thn th bulan bln minggu kali x km kg persen rupiah lembar "
    "halaman kerja hour hours minutes"
)
_GREETING_BEFORE = words("selamat slamat met slmt good sugeng wilujeng rahajeng salamaik happy")
_GREETED = words(
    "kak kakak min admin pak bapak bu ibu mas mbak bang gan sis bro bos om tante semua semuanya all guys teman "
    "team kk bpk mimin petugas everyone bli mang teh kang cak rek"
)
_WISH_BEFORE = words(
    "besok bsk lusa yang yg yng sesi jam pas buat untuk utk mau pilih ambil minta slot tiap hari ini nanti sesuk "
    "kalau kalo klo di ke jadi ganti atau ato dari paling agak lebih mending senin selasa rabu kamis jumat sabtu "
    "minggu prefer tomorrow monday tuesday wednesday thursday friday saturday for the in antara masih jg juga "
    "full waktu dtg datang"
)
_WISH_AFTER = words(
    "aja saja deh dong ya y atau hari ini session full masih ada bisa bs sekitar lebih jg boleh kosong penuh udah"
)
# "tadi pagi" tells of what happened; "makan siang" is a meal.
_NO_WISH_BEFORE = words("tadi td makan mkn kemarin kmrn tengah bolong malam sarapan setiap")
_MONTHISH = words("tanggal tgl tg")


@dataclass(frozen=True)
class HourFound:
    """An hour ("HH:MM") or a part of the day ("pagi", "siang"), with its span in the text as typed."""

    value: str
    start: int
    end: int


def find_hours(text: str) -> list[HourFound]:
    """All hours and wished-for parts of the day in a message, in order. Greetings ("pagi min") are not wishes."""
    row = pieces(text)
    found: list[HourFound] = []
    index = 0
    while index < len(row):
        read = _announced(row, index) or _figures(row, index) or _part_of_day(row, index)
        if read is None:
            index += 1
            continue
        value, begin, after = read
        found.append(HourFound(value, row[begin].start, row[after - 1].end))
        index = after
    return found


def _announced(row: Sequence[Piece], index: int) -> tuple[str, int, int] | None:
    """ "jam 9", "pukul 10.15", "jam setengah sepuluh", "jam 8 kurang seperempat", "setengah 9 pagi"."""
    announced = at(row, index).word in _HOUR_WORDS
    position = index + announced
    if announced and at(row, position).word in {":", "."}:
        position += 1
    half = at(row, position).word in _HALF
    if not (announced or half):
        return None
    clock = _half(row, position) if half else _clock(row, position)
    if clock is None:
        return None
    hour, minute, after = clock
    hour, minute, after = _shifted(row, hour, minute, after) if not half else (hour, minute, after)
    part, behind = _said_part(row, after)
    # "setengah 9" without "jam" is a time only with a part of the day or nothing counted behind it ("setengah 1 juta").
    if half and not announced and at(row, behind).word in _AMOUNTS:
        return None
    return _valued(_of_day(hour, minute, part), index, behind)


def _half(row: Sequence[Piece], position: int) -> tuple[int, int, int] | None:
    """ "setengah 10" is half past nine."""
    said = number(row, position + 1)
    if not said or not 1 <= said[0] <= 12:
        return None
    return (said[0] - 2) % 12 + 1, 30, said[1]


def _clock(row: Sequence[Piece], position: int) -> tuple[int, int, int] | None:
    """ "9", "9.30", "09:30", "sepuluh", "9an", "0930"."""
    said = number(row, position)
    if not said:
        return None
    typed = at(row, position)
    if typed.value is not None and len(typed.word) == 4:
        return (typed.value // 100, typed.value % 100, said[1])
    hour, after = said
    if hour > _LAST_CLOCK_HOUR or (len(typed.word) > 2 and typed.value is not None):
        return None
    if typed.value is not None and (minute := _minutes(row, position)) is not None:
        return hour, minute, position + 3
    # "jam 9an", "jam 9-an": about nine.
    if at(row, after).word in {"an", "teng", "lah", "nya"} and at(row, after).start == at(row, after - 1).end:
        after += 1
    return hour, 0, after


def _minutes(row: Sequence[Piece], position: int) -> int | None:
    """The minutes glued behind the hour at `position` ("9.30", "10:15"), when nothing continues the number."""
    sign, digits = at(row, position + 1), at(row, position + 2)
    glued = at(row, position).end == sign.start and sign.end == digits.start
    if (
        not glued
        or sign.word not in _SIGNS
        or digits.value is None
        or len(digits.word) != 2
        or digits.value > _LAST_MINUTE
    ):
        return None
    following, beyond = at(row, position + 3), at(row, position + 4)
    continued = following.start == digits.end and (
        following.word in {"/", "."} and beyond.value is not None and beyond.start == following.end
    )
    return None if continued else digits.value


def _shifted(row: Sequence[Piece], hour: int, minute: int, after: int) -> tuple[int, int, int]:
    """ "8 kurang seperempat", "9 lewat 15 menit", "9 seperempat"."""
    word = at(row, after).word
    sign = -1 if word in _MINUS else 1
    position = after + (word in _MINUS or word in _PLUS)
    if at(row, position).word in _QUARTER:
        minutes, behind = 15, position + 1
    elif position > after and at(row, position).word in _HALF:
        minutes, behind = 30, position + 1
    else:
        said = number(row, position) if position > after else None
        if not said or not 0 < said[0] <= _LAST_MINUTE:
            return hour, minute, after
        minutes, behind = said
    behind += at(row, behind).word in {"menit", "mnt"}
    total = (hour * 60 + minute + sign * minutes) % (24 * 60)
    return total // 60, total % 60, behind


def _said_part(row: Sequence[Piece], after: int) -> tuple[str | None, int]:
    """The part of the day right behind an hour, and the index after it. A greeting behind it is none of its own."""
    word = at(row, after).word
    if word in {"am", "pm"}:
        return word, after + 1
    if word in {"a", "p"} and at(row, after + 1).word == "." and at(row, after + 2).word == "m":
        return word + "m", after + 3 + (at(row, after + 3).word == ".")
    if word in _PARTS:
        return _PARTS[word], after + 1
    return None, after


def _of_day(hour: int, minute: int, part: str | None) -> str | None:
    """The hour of 24 for an hour as said, or None when there is no such time."""
    if hour > _LAST_CLOCK_HOUR or minute > _LAST_MINUTE or (hour == _LAST_CLOCK_HOUR and minute):
        return None
    if hour <= 12:
        if part in {"pagi", "am"}:
            hour %= 12
        elif part in {"sore", "malam", "pm"}:
            hour = 0 if part == "malam" and hour == 12 else hour % 12 + 12
        elif part == "siang":
            hour = hour if hour >= 9 else hour + 12
        elif 1 <= hour < _OPENING:
            hour += 12
    return f"{hour % 24:02}:{minute:02}"


def _figures(row: Sequence[Piece], index: int) -> tuple[str, int, int] | None:
    """ "9.30", "09:30", "9 am", "3 sore": an hour without "jam" in front."""
    piece = at(row, index)
    if piece.value is None or len(piece.word) > 2 or _inside_number(row, index):
        return None
    minute = _minutes(row, index)
    after = index + 1 if minute is None else index + 3
    part, behind = _said_part(row, after)
    before = at(row, index - 1).word
    if minute is None:
        # "tanggal 9 pagi" is a day and a part of the day.
        alone = part is not None and 1 <= piece.value <= 12 and before not in _MONTHISH
        return _valued(_of_day(piece.value, 0, part), index, behind) if alone else None
    sign = at(row, index + 1).word
    if before in _MONTHISH or at(row, after).word in _AMOUNTS or at(row, after).word == "%":
        return None
    plausible = sign == ":" or 6 <= piece.value <= 18 or (1 <= piece.value < _OPENING and len(piece.word) == 1)
    if sign == "," or not plausible or (sign == "." and at(row, index + 2).value not in range(0, 60, 5)):
        return None
    return _valued(_of_day(piece.value, minute, part), index, behind)


def _valued(value: str | None, index: int, after: int) -> tuple[str, int, int] | None:
    return (value, index, after) if value else None


def _inside_number(row: Sequence[Piece], index: int) -> bool:
    """Whether the number is the tail of a longer one: 7.12.2026, Rp9.30, 1/2."""
    before, piece = at(row, index - 1), at(row, index)
    if before.end != piece.start:
        return before.word == "#" and before.end - before.start > 1
    return not (before.word in {"(", "-", ">", "~", "#", "[", "@", "="} and at(row, index - 2).end != before.start)


def _part_of_day(row: Sequence[Piece], index: int) -> tuple[str, int, int] | None:
    """ "besok pagi", "yang siang", "pagi aja": a part of the day somebody wishes for."""
    typed = at(row, index).word
    session = _SESSION.get(_PARTS.get(typed, ""))
    if session is None:
        return None
    after = index + 1
    # "pagi-pagi" is one wish.
    if at(row, after).word == "-" and _PARTS.get(at(row, after + 1).word) == _PARTS[typed]:
        after += 2
    before, following = at(row, index - 1).word, at(row, after).word
    if before in _GREETING_BEFORE | _NO_WISH_BEFORE or (typed in _ALONE_TOMORROW and not _is_day(before)):
        return None
    if _is_greeting(row, index, after) and before not in _WISH_BEFORE:
        return None
    wished = (
        before in _WISH_BEFORE
        or following in _WISH_AFTER
        or _is_day(before)
        or (at(row, index - 1).value is not None or before in {",", ".", "-", "/", "("})
        or index + 1 == len(row)
        or index > 0
    )
    return (session, index, after) if wished else None


def _is_greeting(row: Sequence[Piece], index: int, after: int) -> bool:
    """ "pagi min", "siang kak", "pagi, mau tanya": the part of the day opens the message and greets."""
    opens = index == 0 or at(row, index - 1).word in {
        "halo",
        "hai",
        "hi",
        "hallo",
        "hello",
        ".",
        "!",
        "?",
        "oke",
        "ok",
        "ass",
    }
    following = at(row, after).word
    if following in _GREETED:
        return opens
    return (
        opens and index == 0 and len(row) > after and following not in _WISH_AFTER | {"jam", "jm", "tanggal", "besok"}
    )


def _is_day(word: str) -> bool:
    return word in {
        "besok",
        "bsk",
        "lusa",
        "sesuk",
        "mani",
        "senin",
        "senen",
        "selasa",
        "rabu",
        "rebo",
        "kamis",
        "kemis",
    } | {"jumat", "jumaat", "sabtu", "minggu", "tomorrow", "depan", ","}
