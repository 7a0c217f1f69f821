"""The queue: free places, timed holds, bookings."""

from sigap.booking.codes import new_code, read_code
from sigap.booking.service import (
    AlreadyBooked,
    Applicant,
    Cancelled,
    Closed,
    Full,
    Held,
    HoldLapsed,
    HourPlaces,
    NoBooking,
    OfficeQueue,
    Queue,
    Ticket,
)

__all__ = [
    "AlreadyBooked",
    "Applicant",
    "Cancelled",
    "Closed",
    "Full",
    "Held",
    "HoldLapsed",
    "HourPlaces",
    "NoBooking",
    "OfficeQueue",
    "Queue",
    "Ticket",
    "new_code",
    "read_code",
]
