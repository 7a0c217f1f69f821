"""Looking up the status of a passport application."""

from sigap.applications.service import Applications, Found, LockedOut, NotProven

__all__ = ["Applications", "Found", "LockedOut", "NotProven"]
