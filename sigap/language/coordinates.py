"""Reads a location written as a `geo:` URI (RFC 5870), which is how channels pass on a shared location."""

from __future__ import annotations

import re
from dataclasses import dataclass

_GEO = re.compile(r"geo:(-?[0-9]{1,2}(?:\.[0-9]+)?),(-?[0-9]{1,3}(?:\.[0-9]+)?)(?![0-9.])", re.IGNORECASE)


@dataclass(frozen=True)
class Coordinates:
    """Degrees of latitude (north positive) and longitude (east positive)."""

    latitude: float
    longitude: float


def read_coordinates(text: str) -> Coordinates | None:
    """The first location in a message, or None."""
    found = _GEO.search(text)
    if found is None:
        return None
    here = Coordinates(float(found[1]), float(found[2]))
    return here if abs(here.latitude) <= 90 and abs(here.longitude) <= 180 else None
