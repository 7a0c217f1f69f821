"""Everything that is kept about one conversation: to hand out, to erase, and to let go in time."""

from sigap.records.service import Erased, Periods, PersonalRecords, StillBooked

__all__ = ["Erased", "Periods", "PersonalRecords", "StillBooked"]
