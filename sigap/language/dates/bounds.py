"""Bounds and ranges: "sebelum tanggal 20", "dari tanggal 5 sampai 7 mei"."""

from __future__ import annotations

from dataclasses import replace

from sigap.language.dates.offsets import Offsets
from sigap.language.dates.outcome import DAY, Read, clamp, month_after, single
from sigap.language.dates.vocabulary import BETWEEN_DAYS, DASHES
from sigap.language.pieces import at

_THROUGH = DASHES | {"sampai", "to", "ke"}
_OVER = frozenset({"habis", "hbs", "abis", "hbis", "ahbis"})
_DEADLINE = frozenset({"lambat", "lama", "telat", "akhir"})


class Bounds(Offsets):
    """Bounds and ranges: "sebelum tanggal 20", "dari tanggal 5 sampai 7 mei"."""

    def core(self, index: int) -> Read | None:
        """An expression without "sebelum", "sampai" and the like. Kept, since ranges ask for the same place again."""
        if index not in self.known:
            self.known[index] = self.h_plus(index) or self.offset(index) or self.anchor(index)
        return self.known[index]

    def bounded(self, index: int) -> Read | None:
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
            return self.days(clamp(anchor.last, 1), clamp(anchor.last, 7), anchor.after)
        if bound == "sampai" and self.delaying:
            return anchor
        until = anchor.last if bound == "sampai" else clamp(anchor.first, -1)
        return (
            self.days(self.today, until, anchor.after)
            if self.today <= until
            else replace(anchor, first=until, last=until)
        )

    def through(self, index: int) -> Read | None:
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
            last += 7 * DAY
        if last < left.first:
            return None
        return replace(
            self.days(left.first, last, right.after),
            relative=left.relative,
            begin=position if opened == "mulai" else index,
        )

    def through_days(self, index: int) -> Read | None:
        """ "(antara) tgl 3 dan 6", "(antara) 3 dan 6 mei"."""
        position = index + (self.word(index) == "tanggal")
        one = self.day_number(position)
        if not one or self.word(one[1]) not in BETWEEN_DAYS:
            return None
        other = self.day_number(one[1] + 1 + (self.word(one[1] + 1) == "tanggal"))
        if not other or not 1 <= one[0] < other[0] <= 31:
            return None
        month, year, after = self.month_and_year(other[1])
        if month is None and position == index:
            return None
        read = self.several([one[0], other[0]], month, year, after if month else other[1], index)
        return read and replace(read, begin=index - 1)

    def loose_day(self, index: int, left: Read) -> Read | None:
        """The end of "5 desember sampai 9": a day in the month of the start."""
        said = self.day_number(index)
        if not said or left.last is None or left.relative or not left.single:
            return None
        year, month = month_after(left.last.year, left.last.month, int(said[0] < left.last.day))
        return single(said[0], month, year, said[1])
