"""Finding an office: by id, by a place's name, by distance."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sigap.knowledge import Confidence, Knowledge, Office, Offices, Place


def office(name: str, latitude: float, longitude: float, *nicknames: str) -> Office:
    return Office(
        id=name,
        nama=f"Kantor Imigrasi {name.title()}",
        kelas=None,
        kota=name,
        provinsi="Jawa",
        zona="WIB",
        lintang=latitude,
        bujur=longitude,
        sebutan=(name, *nicknames),
        sumber="uji",
        tanggal="2026",
        keyakinan=Confidence.LOW,
        tinjau=date(2027, 1, 1),
    )


JAKARTA = office("jakarta", -6.18, 106.83, "betawi")
BOGOR = office("bogor", -6.60, 106.80)
SURABAYA = office("surabaya", -7.25, 112.75, "kota pahlawan")
JAYAPURA = office("jayapura", -2.53, 140.72)
DEPOK = Place(nama="Depok", sebutan=("depok", "kota depok"), provinsi="Jawa Barat", lintang=-6.40, bujur=106.82)
OFFICES = Offices([SURABAYA, JAYAPURA, JAKARTA, BOGOR], [DEPOK])

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def names(found: list[tuple[Office, float]]) -> list[str]:
    return [entry.id for entry, _ in found]


def test_an_office_is_found_by_its_id() -> None:
    assert OFFICES.get("bogor") is BOGOR
    assert OFFICES.get("depok") is None


def test_a_place_is_found_by_any_of_its_names() -> None:
    assert OFFICES.place("kota depok") is OFFICES.place("depok") is DEPOK
    assert OFFICES.place("bogor") is None


def test_the_words_of_all_names_are_known() -> None:
    assert OFFICES.words == {"surabaya", "kota", "pahlawan", "jayapura", "jakarta", "betawi", "bogor", "depok"}


def test_the_nearest_offices_come_first() -> None:
    assert names(OFFICES.nearest(DEPOK.lintang, DEPOK.bujur, count=4)) == ["bogor", "jakarta", "surabaya", "jayapura"]


def test_three_are_offered_unless_more_are_asked_for() -> None:
    assert len(OFFICES.nearest(-6.2, 106.8)) == 3
    assert names(OFFICES.nearest(-2.5, 140.7, count=1)) == ["jayapura"]
    assert len(OFFICES.nearest(-6.2, 106.8, count=9)) == 4


def test_an_office_stands_at_no_distance_from_itself() -> None:
    assert OFFICES.nearest(SURABAYA.lintang, SURABAYA.bujur, count=1) == [(SURABAYA, 0.0)]


def test_jakarta_lies_about_665_kilometres_from_surabaya() -> None:
    distances = {entry.id: distance for entry, distance in OFFICES.nearest(-6.18, 106.83, count=4)}
    assert distances["surabaya"] == pytest.approx(665, abs=10)


def test_the_way_across_the_date_line_is_short() -> None:
    offices = Offices([office("timur", 0, 179.5), office("barat", 0, 170)], [])
    assert offices.nearest(0, -179.5, count=1)[0][1] == pytest.approx(111.2, abs=1)


@given(LATITUDES, LONGITUDES)
@example(6.18, 106.83 - 180)
def test_distances_rise_and_never_exceed_half_the_earth(latitude: float, longitude: float) -> None:
    distances = [distance for _, distance in OFFICES.nearest(latitude, longitude, count=4)]
    assert distances == sorted(distances)
    assert all(0 <= distance <= 20_038 for distance in distances)


@given(LATITUDES, LONGITUDES)
def test_a_point_on_the_other_side_of_the_earth_is_measured_too(latitude: float, longitude: float) -> None:
    opposite = longitude - 180 if longitude > 0 else longitude + 180
    ((_, distance),) = Offices([office("antipode", -latitude, opposite)], []).nearest(latitude, longitude)
    assert distance == pytest.approx(20_015, abs=5)


# The offices as they stand


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [
        (-6.17, 106.85, "jakarta_pusat"),
        (-6.59, 106.79, "bogor"),
        (-7.34, 112.72, "surabaya"),
        (-5.14, 119.43, "makassar"),
        (-2.54, 140.70, "jayapura"),
        (5.56, 95.32, "banda_aceh"),
    ],
)
def test_in_a_city_with_an_office_that_office_is_among_the_nearest(
    knowledge: Knowledge, latitude: float, longitude: float, expected: str
) -> None:
    assert expected in names(knowledge.offices.nearest(latitude, longitude))


def test_from_every_place_the_nearest_office_is_within_reach(knowledge: Knowledge) -> None:
    far = {
        place.nama: round(distance)
        for place in knowledge.offices.places
        for _, distance in knowledge.offices.nearest(place.lintang, place.bujur, count=1)
        if distance > 500
    }
    assert far == {}


@pytest.mark.parametrize(
    ("word", "office_id"),
    [("surabya", "surabaya"), ("yogyakrta", "yogyakarta"), ("semarangg", "semarang"), ("palangkarya", "palangka_raya")],
)
def test_a_misspelt_name_is_traced_to_its_office(knowledge: Knowledge, word: str, office_id: str) -> None:
    office = knowledge.offices.near_name(word)
    assert office is not None
    assert office.id == office_id


def test_an_ordinary_word_is_no_misspelt_office(knowledge: Knowledge) -> None:
    assert knowledge.offices.near_name("paspor") is None


def test_the_neighbours_of_an_office_are_all_others_nearest_first(knowledge: Knowledge) -> None:
    near = knowledge.offices.neighbours("bogor")
    assert "bogor" not in near
    assert len(near) == len(knowledge.offices.all) - 1
    assert near.index("depok") < near.index("surabaya") < near.index("jayapura")
    assert knowledge.offices.neighbours("atlantis") == ()
