"""Looking up the status of a passport application."""

from sigap.applications.service import Applications, Found
from sigap.store.proofs import LockedOut, NotProven

__all__ = ["Applications", "Found", "LockedOut", "NotProven"]
