"""Reads the dates in Indonesian messages, absolute and relative, as sloppily as people type them.

Choices where the language leaves room (with the reasons an officer would give):

- Weeks run from Monday to Sunday. "minggu depan" is the whole next week, "senin depan" the Monday in it; a bare "senin"
  is the next Monday after today, "senin ini" this week's unless it has passed. "minggu" alone is Sunday.
- A day without a month is today or the next such day; a day and month without a year the next such day.
- The first third of a month is its days 1 to 10, the middle 11 to 20, the end 21 and later. "minggu kedua mei" is the
  days 8 to 14.
- "sebelum X" runs from today to the day before X; "sampai X" and "paling lambat X" include X; "setelah X" is the week
  after X, for feasts after the last day of collective leave. Ramadan is taken as the thirty days before Idulfitri.
- Nothing impossible is guessed at: "31 februari" and the month-first "12/25/2026" are `Problem.IMPOSSIBLE`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import Enum
from itertools import pairwise

from sigap.language.date_words import (
    DOUBTFUL_MONTHS,
    FEAST_OF,
    FIXED_FEASTS,
    MONTH_NUMBER,
    SHORT_WEEKDAYS,
    WEEKDAY_NUMBER,
    standard,
)
from sigap.language.pieces import at, number, pair, pieces, spoken, words

Holidays = Mapping[str, Collection[date]]
"""Name of a holiday as in libur.yml -> its days, of all known years. A name with "cuti" in it is collective leave."""


class Purpose(Enum):
    """What the date is wanted for: it decides the year where none is said."""

    ARRIVAL = "arrival"
    BIRTH = "birth"


class Problem(Enum):
    """Why an expression, or a text, gives no single certain date."""

    NOT_A_DATE = "bukan_tanggal"
    IMPOSSIBLE = "mustahil"
    INCOMPLETE = "tidak_lengkap"
    """A birth date without its day, month or year ("tahun 1990")."""
    FUTURE = "belum_terjadi"
    """A birth date that has not come yet."""
    AMBIGUOUS = "rancu"
    """Several dates, none of them preferred."""
    WEEKDAY_DIFFERS = "hari_berbeda"
    """The weekday said is not that of the date; the date is given all the same."""
    UNKNOWN_FEAST = "hari_raya_tidak_diketahui"
    """A feast whose date is not among the holidays known."""


@dataclass(frozen=True)
class DateFound:
    """A date or a range of days: `first` and `last` are equal for a single day and both None when there is no date.

    `start` and `end` are offsets into the text as typed.
    """

    first: date | None
    last: date | None
    problem: Problem | None
    start: int
    end: int


@dataclass(frozen=True)
class _Read:
    """A part of the message that was understood: its days, and the index of the piece after it.

    `weak` marks words that are seldom the date asked for ("sekarang"), `relative` what is counted from today, `single`
    a day rather than a range; `begin` is the first piece, where it is not the one the rule started from.
    """

    first: date | None
    last: date | None
    after: int
    problem: Problem | None = None
    weak: bool = False
    relative: bool = False
    single: bool = False
    begin: int = -1


_Rule = Callable[["_Reader", int], "_Read | None"]
_DAY = timedelta(days=1)
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2100
_OLDEST = 110
_RELATIVE_DAYS = {
    "hariini": 0,
    "sekarang": 0,
    "kini": 0,
    "mengko": 0,
    "tonight": 0,
    "besok": 1,
    "isuk": 1,
    "lusa": 2,
    "besoklusa": 2,
    "tulat": 3,
    "tubin": 4,
    "kemarin": -1,
    "semalam": -1,
    "selumbari": -2,
}
_WEAK = frozenset({"sekarang", "kini", "mengko"})
_DAYPARTS = frozenset({"pagi", "siang", "sore", "malam"})
_PERIODS = frozenset({"minggu", "pekan", "bulan", "tahun"})
_UNITS = frozenset({"hari", "minggu", "pekan", "bulan", "tahun", "days", "months", "years"})
_UNIT_OF = {"days": "hari", "months": "bulan", "years": "tahun", "minggu": "pekan"}
_SE = {
    **dict.fromkeys(("sehari", "sedino", "sadinten"), "hari"),
    **dict.fromkeys(("seminggu", "sepekan", "saminggu", "semingguan", "semgg", "smggu"), "pekan"),
    **dict.fromkeys(("sebulan", "sabulan", "sebln", "sawulan"), "bulan"),
    **dict.fromkeys(("setahun", "sataun"), "tahun"),
}
_SHIFT = {"depan": 1, "ini": 0, "lalu": -1, "kemarin": -1, "next": 1, "this": 0, "last": -1}
_PARTS = frozenset({"awal", "tengah", "akhir"})
_ORDINALS = {
    "pertama": 1,
    "kedua": 2,
    "ketiga": 3,
    "keempat": 4,
    "kelima": 5,
    "terakhir": -1,
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
}
_ARITHMETIC = words("+ = dikali dibagi ditambah x *")
_MARKET_DAYS = frozenset({"legi", "pahing", "paing", "pon", "wage", "kliwon"})
_DASHES = frozenset("-–—~")
_DATE_SIGNS = frozenset("/-.–")
_BETWEEN_DAYS = _DASHES | {"sampai", "dan", "atau", "&", ",", "/"}
_THROUGH = _DASHES | {"sampai", "to", "ke"}
# A number followed by one of these counts something and is no day, month or year.
_COUNTED = words(
    "orang org ornag orag orng wong urang jiwa pemohon anak pax people staff karyawan jemaah jamaah hari hr "
    "minggu mgg bulan bln tahun thn th taun jam menit mnt detik kali x halaman lembar lbr kantor buah bintang kg "
    "km meter m lantai kerja rb ribu juta persen slot kuota berkas dokumen paspor wita wib wit am pm days weeks "
    "months years people"
)
_STEP_WORDS = words(
    "bagian langkah tahap step soal hal halaman part ke nomor no nmr poin pertanyaan rt rw versi skor nilai "
    "rating blok gang jalan jl lantai lt kamar pasal ayat bab seri tipe kode otp pin resi pos tiket antrean "
    "antrian umur usia kelas"
)
_HALVES = frozenset({"setengah", "stgh", "setngah"})
_NOT_AFTER = frozenset({"berapa", "brp", "tiap", "setiap", "per", "beberapa", "bbrp", "hitungan", "berminggu", "lama"})
_DELAYING = re.compile(r"tunda|undur|mundur|geser|tangguh|delay|postpone|pindah", re.IGNORECASE)
_BIRTH_WORDS = frozenset({"lahir", "tadi"})
# Words between "tanggal" and its number: "tgl. 7", "tanggal ke-7", "tanggalnya tgl 7".
_AFTER_TANGGAL = frozenset({".", ":", "-", "ke", "nya", "=", "yg", "yang"})
_BEFORE_NAMES = frozenset({"nama", "namanya", "namaku", "pak", "bu", "ibu", "bapak", "mbak", "mas"})
_ALSO = frozenset({"atau", "dan", ","})
_OVER = frozenset({"habis", "hbs", "abis", "hbis", "ahbis"})
_DEADLINE = frozenset({"lambat", "lama", "telat", "akhir"})


def find_dates(text: str, today: date, purpose: Purpose, holidays: Holidays | None = None) -> list[DateFound]:
    """All date expressions of a message in order, the impossible ones with their problem."""
    return [found for found, _ in _scan(text, today, purpose, holidays)]


def read_date(text: str, today: date, purpose: Purpose, holidays: Holidays | None = None) -> DateFound:
    """The one date a text means, for example as the answer to a question.

    Corrections count ("eh salah tanggal 8 bukan 7"), refused days do not ("besok ga bisa, lusa aja"). Two neighbouring
    days joined by "atau" are a range. The problem is `NOT_A_DATE` when nothing was found and `AMBIGUOUS` when several
    dates remain.
    """
    return _choose(text, today, purpose, _scan(text, today, purpose, holidays, answer=True))


def _scan(
    text: str, today: date, purpose: Purpose, holidays: Holidays | None, answer: bool = False
) -> list[tuple[DateFound, bool]]:
    """The expressions of a text, each with whether it is weak."""
    reader = _Reader(text, today, purpose, holidays or {}, answer)
    return reader.all()


class _Reader:
    """One message being read: its pieces, and the rules that understand them from a given piece on."""

    def __init__(self, text: str, today: date, purpose: Purpose, holidays: Holidays, answer: bool) -> None:
        self.text, self.today, self.holidays = text, today, holidays
        self.birth = purpose is Purpose.BIRTH
        self.answer = answer
        self.known: dict[int, _Read | None] = {}
        self.row = pieces(text)
        self.words = [standard(piece.word) for piece in self.row]
        self.birth_words = not _BIRTH_WORDS.isdisjoint(self.words)
        self.delaying = bool(_DELAYING.search(text[:5000]))

    def word(self, index: int) -> str:
        return self.words[index] if 0 <= index < len(self.words) else ""

    def value(self, index: int) -> int | None:
        return at(self.row, index).value

    def glued(self, index: int) -> bool:
        """Whether the piece touches the one after it."""
        return at(self.row, index).end == at(self.row, index + 1).start

    # -- the whole message ------------------------------------------------------------------------------------------

    def all(self) -> list[tuple[DateFound, bool]]:
        found: list[tuple[DateFound, bool]] = []
        index = listed = 0
        while index < len(self.row):
            read = self.expression(index) or self.listed_day(index, listed)
            if read is None:
                index += 1
                continue
            begin = read.begin if read.begin >= 0 else index
            while begin and self.word(begin - 1) in {"tanggal", "hari"} and self.word(begin) != "hari":
                begin -= 1
            if read := self.fit(read):
                span = self.row[begin].start, self.row[read.after - 1].end
                found.append((DateFound(read.first, read.last, read.problem, *span), read.weak))
                if self.word(begin) == "tanggal" or self.word(index - 1) in _ALSO:
                    listed = read.after
                index = read.after
            else:
                index += 1
        if self.answer and (corrected := self.corrected_day(bool(found))):
            found.append(corrected)
            found.sort(key=lambda pair: pair[0].start)
        return found

    def listed_day(self, index: int, listed: int) -> _Read | None:
        """The 9 of "tanggal 7 atau 9": a bare day after a day that ended at `listed`."""
        if not listed or self.birth or not listed < index <= listed + 2:
            return None
        if self.word(index - 1) not in _ALSO or self.word(listed) not in _ALSO:
            return None
        said = self.day_number(index)
        return self.bare_day(*said) if said and 1 <= said[0] <= 31 else None

    def fit(self, read: _Read) -> _Read | None:
        """What an expression means for the purpose; None when it says nothing for it."""
        if not self.birth:
            return read
        if read.relative:
            past = read.single and read.first is not None and read.first <= self.today
            return read if past and self.birth_words and not read.weak else None
        if read.first is None:
            return read
        if not read.single:
            return replace(read, first=None, last=None, problem=Problem.INCOMPLETE)
        if read.first > self.today:
            return replace(read, first=None, last=None, problem=Problem.FUTURE)
        if self.today.year - read.first.year > _OLDEST:
            return replace(read, first=None, last=None, problem=Problem.IMPOSSIBLE)
        return read

    def expression(self, index: int) -> _Read | None:
        return self.bounded(index) or self.through(index) or self.core(index)

    def core(self, index: int) -> _Read | None:
        """An expression without "sebelum", "sampai" and the like. Kept, since ranges ask for the same place again."""
        if index not in self.known:
            self.known[index] = self.first_of(_COUNTED_FROM, index) or self.anchor(index)
        return self.known[index]

    def anchor(self, index: int) -> _Read | None:
        """An expression that others may count from ("sehari setelah ..."); itself it counts from nothing."""
        return self.first_of(_ANCHORS, index)

    def first_of(self, rules: tuple[_Rule, ...], index: int) -> _Read | None:
        for rule in rules:
            if read := rule(self, index):
                return read
        return None

    # -- results ----------------------------------------------------------------------------------------------------

    def days(self, first: date, last: date, after: int, relative: bool = False) -> _Read:
        return _Read(first, last, after, relative=relative)

    def offset_day(self, days: int, after: int, weak: bool = False) -> _Read | None:
        day = _plus(self.today, days)
        return _Read(day, day, after, weak=weak, relative=True, single=True) if day else None

    def on(self, day: int, month: int | None, year: int | None, after: int) -> _Read | None:
        """A day of the month; month and year are found where they are not said."""
        if month is None:
            return self.bare_day(day, after)
        if year is not None:
            return _single(day, month, year, after)
        if self.birth:
            possible = 1 <= month <= 12 and 1 <= day <= monthrange(2024, month)[1]
            return _Read(None, None, after, Problem.INCOMPLETE if possible else Problem.IMPOSSIBLE)
        read = _single(day, month, self.today.year, after)
        passed = read.first < self.today if read.first else (month, day) < (self.today.month, self.today.day)
        return _single(day, month, self.today.year + 1, after) if passed else read

    def bare_day(self, day: int, after: int) -> _Read:
        if not 1 <= day <= 31:
            return _Read(None, None, after, Problem.IMPOSSIBLE)
        if self.birth:
            return _Read(None, None, after, Problem.INCOMPLETE)
        ahead = int(day < self.today.day)
        # Months have at least 30 days but for February: two steps always reach a month that has the day.
        for step in range(ahead, ahead + 3):
            year, month = _month_after(self.today.year, self.today.month, step)
            if day <= monthrange(year, month)[1]:
                return _single(day, month, year, after)
        return _Read(None, None, after, Problem.IMPOSSIBLE)

    # -- dates in figures -------------------------------------------------------------------------------------------

    def figures(self, index: int) -> _Read | None:
        """ "7/12/2026", "07-12-26", "7 12 2026", "2026-12-07", "07122026"; after "tanggal" also "7.12"."""
        piece = at(self.row, index)
        if piece.value is None:
            return None
        if len(piece.word) == 8 and self.field(index):
            return self.run_of_digits(index, announced=True)
        if self.joined_before(index):
            return None
        announced = self.announced(index)
        if len(piece.word) in {6, 7, 8}:
            return self.run_of_digits(index, announced)
        if read := self.three_numbers(index, announced):
            return read
        return self.two_numbers(index, announced)

    def announced(self, index: int) -> bool:
        """Whether "tanggal" or "lahir" stands in front, or the number begins an answer."""
        before = index - 1
        while self.word(before) in _AFTER_TANGGAL:
            before -= 1
        return self.word(before) in {"tanggal", "lahir", "#"} or (self.answer and before < 0)

    def joined_before(self, index: int) -> bool:
        """Whether the number belongs to a longer one on its left: 1/7/12/2026, A7, 9,30."""
        before = at(self.row, index - 1)
        if before.end != at(self.row, index).start:
            return False
        if before.word == "#" and before.end - before.start > 1:
            return True
        if before.word[:1].isalpha():
            return self.word(index - 1) not in {"tanggal", "lahir", *MONTH_NUMBER, *WEEKDAY_NUMBER}
        return before.word in {"/", ".", ",", "-", ":"} and (
            at(self.row, index - 2).value is not None and self.glued(index - 2)
        )

    def closed_after(self, after: int) -> bool:
        """Whether nothing continues the number that ends before `after`."""
        last, following = at(self.row, after - 1), at(self.row, after)
        if following.start != last.end:
            return not self.counted(after) or self.word(after) in _PERIODS
        if following.word in _DATE_SIGNS | {",", ":"}:
            beyond = at(self.row, after + 1)
            return not (beyond.value is not None and beyond.start == following.end)
        return not following.word[:1].isalpha()

    def field(self, index: int) -> bool:
        """Whether a date without separators stands between commas or slashes: "nama,10071985,30112026"."""
        day, month = int(self.row[index].word[:2]), int(self.row[index].word[2:4])
        before, after = at(self.row, index - 1), at(self.row, index + 1)
        between = (before.word in {",", "/", "#"}) or (after.word in {",", "/"})
        return between and len(at(self.row, index - 2).word) != 3 and _exists(day, month, int(self.row[index].word[4:]))

    def run_of_digits(self, index: int, announced: bool) -> _Read | None:
        digits, after = self.row[index].word, index + 1
        if not (self.closed_after(after) or self.field(index)) or self.word(index - 1) in _STEP_WORDS:
            return None
        if len(digits) == 8:
            day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
            if _plausible(year) and (_exists(day, month, year) or announced or month <= 12):
                return _single(day, month, year, after)
            backwards = int(digits[6:]), int(digits[4:6]), int(digits[:4])
            return _single(*backwards, after) if _plausible(backwards[2]) and _exists(*backwards) else None
        if len(digits) == 7:
            return None
        day, month, year = int(digits[:2]), int(digits[2:4]), self.century(int(digits[4:]))
        near = abs(year - self.today.year) <= 2
        if _exists(day, month, year) and (announced or self.birth or near):
            return _single(day, month, year, after)
        return None

    def three_numbers(self, index: int, announced: bool) -> _Read | None:
        positions, signs = [index], []
        while len(positions) < 3:
            following = positions[-1] + 1
            if self.word(following) in _DATE_SIGNS | {",", "'"} and self.value(following + 1) is not None:
                signs.append(self.word(following))
                positions.append(following + 1)
            elif self.value(following) is not None and not self.glued(following - 1):
                signs.append(" ")
                positions.append(following)
            else:
                return None
        texts = [self.row[position].word for position in positions]
        first, second, third = (self.row[position].value or 0 for position in positions)
        after = positions[-1] + 1
        if not self.closed_after(after):
            return None
        if len(texts[0]) == 4 and len(texts[1]) <= 2 and len(texts[2]) <= 2 and " " not in signs:
            return _single(third, second, first, after) if _plausible(first) else None
        if len(texts[0]) > 2 or len(texts[1]) > 2 or len(texts[2]) not in {2, 4}:
            return None
        full_year, slashed = len(texts[2]) == 4, not set(signs) & {" ", ".", ",", "'"}
        year = third if full_year else self.century(third)
        if not full_year and not slashed and not announced and not (set(signs) == {"."} and self.birth):
            return None
        if " " in signs and not _exists(first, second, year) and not announced:
            return None
        return _single(first, second, year, after) if _plausible(year) else _Read(None, None, after, Problem.IMPOSSIBLE)

    def two_numbers(self, index: int, announced: bool) -> _Read | None:
        """Day and month: "7/12", "7-12". After "tanggal" two close days are a range instead: "tgl 5-7"."""
        sign, second = self.word(index + 1), self.value(index + 2)
        texts = at(self.row, index).word, at(self.row, index + 2).word
        after = index + 3
        if sign not in _DATE_SIGNS or second is None or max(map(len, texts)) > 2:
            if not (announced and self.value(index + 1) is not None and self.word(index - 1) == "tanggal"):
                return None
            sign, second, after = " ", self.value(index + 1), index + 2
            texts = texts[0], at(self.row, index + 1).word
            if len(texts[1]) != 2 or not texts[1].startswith(("0", "1")):
                return None
        first = self.row[index].value or 0
        if second is None or not self.closed_after(after) or self.counted(after) or self.word(after) in _ARITHMETIC:
            return None
        before = self.word(index - 1)
        if sign == "." and not (announced and self.word(index - 1) == "tanggal"):
            return None
        if before in _STEP_WORDS | _HALVES | {"jam", "pukul", "pkl", "jm", "(", "antara", "dari", "rp"}:
            return None
        if sign == "/" and (first, second) == (24, 7) and before != "tanggal":
            return None
        if sign in _DASHES and before == "tanggal" and self.looks_like_range(first, second, texts):
            return None
        if self.word(after) in MONTH_NUMBER or self.word(after) == "bulan":
            return None
        if not _exists(first, second, 2024):
            certain = before == "tanggal" or (1 <= second <= 12 and 1 <= first <= 31)
            return _Read(None, None, after, Problem.IMPOSSIBLE) if certain else None
        return self.on(first, second, None, after)

    def looks_like_range(self, first: int, second: int, texts: tuple[str, str]) -> bool:
        """Whether "tanggal 5-7" means the 5th to the 7th: no leading noughts and few days apart, or no month."""
        return (
            not texts[0].startswith("0") and not texts[1].startswith("0") and (second > 12 or 0 < second - first <= 3)
        )

    def century(self, two_digits: int) -> int:
        """The full year for a year in two digits."""
        if two_digits > 99:
            return two_digits
        if self.birth:
            year = self.today.year - self.today.year % 100 + two_digits
            return year if year <= self.today.year else year - 100
        return 2000 + two_digits if two_digits < 50 else 1900 + two_digits

    # -- dates with words -------------------------------------------------------------------------------------------

    def with_words(self, index: int) -> _Read | None:
        """ "tanggal 7", "7 desember 2026", "tgl dua lima bulan depan", "5 dan 6 mei", "tanggal 5-7"."""
        says_date = self.word(index) == "tanggal" or (self.word(index) == "the" and self.ordinal(index + 1))
        position = index + 1 if says_date else index
        while says_date and self.word(position) in _AFTER_TANGGAL | {"lahir", "tanggal"}:
            position += 1
        if says_date and (read := self.figures(position)):
            return read
        days = self.day_numbers(position, bool(says_date))
        if not days:
            return None
        values, after = days
        month, year, behind = self.month_and_year(after)
        if month is None:
            if not says_date and not self.ordinal(position):
                return None
            return self.several(values, None, None, self.skip(after, {"nanti", "mengko"}), index)
        return self.several(values, month, year, behind, index)

    def several(self, values: list[int], month: int | None, year: int | None, after: int, index: int) -> _Read | None:
        reads = [self.on(value, month, year, after) for value in values]
        first, last = reads[0], reads[-1]
        if first is None or last is None or len(reads) == 1:
            return first
        if first.first is None or last.first is None:
            return first if first.first is None else last
        if month is None and last.first < first.first:
            first = _single(first.first.day, last.first.month, last.first.year, after)
        if first.first is None or last.first is None or last.first < first.first:
            return _Read(None, None, after, Problem.IMPOSSIBLE)
        return self.days(first.first, last.first, after)

    def day_numbers(self, index: int, says_date: bool) -> tuple[list[int], int] | None:
        """One day or the first and last of a few: "7", "dua lima", "5 sampai 7", "13 atau 14"."""
        one = self.day_number(index)
        if not one:
            return None
        value, after = one
        joint = after + 1 if self.word(after) == "s" and self.word(after + 1) in {"/", "."} else after
        if joint != after:
            joint += 1 if self.word(joint + 1) == "d" else 0
            joint += 1 if self.word(joint + 1) == "." else 0
        if self.word(joint) in _BETWEEN_DAYS or joint != after:
            beyond = joint + 1 + (self.word(joint + 1) == "dengan")
            if says_date and self.word(beyond) == "tanggal":
                beyond += 1
            other = self.day_number(beyond, second=True)
            through = joint != after or self.word(joint) in {"sampai", *_DASHES}
            # Days that are not neighbours are a choice, not a range: "tanggal 5 atau 9".
            if (
                other
                and 1 <= value < other[0]
                and (through or other[0] - value == 1)
                and (not self.counted(other[1]) or self.word(other[1]) == "bulan")
            ):
                has_month = self.month_and_year(other[1])[0] is not None
                # "5 juni, 6 orang" must not lose its month, nor "7, 8 jam" become days.
                if has_month or (says_date and (through or self.word(joint) in {"dan", "atau", "&", ","})):
                    return [value, other[0]], other[1]
        return [value], after

    def day_number(self, index: int, second: bool = False) -> tuple[int, int] | None:
        """A day of the month at `index`; the `second` of a range may touch the sign before it ("5-7 mei")."""
        piece = at(self.row, index)
        if piece.value is not None:
            if len(piece.word) > 3 or (not second and self.joined_before(index)):
                return None
            after = index + 1
            if at(self.row, after).word in {"st", "nd", "rd", "th", "an", "nya"} and self.glued(index):
                return piece.value, after + 1
            unit = self.counted(after) and self.word(after) != "bulan"
            split = (
                self.word(after) in {".", ",", ":"}
                and self.glued(index)
                and self.glued(after)
                and self.value(after + 1) is not None
            )
            if unit or split:
                return None
            return piece.value, after
        said = pair(self.row, index)
        if said and 21 <= said[0] <= 31:
            return said
        said = spoken(self.row, index)
        return said if said and (not self.counted(said[1]) or self.word(said[1]) == "bulan") else None

    def counted(self, index: int) -> bool:
        """Whether the word makes the number before it a count; "tanggal 7 hari senin" does not count days."""
        if self.word(index) == "hari":
            return self.word(index + 1) not in WEEKDAY_NUMBER and self.word(index + 1) != "minggu"
        if self.word(index) == "tahun":
            return (
                self.value(index + 1) is None
                and spoken(self.row, index + 1) is None
                and self.word(index + 1) not in _SHIFT
            )
        if self.word(index) == "jam":
            return number(self.row, index + 1) is None and self.word(index + 1) not in _HALVES
        return self.word(index) in _COUNTED

    def ordinal(self, index: int) -> bool:
        """Whether a number is an English ordinal. "10th" alone is short for ten years ("tahun")."""
        endings = {"st", "nd", "rd", "th"} if self.word(index - 1) in {"the", "on", "tanggal"} else {"st", "nd", "rd"}
        return self.value(index) is not None and at(self.row, index + 1).word in endings and self.glued(index)

    def month_and_year(self, index: int) -> tuple[int | None, int | None, int]:
        """The month after a day, with its year if that is said: "desember 2026", "bulan 12", "bulan depan"."""
        position = self.skip(index, {"-", ".", ",", "/", "of", "–"}, most=1)
        if self.word(position) == "next" and self.word(position + 1) == "bulan":
            return *self.month_shifted(1), position + 2
        if self.word(position) == "bulan":
            # "bulan depan", "bulan 12", "bulan desember"; and "bulan depannya lagi".
            if (shift := _SHIFT.get(self.word(position + 1))) is not None:
                after = position + 2
                if shift == 1 and self.word(after) == "lagi":
                    shift, after = 2, after + 1
                return *self.month_shifted(shift), after
            position += 1
            if self.word(position) not in MONTH_NUMBER:
                said = number(self.row, position)
                if said and 1 <= said[0] <= 12 and not self.counted(said[1]):
                    return said[0], *self.year_after(said[1])
                return None, None, index
        if self.word(position) in {"ngarep", "depan"} and at(self.row, position).word in {"ngarep", "hareup", "payun"}:
            return *self.month_shifted(1), position + 1
        month = MONTH_NUMBER.get(self.word(position))
        if month is None:
            return None, None, index
        return month, *self.year_after(position + 1)

    def month_shifted(self, months: int) -> tuple[int, int]:
        year, month = _month_after(self.today.year, self.today.month, months)
        return month, year

    def year_after(self, index: int) -> tuple[int | None, int]:
        """The year said at `index`, or None: "2026", "tahun 2026", "tahun depan", "'90", "dua ribu dua puluh enam"."""
        position = self.skip(index, {",", "-", "/", ".", "'", "’", "–"}, most=1)
        says_year = self.word(position) == "tahun"
        if says_year:
            position += 1
            if (shift := _SHIFT.get(self.word(position))) is not None:
                return self.today.year + shift, position + 1
        elif self.word(position) == "next" and self.word(position + 1) == "tahun":
            return self.today.year + 1, position + 2
        piece = at(self.row, position)
        if piece.value is None:
            return self.spoken_year(position, index, says_year)
        following = position + 1
        split = (
            self.word(following) in {".", ":", "/"} and self.glued(position) and self.value(following + 1) is not None
        )
        if split or self.counted(following):
            return None, index
        if len(piece.word) == 4:
            return (piece.value, following) if says_year or 1000 <= piece.value <= 9999 else (None, index)
        full = at(self.row, self.skip(following, {","}, most=1))
        if len(full.word) == 4 and full.value is not None:
            return None, index
        if len(piece.word) == 2 and self.two_digit_year(piece.value, says_year):
            return self.century(piece.value), following
        return None, index

    def two_digit_year(self, value: int, says_year: bool) -> bool:
        """Whether two digits after a month are its year: for an arrival only a year near today's, or one long past."""
        return self.birth or says_year or -1 <= value - self.today.year % 100 <= 3 or value >= 40

    def spoken_year(self, position: int, index: int, says_year: bool) -> tuple[int | None, int]:
        said = spoken(self.row, position)
        if said and _EARLIEST_YEAR <= said[0] <= _LATEST_YEAR and not (said[0] == 2000 and pair(self.row, position)):
            return said
        century = _Reader.century_words(said)
        if said and century:
            rest = pair(self.row, said[1]) or spoken(self.row, said[1])
            if rest and rest[0] < 100:
                return century * 100 + rest[0], rest[1]
        two = pair(self.row, position)
        if two:
            more = pair(self.row, two[1])
            if more and two[0] in {19, 20}:
                return two[0] * 100 + more[0], more[1]
        if said and said[0] >= 10 and not two:
            two = said
        # "tanggal lima mei dua belas orang": only a birth date or "tahun" makes two spoken digits a year.
        if two and (self.birth or says_year) and two[0] <= 99 and not self.counted(two[1]):
            return self.century(two[0]), two[1]
        return None, index

    @staticmethod
    def century_words(said: tuple[int, int] | None) -> int | None:
        return said[0] if said and said[0] in {19, 20} else None

    def month_first(self, index: int) -> _Read | None:
        """ "desember tgl 7", "december 7th", "bulan depan tanggal 5", "Dec 7, 2026"."""
        position = index + (self.word(index) == "bulan")
        month, year, after = self.month_and_year(index)
        if month is None or self.word(index) in {"-", ".", ",", "/", "of"}:
            return None
        position = self.skip(after, {",", "."}, most=1)
        if self.word(position) == "hari" and self.word(position + 1) == "tanggal":
            position += 1
        says_date = self.word(position) == "tanggal"
        if self.word(position) in {"the", "tanggal"}:
            position += 1
        said = self.day_number(position)
        if not said or (not says_date and not self.plain_day(index, position)):
            return None
        if year is None:
            year, behind = self.year_after(said[1])
            if year is not None and (self.value(behind - 1) or 0) > 31:
                return self.on(said[0], month, year, behind)
            year = None
        return self.on(said[0], month, year, said[1])

    def plain_day(self, index: int, position: int) -> bool:
        """Whether the number right after a month is its day: "july 4", not "juli 2 orang" or "desember 10.30"."""
        value = self.value(position)
        if value is None or not 1 <= value <= 31 or self.word(index) == "bulan":
            return False
        return at(self.row, position - 1).word not in {",", "."}

    # -- weekdays ---------------------------------------------------------------------------------------------------

    def weekday(self, index: int) -> _Read | None:
        """ "senin", "hari rabu minggu depan", "besok senin", "Selasa, 17 November", "next friday"."""
        begin, shift = index, None
        if self.word(index) in {"next", "this", "last"}:
            shift, index = _SHIFT[self.word(index)], index + 1
        says_day = self.word(index) == "hari"
        index += says_day
        tomorrow = self.word(index) == "besok"
        index += tomorrow
        if tomorrow and self.word(index) == "hari":
            index += 1
        weekday = self.which_weekday(index, says_day)
        if weekday is None:
            return None
        after = index + 1
        if self.word(after) in _MARKET_DAYS:
            after += 1
        if shift is None:
            if read := self.weekday_with_date(weekday, after):
                return replace(read, begin=begin)
            if read := self.nth_weekday(weekday, after):
                return read
            # "besok senin" is the coming one, so "besok" changes nothing.
            shift, after = self.weekday_shift(after)
        return self.weekday_in(weekday, shift, after)

    def which_weekday(self, index: int, says_day: bool) -> int | None:
        word = self.word(index)
        if word in WEEKDAY_NUMBER:
            return WEEKDAY_NUMBER[word]
        if word == "minggu" and at(self.row, index).word != "mg":
            return 6 if says_day or self.is_sunday(index) else None
        if at(self.row, index).word in SHORT_WEEKDAYS:
            counted = self.word(index - 2) in _NOT_AFTER or number(self.row, index - 2) is not None
            strong = (
                (says_day and not counted)
                or self.word(index + 1) in {"depan", "lalu"}
                or (self.word(index + 1) == "tanggal" and self.value(index + 2) is not None)
            )
            return SHORT_WEEKDAYS[at(self.row, index).word] if strong else None
        return None

    def is_sunday(self, index: int) -> bool:
        """Whether a bare "minggu" is the day: not "2 minggu", "minggu depan", "minggu pertama", "berapa minggu"."""
        before, after = self.word(index - 1), self.word(index + 1)
        if (
            (after in _SHIFT and after != "kemarin")
            or after in _ORDINALS
            or after in {"lagi", "ke", "k", "kerja", "an"}
        ):
            return False
        if after in {
            "berikutnya",
            "selanjutnya",
            "sebelumnya",
            "kemudian",
            "terakhir",
            "kemarin",
            "sekali",
            "yang",
            "yg",
            "ngarep",
        }:
            return False
        quantity = self.value(index - 1) is not None or spoken(self.row, index - 1) is not None
        return not quantity and before not in _NOT_AFTER | _PARTS | {"dalam", "next", "last", "this", "-", "bulan"}

    def weekday_shift(self, after: int) -> tuple[int | None, int]:
        """The week a weekday lies in, counted from this one (None: the coming one), and the index after those words."""
        word, following = self.word(after), self.word(after + 1)
        if word in {"minggu", "pekan"} and following in _SHIFT:
            if following == "depan" and self.word(after + 2) == "lagi":
                return 2, after + 3
            # A week said outright is that week, even when the day in it has passed.
            return _SHIFT[following] + (100 if _SHIFT[following] == 0 else 0), after + 2
        if word == "next" and following in {"minggu", "pekan"}:
            return 1, after + 2
        if word in {"depan", "ini", "lalu", "kemarin"}:
            return _SHIFT[word], after + 1
        if word in {"yang", "yg"} and following in {"lalu", "akan", "depan"}:
            return (-1 if following == "lalu" else 1 if following == "depan" else None), after + (
                3 if following == "akan" else 2
            )
        if word in {"tadi", "wingi"}:
            return -1, after + 1
        offset = number(self.row, after)
        if offset and self.word(offset[1]) in {"minggu", "pekan"} and self.word(offset[1] + 1) == "lagi":
            return offset[0], offset[1] + 2
        return None, self.skip(after, {"besok", "nanti"}, most=1)

    def weekday_in(self, weekday: int, shift: int | None, after: int) -> _Read | None:
        monday = self.today - self.today.weekday() * _DAY
        if shift is None or (shift == 0 and weekday < self.today.weekday()):
            days = (weekday - self.today.weekday() - 1) % 7 + 1
        elif shift == -1:
            days = -((self.today.weekday() - weekday - 1) % 7 + 1)
            if self.word(after - 2) in {"minggu", "pekan"}:
                days = (monday - self.today).days + weekday - 7
        else:
            days = (monday - self.today).days + weekday + 7 * (shift % 100)
        return self.offset_day(days, after)

    def weekday_with_date(self, weekday: int, after: int) -> _Read | None:
        """ "senin tgl 7", "Selasa, 17 November": the date counts, the weekday is compared."""
        position = self.skip(after, {",", "(", ":"}, most=1)
        read = self.month_first(position) or self.with_words(position) or self.figures(position)
        if read is None or read.first is None or read.first != read.last:
            return read
        return self.agree(weekday, read, position)

    def agree(self, weekday: int, read: _Read, begin: int) -> _Read:
        """The date if it falls on the weekday, else next month's if no month was said, else it gets a problem."""
        if read.first is None or read.first.weekday() == weekday:
            return read
        if self.is_bare_day(begin, read.after) and not self.birth:
            year, month = _month_after(read.first.year, read.first.month, 1)
            if _exists(read.first.day, month, year) and date(year, month, read.first.day).weekday() == weekday:
                return replace(read, first=(day := date(year, month, read.first.day)), last=day)
        return replace(read, problem=Problem.WEEKDAY_DIFFERS)

    def is_bare_day(self, begin: int, after: int) -> bool:
        return not any(
            self.word(index) in MONTH_NUMBER or self.word(index) in {"bulan", "/", "-"} for index in range(begin, after)
        )

    def nth_weekday(self, weekday: int, after: int) -> _Read | None:
        """ "senin pertama bulan depan", "jumat terakhir desember"."""
        said = self.ordinal_word(after)
        if not said:
            return None
        month, year, behind = self.month_and_year(said[1])
        if month is None:
            return None
        year = year or self.coming_year(month)
        if said[0] > 0:
            day = 1 + (weekday - date(year, month, 1).weekday()) % 7 + 7 * (said[0] - 1)
        else:
            length = monthrange(year, month)[1]
            day = length - (date(year, month, length).weekday() - weekday) % 7
        return _single(day, month, year, behind)

    # -- periods ----------------------------------------------------------------------------------------------------

    def part_of_period(self, index: int) -> _Read | None:
        """ "awal bulan depan", "akhir desember", "end of june", "weekend", "des awal"."""
        part, position = self.word(index), index + 1
        if part == "weekend" or (part in {"next", "this"} and self.word(position) == "weekend"):
            shift = _SHIFT.get(self.word(position)) if part == "weekend" else _SHIFT[part]
            return self.weekend(shift, position + (part != "weekend" or shift is not None))
        if part not in _PARTS:
            return self.part_behind(index)
        position = self.skip(position, {"of", "the", "di"}, most=2)
        return self.period_part(part, position)

    def period_part(self, part: str, position: int) -> _Read | None:
        named = self.feast_name(position)
        if named and named[0] == "ramadan":
            return self.part_of_ramadan(part, named[1])
        shift: int | None
        if self.word(position) in {"this", "next", "last"}:
            shift, position = _SHIFT[self.word(position)], position + 1
            period = self.word(position)
            after = position + 1
        else:
            period = self.word(position)
            shift_word = self.word(position + 1)
            said_shift = _SHIFT.get(shift_word)
            after = position + 1 + (said_shift is not None and period in _PERIODS)
            if said_shift is None and (month := self.month_and_year(position))[0] is not None:
                return self.part_of_month(part, month[0], month[1], month[2])
            shift = said_shift if period in _PERIODS and said_shift is not None else None
        if shift == 1 and self.word(after) == "lagi":
            shift, after = 2, after + 1
        if period in {"minggu", "pekan"}:
            return self.weekend(shift, after) if part == "akhir" else self.part_of_week(part, shift, after)
        if period == "bulan":
            if shift is not None:
                return self.part_of_month(part, *self.month_shifted(shift), after)
            month_now = self.part_of_month(part, self.today.month, self.today.year, after)
            passed = month_now is not None and month_now.last is not None and month_now.last < self.today
            return self.part_of_month(part, *self.month_shifted(1), after) if passed else month_now
        if period == "tahun":
            year = self.value(after) if shift is None else None
            if year is not None and _plausible(year):
                return self.part_of_year(part, year, after + 1)
            year = self.today.year + (shift or 0)
            read = self.part_of_year(part, year, after)
            return (
                self.part_of_year(part, year + 1, after)
                if shift is None and read.last and read.last < self.today
                else read
            )
        year = self.value(position)
        if year is not None and len(self.row[position].word) == 4 and _plausible(year):
            return self.part_of_year(part, year, position + 1)
        return None

    def part_behind(self, index: int) -> _Read | None:
        """ "desember awal", "bulan depan akhir"."""
        month, year, after = self.month_and_year(index)
        if month is None or self.word(after) not in _PARTS or self.word(index) in {"-", ".", ",", "/", "of"}:
            return None
        if self.word(after + 1) in _PERIODS or self.word(after + 1) in MONTH_NUMBER:
            return None
        return self.part_of_month(self.word(after), month, year, after + 1)

    def part_of_ramadan(self, part: str, after: int) -> _Read:
        """Its first, second or last ten days."""
        days = self.feast_days("ramadan", None, leave=False, back=False)
        if days is None:
            return _Read(None, None, after, Problem.UNKNOWN_FEAST)
        first = days[0] + {"awal": 0, "tengah": 10, "akhir": 20}[part] * _DAY
        return self.days(first, first + 9 * _DAY, after)

    def coming_year(self, month: int) -> int:
        return self.today.year + (month < self.today.month)

    def part_of_month(self, part: str, month: int, year: int | None, after: int) -> _Read | None:
        year = year or self.coming_year(month)
        if not _plausible(year):
            return None
        first, last = {"awal": (1, 10), "tengah": (11, 20), "akhir": (21, monthrange(year, month)[1])}[part]
        return self.days(date(year, month, first), date(year, month, last), after)

    def part_of_year(self, part: str, year: int, after: int) -> _Read:
        first, last = {"awal": (1, 1), "tengah": (6, 7), "akhir": (12, 12)}[part]
        return self.days(date(year, first, 1), date(year, last, 31), after)

    def part_of_week(self, part: str, shift: int | None, after: int) -> _Read:
        first, last = {"awal": (0, 1), "tengah": (2, 3)}[part]
        if shift is None:
            shift = int(self.today.weekday() > last)
        return self.week(shift, after, first, last)

    def weekend(self, shift: int | None, after: int) -> _Read:
        """Saturday and Sunday; without "ini" or "depan" the one that has not begun to end."""
        return self.week(int(self.today.weekday() == 6) if shift is None else shift, after, 5, 6)

    def week(self, shift: int, after: int, first: int = 0, last: int = 6) -> _Read:
        monday = self.today + (7 * shift - self.today.weekday()) * _DAY
        return self.days(monday + first * _DAY, monday + last * _DAY, after, relative=True)

    def ordinal_word(self, index: int) -> tuple[int, int] | None:
        """ "kedua", "ke dua", "ke-2", "ke2", "k 3": the number and the index after it."""
        if self.word(index) in _ORDINALS:
            return _ORDINALS[self.word(index)], index + 1
        if self.word(index) not in {"ke", "k"}:
            return None
        said = number(self.row, self.skip(index + 1, {"-"}, most=1))
        return said if said and 1 <= said[0] <= 5 else None

    def nth_week(self, index: int) -> _Read | None:
        """ "minggu kedua desember", "pekan pertama bulan depan", "first week of may"."""
        if self.word(index) in {"minggu", "pekan"}:
            said = self.ordinal_word(index + 1)
        elif self.word(index + 1) in {"minggu", "pekan"} and self.word(index) in _ORDINALS:
            said = _ORDINALS[self.word(index)], index + 2
        else:
            return None
        if not said:
            return None
        position = self.skip(said[1], {"of", "di", "pada", "the"}, most=2)
        month, year, after = self.month_and_year(position)
        if month is None:
            return None
        year = year or self.coming_year(month)
        length = monthrange(year, month)[1]
        first = 7 * said[0] - 6 if said[0] > 0 else length - 6
        last = length if said[0] in {5, -1} else first + 6
        return self.days(date(year, month, first), date(year, month, last), after) if first <= length else None

    def period(self, index: int) -> _Read | None:
        """ "minggu depan", "bulan ini", "tahun 2027", "next week", "minggu depannya lagi", "2 minggu depan"."""
        word, following = self.word(index), self.word(index + 1)
        if word in {"next", "this", "last"} and following in _PERIODS:
            return self.whole(following, _SHIFT[word], index + 2)
        if word not in _PERIODS:
            return None
        if following in _SHIFT and following not in {"next", "this", "last"}:
            shift, after = _SHIFT[following], index + 2
            # "minggu depan, hari rabu" and "bulan depan tanggal 5" are single days.
            if shift == 1 and self.word(after) == "lagi":
                shift, after = 2, after + 1
            if word in {"minggu", "pekan"}:
                position = self.skip(after, {",", "hari", "-"}, most=2)
                weekday = WEEKDAY_NUMBER.get(self.word(position))
                if weekday is None and self.word(position) == "minggu" and self.word(position - 1) == "hari":
                    weekday = 6
                if weekday is not None and not self.is_period_word(position + 1):
                    monday = self.today + (7 * shift - self.today.weekday()) * _DAY
                    return _Read(
                        monday + weekday * _DAY, monday + weekday * _DAY, position + 1, relative=True, single=True
                    )
            return self.whole(word, shift, after)
        if following in {"yang", "yg"} and self.word(index + 2) in {"lalu", "depan", "akan"}:
            akan = self.word(index + 2) == "akan"
            return self.whole(word, -1 if self.word(index + 2) == "lalu" else 1, index + (4 if akan else 3))
        if word == "tahun":
            year = self.value(index + 1)
            if year is not None and len(self.row[index + 1].word) == 4 and _plausible(year):
                return self.days(date(year, 1, 1), date(year, 12, 31), index + 2)
            said = spoken(self.row, index + 1)
            if said and _plausible(said[0]):
                return self.days(date(said[0], 1, 1), date(said[0], 12, 31), said[1])
        return None

    def is_period_word(self, index: int) -> bool:
        return self.word(index) in {"depan", "lalu", "ini"}

    def whole(self, period: str, shift: int, after: int) -> _Read | None:
        if period in {"minggu", "pekan"}:
            return self.week(shift, after)
        if period == "bulan":
            month, year = self.month_shifted(shift)
            return replace(self.month(month, year, after), relative=True)
        year = self.today.year + shift
        return self.days(date(year, 1, 1), date(year, 12, 31), after, relative=True)

    def month(self, month: int, year: int, after: int) -> _Read:
        return self.days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), after)

    def month_alone(self, index: int) -> _Read | None:
        """ "desember", "maret 2027", "bulan 12": the whole month."""
        word, typed = self.word(index), at(self.row, index).word
        if word not in MONTH_NUMBER and word != "bulan":
            return None
        month, year, after = self.month_and_year(index)
        if month is None:
            return None
        before = self.word(index - 1)
        named = {self.word(index - 1), self.word(index - 2)} & _BEFORE_NAMES
        if word == "bulan" and (
            self.value(index - 1) is not None or spoken(self.row, index - 1) or before in _NOT_AFTER
        ):
            return None
        if typed in DOUBTFUL_MONTHS and year is None and before != "bulan":
            return None
        if (
            named
            and year is None
            and self.row[index].start < len(self.text)
            and self.text[self.row[index].start].isupper()
        ):
            return None
        after = after if year is not None else self.skip(after, {"nanti", "depan", "besok"}, most=1)
        year = year if year is not None else self.coming_year(month)
        return self.month(month, year, after) if _plausible(year) else None

    def year_alone(self, index: int) -> _Read | None:
        """A bare year as the answer to "tanggal lahir?": no full date, but worth saying so."""
        value = self.value(index)
        if not (self.birth and self.answer and value and len(self.row[index].word) == 4):
            return None
        if self.joined_before(index) or not self.closed_after(index + 1) or not 1900 <= value <= self.today.year:
            return None
        return _Read(None, None, index + 1, Problem.INCOMPLETE)

    # -- relative days ----------------------------------------------------------------------------------------------

    def relative_day(self, index: int) -> _Read | None:
        word, following = self.word(index), self.word(index + 1)
        if word == "hari" and following == "ini":
            return self.offset_day(0, index + 2)
        if word in {"nanti", "mengko"} and following in _DAYPARTS:
            return self.offset_day(0, index + 2)
        if word == "this" and following in _DAYPARTS:
            return self.offset_day(0, index + 2)
        if word == "tadi" and following in _DAYPARTS:
            return self.offset_day(-(following == "malam"), index + 2)
        if word == "last" and following == "malam":
            return self.offset_day(-1, index + 2)
        if word in _DAYPARTS and following in {"ini", "tadi"}:
            return self.offset_day(-(following == "tadi" and word == "malam"), index + 2)
        if (
            word == "hari"
            and at(self.row, index).word == "day"
            and following == "setelah"
            and self.word(index + 2) == "besok"
        ):
            return self.offset_day(2, index + 3)
        if word == "lusa" and following == "besok":
            return self.offset_day(2, index + 2)
        if word not in _RELATIVE_DAYS:
            return None
        return self.from_relative_word(index)

    def from_relative_word(self, index: int) -> _Read | None:
        word, typed = self.word(index), self.row[index].word
        step = self.skip(index + 1, {"-"}, most=1)
        if word == "besok":
            # "besok-besok" and "besok2" put a thing off to no day at all.
            back = index - 1 - (self.word(index - 1) == "-")
            if typed in {at(self.row, step).word, at(self.row, back).word}:
                return None
            if self.value(index + 1) == 2 and self.glued(index):
                return None
            if self.word(index + 1) == "lusa" or (typed == "sesuk" and at(self.row, index + 1).word == "emben"):
                return self.offset_day(2, index + 2)
            if self.word(index + 1) == "isuk":
                return self.offset_day(1, index + 2)
            return self.offset_day(1, self.skip(index + 1, {"hari"}, most=1) if typed == "esok" else index + 1)
        if word == "kemarin" and self.word(index + 1) in {"lusa", "dulu"}:
            return self.offset_day(-2, index + 2)
        before = index - 1 - (self.word(index - 1) == ",")
        if word == "isuk" and self.word(before) in {*WEEKDAY_NUMBER, *_RELATIVE_DAYS}:
            return None
        return self.offset_day(_RELATIVE_DAYS[word], index + 1, word in _WEAK)

    # -- offsets ----------------------------------------------------------------------------------------------------

    def span_of_time(self, index: int) -> tuple[int, str, int] | None:
        """ "3 hari", "dua minggu", "sebulan": the count, the unit and the index after them."""
        typed = at(self.row, index).word
        if typed in _SE:
            return 1, _SE[typed], index + 1
        if typed == "se" and self.word(index + 1) in _PERIODS | {"hari"}:
            return 1, _UNIT_OF.get(self.word(index + 1), self.word(index + 1)), index + 2
        said = (1, index + 1) if typed in {"a", "one"} else number(self.row, index)
        if not said or said[0] > 400 or self.joined_before(index):
            return None
        unit = self.word(said[1])
        if unit not in _UNITS or at(self.row, said[1]).word in {"th", "minggunya"}:
            return None
        return said[0], _UNIT_OF.get(unit, unit), said[1] + 1

    def moved(self, start: date, count: int, unit: str) -> date | None:
        if unit in {"bulan", "tahun"}:
            months = count * (12 if unit == "tahun" else 1)
            year, month = _month_after(start.year, start.month, months)
            if not MINYEAR <= year <= MAXYEAR:
                return None
            return date(year, month, min(start.day, monthrange(year, month)[1]))
        return _plus(start, count * (7 if unit == "pekan" else 1))

    def offset(self, index: int) -> _Read | None:
        """ "3 hari lagi", "seminggu lagi", "in 3 days", "dalam 2 minggu", "3 hari lalu", "sehari setelah natal"."""
        opening = self.word(index)
        lead = opening in {"dalam", "in"}
        position = self.skip(index + lead, {"waktu", "jangka"}, most=2)
        span = self.span_of_time(position)
        if not span:
            return None
        count, unit, after = span
        if unit == "tahun" and self.word(position - 1) in {"umur", "usia", "berumur", "berusia"}:
            return None
        working = unit == "hari" and self.word(after) == "kerja"
        after += working
        if self.word(after) == "lagi" or (self.word(after), self.word(after + 1)) == ("dari", "sekarang"):
            after += 1 if self.word(after) == "lagi" else 2
            return self.exactly(self.working_days(count) if working else self.moved(self.today, count, unit), after)
        if self.word(after) == "lalu" or self.word(after) == "ago":
            return self.exactly(self.moved(self.today, -count, unit), after + 1)
        if self.word(after) in {"yang", "yg"} and self.word(after + 1) == "lalu":
            return self.exactly(self.moved(self.today, -count, unit), after + 2)
        if not lead and self.word(after) in {"sebelum", "setelah"}:
            return self.beside(count, unit, after)
        ahead = self.word(after) == "depan" or (self.word(after) in {"ke", "k"} and self.word(after + 1) == "depan")
        if ahead:
            after += 1 if self.word(after) == "depan" else 2
        # "2 minggu depan" means two weeks from now; "3 hari ke depan" and "dalam 2 minggu" are stretches.
        if (
            ahead
            and not lead
            and self.word(after - 2) not in {"ke", "k"}
            and self.row[after - 1].word not in {"kedepan", "mendatang"}
        ):
            return self.exactly(self.moved(self.today, count, unit), after)
        if working or not (ahead or lead) or (unit == "tahun" and not ahead):
            return None
        until = self.moved(self.today, count, unit)
        if until is None:
            return None
        if opening == "in":
            return self.exactly(until, after)
        return self.days(self.today, until, after, relative=True)

    def exactly(self, day: date | None, after: int) -> _Read | None:
        return _Read(day, day, after, relative=True, single=True) if day else None

    def working_days(self, count: int) -> date | None:
        closed = {day for days in self.holidays.values() for day in days}
        day: date | None = self.today
        while count > 0 and day:
            day = _plus(day, 1)
            count -= bool(day and day.weekday() < 5 and day not in closed)
        return day

    def beside(self, count: int, unit: str, after: int) -> _Read | None:
        """ "sehari setelah lebaran", "2 minggu sebelum natal": `after` stands at "sebelum" or "setelah"."""
        direction = 1 if self.word(after) == "setelah" else -1
        anchor = self.anchor(after + 1)
        if anchor is None or anchor.first is None or anchor.last is None:
            return anchor
        return self.exactly(
            self.moved(anchor.last if direction > 0 else anchor.first, direction * count, unit), anchor.after
        )

    def h_plus(self, index: int) -> _Read | None:
        """ "H+5 lebaran", "H-3 natal"."""
        count = self.value(index + 2)
        if self.word(index) != "h" or self.word(index + 1) not in {"+", "-"} or count is None or count > 400:
            return None
        anchor = self.anchor(self.skip(index + 3, {"dari"}, most=1))
        if anchor is None or anchor.first is None or anchor.last is None or anchor.weak:
            return None
        plus = self.word(index + 1) == "+"
        return self.exactly(
            self.moved(anchor.last if plus else anchor.first, count if plus else -count, "hari"), anchor.after
        )

    # -- bounds and ranges ------------------------------------------------------------------------------------------

    def bounded(self, index: int) -> _Read | None:
        """ "sebelum tanggal 20", "paling lambat akhir bulan", "setelah lebaran", "sampai jumat"."""
        word = self.word(index)
        position = index + 1
        if word == "paling" and self.word(position) in _DEADLINE:
            bound, position = "sampai", position + 1
        elif word in {"maksimal", "maks", "max", "selambatnya", "deadline", "by"}:
            bound = "sampai"
        elif word in {"sebelum", "setelah", "sampai"}:
            bound = word
        elif word == "kurang" and self.word(position) == "dari":
            bound, position = "sebelum", position + 1
        else:
            return None
        if self.birth:
            return None
        position = self.skip(position, {"di", "pada", "hari", "libur", "dari", "pas", "the"}, most=2)
        if self.word(position - 1) == "hari" and self.word(position) == "ini":
            position -= 1
        anchor = self.feast(position, leave=bound == "setelah") or self.core(position)
        if anchor is None:
            return None
        # "habis lebaran" is after it, but "paspor habis bulan depan" expires then.
        if at(self.row, index).word in _OVER and not self.feast(position):
            return None
        if anchor.first is None or anchor.last is None:
            return anchor
        if bound == "setelah":
            if word == "setelah" and anchor.weak:
                return None
            return self.days(_clamp(anchor.last, 1), _clamp(anchor.last, 7), anchor.after)
        if bound == "sampai" and self.delaying:
            return anchor
        until = anchor.last if bound == "sampai" else _clamp(anchor.first, -1)
        return (
            self.days(self.today, until, anchor.after)
            if self.today <= until
            else replace(anchor, first=until, last=until)
        )

    def through(self, index: int) -> _Read | None:
        """ "antara senin dan kamis", "dari tanggal 5 sampai 7 mei", "28 des - 3 jan", "senin sampai rabu"."""
        opened = self.word(index) if self.word(index) in {"antara", "dari", "mulai"} else ""
        position = index + bool(opened)
        left = self.through_days(position) if opened == "antara" else None
        if left:
            return left
        left = self.core(position)
        if left is None or left.first is None or left.last is None:
            return None
        joint, after = self.word(left.after), left.after + 1
        if joint == "s" and self.word(after) in {"/", "."} and self.word(after + 1) == "d":
            after += 2 + (self.word(after + 2) == ".")
        elif not (joint in _THROUGH - {"ke"} or (opened == "antara" and joint in {"dan", "atau", "ke"})):
            return None
        after += self.word(after) == "dengan"
        right = self.core(after) or self.loose_day(after, left)
        if right is None or right.first is None or right.last is None or (right.weak and left.first > right.last):
            return None
        last = right.last
        while right.relative and last < left.first and (last - left.first).days > -8:
            last += 7 * _DAY
        if last < left.first:
            return None
        return replace(
            self.days(left.first, last, right.after),
            relative=left.relative,
            begin=position if opened == "mulai" else index,
        )

    def through_days(self, index: int) -> _Read | None:
        """ "(antara) tgl 3 dan 6", "(antara) 3 dan 6 mei"."""
        position = index + (self.word(index) == "tanggal")
        one = self.day_number(position)
        if not one or self.word(one[1]) not in _BETWEEN_DAYS:
            return None
        other = self.day_number(one[1] + 1 + (self.word(one[1] + 1) == "tanggal"))
        if not other or not 1 <= one[0] < other[0] <= 31:
            return None
        month, year, after = self.month_and_year(other[1])
        if month is None and position == index:
            return None
        read = self.several([one[0], other[0]], month, year, after if month else other[1], index)
        return read and replace(read, begin=index - 1)

    def loose_day(self, index: int, left: _Read) -> _Read | None:
        """The end of "5 desember sampai 9": a day in the month of the start."""
        said = self.day_number(index)
        if not said or left.last is None or left.relative or not left.single:
            return None
        year, month = _month_after(left.last.year, left.last.month, int(said[0] < left.last.day))
        return _single(said[0], month, year, said[1])

    # -- feasts -----------------------------------------------------------------------------------------------------

    def feast(self, index: int, leave: bool = False) -> _Read | None:
        """ "natal", "libur lebaran", "idul adha 2027". With `leave`, or after "libur", including collective leave."""
        if self.birth:
            return None
        position = self.skip(index, {"libur", "cuti", "liburan", "pas"}, most=2)
        leave = leave or (position > index and self.word(index) != "pas")
        named = self.feast_name(position)
        if not named:
            return None
        feast, after = named
        year, behind = self.year_after(after)
        if year is not None and not _plausible(year):
            year, behind = None, after
        back = year is None and self.word(after) in {"lalu", "kemarin"}
        if back:
            behind = after + 1
        days = self.feast_days(feast, year, leave, back)
        if days is None:
            return _Read(None, None, behind, Problem.UNKNOWN_FEAST)
        return replace(self.days(*days, behind), begin=index, single=days[0] == days[1])

    def feast_name(self, index: int) -> tuple[str, int] | None:
        typed = [at(self.row, index + step).word for step in range(4)]
        meant = [self.word(index + step) for step in range(4)]
        for length in range(4, 0, -1):
            for said in (typed, meant):
                if feast := FEAST_OF.get(tuple(said[:length])):
                    return feast, index + length
        return None

    def feast_days(self, feast: str, year: int | None, leave: bool, back: bool) -> tuple[date, date] | None:
        """The first and last day of a feast in the year, or of the next one (`back`: the last one)."""
        if feast == "ramadan":
            eid = self.feast_days("idulfitri", year, leave, back)
            return eid and ((eid[0], eid[1]) if leave else (eid[0] - 30 * _DAY, eid[0] - _DAY))
        for group in self.feast_groups(feast, leave, back):
            fits = group[0].year == year if year else (group[-1] < self.today if back else group[-1] >= self.today)
            if fits:
                return group[0], group[-1]
        return None

    def feast_groups(self, feast: str, leave: bool, back: bool) -> list[list[date]]:
        """The days of each known celebration of a feast, in order; with `leave` joined by the leave around them."""
        own: set[date] = set(self.fixed_days(feast))
        off: set[date] = set()
        for name, days in self.holidays.items():
            folded = name.casefold().replace(" ", "")
            (off if "cuti" in folded else own).update(days if _is_feast(feast, folded) else ())
        groups: list[list[date]] = []
        for day in sorted(own | off if leave else own):
            if groups and (day - groups[-1][-1]).days <= 5:
                groups[-1].append(day)
            else:
                groups.append([day])
        return groups[::-1] if back else groups

    def fixed_days(self, feast: str) -> Iterable[date]:
        if feast not in FIXED_FEASTS:
            return ()
        years = range(max(self.today.year - 10, MINYEAR), min(self.today.year + 10, MAXYEAR))
        return [date(year, *FIXED_FEASTS[feast]) for year in years]

    # -- helpers ----------------------------------------------------------------------------------------------------

    def skip(self, index: int, words: Collection[str], most: int = 9) -> int:
        """The index after up to `most` of these words."""
        end = index + most
        while index < end and self.word(index) in words and index < len(self.row):
            index += 1
        return index

    def date_then_weekday(self, index: int) -> _Read | None:
        """ "8 desember (selasa)", "tanggal 8 hari selasa"."""
        read = self.month_first(index) or self.with_words(index) or self.figures(index)
        if read is None or read.first is None or read.first != read.last:
            return read
        read = replace(read, single=True)
        position = self.skip(read.after, {",", "(", "hari"}, most=3)
        weekday = WEEKDAY_NUMBER.get(self.word(position))
        if weekday is None or (position == read.after and self.word(position + 1) in _SHIFT):
            return read
        if self.word(read.after) == "," and "hari" not in self.words[read.after : position]:
            return read
        closing = position + 1 + (self.word(position + 1) == ")")
        return replace(self.agree(weekday, read, index), after=closing)

    def corrected_day(self, others: bool) -> tuple[DateFound, bool] | None:
        """A bare number as a day: the whole answer ("7", "yang 15 aja"), or a correction ("... bukan 7 tapi 9")."""
        if self.birth:
            return None
        markers = {
            "tapi",
            "tp",
            "melainkan",
            "harusnya",
            "seharusnya",
            "maksudnya",
            "maksud",
            "eh",
            "ke",
            "jadi",
            "ralat",
        }
        strangers = sum(word not in _FILLERS for word in self.words)
        for index, piece in enumerate(self.row):
            plain = piece.value is not None and len(piece.word) <= 2 and not self.joined_before(index)
            if not plain or not self.closed_after(index + 1) or self.word(index + 1) in _COUNTED | set(_DATE_SIGNS):
                continue
            alone = strangers == 1
            corrects = self.word(index - 1) in markers and (others or self.negated_number(index))
            if (alone and not others) or corrects:
                read = self.bare_day(piece.value or 0, index + 1)
                return DateFound(read.first, read.last, read.problem, piece.start, piece.end), False
        return None

    def negated_number(self, index: int) -> bool:
        """ "harusnya 15 bukan 5", "bukan 5 tapi 15"."""
        return any(
            self.word(near) in {"bukan", "bkn"} and self.value(near + 1) is not None
            for near in range(max(index - 4, 0), index + 3)
        )


_COUNTED_FROM: tuple[_Rule, ...] = (_Reader.h_plus, _Reader.offset)
_ANCHORS: tuple[_Rule, ...] = (
    _Reader.weekday,
    _Reader.part_of_period,
    _Reader.nth_week,
    _Reader.date_then_weekday,
    _Reader.feast,
    _Reader.period,
    _Reader.month_alone,
    _Reader.relative_day,
    _Reader.year_alone,
)
_FILLERS = words(
    "yang yg aja saja ya y deh dong kak pak bu min mas mbak gan lah nih sih kalau kalo bisa boleh oke ok tolong "
    "mau saya sy aku di pada buat untuk utk , . ! ? kayaknya mungkin itu ada sip nya an pilih ambil"
)
_FEAST_KEYS = {"tahun baru": "tahunbarumasehi", "tahun baru islam": "tahunbaruislam", "pancasila": "pancasila"}


def _is_feast(feast: str, folded_name: str) -> bool:
    return _FEAST_KEYS.get(feast, feast) in folded_name


def _plus(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def _clamp(day: date, days: int) -> date:
    return _plus(day, days) or day


def _month_after(year: int, month: int, months: int) -> tuple[int, int]:
    count = year * 12 + month - 1 + months
    return count // 12, count % 12 + 1


def _plausible(year: int) -> bool:
    return _EARLIEST_YEAR <= year <= _LATEST_YEAR


def _exists(day: int, month: int, year: int) -> bool:
    return 1 <= month <= 12 and MINYEAR <= year <= MAXYEAR and 1 <= day <= monthrange(year, month)[1]


def _single(day: int, month: int, year: int, after: int) -> _Read:
    if not _exists(day, month, year) or not _plausible(year):
        return _Read(None, None, after, Problem.IMPOSSIBLE)
    found = date(year, month, day)
    return _Read(found, found, after, single=True)


# -- choosing the one date of a text -----------------------------------------------------------------------------

_REFUSED_BEFORE = re.compile(
    r"\b(bukan|bkn|bukannya|jangan|jgn|selain|kecuali|not|dudu|sanes|batal(in|kan)?"
    r"|(gak?|gk|g|tidak|tdk|nggak|ngga|enggak|tak|tra|kada|ora|ten) (bisa|bs|jadi|jd|mau|kawa|iso)|gabisa|gbs"
    r"|can ?t( make it)?"
    r"|doesn t work for me|berhalangan( hadir)?)[ :]*(di|pada|hari|yg|yang|on|kalau|kalo|the)?[ \W]{0,1}$",
    re.IGNORECASE,
)
_REFUSED_AFTER = re.compile(
    r"^\W*(itu |nya |saya |aku |sy |gue |kayaknya |ternyata )*"
    r"((gak?|gk|g|tidak|tdk|nggak|ngga|enggak|tak|tra) (bisa|bs|jadi|jd|sempat|sempet)|gabisa|gbs|salah"
    r"|penuh|batal|bentrok|libur|❌)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"\b(eh|salah|maksud(nya| saya| sy)?|ralat|koreksi|(se)?harusnya|ganti|diganti|jadi(nya)?|sorry|maaf|tapi|tp"
    r"|melainkan|malah|mending"
    r"|typo|pindah|ubah|ke|menjadi|dados|to)\b[^\d]{0,25}$|(->|=>|→|➡\ufe0f?|✅)\s*$",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"^\W*(atau|ato|atw|or|utawa|dan|(kalau|kalo|klo) (ga|gak|g|nggak|tidak)( bisa)?)?\W*(hari |tgl |tanggal )?\W*$",
    re.IGNORECASE,
)


def _choose(text: str, today: date, purpose: Purpose, scanned: list[tuple[DateFound, bool]]) -> DateFound:
    wanted, said_until = [], 0
    for found, weak in scanned:
        before = text[max(found.start - 40, said_until) : found.start]
        refused_after = _REFUSED_AFTER.search(text[found.end : found.end + 40])
        if not refused_after and not _REFUSED_BEFORE.search(before):
            wanted.append((found, weak))
        # In "besok ga bisa lusa aja" the refusal belongs to "besok" alone.
        said_until = found.end + (refused_after.end() if refused_after else 0)
    strong = [found for found, weak in wanted if not weak] or [found for found, _ in wanted]
    if not strong:
        return DateFound(None, None, Problem.NOT_A_DATE, 0, 0)
    candidates = _likely(strong, today, purpose)
    if len(candidates) == 1:
        return candidates[0]
    corrections = [found for before, found in pairwise(candidates) if _CORRECTS.search(text[before.end : found.start])]
    if corrections:
        return corrections[-1]
    if joined := _joined(text, candidates):
        return joined
    if inner := _inner(candidates):
        return inner
    return DateFound(None, None, Problem.AMBIGUOUS, candidates[0].start, candidates[-1].end)


def _likely(found: list[DateFound], today: date, purpose: Purpose) -> list[DateFound]:
    """Without what cannot be meant where something else can: for an arrival, days long past; for a birth, no dates."""
    if purpose is Purpose.BIRTH:
        return [one for one in found if one.first] or found[:1]
    ahead = [one for one in found if one.first is None or one.last is None or one.last >= today]
    return ahead or found


def _joined(text: str, found: list[DateFound]) -> DateFound | None:
    """Neighbouring days offered as a choice ("kamis atau jumat") as one range."""
    for before, after in pairwise(found):
        if before.last is None or after.first is None or not _CHOICE.match(text[before.end : after.start]):
            return None
        if after.first - before.last != _DAY:
            return None
    return DateFound(found[0].first, found[-1].last, None, found[0].start, found[-1].end)


def _inner(found: list[DateFound]) -> DateFound | None:
    """The narrowest date, when it lies in all the others: "desember, tanggal 10 deh"; the first of equal ones."""
    dated = [(one.last - one.first, one) for one in found if one.first and one.last]
    if len(dated) < len(found):
        return None
    _, narrow = min(dated, key=lambda pair: pair[0])
    inside = all(
        one.first
        and one.last
        and narrow.first
        and narrow.last
        and one.first <= narrow.first
        and narrow.last <= one.last
        for one in found
    )
    return narrow if inside else None
