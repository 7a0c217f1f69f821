"""Reading the one-message booking of 2017, however it is typed."""

from __future__ import annotations

from datetime import date

import pytest

from sigap.language.hash_message import Part, read_hash_message

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "#BUDI SANTOSO#25011987#07122026",
        "BUDI SANTOSO#25011987#07122026",
        "# budi santoso # 25-01-1987 # 07-12-2026",
        "#Budi Santoso#25O11987#O7122O26",
        "#budi santoso#250187#071226",
        "#BUDI SANTOSO#25/01/1987#7/12/2026#",
        " #Budi  Santoso #25 01 1987#07 12 2026 ",
        "#Budi Santoso#25 januari 1987#7 desember",
    ],
)
def test_sloppy_spellings_of_the_format_are_read_alike(text: str) -> None:
    message = read_hash_message(text, TODAY)
    assert message is not None
    assert (message.name, message.birth, message.arrival, message.wrong) == (
        "Budi Santoso",
        date(1987, 1, 25),
        date(2026, 12, 7),
        (),
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("#BUDI#31021987#07122026", (Part.BIRTH,)),
        ("#BUDI#25011987#32122026", (Part.ARRIVAL,)),
        ("#12345#25011987#07122026", (Part.NAME,)),
        ("#BUDI#abc#99999999", (Part.BIRTH, Part.ARRIVAL)),
    ],
)
def test_the_part_that_is_wrong_is_named(text: str, wrong: tuple[Part, ...]) -> None:
    message = read_hash_message(text, TODAY)
    assert message is not None
    assert message.wrong == wrong


def test_each_part_knows_where_it_stood() -> None:
    text = " #Siti Aminah# 07-08-1990 #01122026"
    message = read_hash_message(text, TODAY)
    assert message is not None
    assert [text[field.start : field.end] for field in message.fields] == ["Siti Aminah", "07-08-1990", "01122026"]


@pytest.mark.parametrize("text", ["paspor #KaburAjaDulu", "#batal", "#a#b#c", "halo", "#1", "a#b", "#a#1#2#3"])
def test_other_uses_of_the_sign_are_left_alone(text: str) -> None:
    assert read_hash_message(text, TODAY) is None
