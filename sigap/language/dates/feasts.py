"""Feasts and the leave around them: "natal", "libur lebaran", "idul adha 2027"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, date

from sigap.language.dates.outcome import DAY, Problem, Read, plausible
from sigap.language.dates.vocabulary import FEAST_OF, FIXED_FEASTS
from sigap.language.dates.weekdays import Weekdays
from sigap.language.pieces import at

_FEAST_KEYS = {"tahun baru": "tahunbarumasehi", "tahun baru islam": "tahunbaruislam", "pancasila": "pancasila"}


class Feasts(Weekdays):
    """Feasts and the leave around them: "natal", "libur lebaran", "idul adha 2027"."""

    def feast(self, index: int, leave: bool = False) -> Read | None:
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
        if year is not None and not plausible(year):
            year, behind = None, after
        back = year is None and self.word(after) in {"lalu", "kemarin"}
        if back:
            behind = after + 1
        days = self.feast_days(feast, year, leave, back)
        if days is None:
            return Read(None, None, behind, Problem.UNKNOWN_FEAST)
        return replace(self.days(*days, behind), begin=index, single=days[0] == days[1])

    def feast_name(self, index: int) -> tuple[str, int] | None:
        """The feast named at a place and the index after its name."""
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
            return eid and ((eid[0], eid[1]) if leave else (eid[0] - 30 * DAY, eid[0] - DAY))
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
        """The days of a feast that has the same date every year, for the years around today."""
        if feast not in FIXED_FEASTS:
            return ()
        years = range(max(self.today.year - 10, MINYEAR), min(self.today.year + 10, MAXYEAR))
        return [date(year, *FIXED_FEASTS[feast]) for year in years]


def _is_feast(feast: str, folded_name: str) -> bool:
    return _FEAST_KEYS.get(feast, feast) in folded_name
