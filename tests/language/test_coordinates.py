"""Locations in a message."""

from __future__ import annotations

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given

from sigap.language.coordinates import Coordinates, read_coordinates
from sigap.language.hours import find_hours


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("terdekat? (geo:-6.21,106.85)", Coordinates(-6.21, 106.85)),
        ("geo:5.55,95.32", Coordinates(5.55, 95.32)),
        ("GEO:5,95", Coordinates(5.0, 95.0)),
        ("geo:-6.21,106.85;u=35", Coordinates(-6.21, 106.85)),
    ],
)
def test_a_geo_uri_is_a_location(text: str, here: Coordinates) -> None:
    assert read_coordinates(text) == here


@pytest.mark.parametrize("text", ["", "-6.21,106.85", "geo:", "geo:91,0", "geo:0,181", "geo:di sana", "geo:1234,5"])
def test_anything_else_is_none(text: str) -> None:
    assert read_coordinates(text) is None


def test_a_location_is_no_hour() -> None:
    assert find_hours("terdekat? (geo:5.55,95.32)") == []


@given(ANY_TEXT)
def test_whatever_is_written_is_read_without_harm(text: str) -> None:
    found = read_coordinates(f"geo:{text}")
    assert found is None or abs(found.latitude) <= 90
