"""Finding offices: by id, and by distance."""

from __future__ import annotations

from collections.abc import Iterable
from math import asin, cos, radians, sin, sqrt

from rapidfuzz import fuzz, process

from sigap.knowledge.models import Office, Place

_EARTH_RADIUS_KM = 6371.0
# Shorter names have too many neighbours among ordinary words; one wrong letter in six leaves a similarity of 83.
_SHORTEST_MISSPELT = 5
_SIMILAR = 83


class Offices:
    """The offices, and the places from which the nearest office can be found.

    `words` are all words that occur in names and nicknames.
    """

    def __init__(self, offices: Iterable[Office], places: Iterable[Place]) -> None:
        self.all = tuple(offices)
        self.places = tuple(places)
        self._by_id = {office.id: office for office in self.all}
        self._spelt = {
            name: office.id for office in self.all for name in office.sebutan if len(name) >= _SHORTEST_MISSPELT
        }
        self._place_by_name = {name: place for place in self.places for name in place.sebutan}
        self.words = frozenset(
            word
            for names in (*(office.sebutan for office in self.all), *(place.sebutan for place in self.places))
            for name in names
            for word in name.split()
        )

    def get(self, office_id: str) -> Office | None:
        """The office with this id, or None."""
        return self._by_id.get(office_id)

    def near_name(self, word: str) -> Office | None:
        """The office whose (nick)name `word` most probably misspells, or None. `word` is lower case."""
        match = process.extractOne(word, self._spelt.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
        return self.get(self._spelt[match[0]]) if match and match[0][0] == word[:1] else None

    def place(self, name: str) -> Place | None:
        """The place with this (lower-case) name or nickname, or None."""
        return self._place_by_name.get(name)

    def nearest(self, latitude: float, longitude: float, count: int = 3) -> list[tuple[Office, float]]:
        """The `count` nearest offices with their distance in kilometres as the crow flies, nearest first."""
        ranked = [(office, _distance_km(latitude, longitude, office.lintang, office.bujur)) for office in self.all]
        return sorted(ranked, key=lambda pair: pair[1])[:count]

    def neighbours(self, office_id: str) -> tuple[str, ...]:
        """Ids of all other offices, nearest first; none for an office that is not known."""
        here = self.get(office_id)
        if here is None:
            return ()
        near = self.nearest(here.lintang, here.bujur, len(self.all))
        return tuple(office.id for office, _ in near if office.id != office_id)


def _distance_km(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Great-circle distance (haversine)."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (lat_a, lon_a, lat_b, lon_b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(sqrt(half))
