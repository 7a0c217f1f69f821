"""Reading the one-message booking of 2017, however it is typed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.hash_message import Fault, HashMessage, Part, hash_example, is_hash_cancel, read_hash_message

TODAY = date(2026, 11, 22)
NAMES = ("Budi", "Budi Santoso", "Siti Nurjanah", "I Wayan Sudarma", "Maria Goreti Ina")
BIRTHS = st.dates(date(1930, 1, 1), TODAY - timedelta(days=1))
ARRIVALS = st.dates(TODAY, TODAY + timedelta(days=60))


def read(text: str) -> HashMessage:
    message = read_hash_message(text, TODAY)
    assert message is not None
    return message


def faults(message: HashMessage) -> dict[Part, Fault | None]:
    return {part.part: part.fault for part in message.broken}


def written(day: date, style: str) -> str:
    """A date as people write it."""
    return {
        "whole": f"{day:%d%m%Y}",
        "dashes": f"{day:%d-%m-%Y}",
        "slashes": f"{day.day}/{day.month}/{day.year}",
        "dots": f"{day:%d.%m.%Y}",
        "spaces": f"{day:%d %m %Y}",
        "letters for zeros": f"{day:%d%m%Y}".replace("0", "O"),
        "small letters for zeros": f"{day:%d-%m-%Y}".replace("0", "o"),
    }[style]


STYLES = st.sampled_from(
    ["whole", "dashes", "slashes", "dots", "spaces", "letters for zeros", "small letters for zeros"]
)


# What is read


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
        "＃Budi Santoso＃25011987＃07122026",
        "##Budi Santoso##25011987##07122026",
        "#daftar#Budi Santoso#25011987#07122026",
        "#Budi Santoso,25011987,07122026",
        "#Budi Santoso 25011987 07122026",
        "#Budi Santoso#25011987#07122026#medan",
    ],
)
def test_sloppy_spellings_of_the_format_are_read_alike(text: str) -> None:
    message = read(text)
    assert [part.value for part in message.parts] == ["Budi Santoso", date(1987, 1, 25), date(2026, 12, 7)]
    assert message.broken == ()


@given(
    name=st.sampled_from(NAMES),
    birth=BIRTHS,
    arrival=ARRIVALS,
    birth_style=STYLES,
    arrival_style=STYLES,
    opened=st.sampled_from(["#", "", "# ", "＃", " ##"]),
    between=st.sampled_from(["#", " # ", "＃", "##"]),
    lower=st.booleans(),
)
def test_whatever_the_spelling_the_same_person_and_days_are_read(
    name: str, birth: date, arrival: date, birth_style: str, arrival_style: str, opened: str, between: str, lower: bool
) -> None:
    typed = name.lower() if lower else name.upper()
    text = opened + between.join([typed, written(birth, birth_style), written(arrival, arrival_style)])
    assert [part.value for part in read(text).parts] == [name, birth, arrival]


@given(name=st.sampled_from(NAMES), birth=BIRTHS, arrival=ARRIVALS)
def test_the_example_that_is_shown_is_itself_read(name: str, birth: date, arrival: date) -> None:
    assert [part.value for part in read(hash_example(name, birth, arrival)).parts] == [name, birth, arrival]


@given(text=st.text(alphabet="#＃ abO019-/,\u200b", max_size=40) | st.text(max_size=40).map(lambda rest: f"#{rest}"))
def test_no_text_breaks_the_reader_and_every_part_knows_where_it_stood(text: str) -> None:
    message = read_hash_message(text, TODAY)
    for part in message.parts if message else ():
        assert text[part.start : part.end] == part.typed
        assert (part.value is None) == (part.fault is not None)


# What is wrong with it


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("#BUDI#31021987#07122026", {Part.BIRTH: Fault.IMPOSSIBLE}),
        ("#BUDI#2501987#07122026", {Part.BIRTH: Fault.LENGTH}),
        ("#BUDI#25012030#07122026", {Part.BIRTH: Fault.FUTURE}),
        ("#BUDI#januari 1987#07122026", {Part.BIRTH: Fault.RANGE}),
        ("#BUDI#25011987#32122026", {Part.ARRIVAL: Fault.IMPOSSIBLE}),
        ("#BUDI#25011987#07112026", {Part.ARRIVAL: Fault.PAST}),
        ("#BUDI#25011987#minggu depan", {Part.ARRIVAL: Fault.RANGE}),
        ("#BUDI#25011987#secepatnya", {Part.ARRIVAL: Fault.UNREADABLE}),
        ("#12345#25011987#07122026", {Part.NAME: Fault.UNREADABLE}),
        ("#BUDI#25011987", {Part.ARRIVAL: Fault.MISSING}),
        ("#BUDI#07122026", {Part.BIRTH: Fault.MISSING}),
        ("#25011987#07122026", {Part.NAME: Fault.MISSING}),
        ("#BUDI#abc#99999999", {Part.BIRTH: Fault.UNREADABLE, Part.ARRIVAL: Fault.IMPOSSIBLE}),
        ("#NAMA#TGLLahir#TglKedatangan", dict.fromkeys(Part, Fault.MISSING)),
        ("#Budi#tgl lahir#07122026", {Part.BIRTH: Fault.MISSING}),
    ],
)
def test_each_broken_part_is_named_with_its_reason(text: str, wrong: dict[Part, Fault]) -> None:
    assert faults(read(text)) == wrong


BREAKAGES = {
    Part.NAME: ("123", Fault.UNREADABLE),
    Part.BIRTH: ("31021987", Fault.IMPOSSIBLE),
    Part.ARRIVAL: ("0712202", Fault.LENGTH),
}


@given(
    name=st.sampled_from(NAMES),
    birth=BIRTHS,
    arrival=ARRIVALS,
    broken=st.sets(st.sampled_from(list(Part))),
)
def test_breaking_some_parts_breaks_these_and_no_other(
    name: str, birth: date, arrival: date, broken: set[Part]
) -> None:
    whole = {Part.NAME: name, Part.BIRTH: f"{birth:%d%m%Y}", Part.ARRIVAL: f"{arrival:%d%m%Y}"}
    message = read("".join(f"#{BREAKAGES[part][0] if part in broken else typed}" for part, typed in whole.items()))
    assert faults(message) == {part: BREAKAGES[part][1] for part in broken}
    expected = {Part.NAME: name, Part.BIRTH: birth, Part.ARRIVAL: arrival}
    assert {part.part: part.value for part in message.parts if not part.fault} == {
        part: value for part, value in expected.items() if part not in broken
    }


# What it is not


@pytest.mark.parametrize(
    "text",
    [
        "paspor #KaburAjaDulu",
        "#batal",
        "#a#b#c",
        "halo",
        "#1",
        "a#b",
        "#a#1#2#3",
        "kode saya #7KQM-4W2P",
        "ralat # ganti tanggal 7-12-2026",
        "#ubah#Rudianto#04111982#18122026",
    ],
)
def test_other_uses_of_the_sign_are_left_alone(text: str) -> None:
    assert read_hash_message(text, TODAY) is None


@pytest.mark.parametrize("text", ["#batal", "#BATAL", "# batal", "＃batal", " #Batal 7KQM-4W2P", "#batalkan"])
def test_the_sign_with_batal_cancels(text: str) -> None:
    assert is_hash_cancel(text)


@pytest.mark.parametrize("text", ["batal", "#batalyon 5", "#budi#batal", "tidak #batal"])
def test_batal_elsewhere_is_not_the_format(text: str) -> None:
    assert not is_hash_cancel(text)
