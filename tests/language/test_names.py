"""Reading a name from the answer to "whose name?"."""

from __future__ import annotations

import pytest
from arbitrary import ANY_TEXT
from hypothesis import given
from hypothesis import strategies as st

from sigap.language.names import find_names, read_name


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Budi Santoso", "Budi Santoso"),
        ("budi santoso", "Budi Santoso"),
        ("BUDI SANTOSO", "Budi Santoso"),
        ("  budi   santoso. ", "Budi Santoso"),
        ("Siti", "Siti"),
        ("Jo", "Jo"),
        ("I Gede Ari", "I Gede Ari"),
        ("Noor'aini", "Noor'aini"),
        ("De’Anna Putri", "De’Anna Putri"),
        ("McDonald Sihombing", "McDonald Sihombing"),
        ("Siti Nur-Aini", "Siti Nur-Aini"),
        ("H. Muhidin", "H. Muhidin"),
        ("Siti Kasih Wulandari", "Siti Kasih Wulandari"),
        ("Minarti", "Minarti"),
        ("Sayang Putri", "Sayang Putri"),
        ("Ana Maria", "Ana Maria"),
        ("李明", "李明"),
        ("kakaknya Rizky Pratama", "Rizky Pratama"),
        ("anak saya dimas", "Dimas"),
        ("yang kedua Budi Santoso", "Budi Santoso"),
        ("Anak Agung Gede", "Anak Agung Gede"),
    ],
)
def test_a_bare_name_is_read_and_tidied(answer: str, name: str) -> None:
    assert read_name(answer) == name


@pytest.mark.parametrize(
    "answer",
    [
        "nama saya Budi Santoso",
        "Nama: budi santoso",
        "nama lengkap saya adalah BUDI SANTOSO",
        "namaku budi santoso",
        "nm budi santoso",
        "atas nama Budi Santoso",
        "an. Budi Santoso",
        "a.n. Budi Santoso",
        "a/n Budi Santoso",
        "saya Budi Santoso",
        "aku adalah budi santoso",
        "nama anak saya budi santoso",
        "my name is Budi Santoso",
    ],
)
def test_an_introduction_is_left_out(answer: str) -> None:
    assert read_name(answer) == "Budi Santoso"


@pytest.mark.parametrize(
    "answer",
    [
        "Budi Santoso, NIK 3275010708950004",
        "Budi Santoso 3275010708950004",
        "budi santoso lahir 17 agustus 1990",
        "Budi Santoso\n17-08-1990",
        "Budi Santoso#25011987",
        "budi santoso umur 30",
        "Budi Santoso kak",
        "Budi Santoso 🙏",
        "🙏 Budi Santoso",
        "pak, budi santoso",
        "Kak nama saya Budi Santoso",
        "min Budi Santoso",
    ],
)
def test_what_stands_around_the_name_is_left_out(answer: str) -> None:
    assert read_name(answer) == "Budi Santoso"


@pytest.mark.parametrize("name", ["Syifa", "Isnaini", "Ismail", "Anakotta", "Akuba", "Andi", "Nomi", "Minah", "Bulan"])
def test_a_name_that_begins_like_a_word_of_the_introduction_stays_whole(name: str) -> None:
    assert read_name(name) == read_name(f"nama {name}") == read_name(f"nama saya {name.lower()}") == name


@pytest.mark.parametrize("answer", ["pak budi", "Bu Siti", "bu siti aminah"])
def test_a_title_in_front_is_no_reason_to_overlook_the_name(answer: str) -> None:
    assert read_name(answer) == answer.split(maxsplit=1)[1].title()


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "?",
        "ya",
        "Ga",
        "gak jadi",
        "batal",
        "terima kasih",
        "makasih kak",
        "untuk siapa",
        "saya mau tanya",
        "belum punya",
        "kenapa harus nama",
        "berapa lama",
        "3275010708950004",
        "²²",
        "½ Budi",
        "A",
        "budi_santoso@mail.com",
        "a" * 61,
        "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas dua belas",
    ],
)
def test_what_is_no_name_is_not_taken_for_one(answer: str) -> None:
    assert read_name(answer) is None


@given(ANY_TEXT)
def test_no_answer_breaks_the_reader_and_a_name_is_made_of_what_was_typed(answer: str) -> None:
    name = read_name(answer)
    if name is not None:
        assert 2 <= len(name) <= 60
        assert not any(char.isdigit() or char in "\n\t\x00_" for char in name)
        assert "".join(name.split()).casefold() in "".join(answer.split()).casefold()


WORDS = st.text(st.sampled_from("bcdfghjklprstwyz"), min_size=3, max_size=8).map(lambda word: word + "a")


@given(st.lists(WORDS, min_size=1, max_size=5), st.sampled_from(["{}", "nama saya {}", "an {}", "{}, nik 3275"]))
def test_any_made_up_name_is_read_whole(words: list[str], sentence: str) -> None:
    assert read_name(sentence.format(" ".join(words))) == " ".join(word.capitalize() for word in words)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("nama saya Siti Aminah NIK 3271", ["Siti Aminah"]),
        ("mohon dicek a.n. Budi Santoso", ["Budi Santoso"]),
        ("permohonan atas nama Maria Goreti Bere bernomor 53", ["Maria Goreti Bere"]),
        ("Nama: Rahmawati Latif. NIK: 7371", ["Rahmawati Latif"]),
        ("ganti nama di paspor", []),
        ("nama saya salah di paspor", []),
        ("daftar atas nama ibu saya", []),
        ("jdwl an Hasnah kanim", ["Hasnah"]),
        ("di akta namanya Yohanes", ["Yohanes"]),
        ("Kalau boleh tahu namanya?", []),
        ("Nama ibu kandungnya salah", []),
        ("Sertifikat atas nama kandungnya", []),
    ],
)
def test_names_given_as_data_are_found_in_a_message(text: str, names: list[str]) -> None:
    known = frozenset({"salah", "di", "ibu", "saya", "kandungnya", "kanim"})
    assert [found.text.rstrip(".") for found in find_names(text, known)] == names
    assert all(text[found.start : found.end] == found.text for found in find_names(text, known))
