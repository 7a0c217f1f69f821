"""Dates in figures: "7/12/2026", "07122026", "tgl 5-7"."""

from __future__ import annotations

from sigap.language.dates.numbers import Numbers
from sigap.language.dates.outcome import Problem, Read, exists, plausible, single
from sigap.language.dates.vocabulary import DASHES, DATE_SIGNS, HALVES, MONTH_NUMBER
from sigap.language.pieces import at, words

_ARITHMETIC = words("+ = dikali dibagi ditambah x *")
_STEP_WORDS = words(
    "bagian langkah tahap step soal hal halaman part ke nomor no nmr poin pertanyaan rt rw versi skor nilai "
    "rating blok gang jalan jl lantai lt kamar pasal ayat bab seri tipe kode otp pin resi pos tiket antrean "
    "antrian umur usia kelas"
)


class Figures(Numbers):
    """Dates in figures: "7/12/2026", "07122026", "tgl 5-7"."""

    def figures(self, index: int) -> Read | None:
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

    def field(self, index: int) -> bool:
        """Whether a date without separators stands between commas or slashes: "nama,10071985,30112026"."""
        day, month = int(self.row[index].word[:2]), int(self.row[index].word[2:4])
        before, after = at(self.row, index - 1), at(self.row, index + 1)
        between = (before.word in {",", "/", "#"}) or (after.word in {",", "/"})
        return between and len(at(self.row, index - 2).word) != 3 and exists(day, month, int(self.row[index].word[4:]))

    def run_of_digits(self, index: int, announced: bool) -> Read | None:
        """A date without separators: "07122026", "071226", "20261207"."""
        digits, after = self.row[index].word, index + 1
        if not (self.closed_after(after) or self.field(index)) or self.word(index - 1) in _STEP_WORDS:
            return None
        if len(digits) == 8:
            day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:])
            if plausible(year) and (exists(day, month, year) or announced or month <= 12):
                return single(day, month, year, after)
            backwards = int(digits[6:]), int(digits[4:6]), int(digits[:4])
            return single(*backwards, after) if plausible(backwards[2]) and exists(*backwards) else None
        if len(digits) == 7:
            return None
        day, month, year = int(digits[:2]), int(digits[2:4]), self.century(int(digits[4:]))
        near = abs(year - self.today.year) <= 2
        if exists(day, month, year) and (announced or self.birth or near):
            return single(day, month, year, after)
        return None

    def three_numbers(self, index: int, announced: bool) -> Read | None:
        """Day, month and year, or the ISO order, with any of the usual signs between them."""
        positions, signs = [index], []
        while len(positions) < 3:
            following = positions[-1] + 1
            if self.word(following) in DATE_SIGNS | {",", "'"} and self.value(following + 1) is not None:
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
            return single(third, second, first, after) if plausible(first) else None
        if len(texts[0]) > 2 or len(texts[1]) > 2 or len(texts[2]) not in {2, 4}:
            return None
        full_year, slashed = len(texts[2]) == 4, not set(signs) & {" ", ".", ",", "'"}
        year = third if full_year else self.century(third)
        if not full_year and not slashed and not announced and not (set(signs) == {"."} and self.birth):
            return None
        if " " in signs and not exists(first, second, year) and not announced:
            return None
        return single(first, second, year, after) if plausible(year) else Read(None, None, after, Problem.IMPOSSIBLE)

    def two_numbers(self, index: int, announced: bool) -> Read | None:
        """Day and month: "7/12", "7-12". After "tanggal" two close days are a range instead: "tgl 5-7"."""
        sign, second = self.word(index + 1), self.value(index + 2)
        texts = at(self.row, index).word, at(self.row, index + 2).word
        after = index + 3
        if sign not in DATE_SIGNS or second is None or max(map(len, texts)) > 2:
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
        if before in _STEP_WORDS | HALVES | {"jam", "pukul", "pkl", "jm", "(", "antara", "dari", "rp"}:
            return None
        if sign == "/" and (first, second) == (24, 7) and before != "tanggal":
            return None
        if sign in DASHES and before == "tanggal" and self.looks_like_range(first, second, texts):
            return None
        if self.word(after) in MONTH_NUMBER or self.word(after) == "bulan":
            return None
        if not exists(first, second, 2024):
            certain = before == "tanggal" or (1 <= second <= 12 and 1 <= first <= 31)
            return Read(None, None, after, Problem.IMPOSSIBLE) if certain else None
        return self.on(first, second, None, after)

    def looks_like_range(self, first: int, second: int, texts: tuple[str, str]) -> bool:
        """Whether "tanggal 5-7" means the 5th to the 7th: no leading noughts and few days apart, or no month."""
        return (
            not texts[0].startswith("0") and not texts[1].startswith("0") and (second > 12 or 0 < second - first <= 3)
        )
